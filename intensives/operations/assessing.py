"""The joint assessment: sessions co-led, a draft of the three, two answers, two presentations.

Until it is presented nobody but the three may know that there is a draft. Saving and answering it
therefore leave no entry in the audit trail, which the office reads; the rows themselves say who
and when, and the presentation is recorded with its digest.
"""

import hashlib
import json
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from applicants.models import Application
from credentialing.people.models import Person
from credentialing.records import audit
from credentialing.records.refusals import Refused
from intensives import letters, queries
from intensives.competencies import COMPETENCIES, INSTRUMENT, RATINGS, TEXTS
from intensives.models import (
    Addendum,
    Agreement,
    CoLed,
    Enrolment,
    Presentation,
    WrittenAssessment,
)
from intensives.operations.placement import check_pair, hold_enrolment

LONGEST = 100_000
To = Presentation.To


class Clash(Refused):
    """The assessment was saved elsewhere in the meantime; `stored` is what stands now."""

    def __init__(self, stored: WrittenAssessment, *, message: str = "") -> None:
        super().__init__(
            message
            or _(
                "The assessment was saved in another window in the meantime. Both texts are here: "
                "take from the other what you want to keep, then save again."
            )
        )
        self.stored = stored

    @classmethod
    def of_an_answer(cls, stored: WrittenAssessment) -> "Clash":
        """For who answers or asks about words that are no longer there."""
        return cls(
            stored, message=_("The assessment has changed since you opened it. Read it again.")
        )


def _hold(enrolment: Enrolment, *, by: Person) -> Enrolment:
    """The enrolment, held; it does not exist for anybody but the three."""
    enrolment = hold_enrolment(enrolment.pk)
    if by.pk not in the_three(enrolment) or enrolment.person_id == by.pk:
        raise Http404
    if enrolment.state != Enrolment.State.SIGNED_UP or enrolment.role != Enrolment.Role.CANDIDATE:
        raise Http404
    return enrolment


def the_three(enrolment: Enrolment) -> set[int]:
    """The keys of the two faculty and the evaluator."""
    faculty = enrolment.small_group.faculty_ids if enrolment.small_group else ()
    return {*faculty, enrolment.evaluator_id} - {None}


def _case(enrolment: Enrolment) -> Application:
    case = queries.case_of(enrolment)
    if case is None:
        raise Http404
    return case


def _draft(enrolment: Enrolment) -> WrittenAssessment | None:
    return WrittenAssessment.objects.filter(enrolment=enrolment).first()


def _check_open(assessment: WrittenAssessment | None) -> None:
    made = assessment.presentations.order_by("at").first() if assessment else None
    if made:
        raise Refused(
            _("The assessment was presented to %(whom)s on %(day)s and is final.")
            % {"whom": made.get_to_display(), "day": date_format(made.presented_on)}
        )


# --- The sessions ------------------------------------------------------------------------------


@transaction.atomic
def record_co_led(
    enrolment: Enrolment, *, faculty: Person, date: date, by: Person, at: datetime
) -> CoLed:
    """Record the session that a candidate led with one of the two faculty, or correct its day."""
    enrolment = _hold(enrolment, by=by)
    group, intensive = enrolment.small_group, enrolment.intensive
    if group is None or faculty.pk not in group.faculty_ids:
        raise Refused(
            _("%(name)s is not faculty of the candidate's group.") % {"name": faculty.name},
            field="faculty",
        )
    check_pair(enrolment.person, [faculty], field="faculty")
    if date > timezone.localdate(at):
        raise Refused(_("This day is in the future."), field="date")
    if not intensive.start <= date <= intensive.end:
        raise Refused(
            _("Choose a day of the intensive, from %(start)s to %(end)s.")
            % {"start": date_format(intensive.start), "end": date_format(intensive.end)},
            field="date",
        )
    led = CoLed.objects.filter(enrolment=enrolment, faculty=faculty).first()
    if led and led.date == date:
        return led
    if led:
        _check_open(_draft(enrolment))
    before = {"date": led.date} if led else None
    led = led or CoLed(enrolment=enrolment, faculty=faculty)
    led.date = date
    led.save()
    audit.record(
        "co-led.recorded",
        _case(enrolment).reference,
        by=by,
        record=f"enrolment {enrolment.pk}",
        before=before,
        after={"faculty": faculty.pk, "date": date},
    )
    return led


# --- The draft ---------------------------------------------------------------------------------


