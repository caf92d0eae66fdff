"""Meetings of the Committee: planned, with an agenda from the queue, held, and closed."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants import access
from applicants.access import Can
from credentialing.people.models import Person
from credentialing.people.queries import holders, roles_of
from credentialing.records import audit
from credentialing.records.refusals import Refused
from reviews.models import AgendaItem, CommitteeMeeting
from reviews.queries import queue
from reviews.queries.naming import unnamed


@transaction.atomic
def plan_meeting(*, day: date, place: str, by: Person, at: datetime) -> CommitteeMeeting:
    """Plan a meeting of the Committee for a day to come; one a day."""
    today = timezone.localdate(at)
    _check_chair(by, today)
    if day < today:
        raise Refused(_("Choose today or a later day."), field="day")
    try:
        with transaction.atomic():
            meeting = CommitteeMeeting.objects.create(
                day=day, place=place.strip(), planned_by=by, planned_at=at
            )
    except IntegrityError as twice:
        raise Refused(_("A meeting is planned for this day already."), field="day") from twice
    _record("meeting.planned", meeting, by=by, after={"day": day})
    return meeting


@transaction.atomic
def cancel_meeting(meeting: CommitteeMeeting, *, by: Person, at: datetime) -> CommitteeMeeting:
    """Call a meeting off that has not been closed; its agenda stays on record."""
    meeting = _open(meeting, by=by, at=at)
    meeting.cancelled_at = at
    meeting.save(update_fields=["cancelled_at"])
    _record("meeting.cancelled", meeting, by=by)
    return meeting


@transaction.atomic
def fill_agenda(meeting: CommitteeMeeting, *, by: Person, at: datetime) -> int:
    """Put what waits for the Committee on the agenda; returns how many matters are new there."""
    meeting = _open(meeting, by=by, at=at)
    there = set(meeting.items.values_list("application", "matter"))
    waiting = [
        each
        for each in queue.matters(by, day=timezone.localdate(at))
        if each.question.in_meeting and (each.item.case.pk, each.item.matter) not in there
    ]
    AgendaItem.objects.bulk_create(
        AgendaItem(
            meeting=meeting,
            application=each.item.case,
            matter=each.item.matter,
            title=str(each.question.title),
            text=_unnamed(each.item),
        )
        for each in waiting
    )
    if waiting:
        _record("meeting.agenda-filled", meeting, by=by, after={"matters": len(waiting)})
    return len(waiting)


def _unnamed(item: queue.Item) -> str:
    """What the queue says, without the applicant's name: it stands on the person alone."""
    said = unnamed(item.text, {item.case.applicant.name: _("the applicant")})
    return said[:1].upper() + said[1:]


@transaction.atomic
def drop_from_agenda(item: AgendaItem, *, by: Person, at: datetime) -> None:
    """Take a matter off the agenda again, as long as nothing was decided on it."""
    meeting = _open(item.meeting, by=by, at=at)
    if not access.may(by, Can.CHAIR, item.application, day=timezone.localdate(at)):
        raise Http404
    item = AgendaItem.objects.select_for_update().get(pk=item.pk)
    if item.decision:
        raise Refused(_("Something was decided on this; it stays in the minutes."))
    _record("meeting.matter-dropped", meeting, by=by, before={"matter": item.matter})
    item.delete()


@transaction.atomic
def record_minutes(
    meeting: CommitteeMeeting,
    *,
    present: Collection[int],
    decisions: Mapping[int, str],
    by: Person,
    at: datetime,
) -> CommitteeMeeting:
    """Note who was there, and what was decided on each matter, by the item's key.

    A matter of a case on which one does not act as Chair is left as it is.
    """
    meeting = _held(meeting, by=by, at=at)
    day = timezone.localdate(at)
    if set(present) - set(holders(*access.COMMITTEE, day=meeting.day).values_list("pk", flat=True)):
        raise Refused(_("Only members of the Committee are noted as present."), field="present")
    meeting.present = sorted(set(present))
    meeting.save(update_fields=["present"])
    acting = access.visible(by, Can.CHAIR, day=day).values("pk")
    items = meeting.items.select_for_update().filter(pk__in=list(decisions), application__in=acting)
    changed = [each for each in items if each.decision != decisions[each.pk].strip()]
    for item in changed:
        item.decision = decisions[item.pk].strip()
        item.decided_by, item.decided_at = by, at
        item.save(update_fields=["decision", "decided_by", "decided_at"])
    _record(
        "meeting.minutes-recorded",
        meeting,
        by=by,
        after={"present": meeting.present, "items": [each.pk for each in changed]},
    )
    return meeting


@transaction.atomic
def close_meeting(meeting: CommitteeMeeting, *, by: Person, at: datetime) -> CommitteeMeeting:
    """Close a meeting that was held: its minutes stand and change no more."""
    meeting = _held(meeting, by=by, at=at)
    if not meeting.present:
        raise Refused(_("Say who was there before you close the meeting."), field="present")
    meeting.closed_at = at
    meeting.save(update_fields=["closed_at"])
    _record("meeting.closed", meeting, by=by)
    return meeting


def _check_chair(by: Person, day: date) -> None:
    if not roles_of(by, day) & access.CHAIR:
        raise Http404


def _open(meeting: CommitteeMeeting, *, by: Person, at: datetime) -> CommitteeMeeting:
    """The meeting, locked, as long as it is neither closed nor called off."""
    _check_chair(by, timezone.localdate(at))
    meeting = CommitteeMeeting.objects.select_for_update().get(pk=meeting.pk)
    if meeting.closed_at:
        raise Refused(_("This meeting is closed; its minutes stand."))
    if meeting.cancelled_at:
        raise Refused(_("This meeting was called off."))
    return meeting


def _held(meeting: CommitteeMeeting, *, by: Person, at: datetime) -> CommitteeMeeting:
    meeting = _open(meeting, by=by, at=at)
    if meeting.day > timezone.localdate(at):
        raise Refused(_("Decisions are recorded on the day of the meeting or later."))
    return meeting


def _record(
    act: str,
    meeting: CommitteeMeeting,
    *,
    by: Person,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    audit.record(act, by=by, record=f"meeting {meeting.pk}", before=before, after=after)
