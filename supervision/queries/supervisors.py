"""Who is approved, who is free, who supervises whom."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    When,
)
from django.http import Http404
from django.utils import timezone
from django.utils.translation import ngettext

from applicants.models import Application
from applicants.queries import current_applications
from credentialing.people.models import Person
from credentialing.people.queries import Told, between
from supervision.models import Approval, Availability, Session, Supervision
from supervision.queries.portfolio import COUNTED_ONCE

REACH = timedelta(days=62)  # no reminder of an approval's end is further from it
RUNNING = Count(
    "supervisor__supervises",
    filter=Q(supervisor__supervises__state=Supervision.State.ACTIVE),
    distinct=True,
)


def approved_supervisors(day: date) -> list[Approval]:
    """The directory: the approvals in force on a day, by name, in two queries.

    Each with `places` that the supervisor gives, `free` of them, `note`, and `can_be_asked`.
    """
    found = list(
        Approval.objects.filter(start__lte=day)
        .exclude(end__lt=day)
        .select_related("supervisor__availability")
        .annotate(taken=RUNNING)
        .order_by("supervisor__name", "pk")
    )
    for approval in found:
        said = getattr(approval.supervisor, "availability", None)
        approval.given = places_given(approval, said)
        approval.free = max(approval.given - approval.taken, 0)
        approval.note = said.note if said else ""
        approval.can_be_asked = bool(approval.free) and (said is None or said.takes_requests)
    return found


def told(applicants: Iterable[int]) -> Told:
    """`14 sessions, March 2023 to May 2024`, for each supervisor and applicant, in one query."""
    held = Session.objects.standing().filter(
        state=Session.State.HELD, supervision__applicant__in=list(applicants)
    )
    rows = held.values_list("supervision__supervisor", "supervision__applicant").annotate(
        n=Count("pk"), first=Min("date"), last=Max("date")
    )
    return {
        (supervisor, applicant): "{}, {}".format(
            ngettext("one session", "%(n)d sessions", n) % {"n": n}, between(first, last)
        )
        for supervisor, applicant, n, first, last in rows.order_by()
    }


def places_given(approval: Approval, said: Availability | None) -> int:
    """How many applicants at the same time: what the supervisor says, within the approval."""
    return min(approval.places, said.places) if said else approval.places


def of_person(person: Person) -> QuerySet[Supervision]:
    """The supervisions that a person takes part in, on either side."""
    return Supervision.objects.filter(Q(applicant=person) | Q(supervisor=person))


def of_supervisor(person: Person, reference: str) -> Supervision:
    """The newest supervision that a person gives, or gave, in a case; else 404."""
    found = Supervision.objects.filter(
        supervisor=person, applicant__applications__reference=reference, state__in=COUNTED_ONCE
    )
    supervision = found.select_related("applicant", "supervisor").order_by("-began", "-pk").first()
    if supervision is None:
        raise Http404
    return supervision


def case_of(supervision: Supervision) -> Application | None:
    """The newest application of the applicant."""
    return current_applications([supervision.applicant_id]).get(supervision.applicant_id)


def approvals(day: date) -> QuerySet[Approval]:
    """Every approval with `taken`, its places taken today; those in force first, by name."""
    over = Case(When(end__lt=day, then=True), default=False, output_field=BooleanField())
    return (
        Approval.objects.select_related("supervisor")
        .annotate(taken=RUNNING, over=over)
        .order_by("over", "supervisor__name", "-start", "pk")
    )


def ending(at: datetime) -> list[tuple[date, Approval]]:
    """The approvals that no other follows at once, each with the day on which it ends."""
    follows = Approval.objects.filter(
        supervisor=OuterRef("supervisor"), start=OuterRef("end") + timedelta(days=1)
    )
    day = timezone.localdate(at)
    near = Approval.objects.filter(end__range=(day - REACH, day + REACH)).exclude(Exists(follows))
    rows = near.select_related("supervisor").order_by("end", "pk")
    return [(approval.end, approval) for approval in rows]


def concerned(approval: Approval) -> list[Supervision]:
    """The supervisions, running or asked for, that the end of an approval concerns."""
    open_ = (Supervision.State.ACTIVE, Supervision.State.REQUESTED)
    rows = Supervision.objects.filter(supervisor=approval.supervisor_id, state__in=open_)
    return list(rows.select_related("applicant").order_by("pk"))


def supervisions_of(person: Person) -> list[Supervision]:
    """Everybody whom a person supervises, supervised or was asked to, by name."""
    rows = Supervision.objects.filter(supervisor=person).exclude(state=Supervision.State.DECLINED)
    return list(rows.select_related("applicant", "supervisor").order_by("applicant__name", "pk"))
