"""Questions about the cases that the Committee reads."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone

from applicants import access
from applicants.access import Can
from applicants.models import (
    Application,
    BalintGroup,
    Claim,
    Debriefing,
    Meeting,
    Membership,
    Question,
    Ruling,
    Stage,
    StageMove,
    Version,
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
    "quiet": (F("last_activity").asc(nulls_first=True), "pk"),
    "name": ("applicant__name", "pk"),
    "submitted": ("submitted_on", "pk"),
    "stage": ("stage", "applicant__name", "pk"),
}
SILENT = timedelta(days=180)
MOST_WORDS = 6


def readable(person: Person, *, day: date) -> QuerySet[Application]:
    """The cases that a person reads as a member of the Committee: none of their own or related."""
    return access.visible(person, Can.READ_RECOMMENDATION, day=day)


def table(
    person: Person, *, day: date, stage: str, order: str, q: str = "", flag: str = ""
) -> QuerySet[Application]:
    """The readable cases of a stage ("live", "all" or one), each with its last activity.

    `q` are words, each of which has to be in a name, a reference, or the name of a site.
    """
    cases = readable(person, day=day).select_related("applicant")
    if stage == "live":
        cases = cases.filter(stage__in=LIVE)
    elif stage != "all":
        cases = cases.filter(stage=stage)
    for word in q.split()[:MOST_WORDS]:
        cases = cases.filter(_holds(word))
    cases = cases.annotate(last_activity=last_activity())
    if flag == "silent":
        quiet = timezone.make_aware(datetime.combine(day - SILENT, time.min))
        cases = cases.filter(Q(last_activity__lt=quiet) | Q(last_activity__isnull=True))
    if flag == "lapsed":
        member = Membership.objects.filter(
            Q(end__isnull=True) | Q(end__gte=day), person=OuterRef("applicant"), start__lte=day
        )
        cases = cases.filter(~Exists(member))
    return cases.order_by(*ORDERS[order])


def _holds(word: str) -> Q:
    """Whether a word is in the applicant's name, the reference, or where they work and lead."""
    groups = BalintGroup.objects.filter(applicant=OuterRef("applicant"), name__icontains=word)
    site = Q(sections__practice__institution__icontains=word) | Q(
        sections__practice__place__icontains=word
    )
    submitted = Version.objects.filter(site, application=OuterRef("pk"))
    return (
        Q(applicant__name__icontains=word)
        | Q(reference__icontains=word)
        | Exists(groups)
        | Exists(submitted)
    )


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
