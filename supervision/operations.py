"""What can happen in supervision. Each lock, check, write, record, promise, in that order."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from applicants import access
from applicants.letters import attestation_asked
from applicants.models import (
    Application,
    Attestation,
    AttestationAnswer,
    BalintGroup,
    Claim,
    in_force,
)
from applicants.operations import answer_attestation, new_attestation
from applicants.queries import current_applications, reference_of
from credentialing.people.models import Person, Relation
from credentialing.people.operations import relate
from credentialing.records import audit
from credentialing.records.refusals import Refused
from supervision import letters, queries
from supervision.models import (
    Approval,
    Confirmation,
    Report,
    Session,
    SessionAsked,
    Supervision,
)

State = Supervision.State
# A new link is sent at most once in this time, so that an old one can't fill somebody's mailbox.
BETWEEN_LINKS = timedelta(hours=1)


# --- The Society approves supervisors ----------------------------------------------------------


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
    letters.approval_ended(approval)
    return approval


# --- An applicant and a supervisor -------------------------------------------------------------


@transaction.atomic
def ask_supervisor(
    application: Application,
    supervisor: Person,
    *,
    group: BalintGroup | None,
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
    _check_free_place(supervisor, timezone.localdate(at))
    try:
        with transaction.atomic():
            supervision = Supervision.objects.create(
                applicant=by, supervisor=supervisor, group=group, asked_at=at
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
    supervision, cases = _locked(supervision)
    if by.pk != supervision.supervisor_id:
        raise Http404
    if supervision.state != State.REQUESTED:
        raise Refused(already(supervision))
    day = timezone.localdate(at)
    _check_free_place(by, day)
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
    supervision, cases = _locked(supervision)
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
    supervision, cases = _locked(supervision)
    taken_back = supervision.state == State.REQUESTED and by.pk == supervision.applicant_id
    _check_side(supervision, by)
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


def _locked(supervision: Supervision) -> tuple[Supervision, list[Application]]:
    """The supervision and the applicant's cases, oldest first, locked: cases first."""
    cases = Application.objects.select_for_update().filter(applicant=supervision.applicant_id)
    held = list(cases.order_by("started_at", "pk"))
    rows = Supervision.objects.select_for_update(of=("self",)).select_related(
        "applicant", "supervisor__user"
    )
    return rows.get(pk=supervision.pk), held


def _check_side(supervision: Supervision, by: Person) -> None:
    if by.pk not in (supervision.applicant_id, supervision.supervisor_id):
        raise Http404


def _check_free_place(supervisor: Person, day: date) -> None:
    """The approval is locked, so that two who ask for the last place can't both have it."""
    approvals = Approval.objects.select_for_update().filter(supervisor=supervisor)
    approval = next((one for one in approvals if in_force(one.start, one.end, day)), None)
    if approval is None:
        raise Refused(
            _("%(name)s is not an approved supervisor today. Choose one who is.")
            % {"name": supervisor.name},
            field="supervisor",
        )
    taken = Supervision.objects.filter(supervisor=supervisor, state=State.ACTIVE).count()
    if taken >= approval.places:
        raise Refused(
            _("%(name)s has no free place at present.") % {"name": supervisor.name},
            field="supervisor",
        )


# --- Sessions ------------------------------------------------------------------------------------


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
    """Log a session. The supervisor's own entry of a session that was held is its confirmation."""
    supervision, cases = _locked(supervision)
    _check_side(supervision, by)
    _check_session(supervision, day=date, state=state, at=at)
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
        after=_content(session),
    )
    _relate(session)
    if by.pk == supervision.supervisor_id and state == Session.State.HELD:
        _word(session, case=newest(cases), by=by, at=at)
    return session


def _relate(session: Session) -> None:
    """Who held a session has been a supervisor from that day on, whenever it was written down."""
    if session.state == Session.State.HELD:
        relate(
            session.supervision.supervisor_id,
            session.supervision.applicant_id,
            Relation.Kind.SUPERVISOR,
            since=session.date,
            source=f"session {session.pk}",
        )


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
    supervision, cases = _locked(session.supervision)
    session = _locked_session(session)
    _check_side(supervision, by)
    _check_standing(session)
    _check_session(supervision, day=date, state=state, at=at)
    before, was_confirmed = _content(session), queries.confirmation(session) is not None
    session.date, session.minutes, session.state = date, minutes, state
    after = _content(session)
    if before == after:
        return session
    session.save(update_fields=["date", "minutes", "state"])
    _relate(session)
    audit.record(
        "session.corrected",
        newest(cases),
        by=by,
        record=f"session {session.pk}",
        before=before,
        after=after,
    )
    if by.pk == supervision.supervisor_id and state == Session.State.HELD:
        _word(session, case=newest(cases), by=by, at=at)
    elif was_confirmed:
        _tell_of_change(session, cases, at=at)
    return session


