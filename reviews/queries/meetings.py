"""Meetings of the Committee, as each member may read them: no matter of a case hidden from them."""

from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from applicants import access
from applicants.access import Can
from credentialing.people.models import Person
from reviews.models import AgendaItem, CommitteeMeeting
from reviews.queries.cases import readable


def planned(day: date) -> QuerySet[CommitteeMeeting]:
    """The meetings to come, the next first."""
    return _standing().filter(closed_at__isnull=True, day__gte=day).order_by("day", "pk")


def past(day: date) -> QuerySet[CommitteeMeeting]:
    """The meetings that were held, or whose day has passed, the last first."""
    return (_standing().filter(day__lt=day) | _standing().filter(closed_at__isnull=False)).order_by(
        "-day", "-pk"
    )


def _standing() -> QuerySet[CommitteeMeeting]:
    return CommitteeMeeting.objects.filter(cancelled_at__isnull=True)


def latest(day: date) -> CommitteeMeeting | None:
    """The last meeting up to a day for which somebody was noted as present."""
    held = _standing().filter(day__lte=day).exclude(present=[])
    return held.order_by("-day", "-pk").first()


def items(meeting: CommitteeMeeting, reader: Person, *, day: date) -> QuerySet[AgendaItem]:
    """The matters on an agenda that a member may read, case by case."""
    return (
        meeting.items.filter(application__in=readable(reader, day=day).values("pk"))
        .select_related("application__applicant", "decided_by")
        .order_by("application__applicant__name", "application", "pk")
    )


def agenda(meeting: CommitteeMeeting, reader: Person, *, day: date) -> list[dict[str, Any]]:
    """The agenda by case, each matter with whether the reader records what is decided on it."""
    acting = set(access.visible(reader, Can.CHAIR, day=day).values_list("pk", flat=True))
    return [
        {"case": case, "items": list(rows), "acts": case.pk in acting}
        for case, rows in groupby(
            items(meeting, reader, day=day), key=lambda item: item.application
        )
    ]


def present(meeting: CommitteeMeeting) -> list[str]:
    """The names of who was there."""
    return list(
        Person.objects.filter(pk__in=meeting.present)
        .order_by("name", "pk")
        .values_list("name", flat=True)
    )
