"""What reviews remind of: activities of a timeline, matters that were taken, closing ballots."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import F
from django.utils import timezone

from applicants.models import Stage
from reviews.models import Activity, Assignment, Ballot
from reviews.queries import queue

LONGEST_NOTICE = timedelta(days=2)


def activities(at: datetime) -> Iterator[tuple[date, Activity]]:
    """The activities of agreed, open timelines that are not done, each with its deadline."""
    waiting = Activity.objects.filter(
        version__timeline__agreed=F("version"),
        version__timeline__closed_at__isnull=True,
        version__timeline__application__stage=Stage.FURTHER_WORK,
        done_on__isnull=True,
    ).select_related("version__timeline__application__applicant")
    for activity in waiting.order_by("due", "pk"):
        yield activity.due, activity


def assignments(at: datetime) -> Iterator[tuple[date, Assignment]]:
    """The matters that somebody has taken until a day and that still wait, each with that day."""
    day = timezone.localdate(at)
    taken = Assignment.objects.filter(
        ended_at__isnull=True, due__isnull=False, due__lte=day + LONGEST_NOTICE
    ).select_related("application", "to")
    for each in taken.order_by("due", "pk"):
        waiting = queue.matters(each.to, day=day, reference=each.application.reference)
        if each.due and any(found.item.matter == each.matter for found in waiting):
            yield each.due, each


def ballots(at: datetime) -> Iterator[tuple[datetime, Ballot]]:
    """The ballots that are open, each with the moment at which it closes."""
    waiting = Ballot.objects.filter(closed_at__isnull=True, closes_at__gt=at)
    for ballot in waiting.select_related("recommendation__application").order_by("closes_at", "pk"):
        yield ballot.closes_at, ballot
