"""The letters of intensives. They say that something is there; the page behind the link says what.

Nobody but the three learns from a letter, or from the list of letters, that a draft exists: until
an assessment is presented all letters about it are of one kind, with one subject and one text.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models.functions import Now, TruncDate
from django.urls import reverse
from django.utils import timezone

from applicants import access
from applicants.access import Can
from applicants.models import Application
from credentialing.people.models import Person, Relation
from credentialing.records import letters
from credentialing.records.letters import words as _
from intensives import queries
from intensives.models import Addendum, Enrolment, Presentation


def signed_up(enrolment: Enrolment, *, at: datetime) -> None:
    """To the person: signed up, or on the waiting list."""
    if enrolment.state == Enrolment.State.WAITING:
        subject = _("You are on the waiting list of an intensive")
        text = _("The intensive is full. You are told as soon as a place becomes free.")
    else:
        subject = _("You are signed up for an intensive")
        text = _("The page of the intensive shows when and where it is, and how to cancel.")
    _to_enrolled(enrolment, "intensive-signed-up", at, subject, text)


def moved_up(enrolment: Enrolment, *, at: datetime) -> None:
    """To the person: a place became free."""
    _to_enrolled(
        enrolment,
        "intensive-moved-up",
        at,
        _("You have a place at an intensive"),
        _("A place has become free, and you are signed up now. If you can't come, please cancel."),
    )


def cancelled(enrolment: Enrolment, *, at: datetime) -> None:
    """To the person: the enrolment was cancelled by the office."""
    _to_enrolled(
        enrolment,
        "intensive-cancelled",
        at,
        _("Your enrolment at an intensive was cancelled"),
        _("The office has cancelled an enrolment of yours. Ask the office if you don't know why."),
    )


def intensive_cancelled(enrolment: Enrolment, *, at: datetime) -> None:
    """To the person: the whole intensive was called off."""
    _to_enrolled(
        enrolment,
        "intensive-called-off",
        at,
        _("An intensive that you signed up for was cancelled"),
        _("It does not take place. Its page says why, and the list shows what else is offered."),
    )


def attended_partly(enrolment: Enrolment, case: Application, *, at: datetime) -> None:
    """To the Chair and the deputy: somebody was there in part, which may be ruled on."""
    for chair in access.chairs(case, day=timezone.localdate(at)):
        letters.write(
            "attended-partly",
            chair,
            occasion=f"enrolment {enrolment.pk} {at.isoformat()}",
            subject=_("An applicant attended an intensive in part"),
            text=_(
                "It does not count by itself. Whether it counts all the same is the Committee's "
                "ruling; the case shows what was attended."
            ),
            link=reverse("case", args=[case.reference]),
            case=case.reference,
            needs=Can.CHAIR,
        )


def completed(enrolment: Enrolment, *, at: datetime) -> None:
    """To the person: attendance is recorded."""
    _to_enrolled(
        enrolment,
        "intensive-completed",
        at,
        _("An intensive of yours is recorded as completed"),
        _("Your attendance at an intensive is on record now. The list of intensives shows it."),
    )


def _to_enrolled(
    enrolment: Enrolment, kind: str, at: datetime, subject: letters.Worded, text: letters.Worded
) -> None:
    elsewhere = enrolment.intensive.elsewhere
    letters.write(
        kind,
        enrolment.person,
        occasion=f"enrolment {enrolment.pk} {at.isoformat()}",
        subject=subject,
        text=text,
        link=reverse("intensives")
        if elsewhere
        else reverse("intensive", args=[enrolment.intensive_id]),
    )


def placed(enrolment: Enrolment, case: Application, *, at: datetime) -> None:
    """To the candidate: the placement, or a change of it."""
    letters.write(
        "placement",
        enrolment.person,
        occasion=f"enrolment {enrolment.pk} {at.isoformat()}",
        subject=_("Your placement at the intensive"),
        text=_("The page shows your small group, its two faculty members and who evaluates."),
        link=reverse("intensive", args=[enrolment.intensive_id]),
        case=case.reference,
        needs=Can.OWN,
    )


def assigned(enrolment: Enrolment, evaluator: Person, case: Application, *, at: datetime) -> None:
    """To the evaluator: somebody to evaluate."""
    _to_assessor(
        "evaluator-assigned",
        evaluator,
        enrolment,
        case,
        at=at,
        subject=_("You are asked to evaluate a candidate"),
        text=_("The Chair has assigned you to a candidate. The page shows whom, where and when."),
    )


def in_your_group(enrolment: Enrolment, member: Person, case: Application, *, at: datetime) -> None:
    """To one of the faculty: a candidate in the small group."""
    _to_assessor(
        "candidate-in-group",
        member,
        enrolment,
        case,
        at=at,
        subject=_("A candidate is in your small group"),
        text=_("A candidate will co-lead a session with you. The page shows who, where and when."),
    )


def released(enrolment: Enrolment, person: Person, *, at: datetime) -> None:
    """To somebody who no longer is faculty or evaluator of a candidate."""
    case = queries.case_of(enrolment)
    letters.write(
        "candidate-released",
        person,
        occasion=f"enrolment {enrolment.pk} {at.isoformat()}",
        subject=_("A candidate is no longer yours"),
        text=_("A placement at an intensive has changed. Your list of candidates is up to date."),
        link=reverse("candidates"),
        case=case.reference if case else "",
    )


def in_conflict(enrolment: Enrolment, relation: Relation, case: Application) -> None:
    """To the Chair and the deputy: the record has changed, and a placement is barred by it."""
    for chair in access.chairs(case, day=TruncDate(Now())):
        letters.write(
            "placement-in-conflict",
            chair,
            occasion=f"enrolment {enrolment.pk} relation {relation.pk} {relation.since}",
            subject=_("A placement is in conflict with the record"),
            text=_(
                "What was entered now makes a faculty member of a candidate's group somebody who "
                "can't be. The page of the placement shows who, and why."
            ),
            link=reverse("placement", args=[enrolment.intensive_id]),
            case=case.reference,
            needs=Can.CHAIR,
        )


def look(enrolment: Enrolment, person: Person, case: Application, *, at: datetime) -> None:
    """To one of the three: something about the candidate waits. It does not say what."""
    _to_assessor(
        "candidate-waits",
        person,
        enrolment,
        case,
        at=at,
        subject=_("A candidate of yours waits for you"),
        text=_("The page of the candidate shows what you are asked to do."),
    )


def _to_assessor(
    kind: str,
    person: Person,
    enrolment: Enrolment,
    case: Application,
    *,
    at: datetime,
    subject: letters.Worded,
    text: letters.Worded,
) -> None:
    letters.write(
        kind,
        person,
        occasion=f"enrolment {enrolment.pk} {at.isoformat()}",
        subject=subject,
        text=text,
        link=reverse("candidate", args=[enrolment.pk]),
        case=case.reference,
        # Without an account nobody holds a permission; the page will ask for one.
        needs=Can.READ_CASE if hasattr(person, "user") else "",
    )


def presented_to_candidate(enrolment: Enrolment, case: Application) -> None:
    """To the candidate: the joint assessment is there to read."""
    letters.write(
        "assessment-presented",
        enrolment.person,
        occasion=f"enrolment {enrolment.pk} candidate",
        subject=_("Your joint assessment is there to read"),
        text=_("The evaluator has presented the joint assessment of your intensive to you."),
        link=reverse("my-assessment"),
        case=case.reference,
        needs=Can.OWN,
    )


def presented_to_committee(enrolment: Enrolment, case: Application, *, at: datetime) -> None:
    """To the Chair and the deputy: a joint assessment was presented."""
    for chair in access.chairs(case, day=timezone.localdate(at)):
        letters.write(
            "assessment-presented",
            chair,
            occasion=f"enrolment {enrolment.pk} committee",
            subject=_("A joint assessment was presented to the Committee"),
            text=_("The joint assessment of a candidate is part of the case now."),
            link=reverse("case", args=[case.reference]),
            case=case.reference,
            needs=Can.CHAIR,
        )


def corrected(
    addendum: Addendum, enrolment: Enrolment, case: Application, *, to: Iterable[str]
) -> None:
    """To whom the assessment was presented, and to the two faculty: something was added to it."""
    readers = [
        (person, reverse("candidate", args=[enrolment.pk]), "") for person in _faculty(enrolment)
    ]
    if Presentation.To.CANDIDATE in to:
        readers.append((enrolment.person, reverse("my-assessment"), Can.OWN))
    if Presentation.To.COMMITTEE in to:
        page = reverse("case", args=[case.reference])
        chairs = access.chairs(case, day=timezone.localdate(addendum.at))
        readers += [(chair, page, Can.CHAIR) for chair in chairs]
    for person, link, needs in readers:
        letters.write(
            "assessment-corrected",
            person,
            occasion=f"addendum {addendum.pk}",
            subject=_("Something was added to a joint assessment"),
            text=_("The evaluator has corrected it. What was presented stays as it was."),
            link=link,
            case=case.reference,
            needs=needs,
        )


def _faculty(enrolment: Enrolment) -> tuple[Person, ...]:
    return enrolment.small_group.faculty if enrolment.small_group else ()