@transaction.atomic
def withdraw_session(session: Session, *, reason: str, by: Person, at: datetime) -> Session:
    """Withdraw a session with a reason; the row stays and can be restored."""
    supervision, cases = _locked(session.supervision)
    session = _locked_session(session)
    _check_side(supervision, by)
    _check_standing(session)
    if not reason.strip():
        raise Refused(_("Give a reason; it becomes part of the record."), field="reason")
    was_confirmed = queries.confirmation(session) is not None
    session.withdrawn_at, session.withdrawn_because = at, reason.strip()
    session.save(update_fields=["withdrawn_at", "withdrawn_because"])
    audit.record("session.withdrawn", newest(cases), by=by, record=f"session {session.pk}")
    if was_confirmed:
        _tell_of_change(session, cases, at=at)
    return session


@transaction.atomic
def restore_session(session: Session, *, by: Person, at: datetime) -> Session:
    """Take a withdrawal back; what was confirmed before is confirmed again."""
    supervision, cases = _locked(session.supervision)
    session = _locked_session(session)
    _check_side(supervision, by)
    if session.withdrawn_at is None:
        raise Refused(_("This session is not withdrawn. Nothing was changed."))
    session.withdrawn_at, session.withdrawn_because = None, ""
    session.save(update_fields=["withdrawn_at", "withdrawn_because"])
    audit.record("session.restored", newest(cases), by=by, record=f"session {session.pk}")
    return session


@transaction.atomic
def confirm_sessions(
    sessions: Iterable[Session], *, by: Person, at: datetime
) -> list[Confirmation]:
    """The supervisor, signed in, confirms sessions as shown; one that changed refuses all."""
    shown = {session.pk: queries.digest(session) for session in sessions}
    found = _locked_sessions(shown)
    if len(found) != len(shown) or any(
        session.supervision.supervisor_id != by.pk for session in found
    ):
        raise Http404
    words = []
    cases = {
        person: case.reference
        for person, case in current_applications(
            session.supervision.applicant_id for session in found
        ).items()
    }
    for session in found:
        if queries.digest(session) != shown[session.pk] or session.withdrawn_at:
            raise Refused(_changed_meanwhile(session))
        _check_confirmable(session, at=at)
        if queries.confirmation(session) is None:
            case = cases.get(session.supervision.applicant_id, "")
            words.append(_word(session, case=case, by=by, at=at))
    if not words:
        raise Refused(_("These sessions are already confirmed. Nothing was changed."))
    for supervision in {word.session.supervision for word in words}:
        letters.sessions_confirmed(
            supervision,
            occasion=f"supervision {supervision.pk} {at.isoformat()}",
            case=cases.get(supervision.applicant_id, ""),
        )
    return words


@transaction.atomic
def decline_session(session: Session, *, reason: str, by: Person, at: datetime) -> Confirmation:
    """The supervisor says that a session was not as it stands, and why."""
    session = _locked_session(session)
    if session.supervision.supervisor_id != by.pk:
        raise Http404
    _check_standing(session)
    if not reason.strip():
        raise Refused(_("Give a reason; the applicant reads it."), field="reason")
    case = reference_of(session.supervision.applicant_id)
    word = _word(session, case=case, given=False, reason=reason, by=by, at=at)
    letters.sessions_confirmed(
        session.supervision,
        occasion=f"session {session.pk} declined {at.isoformat()}",
        case=case,
    )
    return word


def _word(
    session: Session,
    *,
    case: str,
    by: Person,
    at: datetime,
    given: bool = True,
    reason: str = "",
    attestation: Attestation | None = None,
) -> Confirmation:
    word = Confirmation.objects.create(
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
        after={"digest": word.digest, "by_link": attestation is not None},
    )
    return word


