"""The joint assessment: whom it waits for, what has changed, what was presented."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from applicants.models import Application
from credentialing.people.models import Person
from intensives.competencies import COMPETENCIES, RATINGS, TEXTS
from intensives.models import (
    Addendum,
    Agreement,
    CoLed,
    Enrolment,
    Presentation,
    WrittenAssessment,
)
from intensives.queries.cases import placed

To = Presentation.To
# What was added after the presentation stands beside it wherever it is read: `assessment.added`.
ADDENDA = Prefetch(
    "assessment__addenda",
    Addendum.objects.select_related("by").order_by("at", "pk"),
    to_attr="added",
)


def assessed_by(person: Person | None) -> QuerySet[Enrolment]:
    """The candidates whose joint assessment a person writes or answers: nobody else knows of it."""
    if person is None:
        return Enrolment.objects.none()
    mine = Q(evaluator=person) | Q(small_group__first_faculty=person)
    mine |= Q(small_group__second_faculty=person)
    return (
        placed()
        .filter(mine)
        .exclude(person=person)
        .select_related(
            "intensive",
            "person",
            "evaluator",
            "small_group__first_faculty",
            "small_group__second_faculty",
            "assessment",
        )
        .prefetch_related(
            Prefetch("co_led", CoLed.objects.select_related("faculty").order_by("date", "pk")),
            Prefetch(
                "assessment__agreements",
                Agreement.objects.select_related("person").order_by("at", "pk"),
            ),
            Prefetch("assessment__presentations", Presentation.objects.order_by("at", "pk")),
            ADDENDA,
        )
    )


def draft_of(enrolment: Enrolment) -> WrittenAssessment | None:
    """The joint assessment as it stands, or None."""
    return getattr(enrolment, "assessment", None)


def answers(assessment: WrittenAssessment, faculty: Iterable[int]) -> dict[int, Agreement]:
    """The newest answer of each of the two faculty, to whichever revision."""
    found: dict[int, Agreement] = {}
    for agreement in assessment.agreements.all():
        person = agreement.person.current_id
        if person in faculty:
            held = found.get(person)
            if held is None or held.revision < agreement.revision:
                found[person] = agreement
    return found


def lacking(enrolment: Enrolment, assessment: WrittenAssessment) -> list[Person]:
    """Which of the two faculty have not answered the assessment as it now stands."""
    given = answers(assessment, enrolment.small_group.faculty_ids)
    return [
        person
        for person in enrolment.small_group.faculty
        if person.pk not in given or given[person.pk].revision != assessment.revision
    ]


def presented_to(assessment: WrittenAssessment | None) -> dict[str, Presentation]:
    """The presentations of an assessment, by whom it was presented to."""
    return {made.to: made for made in assessment.presentations.all()} if assessment else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaiting:
    """A candidate of mine, what I am to them, and what awaits me."""

    enrolment: Enrolment
    relation: str
    tasks: list[str]
    waits_for: str
    done: bool


def awaiting(person: Person, *, day: date) -> list[Awaiting]:
    """The candidates whom a person assesses, newest intensive first."""
    found = []
    for enrolment in assessed_by(person).order_by("-intensive__start", "person__name", "pk"):
        evaluates = enrolment.evaluator_id == person.pk
        tasks = _evaluators(enrolment, day) if evaluates else _facultys(enrolment, person, day)
        assessment = draft_of(enrolment)
        made = presented_to(assessment)
        asked = evaluates and assessment and assessment.is_complete and not made
        waits = lacking(enrolment, assessment) if asked else []
        found.append(
            Awaiting(
                enrolment=enrolment,
                relation=_("evaluator") if evaluates else _("faculty"),
                tasks=tasks,
                waits_for=_(" and ").join(each.name for each in waits),
                done=len(made) == len(To),
            )
        )
    return found


def _evaluators(enrolment: Enrolment, day: date) -> list[str]:
    assessment = draft_of(enrolment)
    if not enrolment.small_group or not enrolment.intensive.has_begun(day):
        return []
    if assessment is None:
        return [_("Draft the joint assessment.")]
    made = presented_to(assessment)
    if not assessment.is_complete:
        return [_("Finish the joint assessment: the narrative, and when you met.")]
    if not made and lacking(enrolment, assessment):
        return []
    return [
        _("Present the assessment to %(whom)s.") % {"whom": To(to).label}
        for to in To.values
        if to not in made
    ]


def _facultys(enrolment: Enrolment, person: Person, day: date) -> list[str]:
    assessment = draft_of(enrolment)
    tasks = []
    if enrolment.intensive.has_begun(day) and person.pk not in {
        led.faculty_id for led in enrolment.co_led.all()
    }:
        tasks.append(_("Record the session that you led together."))
    if assessment and assessment.is_complete and not presented_to(assessment):
        given = answers(assessment, [person.pk]).get(person.pk)
        if given is None:
            tasks.append(_("Read the joint assessment and answer."))
        elif given.revision != assessment.revision:
            tasks.append(_("The joint assessment has changed since you answered: answer again."))
    return tasks


def presented(application: Application) -> list[Presentation]:
    """What was presented to the Committee of an applicant, newest intensive first.

    Each presentation has `content` (as in templates/intensives/presented.html) and `digest`.
    """
    made = _presented(To.COMMITTEE)
    return list(made.filter(assessment__enrolment__person=application.applicant_id))


def presented_to_candidate(person: Person) -> list[Presentation]:
    """What was presented to a candidate, newest intensive first."""
    return list(_presented(To.CANDIDATE).filter(assessment__enrolment__person=person))


def _presented(to: str) -> QuerySet[Presentation]:
    return (
        Presentation.objects.filter(to=to)
        .annotate(ended=F("assessment__enrolment__intensive__end"))
        .select_related("by", "assessment")
        .prefetch_related(ADDENDA)
        .order_by("-ended", "-pk")
    )


def difference(answered: Agreement, assessment: WrittenAssessment) -> list[dict[str, Any]]:
    """What has changed since somebody answered: rows of label, before, after, changed."""
    now = {
        **assessment.body,
        "met_on": assessment.met_on.isoformat() if assessment.met_on else None,
    }
    before = answered.content
    ratings = dict(RATINGS)
    rows = [(_("You met on"), before.get("met_on"), now["met_on"])]
    for each in COMPETENCIES:
        old, new = (said.get("competencies", {}).get(each.key, "") for said in (before, now))
        rows.append((each.label, ratings.get(old, ""), ratings.get(new, "")))
    rows += [(label, before.get(name, ""), now.get(name, "")) for name, label in TEXTS]
    return [
        {"label": label, "before": old or "–", "after": new or "–", "changed": True}
        for label, old, new in rows
        if (old or "") != (new or "")
    ]
