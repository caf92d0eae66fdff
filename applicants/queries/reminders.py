"""What applicants are reminded of: memberships that end, questions, confirmations not given."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone

from applicants.models import (
    ENDED,
    Application,
    Attestation,
    Membership,
    MembershipImport,
    Question,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A running case and the last day of its applicant's membership."""

    application: Application
    day: date


def memberships(at: datetime) -> Iterator[tuple[date, Ending]]:
    """The running cases whose applicant's membership has an end, with that day, in three queries.

    Beyond the day up to which the member list is complete nobody is known to have lapsed: such an
    end is told before it comes, and not after.
    """
    cases = {
        case.applicant_id: case
        for case in Application.objects.exclude(stage__in=ENDED)
        .filter(submitted_on__isnull=False)
        .select_related("applicant")
    }
    listed = MembershipImport.objects.aggregate(last=Max("complete_to"))["last"]
    today = timezone.localdate(at)
    last: dict[int, Membership] = {}
    for term in Membership.objects.filter(person__in=list(cases)).order_by("start", "pk"):
        last[term.person_id] = term
    for person, term in sorted(last.items()):
        if term.end is None:
            continue
        lapsed = term.end < today
        unknown = term.source_id is not None and (listed is None or term.end >= listed)
        if not (lapsed and unknown):
            yield term.end, Ending(application=cases[person], day=term.end)


def questions(at: datetime) -> Iterator[tuple[date, Question]]:
    """The questions that wait for an applicant's answer, each with the day by which."""
    waiting = Question.objects.filter(answered_at__isnull=True).exclude(
        application__stage__in=ENDED
    )
    for question in waiting.select_related("application__applicant").order_by("due", "pk"):
        yield question.due, question


def attestations(at: datetime) -> Iterator[tuple[date, Attestation]]:
    """The confirmations that were asked for and wait, each with the day of asking."""
    waiting = Attestation.objects.filter(
        void_at__isnull=True, answer__isnull=True, expires_at__gt=at
    )
    for asked in waiting.select_related("applicant", "attestor").order_by("asked_at", "pk"):
        yield timezone.localdate(asked.asked_at), asked
