"""An intensive is offered; people sign up, wait, and cancel."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from credentialing.people.models import Person, Role
from credentialing.people.queries import roles_of
from credentialing.records import audit
from credentialing.records.refusals import Refused
from intensives import letters, queries
from intensives.models import CoLed, Enrolment, Intensive
from intensives.operations.placement import hold, hold_intensive, settle

State = Enrolment.State


def is_office(by: Person, at: datetime) -> bool:
    """Whether a person is an administrator at that moment."""
    return Role.Kind.ADMINISTRATOR in roles_of(by, timezone.localdate(at))


def hold_enrolments(enrolments: Iterable[Enrolment]) -> list[Enrolment]:
    """These enrolments by key, their rows held in that order."""
    rows = Enrolment.objects.filter(pk__in=[enrolment.pk for enrolment in enrolments])
    hold(rows)
    return list(rows.select_related("intensive", "person", "small_group").order_by("pk"))


# --- What is offered ---------------------------------------------------------------------------


@transaction.atomic
def create_intensive(
    *,
    title: str,
    organiser: str,
    place: str,
    start: date,
    end: date,
    capacity: int | None,
    price_note: str,
    by: Person,
    at: datetime,
) -> Intensive:
    """Enter an intensive that the Society offers; nobody sees it until it is published."""
    check_dates(start, end)
    intensive = Intensive.objects.create(
        title=title,
        organiser=organiser,
        place=place,
        start=start,
        end=end,
        capacity=capacity,
        price_note=price_note,
    )
    audit.record(
        "intensive.created",
        by=by,
        record=f"intensive {intensive.pk}",
        after={"start": start, "end": end, "capacity": capacity},
    )
    return intensive


@transaction.atomic
def change_intensive(
    intensive: Intensive,
    *,
    title: str,
    organiser: str,
    place: str,
    start: date,
    end: date,
    capacity: int | None,
    price_note: str,
    by: Person,
    at: datetime,
) -> Intensive:
    """Correct what is offered. More places are filled from the waiting list at once."""
    intensive = hold_intensive(intensive)
    check_dates(start, end)
    outside = CoLed.objects.filter(enrolment__intensive=intensive).exclude(date__range=(start, end))
    attended = intensive.enrolments.filter(completed=True).exists()
    if (start, end) != (intensive.start, intensive.end) and (attended or outside.exists()):
        raise Refused(
            _("Sessions or attendance are recorded already; the dates can't change any more."),
            field="start",
        )
    before = {"start": intensive.start, "end": intensive.end, "capacity": intensive.capacity}
    intensive.title, intensive.organiser, intensive.place = title, organiser, place
    intensive.start, intensive.end = start, end
    intensive.capacity, intensive.price_note = capacity, price_note
    intensive.save()
    audit.record(
        "intensive.changed",
        by=by,
        record=f"intensive {intensive.pk}",
        before=before,
        after={"start": start, "end": end, "capacity": capacity},
    )
    _fill(intensive, at=at)
    return intensive


def check_dates(start: date, end: date) -> None:
    """Refuse an end before the start."""
    if end < start:
        raise Refused(_("The intensive ends before it starts."), field="end")


@transaction.atomic
def publish_intensive(intensive: Intensive, *, by: Person, at: datetime) -> Intensive:
    """Show an intensive to everybody with an account, and open the sign-up."""
    intensive = hold_intensive(intensive)
    if intensive.published_at:
        raise Refused(
            _("This intensive was already published on %(day)s.")
            % {"day": date_format(timezone.localtime(intensive.published_at))}
        )
    intensive.published_at = at
    intensive.save(update_fields=["published_at"])
    audit.record("intensive.published", by=by, record=f"intensive {intensive.pk}")
    return intensive


# --- Who comes ---------------------------------------------------------------------------------


@transaction.atomic
def enrol(
    intensive: Intensive, person: Person, *, role: str, by: Person, at: datetime
) -> Enrolment:
    """Sign a person up, or put them on the waiting list when the intensive is full."""
    if by.pk != person.pk and not is_office(by, at):
        raise Http404
    intensive = hold_intensive(intensive)
    if intensive.elsewhere or intensive.published_at is None or intensive.published_at > at:
        raise Http404
    if role not in Enrolment.Role.values:
        raise Refused(_("Choose participant or candidate."), field="role")
    if intensive.has_begun(timezone.localdate(at)):
        raise Refused(_("The sign-up is closed: the intensive has begun."))
    if queries.my_groups(person).filter(intensive=intensive).exists():
        raise Refused(_("You are faculty of this intensive and can't sign up for it."))
    if role == Enrolment.Role.CANDIDATE and (why := queries.why_no_candidate(person)):
        raise Refused(why, field="role")
    full = intensive.capacity is not None and _taken(intensive) >= intensive.capacity
    try:
        with transaction.atomic():
            enrolment = Enrolment.objects.create(
                intensive=intensive,
                person=person,
                role=role,
                state=State.WAITING if full else State.SIGNED_UP,
                enrolled_at=at,
            )
    except IntegrityError as clash:
        raise Refused(_("You are already signed up for this intensive.")) from clash
    audit.record(
        "enrolment.made",
        by=by,
        record=f"enrolment {enrolment.pk}",
        after={"intensive": intensive.pk, "role": role, "state": enrolment.state},
    )
    letters.signed_up(enrolment, at=at)
    return enrolment


def _taken(intensive: Intensive) -> int:
    return intensive.enrolments.filter(state=State.SIGNED_UP).count()


@transaction.atomic
def cancel_enrolment(enrolment: Enrolment, *, by: Person, at: datetime) -> Enrolment:
    """Give a place back; the first on the waiting list gets it. Not once it is completed.

    The person cancels until the intensive begins, afterwards the office does. What a person
    recorded of elsewhere is taken back the same way until it is confirmed.
    """
    intensive = hold_intensive(enrolment.intensive)
    enrolment = hold_enrolments([enrolment])[0]
    own = by.pk == enrolment.person_id
    if not own and not is_office(by, at):
        raise Http404
    if enrolment.state == State.CANCELLED:
        raise Refused(_("This enrolment was already cancelled."))
    if enrolment.completed or queries.presented_to(queries.draft_of(enrolment)):
        raise Refused(_("This intensive is recorded as completed; it can't be cancelled."))
    if own and not intensive.elsewhere and intensive.has_begun(timezone.localdate(at)):
        raise Refused(_("The intensive has begun. Ask the office to cancel."))
    with settle(enrolment, at=at):
        enrolment.state = State.CANCELLED
        enrolment.save(update_fields=["state"])
    audit.record("enrolment.cancelled", by=by, record=f"enrolment {enrolment.pk}")
    if not own:
        letters.cancelled(enrolment, at=at)
    _fill(intensive, at=at)
    return enrolment


def _fill(intensive: Intensive, *, at: datetime) -> None:
    """Give free places to those who wait, in the order in which they came."""
    if intensive.has_begun(timezone.localdate(at)):
        return
    waiting = intensive.enrolments.filter(state=State.WAITING).order_by("enrolled_at", "pk")
    if intensive.capacity is not None:
        waiting = waiting[: max(intensive.capacity - _taken(intensive), 0)]
    for enrolment in waiting.select_related("person", "intensive"):
        enrolment.state = State.SIGNED_UP
        enrolment.save(update_fields=["state"])
        audit.record("enrolment.moved-up", by=None, record=f"enrolment {enrolment.pk}")
        letters.moved_up(enrolment, at=at)
