"""What an act of the office would change for running cases, by the rules, before it is done."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from applicants.access import Can, visible
from applicants.models import ENDED as OVER
from applicants.models import Application
from credentialing.people.models import Person
from credentialing.standing.lines import comparison
from credentialing.standing.queries import Standing, standings


def running(people: Iterable[Person], *, to: Person, at: datetime) -> list[Application]:
    """The cases of these people that are under way and that the reader operates, by name."""
    found = visible(to, Can.OPERATE, day=timezone.localdate(at)).exclude(stage__in=OVER)
    return list(
        found.filter(applicant__in=list(people), submitted_on__isnull=False)
        .select_related("applicant")
        .order_by("applicant__name", "pk")
    )


def before_and_after(
    cases: list[Application], act: Callable[[], object], *, at: datetime
) -> list[tuple[Standing, Standing]]:
    """Where each case stands, and where it would: the act is carried out and undone at once.

    Raises Refused where the act is.
    """
    today = timezone.localdate(at)
    before = standings(cases, today)
    with transaction.atomic():
        try:
            act()
            after = standings(cases, today)
        finally:
            transaction.set_rollback(True)
    return list(zip(before, after, strict=True))


def changes(before: Standing, after: Standing) -> list[dict[str, Any]]:
    """What is not the same in two standings: the office is shown no more of a case than that."""
    return [row for row in comparison(before, after) if row["changed"]]