@transaction.atomic
def save_assessment(
    enrolment: Enrolment,
    *,
    body: dict[str, Any],
    met_on: date | None,
    revision: int,
    by: Person,
    at: datetime,
) -> WrittenAssessment:
    """Save the draft as its next revision; 0 begins it. Clash where another window saved first."""
    enrolment = _hold(enrolment, by=by)
    if enrolment.evaluator_id != by.pk:
        raise Refused(_("The evaluator writes the draft; you answer it."))
    body = _checked(body)
    day = timezone.localdate(at)
    if not enrolment.intensive.has_begun(day):
        raise Refused(_("The intensive has not begun; there is nothing to assess yet."))
    if met_on and met_on > day:
        raise Refused(_("This day is in the future."), field="met_on")
    if met_on and met_on < enrolment.intensive.start:
        raise Refused(
            _("The three meet at the end of the intensive, which began on %(day)s.")
            % {"day": date_format(enrolment.intensive.start)},
            field="met_on",
        )
    assessment = _draft(enrolment)
    _check_open(assessment)
    if assessment and (assessment.body, assessment.met_on) == (body, met_on):
        return assessment
    if assessment and revision != assessment.revision:
        raise Clash(assessment)
    assessment = assessment or WrittenAssessment(enrolment=enrolment, revision=0)
    assessment.body, assessment.met_on = body, met_on
    assessment.revision += 1
    assessment.saved_at = at
    assessment.save()
    return assessment


def _checked(body: dict[str, Any]) -> dict[str, Any]:
    """The body with exactly its four parts; Refused where one is not what it should be."""
    keys = {each.key for each in COMPETENCIES}
    rated = body.get("competencies", {})
    if not isinstance(rated, dict) or not rated.keys() <= keys:
        raise Refused(_("This competency is not part of the instrument."))
    if not all(rating in dict(RATINGS) for rating in map(str, rated.values())):
        raise Refused(_("Choose one of the ratings."))
    texts = {name: body.get(name, "") for name, _label in TEXTS}
    for name, text in texts.items():
        if not isinstance(text, str) or len(text) > LONGEST:
            raise Refused(_("This text is too long."), field=name)
    return {"competencies": {name: str(rating) for name, rating in rated.items()}, **texts}


@transaction.atomic
def ask_to_agree(
    assessment: WrittenAssessment, *, revision: int, by: Person, at: datetime
) -> list[Person]:
    """Ask those of the faculty who have not answered the assessment as it stands."""
    enrolment = _hold(assessment.enrolment, by=by)
    assessment = WrittenAssessment.objects.get(pk=assessment.pk)
    if enrolment.evaluator_id != by.pk:
        raise Refused(_("The evaluator asks for the answers."))
    _check_open(assessment)
    if assessment.revision != revision:
        raise Clash.of_an_answer(assessment)
    _check_complete(assessment)
    asked = queries.lacking(enrolment, assessment)
    if not asked:
        raise Refused(_("Both have answered already."))
    for person in asked:
        letters.look(enrolment, person, _case(enrolment), at=at)
    return asked


def _check_complete(assessment: WrittenAssessment) -> None:
    if assessment.met_on is None:
        raise Refused(_("Say on which day the three of you met."), field="met_on")
    if not assessment.body.get("narrative", "").strip():
        raise Refused(_("The narrative is still empty."), field="narrative")


@transaction.atomic
def agree(
    assessment: WrittenAssessment, *, revision: int, dissent: str = "", by: Person, at: datetime
) -> Agreement:
    """One of the two faculty agrees to a revision, or dissents from it in words."""
    enrolment = _hold(assessment.enrolment, by=by)
    assessment = WrittenAssessment.objects.get(pk=assessment.pk)
    if enrolment.small_group is None or by.pk not in enrolment.small_group.faculty_ids:
        raise Refused(_("The two faculty answer the assessment; you have written it."))
    _check_open(assessment)
    if assessment.revision != revision:
        raise Clash.of_an_answer(assessment)
    if len(dissent) > LONGEST:
        raise Refused(_("This text is too long."), field="dissent")
    try:
        with transaction.atomic():
            agreement = Agreement.objects.create(
                assessment=assessment,
                person=by,
                revision=revision,
                content=what_is_answered(assessment),
                dissent=dissent.strip(),
                at=at,
            )
    except IntegrityError as twice:
        raise Refused(_("You have already answered the assessment as it stands.")) from twice
    if enrolment.evaluator and not queries.lacking(enrolment, assessment):
        letters.look(enrolment, enrolment.evaluator, _case(enrolment), at=at)
    return agreement


def what_is_answered(assessment: WrittenAssessment) -> dict[str, Any]:
    """What the faculty answer to, word for word."""
    return {
        **assessment.body,
        "met_on": assessment.met_on.isoformat() if assessment.met_on else None,
    }


# --- The presentation --------------------------------------------------------------------------


