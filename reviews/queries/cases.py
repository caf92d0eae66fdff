"""Questions about the cases that the Committee reads."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest

from applicants import access
from applicants.access import Can
from applicants.models import (
    Application,
    Claim,
    Debriefing,
    Meeting,
    Question,
    Ruling,
    Stage,
    StageMove,
)
from credentialing.people.models import Person
from credentialing.standing.queries import Standing, standings
from supervision.models import Session

# What still goes on, the applicant's drafts left out: nobody else reads those.
LIVE = (
    Stage.SUBMITTED,
    Stage.RETURNED,
    Stage.ACCEPTED,
    Stage.UNDER_REVIEW,
    Stage.FURTHER_WORK,
    Stage.RECOMMENDED,
    Stage.BEFORE_COUNCIL,
)
ORDERS: dict[str, tuple[Any, ...]] = {
    "activity": (F("last_activity").desc(nulls_last=True), "pk"),
    "name": ("applicant__name", "pk"),
    "submitted": ("submitted_on", "pk"),
}


def readable(person: Person, *, day: date) -> QuerySet[Application]:
    """The cases that a person reads as a member of the Committee: none of their own or related."""
    return access.visible(person, Can.READ_RECOMMENDATION, day=day)


def table(person: Person, *, day: date, stage: str, order: str) -> QuerySet[Application]:
    """The readable cases of a stage ("live", "all" or one), each with its last activity."""
    cases = readable(person, day=day).select_related("applicant")
    if stage == "live":
        cases = cases.filter(stage__in=LIVE)
    elif stage != "all":
        cases = cases.filter(stage=stage)
    return cases.annotate(last_activity=last_activity()).order_by(*ORDERS[order])


def last_activity() -> Greatest:
    """When something was last done or logged of which the whole Committee may know.

    Not from the audit trail: it also knows of votes and drafts.
    """
    of_case, of_applicant = OuterRef("pk"), OuterRef("applicant")
    return Greatest(
        _newest(StageMove.objects.filter(application=of_case), "at"),
        _newest(Ruling.objects.filter(application=of_case), "at"),
        _newest(Claim.objects.filter(application=of_case), "claimed_at"),
        _newest(Question.objects.filter(application=of_case), "asked_at"),
        _newest(Question.objects.filter(application=of_case), "answered_at"),
        _newest(Meeting.objects.filter(group__applicant=of_applicant), "recorded_at"),
        _newest(Debriefing.objects.filter(group__applicant=of_applicant), "recorded_at"),
        _newest(Session.objects.filter(supervision__applicant=of_applicant), "recorded_at"),
    )


def _newest(rows: QuerySet[Any], moment: str) -> Subquery:
    known = rows.filter(**{f"{moment}__isnull": False})
    return Subquery(known.order_by(f"-{moment}").values(moment)[:1])


def stands(cases: Iterable[Application], as_of: date) -> list[Standing]:
    """Where each case stands, in their order, also where several are one applicant's.

    What was logged is gathered by the person, so that one call takes one case of each.
    """
    waiting = list(cases)
    order = [case.pk for case in waiting]
    found: dict[int, Standing] = {}
    while waiting:
        once = list({case.applicant_id: case for case in reversed(waiting)}.values())
        found |= {each.application.pk: each for each in standings(once, as_of)}
        waiting = [case for case in waiting if case.pk not in found]
    return [found[key] for key in order]