def _locked_session(session: Session) -> Session:
    return _locked_sessions([session.pk])[0]


def _locked_sessions(keys: Iterable[int]) -> list[Session]:
    """These sessions, locked in the order of their keys, with their confirmations at hand."""
    rows = Session.objects.select_for_update(of=("self",)).filter(pk__in=list(keys))
    return list(
        queries.with_confirmations(
            rows.select_related("supervision__applicant", "supervision__supervisor")
        ).order_by("pk")
    )


def _content(session: Session) -> dict[str, object]:
    return {"date": session.date, "minutes": session.minutes, "state": session.state}


def _check_standing(session: Session) -> None:
    if session.withdrawn_at:
        raise Refused(_("This session is withdrawn. Restore it first."))


def _check_session(supervision: Supervision, *, day: date, state: str, at: datetime) -> None:
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


def _check_confirmable(session: Session, *, at: datetime) -> None:
    if session.state != Session.State.HELD or session.date > timezone.localdate(at):
        raise Refused(
            _("The session of %(day)s is %(state)s; only one that was held can be confirmed.")
            % {"day": date_format(session.date), "state": session.get_state_display()}
        )


def _changed_meanwhile(session: Session) -> str:
    return _(
        "The session of %(day)s was changed while you were looking at it. Nothing was confirmed;"
        " the page now shows it as it is."
    ) % {"day": date_format(session.date)}


def _tell_of_change(session: Session, cases: Sequence[Application], *, at: datetime) -> None:
    letters.session_changed(
        session, occasion=f"session {session.pk} {at.isoformat()}", case=newest(cases)
    )


# --- Attestation through a link ----------------------------------------------------------------


@transaction.atomic
def ask_for_sessions(
    supervision: Supervision, sessions: Iterable[Session], *, by: Person, at: datetime
) -> Attestation:
    """Ask the supervisor, by a letter with a link, to confirm sessions as they now stand."""
    supervision, _cases = _locked(supervision)
    if by.pk != supervision.applicant_id:
        raise Http404
    wanted = {session.pk for session in sessions}
    found = _locked_sessions(wanted)
    if len(found) != len(wanted) or any(one.supervision_id != supervision.pk for one in found):
        raise Http404
    if not found:
        raise Refused(_("Choose at least one session."), field="sessions")
    waiting = queries.waiting_for_link(found, at=at)
    for session in found:
        _check_standing(session)
        _check_confirmable(session, at=at)
        if queries.confirmation(session):
            raise Refused(
                _("The session of %(day)s is already confirmed.")
                % {"day": date_format(session.date)},
                field="sessions",
            )
        if session.pk in waiting:
            raise Refused(
                _("%(name)s was already asked about the session of %(day)s. You can send it again.")
                % {"name": supervision.supervisor.name, "day": date_format(session.date)},
                field="sessions",
            )
    return _send_link(
        kind=Attestation.Kind.SESSIONS,
        applicant=supervision.applicant,
        attestor=supervision.supervisor,
        text=queries.words_of(found, applicant=supervision.applicant),
        group=supervision.group,
        digest=digest_of({session.pk: queries.digest(session) for session in found}),
        asked={session.pk: queries.digest(session) for session in found},
        by=by,
        at=at,
    )


@transaction.atomic
def remind(attestation: Attestation, *, by: Person, at: datetime) -> Attestation:
    """The applicant has the question sent once more, with a new link; the old one is void."""
    attestation = Attestation.objects.select_for_update().get(pk=attestation.pk)
    if by.pk != attestation.applicant_id:
        raise Http404
    if attestation.void_at:
        raise Refused(_("This was answered or withdrawn meanwhile. Nothing was sent."))
    if at - attestation.asked_at < BETWEEN_LINKS:
        raise Refused(_("A letter left less than an hour ago. Give it some time."))
    if queries.out_of_date(attestation):
        raise Refused(_("What you asked about has changed since. Ask for it anew."))
    return _replace(attestation, by=by, at=at)