@transaction.atomic
def present(assessment: WrittenAssessment, *, to: str, by: Person, at: datetime) -> Presentation:
    """Hand the assessment to the candidate or to the Committee: both get the same bytes."""
    enrolment = _hold(assessment.enrolment, by=by)
    assessment = WrittenAssessment.objects.get(pk=assessment.pk)
    if enrolment.evaluator_id != by.pk:
        raise Refused(_("The evaluator presents the assessment."))
    if to not in To.values:
        raise Refused(_("An assessment is presented to the candidate or to the Committee."))
    made = queries.presented_to(assessment)
    if to in made:
        raise Refused(
            _("The assessment was already presented to %(whom)s on %(day)s.")
            % {"whom": To(to).label, "day": date_format(made[to].presented_on)}
        )
    _check_complete(assessment)
    if waits := queries.lacking(enrolment, assessment):
        raise Refused(
            _("%(names)s has not answered the assessment as it stands.")
            % {"names": _(" and ").join(person.name for person in waits)}
        )
    first = next(iter(made.values()), None)
    content = first.content if first else contents(enrolment, assessment)
    presentation = Presentation.objects.create(
        assessment=assessment,
        to=to,
        by=by,
        presented_on=timezone.localdate(at),
        at=at,
        content=content,
        digest=digest(content),
    )
    case = _case(enrolment)
    audit.record(
        "assessment.presented",
        case.reference,
        by=by,
        record=f"enrolment {enrolment.pk}",
        after={"to": to, "revision": assessment.revision, "digest": presentation.digest},
    )
    if to == To.CANDIDATE:
        letters.presented_to_candidate(enrolment, case)
    else:
        letters.presented_to_committee(enrolment, case, at=at)
    return presentation


@transaction.atomic
def add_addendum(assessment: WrittenAssessment, *, text: str, by: Person, at: datetime) -> Addendum:
    """Correct what was presented, beside it: candidate and Committee read it where they read that.

    Each addendum is said once; the presentation itself stays as it is.
    """
    enrolment = _hold(assessment.enrolment, by=by)
    if enrolment.evaluator_id != by.pk:
        raise Refused(_("The evaluator presents the assessment, and corrects it."))
    made = queries.presented_to(WrittenAssessment.objects.get(pk=assessment.pk))
    if not made:
        raise Refused(_("Nothing is presented yet: correct the draft itself."))
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise Refused(_("Say what is to be corrected."), field="text")
    if len(text) > LONGEST:
        raise Refused(_("This text is too long."), field="text")
    if assessment.addenda.filter(text=text).exists():
        raise Refused(_("This was added already. Nothing was changed."), field="text")
    addendum = Addendum.objects.create(
        assessment=assessment,
        text=text,
        digest=digest({"text": text, "at": at.isoformat(), "by": by.key}),
        by=by,
        at=at,
    )
    case = _case(enrolment)
    audit.record(
        "assessment.corrected",
        case.reference,
        by=by,
        record=f"enrolment {enrolment.pk}",
        after={"addendum": addendum.pk, "digest": addendum.digest},
    )
    letters.corrected(addendum, enrolment, case, to=made)
    return addendum


def digest(content: dict[str, Any]) -> str:
    """SHA-256 of the content as canonical JSON: sorted keys, no spaces, UTF-8."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def contents(enrolment: Enrolment, assessment: WrittenAssessment) -> dict[str, Any]:
    """Everything that is presented, complete in itself: people, dates, words and answers."""
    intensive, group = enrolment.intensive, enrolment.small_group
    given = queries.answers(assessment, group.faculty_ids)
    ratings = dict(RATINGS)
    rated = assessment.body["competencies"]
    return audit.plain(
        {
            "instrument": INSTRUMENT,
            "candidate": _named(enrolment.person),
            "intensive": {
                "title": intensive.title,
                "organiser": intensive.organiser,
                "place": intensive.place,
                "start": intensive.start,
                "end": intensive.end,
            },
            "small_group": group.name,
            "evaluator": _named(enrolment.evaluator),
            "faculty": [
                {
                    **_named(person),
                    "agrees": not given[person.pk].dissent,
                    "dissent": given[person.pk].dissent,
                    "answered_at": given[person.pk].at,
                }
                for person in group.faculty
            ],
            "co_led": [
                {**_named(led.faculty), "date": led.date}
                for led in enrolment.co_led.select_related("faculty").order_by("date", "pk")
            ],
            "met_on": assessment.met_on,
            "revision": assessment.revision,
            "competencies": [
                {
                    "key": each.key,
                    "label": str(each.label),
                    "means": str(each.means),
                    "rating": rated.get(each.key, ""),
                    "said": str(ratings[rated[each.key]]) if rated.get(each.key) else "",
                }
                for each in COMPETENCIES
            ],
            **{name: assessment.body.get(name, "") for name, _label in TEXTS},
        }
    )


def _named(person: Person) -> dict[str, Any]:
    return {"person": person.key, "name": person.name}
