"""An applicant and a supervisor: asked, accepted, declined, ended."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants import access
from applicants.models import Application, BalintGroup, in_force
from credentialing.people.models import Person, Relation
from credentialing.people.operations import relate
from credentialing.records import audit
from credentialing.records.refusals import Refused
from supervision import letters, queries
from supervision.models import Approval, Availability, Supervision

State = Supervision.State


@transaction.atomic
def ask_supervisor(
    application: Application,
    supervisor: Person,
    *,
    group: BalintGroup | None,
    word: str = "",
    by: Person,
    at: datetime,
) -> Supervision:
    """Ask an approved supervisor with a free place to supervise the applicant."""
    application = Application.objects.select_for_update().get(pk=application.pk)
    if application.applicant_id != by.pk or (group and group.applicant_id != by.pk):
        raise Http404
    if not application.is_live:
        raise Refused(_("This application has ended. Start a new one first."))
    if supervisor.pk == by.pk:
        raise Refused(_("You can't supervise yourself."), field="supervisor")
    check_takes_requests(supervisor)
    check_free_place(supervisor, timezone.localdate(at))
    try:
        with transaction.atomic():
            supervision = Supervision.objects.create(
                applicant=by, supervisor=supervisor, group=group, word=word.strip(), asked_at=at
            )
    except IntegrityError as clash:
        raise Refused(
            _("You have already asked %(name)s.") % {"name": supervisor.name}, field="supervisor"
        ) from clash
    audit.record(
        "supervision.asked",
        application.reference,
        by=by,
        record=f"supervision {supervision.pk}",
        after={"supervisor": supervisor.pk},
    )
    letters.asked(supervision, case=application.reference)
    return supervision


@transaction.atomic
def accept_supervision(supervision: Supervision, *, by: Person, at: datetime) -> Supervision:
    """Accept an applicant: from today on sessions count, and the supervisor sees what remains."""
    supervision, cases = locked(supervision)
    if by.pk != supervision.supervisor_id:
        raise Http404
    if supervision.state != State.REQUESTED:
        raise Refused(already(supervision))
    day = timezone.localdate(at)
    check_free_place(by, day)
    supervision.state, supervision.began = State.ACTIVE, day
    supervision.save(update_fields=["state", "began"])
    relate(
        supervision.supervisor_id,
        supervision.applicant_id,
        Relation.Kind.SUPERVISOR,
        since=day,
        source=f"supervision {supervision.pk}",
    )
    for case in cases:
        access.give(supervision.supervisor, "supervisor", case)
    audit.record(
        "supervision.accepted",
        newest(cases),
        by=by,
        record=f"supervision {supervision.pk}",
        before={"state": State.REQUESTED},
        after={"state": State.ACTIVE, "began": day},
    )
    letters.answered(supervision, case=newest(cases))
    return supervision


@transaction.atomic
def decline_supervision(
    supervision: Supervision, *, reason: str, by: Person, at: datetime
) -> Supervision:
    """Decline an applicant, with a reason that the applicant reads."""
    supervision, cases = locked(supervision)
    if by.pk != supervision.supervisor_id:
        raise Http404
    if supervision.state != State.REQUESTED:
        raise Refused(already(supervision))
    if not reason.strip():
        raise Refused(_("Give a reason; the applicant reads it."), field="reason")
    supervision.state, supervision.reason = State.DECLINED, reason.strip()
    supervision.save(update_fields=["state", "reason"])
    audit.record(
        "supervision.declined",
        newest(cases),
        by=by,
        record=f"supervision {supervision.pk}",
        before={"state": State.REQUESTED},
        after={"state": State.DECLINED},
    )
    letters.answered(supervision, case=newest(cases))
    return supervision


@transaction.atomic
def end_supervision(
    supervision: Supervision, *, reason: str, by: Person, at: datetime
) -> Supervision:
    """End a supervision, or take a request back. The relation stays on record for ever."""
    supervision, cases = locked(supervision)
    taken_back = supervision.state == State.REQUESTED and by.pk == supervision.applicant_id
    check_side(supervision, by)
    if supervision.state != State.ACTIVE and not taken_back:
        raise Refused(already(supervision))
    if not reason.strip():
        raise Refused(_("Give a reason; the other side reads it."), field="reason")
    before, supervision.reason = supervision.state, reason.strip()
    if taken_back:
        supervision.state = State.DECLINED
    else:
        supervision.state, supervision.ended = State.ENDED, timezone.localdate(at)
    supervision.save(update_fields=["state", "reason", "ended"])
    for case in cases:
        access.take(supervision.supervisor, "supervisor", case)
    audit.record(
        "supervision.ended",
        newest(cases),
        by=by,
        record=f"supervision {supervision.pk}",
        before={"state": before},
        after={"state": supervision.state, "ended": supervision.ended},
    )
    other = supervision.supervisor if by.pk == supervision.applicant_id else supervision.applicant
    letters.ended(supervision, tell=other, case=newest(cases))
    return supervision


def already(supervision: Supervision) -> str:
    """Where a supervision stands now, in words, for whom it is no longer where they thought."""
    return _("This supervision is %(state)s now. Nothing was changed.") % {
        "state": supervision.get_state_display()
    }


def newest(cases: Sequence[Application]) -> str:
    """The reference of the newest of an applicant's cases; empty where there is none."""
    return cases[-1].reference if cases else ""


def locked(supervision: Supervision) -> tuple[Supervision, list[Application]]:
    """The supervision and the applicant's cases, oldest first, locked: cases first."""
    cases = Application.objects.select_for_update().filter(applicant=supervision.applicant_id)
    held = list(cases.order_by("started_at", "pk"))
    rows = Supervision.objects.select_for_update(of=("self",)).select_related(
        "applicant", "supervisor__user"
    )
    return rows.get(pk=supervision.pk), held


def check_side(supervision: Supervision, by: Person) -> None:
    if by.pk not in (supervision.applicant_id, supervision.supervisor_id):
        raise Http404


def check_takes_requests(supervisor: Person) -> None:
    """Refused where a supervisor says in the directory that nobody should ask at present."""
    if Availability.objects.filter(supervisor=supervisor, takes_requests=False).exists():
        raise Refused(
            _("%(name)s takes no requests at present.") % {"name": supervisor.name},
            field="supervisor",
        )


def check_free_place(supervisor: Person, day: date) -> None:
    """The approval is locked, so that two who ask for the last place can't both have it."""
    approvals = Approval.objects.select_for_update().filter(supervisor=supervisor)
    approval = next((one for one in approvals if in_force(one.start, one.end, day)), None)
    if approval is None:
        raise Refused(
            _("%(name)s is not an approved supervisor today. Choose one who is.")
            % {"name": supervisor.name},
            field="supervisor",
        )
    said = Availability.objects.filter(supervisor=supervisor).first()
    taken = Supervision.objects.filter(supervisor=supervisor, state=State.ACTIVE).count()
    if taken >= queries.places_given(approval, said):
        raise Refused(
            _("%(name)s has no free place at present.") % {"name": supervisor.name},
            field="supervisor",
        )
