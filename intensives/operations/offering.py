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
from intensives.models import CoLed, Enrolment, Intensive, SmallGroup
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
    sessions: int | None = None,
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
        sessions=sessions,
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
    sessions: int | None = None,
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
    _check_sessions(intensive, sessions)
    before = {"start": intensive.start, "end": intensive.end, "capacity": intensive.capacity}
    intensive.title, intensive.organiser, intensive.place = title, organiser, place
    intensive.start, intensive.end = start, end
    intensive.capacity, intensive.price_note = capacity, price_note
    intensive.sessions = sessions
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


def _check_sessions(intensive: Intensive, sessions: int | None) -> None:
    """A group keeps sessions for the candidates who are in it, two for each."""
    most = max((group.candidates for group in queries.groups_of(intensive)), default=0)
    if sessions is not None and sessions // 2 < most:
        raise Refused(
            _("A group has %(n)d candidates already, who lead two sessions each.") % {"n": most},
            field="sessions",
        )


@transaction.atomic
def cancel_intensive(intensive: Intensive, *, reason: str, by: Person, at: datetime) -> Intensive:
    """Call the whole intensive off before it begins; everybody who has a place or waits is told."""
    intensive = hold_intensive(intensive)
    if not is_office(by, at) or intensive.elsewhere:
        raise Http404
    if intensive.cancelled_at:
        raise Refused(_("This intensive was already cancelled. Nothing was changed."))
    if intensive.has_begun(timezone.localdate(at)):
        raise Refused(_("The intensive has begun and can't be cancelled any more."))
    if not reason.strip():
        raise Refused(_("Give a reason; everybody who signed up reads it."), field="reason")
    intensive.cancelled_at, intensive.cancelled_because = at, reason.strip()
    intensive.save(update_fields=["cancelled_at", "cancelled_because"])
    for enrolment in hold_enrolments(intensive.enrolments.exclude(state=State.CANCELLED)):
        with settle(enrolment, at=at):
            enrolment.state = State.CANCELLED
            enrolment.save(update_fields=["state"])
        letters.intensive_cancelled(enrolment, at=at)
    audit.record("intensive.cancelled", by=by, record=f"intensive {intensive.pk}")
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
    intensive: Intensive,
    person: Person,
    *,
    role: str,
    asked: bool = True,
    wished_group: SmallGroup | None = None,
    avoided_group: SmallGroup | None = None,
    by: Person,
    at: datetime,
) -> Enrolment:
    """Sign a person up, or put them on the waiting list when the intensive is full.

    Where the procedure would put a question about the candidacy before the Committee, the person
    has to know: `asked`. A candidate may name a group to be in, and one not to be in.
    """
    if by.pk != person.pk and not is_office(by, at):
        raise Http404
    intensive = hold_intensive(intensive)
    if intensive.elsewhere or intensive.published_at is None or intensive.published_at > at:
        raise Http404
    if intensive.cancelled_at:
        raise Refused(_("This intensive was cancelled."))
    if role not in Enrolment.Role.values:
        raise Refused(_("Choose participant or candidate."), field="role")
    if intensive.has_begun(timezone.localdate(at)):
        raise Refused(_("The sign-up is closed: the intensive has begun."))
    if queries.my_groups(person).filter(intensive=intensive).exists():
        raise Refused(_("You are faculty of this intensive and can't sign up for it."))
    is_candidate = role == Enrolment.Role.CANDIDATE
    questions = _check_candidacy(intensive, person, asked=asked) if is_candidate else []
    _check_wishes(intensive, wished_group, avoided_group)
    full = intensive.capacity is not None and _taken(intensive) >= intensive.capacity
    try:
        with transaction.atomic():
            enrolment = Enrolment.objects.create(
                intensive=intensive,
                person=person,
                role=role,
                state=State.WAITING if full else State.SIGNED_UP,
                wished_group=wished_group if is_candidate else None,
                avoided_group=avoided_group if is_candidate else None,
                enrolled_at=at,
            )
    except IntegrityError as clash:
        raise Refused(_("You are already signed up for this intensive.")) from clash
    audit.record(
        "enrolment.made",
        by=by,
        record=f"enrolment {enrolment.pk}",
        after={
            "intensive": intensive.pk,
            "role": role,
            "state": enrolment.state,
            "questions": len(questions),
        },
    )
    letters.signed_up(enrolment, at=at)
    return enrolment


def _check_candidacy(intensive: Intensive, person: Person, *, asked: bool) -> list[str]:
    """Refuse who can't be a candidate yet; what the Committee would have to rule on is returned."""
    if why := queries.why_no_candidate(person):
        raise Refused(why, field="role")
    questions = queries.questions_of_candidacy(person, intensive)
    if questions and not asked:
        raise Refused(
            _("%(questions)s You can come all the same; the Committee would have to rule on it.")
            % {"questions": " ".join(questions)},
            field="asked",
        )
    return questions


def _check_wishes(
    intensive: Intensive, wished: SmallGroup | None, avoided: SmallGroup | None
) -> None:
    if any(group and group.intensive_id != intensive.pk for group in (wished, avoided)):
        raise Refused(_("This group belongs to another intensive."))
    if wished and wished == avoided:
        raise Refused(_("Choose two different groups, or only one."), field="avoided_group")


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