@transaction.atomic
def send_new_link(token_digest: str, *, at: datetime) -> Attestation | None:
    """A new link to the address of an old one, where what it asked is still open; else nothing.

    The holder of an old link is told the same in both cases.
    """
    old = Attestation.objects.filter(token_digest=token_digest).first()
    if old is None:
        return None
    still_asked = Attestation.objects.select_for_update().filter(
        applicant=old.applicant_id,
        attestor=old.attestor_id,
        kind=old.kind,
        digest=old.digest,
        void_at__isnull=True,
    )
    current = still_asked.order_by("-asked_at", "-pk").first()
    if current is None or at - current.asked_at < BETWEEN_LINKS or queries.out_of_date(current):
        return None
    return _replace(current, by=current.attestor, at=at)


@transaction.atomic
def answer_sessions(
    attestation: Attestation,
    *,
    ticked: set[int],
    reasons: dict[int, str],
    name: str,
    role: str,
    at: datetime,
) -> AttestationAnswer:
    """The answer through the link: what is ticked is confirmed, what is not has a reason.

    Sessions that changed since the question are left out. All rows are written, or none.
    """
    asked = {row.session_id: row.digest for row in attestation.sessions.all()}
    current = [
        session
        for session in _locked_sessions(asked)
        if queries.digest(session) == asked[session.pk] and session.withdrawn_at is None
    ]
    if not current or not ticked <= {session.pk for session in current}:
        raise Refused(
            _("What you were asked has changed meanwhile. Nothing was recorded; look at it again.")
        )
    for session in current:
        if session.pk not in ticked and not reasons.get(session.pk, "").strip():
            raise Refused(
                _("Say what is not right with the session of %(day)s.")
                % {"day": date_format(session.date)}
            )
    left_out = [reasons[session.pk].strip() for session in current if session.pk not in ticked]
    answer = answer_attestation(
        attestation,
        given=bool(ticked),
        name=name,
        role=role,
        reason="\n".join(left_out),
        by_link=True,
        at=at,
    )
    case = reference_of(attestation.applicant_id)
    for session in current:
        given = session.pk in ticked
        _word(
            session,
            case=case,
            given=given,
            reason="" if given else reasons[session.pk],
            by=attestation.attestor,
            at=at,
            attestation=attestation,
        )
    return answer


def digest_of(digests: dict[int, str]) -> str:
    """SHA-256 over the digests of several sessions: what an attestation of them shows."""
    content = sorted(digests.items())
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _replace(attestation: Attestation, *, by: Person, at: datetime) -> Attestation:
    """A new link for the same question; the old link is void, and what pointed to it follows."""
    attestation.void_at = at
    attestation.save(update_fields=["void_at"])
    fresh = _send_link(
        kind=attestation.kind,
        applicant=attestation.applicant,
        attestor=attestation.attestor,
        text=attestation.text,
        group=attestation.group,
        digest=attestation.digest,
        asked=dict(attestation.sessions.values_list("session", "digest")),
        by=by,
        at=at,
    )
    Claim.objects.filter(attestation=attestation).update(attestation=fresh)
    return fresh


def _send_link(*, asked: dict[int, str], **question: object) -> Attestation:
    attestation, token = new_attestation(**question)
    SessionAsked.objects.bulk_create(
        SessionAsked(attestation=attestation, session_id=key, digest=digest)
        for key, digest in asked.items()
    )
    attestation_asked(attestation, token)
    return attestation


# --- Reports -----------------------------------------------------------------------------------


@transaction.atomic
def write_report(
    supervision: Supervision,
    *,
    year: int | None,
    text: str,
    release: bool,
    by: Person,
    at: datetime,
) -> Report:
    """Write the report of a year, or the final one (`year` None); released, it stands."""
    supervision, cases = _locked(supervision)
    if by.pk != supervision.supervisor_id:
        raise Http404
    if supervision.state not in queries.COUNTED_ONCE:
        raise Refused(already(supervision))
    if not text.strip():
        raise Refused(_("Write the report first."), field="text")
    report = Report.objects.filter(supervision=supervision, year=year).first() or Report(
        supervision=supervision, year=year
    )
    if report.released_at:
        raise Refused(
            _("This report was released on %(day)s and stands as it is.")
            % {"day": date_format(timezone.localdate(report.released_at))}
        )
    report.text, report.written_at = text.strip(), at
    report.released_at = at if release else None
    report.save()
    audit.record(
        "supervision.report-released" if release else "supervision.report-saved",
        newest(cases),
        by=by,
        record=f"report {report.pk}",
        after={"year": year},
    )
    if release:
        letters.report_released(report, case=newest(cases))
    return report
