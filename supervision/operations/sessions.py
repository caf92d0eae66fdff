"""Sessions: logged, corrected, withdrawn, restored; and the word on them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from applicants.models import Application, Attestation
from credentialing.people.models import Person, Relation
from credentialing.people.operations import relate
from credentialing.records import audit
from credentialing.records.refusals import Refused
from supervision import letters, queries
from supervision.models import Confirmation, Session, Supervision
from supervision.operations.supervisions import check_side, locked, newest


@transaction.atomic
def log_session(
    supervision: Supervision,
    *,
    date: date,
    minutes: int | None,
    state: str,
    by: Person,
    at: datetime,
) -> Session:
    """The applicant logs a session. What the supervisor remembers, see `add_forgotten`."""
    supervision, cases = locked(supervision)
    if by.pk != supervision.applicant_id:
        raise Http404
    check_session(supervision, day=date, state=state, at=at)
    session = Session.objects.create(
        supervision=supervision,
        date=date,
        minutes=minutes,
        state=state,
        recorded_at=at,
        recorded_by=by,
    )
    audit.record(
        "session.logged",
        newest(cases),
        by=by,
        record=f"session {session.pk}",
        after=content(session),
    )
    related(session)
    return session


@transaction.atomic
def correct_session(
    session: Session,
    *,
    date: date,
    minutes: int | None,
    state: str,
    by: Person,
    at: datetime,
) -> Session:
    """Correct a session. A confirmation of what it was no longer holds, and both sides are told."""
    supervision, cases = locked(session.supervision)
    session = locked_session(session)
    check_side(supervision, by)
    check_standing(session)
    check_session(supervision, day=date, state=state, at=at)
    before, was_confirmed = content(session), queries.confirmation(session) is not None
    session.date, session.minutes, session.state = date, minutes, state
    after = content(session)
    if before == after:
        return session
    session.save(update_fields=["date", "minutes", "state"])
    related(session)
    record_correction(session, case=newest(cases), before=before, by=by)
    if by.pk == supervision.supervisor_id:
        if state == Session.State.HELD:
            word(session, case=newest(cases), by=by, at=at)
        letters.session_corrected(session, case=newest(cases), at=at)
    elif was_confirmed:
        tell_of_change(session, cases, at=at)
    return session


@transaction.atomic
def withdraw_session(session: Session, *, reason: str, by: Person, at: datetime) -> Session:
    """Withdraw a session with a reason; the row stays and can be restored."""
    supervision, cases = locked(session.supervision)
    session = locked_session(session)
    check_side(supervision, by)
    check_standing(session)
    if not reason.strip():
        raise Refused(_("Give a reason; it becomes part of the record."), field="reason")
    was_confirmed = queries.confirmation(session) is not None
    session.withdrawn_at, session.withdrawn_because = at, reason.strip()
    session.save(update_fields=["withdrawn_at", "withdrawn_because"])
    audit.record("session.withdrawn", newest(cases), by=by, record=f"session {session.pk}")
    if was_confirmed:
        tell_of_change(session, cases, at=at)
    return session


@transaction.atomic
def restore_session(session: Session, *, by: Person, at: datetime) -> Session:
    """Take a withdrawal back; what was confirmed before is confirmed again."""
    supervision, cases = locked(session.supervision)
    session = locked_session(session)
    check_side(supervision, by)
    if session.withdrawn_at is None:
        raise Refused(_("This session is not withdrawn. Nothing was changed."))
    session.withdrawn_at, session.withdrawn_because = None, ""
    session.save(update_fields=["withdrawn_at", "withdrawn_because"])
    audit.record("session.restored", newest(cases), by=by, record=f"session {session.pk}")
    return session


def related(session: Session) -> None:
    """Who held a session has been a supervisor from that day on, whenever it was written down."""
    if session.state == Session.State.HELD:
        relate(
            session.supervision.supervisor_id,
            session.supervision.applicant_id,
            Relation.Kind.SUPERVISOR,
            since=session.date,
            source=f"session {session.pk}",
        )


def locked_session(session: Session) -> Session:
    """The session, locked, with its confirmations at hand."""
    return locked_sessions([session.pk])[0]


def locked_sessions(keys: Iterable[int]) -> list[Session]:
    """These sessions, locked in the order of their keys, with their confirmations at hand."""
    rows = Session.objects.select_for_update(of=("self",)).filter(pk__in=list(keys))
    return list(
        queries.with_confirmations(
            rows.select_related("supervision__applicant", "supervision__supervisor")
        ).order_by("pk")
    )


def content(session: Session) -> dict[str, object]:
    """What of a session can be corrected, for the audit trail."""
    return {"date": session.date, "minutes": session.minutes, "state": session.state}


def record_correction(
    session: Session, *, case: str, before: dict[str, object], by: Person
) -> None:
    """Note what a session was and what it is now."""
    audit.record(
        "session.corrected",
        case,
        by=by,
        record=f"session {session.pk}",
        before=before,
        after=content(session),
    )


def check_standing(session: Session) -> None:
    """Refused where a session is withdrawn."""
    if session.withdrawn_at:
        raise Refused(_("This session is withdrawn. Restore it first."))


def check_session(supervision: Supervision, *, day: date, state: str, at: datetime) -> None:
    """What a session can't be, whoever enters it."""
    if supervision.state not in queries.COUNTED_ONCE:
        raise Refused(_("Sessions can be logged once the supervisor has accepted."))
    if state not in Session.State.values:
        raise Refused(_("Choose what became of the session."), field="state")
    today = timezone.localdate(at)
    if state != Session.State.PLANNED and day > today:
        raise Refused(
            _("This day lies ahead. Choose “planned”, or the day on which you met."), field="date"
        )
    if state == Session.State.PLANNED and day < today:
        raise Refused(_("This day has passed. Choose what became of the session."), field="state")


def tell_of_change(session: Session, cases: Sequence[Application], *, at: datetime) -> None:
    """Both sides learn that a confirmed session is no longer what was confirmed."""
    letters.session_changed(
        session, occasion=f"session {session.pk} {at.isoformat()}", case=newest(cases)
    )


def word(
    session: Session,
    *,
    case: str,
    by: Person,
    at: datetime,
    given: bool = True,
    reason: str = "",
    attestation: Attestation | None = None,
) -> Confirmation:
    """Write the supervisor's word on a session as it now stands."""
    said = Confirmation.objects.create(
        session=session,
        by=by,
        given=given,
        reason=reason.strip(),
        digest=queries.digest(session),
        confirmed_on=timezone.localdate(at),
        at=at,
        attestation=attestation,
    )
    audit.record(
        "session.confirmed" if given else "session.declined",
        case,
        by=by,
        record=f"session {session.pk}",
        after={"digest": said.digest, "by_link": attestation is not None},
    )
    return said


def check_confirmable(session: Session, *, at: datetime) -> None:
    """Refused where a session was not held."""
    if session.state != Session.State.HELD or session.date > timezone.localdate(at):
        raise Refused(
            _("The session of %(day)s is %(state)s; only one that was held can be confirmed.")
            % {"day": date_format(session.date), "state": session.get_state_display()}
        )


def changed_meanwhile(session: Session) -> str:
    """What is said to whom confirms a session that is no longer what was shown."""
    return _(
        "The session of %(day)s was changed while you were looking at it. Nothing was confirmed;"
        " the page now shows it as it is."
    ) % {"day": date_format(session.date)}
