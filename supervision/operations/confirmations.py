"""The supervisor's word on sessions: confirmed, corrected, taken off; and those forgotten."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from applicants.models import Attestation
from applicants.queries import current_applications, reference_of
from credentialing.people.models import Person
from credentialing.records import audit
from credentialing.records.refusals import Refused
from supervision import letters, queries
from supervision.models import Confirmation, Forgotten, Session, Supervision
from supervision.operations.sessions import (
    changed_meanwhile,
    check_confirmable,
    check_session,
    check_standing,
    content,
    locked_session,
    locked_sessions,
    record_correction,
    related,
    word,
)
from supervision.operations.supervisions import locked, newest


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a supervisor says of one session as it was shown: so, otherwise, or not so."""

    session: int
    digest: str
    given: bool
    reason: str = ""
    day: date | None = None
    minutes: int | None = None

    @property
    def corrects(self) -> bool:
        """It took place, on another day or for another time."""
        return self.day is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """A session that the applicant has not logged."""

    date: date
    minutes: int | None


@transaction.atomic
def confirm_sessions(
    verdicts: Collection[Verdict], *, by: Person, at: datetime
) -> list[Confirmation]:
    """The supervisor, signed in, says what is so of sessions; one that changed stops all."""
    shown = {verdict.session: verdict for verdict in verdicts}
    found = locked_sessions(shown)
    if len(found) != len(shown) or any(
        session.supervision.supervisor_id != by.pk for session in found
    ):
        raise Http404
    cases = current_applications(session.supervision.applicant_id for session in found)
    references = {person: case.reference for person, case in cases.items()}
    words = []
    for session in found:
        verdict = shown[session.pk]
        if queries.digest(session) != verdict.digest or session.withdrawn_at:
            raise Refused(changed_meanwhile(session))
        if verdict.given and not verdict.corrects and queries.confirmation(session):
            continue
        case = references.get(session.supervision.applicant_id, "")
        words.append(settle(session, verdict, case=case, by=by, at=at))
    if not words:
        raise Refused(_("These sessions are already confirmed. Nothing was changed."))
    for supervision in {said.session.supervision for said in words}:
        letters.sessions_confirmed(
            supervision,
            occasion=f"supervision {supervision.pk} {at.isoformat()}",
            case=references.get(supervision.applicant_id, ""),
        )
    return words


def settle(
    session: Session,
    verdict: Verdict,
    *,
    case: str,
    by: Person,
    at: datetime,
    attestation: Attestation | None = None,
) -> Confirmation:
    """Write what was said of one locked session: the correction, if any, and the word on it."""
    check_confirmable(session, at=at)
    if verdict.given and verdict.day:
        check_session(session.supervision, day=verdict.day, state=Session.State.HELD, at=at)
        before = content(session)
        session.date, session.minutes = verdict.day, verdict.minutes
        session.save(update_fields=["date", "minutes"])
        related(session)
        record_correction(session, case=case, before=before, by=by)
    if not verdict.given and not verdict.reason.strip():
        raise Refused(
            _("Say what is not right with the session of %(day)s.")
            % {"day": date_format(session.date)}
        )
    return word(
        session,
        case=case,
        given=verdict.given,
        reason="" if verdict.given else verdict.reason,
        by=by,
        at=at,
        attestation=attestation,
    )


@transaction.atomic
def decline_session(session: Session, *, reason: str, by: Person, at: datetime) -> Confirmation:
    """The supervisor says that a session was not as it stands, and why; also of one confirmed."""
    session = locked_session(session)
    if session.supervision.supervisor_id != by.pk:
        raise Http404
    check_standing(session)
    if not reason.strip():
        raise Refused(_("Give a reason; the applicant reads it."), field="reason")
    case = reference_of(session.supervision.applicant_id)
    said = word(session, case=case, given=False, reason=reason, by=by, at=at)
    letters.sessions_confirmed(
        session.supervision,
        occasion=f"session {session.pk} declined {at.isoformat()}",
        case=case,
    )
    return said


@transaction.atomic
def add_forgotten(
    supervision: Supervision,
    remembered: Remembered,
    *,
    by: Person,
    at: datetime,
    attestation: Attestation | None = None,
) -> Forgotten:
    """The supervisor adds a session that the applicant has not logged, for them to accept."""
    supervision, cases = locked(supervision)
    if by.pk != supervision.supervisor_id:
        raise Http404
    day = remembered.date
    check_session(supervision, day=day, state=Session.State.HELD, at=at)
    if Session.objects.standing().filter(supervision=supervision, date=day).exists():
        raise Refused(
            _("A session of %(day)s is already logged.") % {"day": date_format(day)}, field="date"
        )
    try:
        with transaction.atomic():
            forgotten = Forgotten.objects.create(
                supervision=supervision,
                date=day,
                minutes=remembered.minutes,
                added_at=at,
                attestation=attestation,
            )
    except IntegrityError as clash:
        raise Refused(
            _("You have added a session of %(day)s already.") % {"day": date_format(day)},
            field="date",
        ) from clash
    audit.record(
        "session.remembered",
        newest(cases),
        by=by,
        record=f"supervision {supervision.pk}",
        after={"date": day, "minutes": remembered.minutes, "by_link": attestation is not None},
    )
    letters.session_remembered(forgotten, case=newest(cases))
    return forgotten


@transaction.atomic
def accept_forgotten(forgotten: Forgotten, *, by: Person, at: datetime) -> Session:
    """The applicant accepts what the supervisor added: it is logged, and confirmed by that."""
    forgotten, case = _answered(forgotten, by=by, at=at)
    session = Session.objects.create(
        supervision=forgotten.supervision,
        date=forgotten.date,
        minutes=forgotten.minutes,
        recorded_at=at,
        recorded_by=by,
    )
    related(session)
    forgotten.session = session
    forgotten.save(update_fields=["answered_at", "session"])
    audit.record(
        "session.logged", case, by=by, record=f"session {session.pk}", after=content(session)
    )
    supervisor = forgotten.supervision.supervisor
    word(session, case=case, by=supervisor, at=at, attestation=forgotten.attestation)
    return session


@transaction.atomic
def decline_forgotten(forgotten: Forgotten, *, reason: str, by: Person, at: datetime) -> Forgotten:
    """The applicant does not accept what the supervisor added, and says why."""
    if not reason.strip():
        raise Refused(_("Give a reason; your supervisor reads it."), field="reason")
    forgotten, case = _answered(forgotten, by=by, at=at)
    forgotten.reason = reason.strip()
    forgotten.save(update_fields=["answered_at", "reason"])
    audit.record(
        "session.not-accepted",
        case,
        by=by,
        record=f"supervision {forgotten.supervision_id}",
        before={"date": forgotten.date, "minutes": forgotten.minutes},
    )
    letters.session_not_accepted(forgotten, case=case)
    return forgotten


def _answered(forgotten: Forgotten, *, by: Person, at: datetime) -> tuple[Forgotten, str]:
    """What was added, locked and marked as answered, and the reference of the case."""
    _supervision, cases = locked(forgotten.supervision)
    rows = Forgotten.objects.select_for_update(of=("self",)).select_related(
        "supervision__applicant", "supervision__supervisor"
    )
    forgotten = rows.get(pk=forgotten.pk)
    if by.pk != forgotten.supervision.applicant_id:
        raise Http404
    if forgotten.answered_at:
        raise Refused(
            _("You answered this on %(day)s already. Nothing was changed.")
            % {"day": date_format(timezone.localdate(forgotten.answered_at))}
        )
    forgotten.answered_at = at
    return forgotten, newest(cases)
