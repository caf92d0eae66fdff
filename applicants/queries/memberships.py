"""Whose membership ends soon or has lapsed, as far as it can be known."""

from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from applicants.models import Membership
from credentialing.people.models import Person

SOON = timedelta(days=60)

# The key of a membership, its days and its number.
Stands = tuple[int, date, date | None, str]


def terms(person: Person) -> list[Stands]:
    """A person's memberships as they stand, in the order of time."""
    return list(
        Membership.objects.filter(person=person)
        .order_by("start", "pk")
        .values_list("pk", "start", "end", "number")
    )


def ending(day: date, within: timedelta = SOON) -> QuerySet[Membership]:
    """The last terms of persons, which end between this day and so many days later."""
    return _last().filter(end__gte=day, end__lte=day + within)


def lapsed(day: date) -> QuerySet[Membership]:
    """The last terms of persons that are over.

    Of what a list said, only those that were over when it was complete: who was a member then may
    have been renewed since.
    """
    unknown = Q(source__isnull=False, end__gte=F("source__complete_to"))
    return _last().filter(end__lt=day).exclude(unknown)


def unknown(day: date) -> QuerySet[Membership]:
    """The last terms that are over by the last list, which can't know whether they were renewed."""
    return _last().filter(end__lt=day, source__isnull=False, end__gte=F("source__complete_to"))


def current(day: date) -> QuerySet[Membership]:
    """The terms that hold this day."""
    return Membership.objects.filter(Q(end__isnull=True) | Q(end__gte=day), start__lte=day)


def _last() -> QuerySet[Membership]:
    later = Membership.objects.filter(person=OuterRef("person"), start__gt=OuterRef("start"))
    return Membership.objects.exclude(Exists(later))
