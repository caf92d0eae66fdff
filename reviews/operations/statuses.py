"""The status of a credential after the decision, as the Council decided, from a day on.

What takes a credential away, for a time or for good, is entered by one officer and confirmed by
another.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from credentialing.people.models import Credential, CredentialStatus, Person, Role
from credentialing.people.queries import roles_of
from credentialing.records import audit
from credentialing.records.refusals import Refused
from reviews.letters import council as letters
from reviews.models import StatusChange
from reviews.operations import confirming
from reviews.queries import statuses

Status = CredentialStatus.Status
FURTHEST = timedelta(days=366)  # ahead


@transaction.atomic
def set_credential_status(
    credential: Credential, *, status: str, since: date, reason: str, by: Person, at: datetime
) -> CredentialStatus | StatusChange:
    """Enter what the Council decided on a credential, with its day and a reason.

    To reinstate or retire it holds at once; to suspend or revoke waits for a second officer.
    """
    credential = Credential.objects.select_for_update().get(pk=credential.pk)
    day = timezone.localdate(at)
    if Role.Kind.ADMINISTRATOR not in roles_of(by, day):
        raise Http404
    if by.pk == credential.person_id:
        raise Refused(_("You can't change your own credential. Ask another administrator."))
    _check(credential, status, since, reason, day=day)
    if credential.status_changes.filter(StatusChange.WAITING).exists():
        raise Refused(_("A change of this credential waits to be confirmed. Answer it first."))
    if status not in statuses.BY_TWO:
        return _change(credential, status=status, since=since, reason=reason, by=by, at=at)
    entered = StatusChange.objects.create(
        credential=credential,
        status=status,
        since=since,
        reason=reason.strip(),
        entered_by=by,
        entered_at=at,
    )
    _record("credential.status-entered", entered, by=by)
    letters.status_change_entered(entered, statuses.officers(credential, day=day))
    return entered


@transaction.atomic
def confirm_status_change(change: StatusChange, *, by: Person, at: datetime) -> CredentialStatus:
    """Confirm what another officer entered; it holds from its day on."""
    change = _locked(change, by=by, at=at)
    confirming.confirm(change, by=by, at=at)
    told = {"status": change.status, "since": change.since, "reason": change.reason}
    _check(change.credential, **told, day=timezone.localdate(at))
    _record("credential.status-confirmed", change, by=by)
    return _change(change.credential, **told, by=change.entered_by, at=at)


@transaction.atomic
def refuse_status_change(change: StatusChange, *, by: Person, at: datetime) -> StatusChange:
    """Set aside what was entered, so that it can be entered anew; also by who entered it."""
    change = _locked(change, by=by, at=at)
    confirming.refuse(change, at=at)
    _record("credential.status-refused", change, by=by)
    return change


def _locked(change: StatusChange, *, by: Person, at: datetime) -> StatusChange:
    """The locked change of a locked credential; 404 for who is no officer for this holder."""
    credential = Credential.objects.select_for_update().get(pk=change.credential_id)
    change = StatusChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
    if not statuses.is_officer(by, credential, day=timezone.localdate(at)):
        raise Http404
    return change


def _check(credential: Credential, status: str, since: date, reason: str, *, day: date) -> None:
    if status not in Status.values:
        raise Refused(_("Choose a status."), field="status")
    last = credential.statuses.order_by("-since", "-pk").first()
    if last and last.status == status:
        raise Refused(
            _("This credential is %(status)s already.") % {"status": last.get_status_display()},
            field="status",
        )
    if since > day + FURTHEST:
        raise Refused(_("Give a day within a year from now."), field="since")
    if since < credential.since:
        raise Refused(
            _("The credential was given on %(day)s. Give that day or a later one.")
            % {"day": date_format(credential.since)},
            field="since",
        )
    if last and since < last.since:
        raise Refused(
            _("It is %(status)s from %(day)s on. Give that day or a later one.")
            % {"status": last.get_status_display(), "day": date_format(last.since)},
            field="since",
        )
    if not reason.strip():
        raise Refused(
            _("Give the Council's reason; it becomes part of the record."), field="reason"
        )


def _change(
    credential: Credential, *, status: str, since: date, reason: str, by: Person, at: datetime
) -> CredentialStatus:
    last = credential.statuses.order_by("-since", "-pk").first()
    changed = CredentialStatus.objects.create(
        credential=credential, status=status, since=since, reason=reason.strip(), by=by, at=at
    )
    audit.record(
        "credential.status",
        credential.case,
        by=by,
        record=f"credential {credential.number}",
        before={"status": last.status if last else None},
        after={"status": status, "since": since},
    )
    letters.credential_status(credential, changed)
    return changed


def _record(act: str, change: StatusChange, *, by: Person) -> None:
    audit.record(
        act,
        change.credential.case,
        by=by,
        record=f"credential {change.credential.number}",
        after={"status": change.status, "since": change.since},
    )
