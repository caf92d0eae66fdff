"""Who was there: at an intensive of the Society, or elsewhere."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from applicants.models import Document
from credentialing.people.models import Person
from credentialing.records import audit
from credentialing.records.refusals import Refused
from intensives import letters, queries
from intensives.models import Enrolment, Intensive
from intensives.operations.offering import check_dates, hold_enrolments, is_office

State = Enrolment.State


@transaction.atomic
def complete(enrolments: Sequence[Enrolment], *, by: Person, at: datetime) -> list[Enrolment]:
    """Record that these people of one group were there all the time; the others are left out.

    By the group's faculty or an administrator, from the last day on, nobody for themselves.
    """
    rows = hold_enrolments(enrolments)
    if not rows:
        raise Refused(_("Choose at least one person who took part."))
    if len({(row.intensive_id, row.small_group_id) for row in rows}) > 1:
        raise Refused(_("Record one group at a time."))
    intensive, group = rows[0].intensive, rows[0].small_group
    if not (group and by.pk in group.faculty_ids) and not is_office(by, at):
        raise Http404
    if intensive.elsewhere:
        raise Refused(_("What was attended elsewhere is confirmed by the office, one by one."))
    if not intensive.has_ended(timezone.localdate(at)):
        raise Refused(
            _("Attendance is recorded from the last day on, %(day)s.")
            % {"day": date_format(intensive.end)}
        )
    for row in rows:
        if row.person_id == by.pk:
            raise Refused(_("You can't record your own attendance."))
        if row.state != State.SIGNED_UP:
            raise Refused(
                _("%(name)s is %(state)s.")
                % {"name": row.person.name, "state": row.get_state_display()}
            )
    new = [row for row in rows if not row.completed]
    if not new:
        raise Refused(_("Their attendance was already recorded. Nothing was changed."))
    for row in new:
        row.completed, row.attended_partly = True, ""
        row.save(update_fields=["completed", "attended_partly"])
        audit.record("enrolment.completed", by=by, record=f"enrolment {row.pk}")
        letters.completed(row, at=at)
    return rows


@transaction.atomic
def record_partly(enrolment: Enrolment, *, part: str, by: Person, at: datetime) -> Enrolment:
    """Record what part of an intensive somebody attended. It counts only by a ruling."""
    row = hold_enrolments([enrolment])[0]
    group = row.small_group
    if not (group and by.pk in group.faculty_ids) and not is_office(by, at):
        raise Http404
    if row.person_id == by.pk:
        raise Refused(_("You can't record your own attendance."))
    if row.intensive.elsewhere or row.state != State.SIGNED_UP or row.completed:
        raise Refused(_("There is no partial attendance to record here. Nothing was changed."))
    if not row.intensive.has_ended(timezone.localdate(at)):
        raise Refused(
            _("Attendance is recorded from the last day on, %(day)s.")
            % {"day": date_format(row.intensive.end)}
        )
    part = part.strip()
    if not part:
        raise Refused(_("Say what part was attended."), field="part")
    if part == row.attended_partly:
        return row
    row.attended_partly = part
    row.save(update_fields=["attended_partly"])
    audit.record("enrolment.attended-partly", by=by, record=f"enrolment {row.pk}")
    case = queries.case_of(row)
    if case and case.is_live:
        letters.attended_partly(row, case, at=at)
    return row


@transaction.atomic
def record_past_intensive(
    person: Person,
    *,
    title: str,
    organiser: str,
    place: str,
    start: date,
    end: date,
    document: Document | None,
    by: Person,
    at: datetime,
) -> Enrolment:
    """Record an intensive attended elsewhere; it counts once the office has confirmed it."""
    if by.pk != person.pk and not is_office(by, at):
        raise Http404
    check_dates(start, end)
    if end > timezone.localdate(at):
        raise Refused(_("Only an intensive that is over can be recorded."), field="end")
    if document and document.application.applicant_id != person.pk:
        raise Http404
    intensive = Intensive.objects.create(
        title=title, organiser=organiser, place=place, start=start, end=end, elsewhere=True
    )
    enrolment = Enrolment.objects.create(
        intensive=intensive,
        person=person,
        role=Enrolment.Role.PARTICIPANT,
        document=document,
        enrolled_at=at,
    )
    audit.record(
        "enrolment.recorded-elsewhere",
        by=by,
        record=f"enrolment {enrolment.pk}",
        after={"start": start, "end": end, "document": document.pk if document else None},
    )
    return enrolment


@transaction.atomic
def confirm_past_intensive(enrolment: Enrolment, *, by: Person, at: datetime) -> Enrolment:
    """The office confirms that somebody else took part in an intensive elsewhere."""
    enrolment = hold_enrolments([enrolment])[0]
    if not is_office(by, at):
        raise Http404
    if enrolment.person_id == by.pk:
        raise Refused(_("You can't confirm your own attendance. Ask another administrator."))
    if not enrolment.intensive.elsewhere or enrolment.state == State.CANCELLED:
        raise Refused(_("There is nothing to confirm: this entry was taken back."))
    if enrolment.completed:
        raise Refused(_("This was already confirmed. Nothing was changed."))
    enrolment.completed = True
    enrolment.save(update_fields=["completed"])
    audit.record("enrolment.confirmed", by=by, record=f"enrolment {enrolment.pk}")
    letters.completed(enrolment, at=at)
    return enrolment
