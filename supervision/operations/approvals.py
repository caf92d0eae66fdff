"""The Society approves supervisors for an interval; they keep what the directory says of them."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applicants.models import in_force
from credentialing.people.models import Person
from credentialing.records import audit
from credentialing.records.refusals import Refused
from supervision import letters
from supervision.models import Approval, Availability


@transaction.atomic
def approve_supervisor(
    person: Person,
    *,
    start: date,
    end: date | None,
    places: int,
    reason: str,
    by: Person,
    at: datetime,
) -> Approval:
    """Approve a person as a supervisor for an interval, for so many applicants at the same time."""
    if by.pk == person.pk:
        raise Refused(_("You can't approve yourself. Ask another administrator."))
    if end and end < start:
        raise Refused(_("The approval ends before it starts."), field="end")
    if not reason.strip():
        raise Refused(_("Give the ground; it becomes part of the record."), field="reason")
    if places < 1:
        raise Refused(_("A supervisor has at least one place."), field="places")
    try:
        with transaction.atomic():
            approval = Approval.objects.create(
                supervisor=person, start=start, end=end, places=places, reason=reason.strip()
            )
    except IntegrityError as clash:
        raise Refused(
            _("%(name)s is already approved in part of that time.") % {"name": person.name},
            field="start",
        ) from clash
    audit.record(
        "supervisor.approved",
        by=by,
        record=f"person {person.pk}",
        after={"start": start, "end": end, "places": places},
    )
    letters.approved(approval)
    return approval


@transaction.atomic
def end_approval(
    approval: Approval, *, on: date, reason: str, by: Person, at: datetime
) -> Approval:
    """Set the last day of an approval. What was supervised until then keeps counting."""
    approval = Approval.objects.select_for_update().get(pk=approval.pk)
    if by.pk == approval.supervisor_id:
        raise Refused(_("You can't change your own approval. Ask another administrator."))
    if approval.end and approval.end < timezone.localdate(at):
        raise Refused(
            _("This approval already ended on %(day)s.") % {"day": date_format(approval.end)}
        )
    if on < approval.start:
        raise Refused(_("The approval can't end before it started."), field="on")
    if not reason.strip():
        raise Refused(_("Give a reason; it becomes part of the record."), field="reason")
    before, approval.end = approval.end, on
    approval.reason = "\n".join(part for part in (approval.reason, reason.strip()) if part)
    approval.save(update_fields=["end", "reason"])
    audit.record(
        "supervisor.approval-ended",
        by=by,
        record=f"person {approval.supervisor_id}",
        before={"end": before},
        after={"end": on},
    )
    letters.end_is_set(approval, at=at)
    return approval


@transaction.atomic
def keep_availability(
    person: Person, *, takes_requests: bool, places: int, note: str, by: Person, at: datetime
) -> Availability:
    """The supervisor says whether to ask, how many places there are, and a word for applicants."""
    day = timezone.localdate(at)
    approvals = Approval.objects.select_for_update().filter(supervisor=person).order_by("start")
    approval = next((one for one in approvals if in_force(one.start, one.end, day)), None)
    if by.pk != person.pk or approval is None:
        raise Http404
    if not 0 <= places <= approval.places:
        raise Refused(
            ngettext(
                "Your approval is for one applicant at a time.",
                "Your approval is for up to %(n)d applicants at a time.",
                approval.places,
            )
            % {"n": approval.places},
            field="places",
        )
    said = {"takes_requests": takes_requests, "places": places, "note": note.strip()}
    availability, _new = Availability.objects.update_or_create(
        supervisor=person, defaults={**said, "changed_at": at}
    )
    audit.record(
        "supervisor.availability",
        by=by,
        record=f"person {person.pk}",
        after={"takes_requests": takes_requests, "places": places},
    )
    return availability
