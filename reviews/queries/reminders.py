"""What reviews remind of: activities of a timeline, and ballots that close."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import F

from applicants.models import Stage
from reviews.models import Activity, Ballot


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


def ballots(at: datetime) -> Iterator[tuple[datetime, Ballot]]:
    """The ballots that are open, each with the moment at which it closes."""
    waiting = Ballot.objects.filter(closed_at__isnull=True, closes_at__gt=at)
    for ballot in waiting.select_related("recommendation__application").order_by("closes_at", "pk"):
        yield ballot.closes_at, ballot
