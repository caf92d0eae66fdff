"""Attestation through a link and on paper: asked, sent again, answered, entered by the office."""

import hashlib
import json
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import IO, Any

from django.db import transaction
from django.http import Http404
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from applicants.letters import attestation_asked
from applicants.models import Application, Attestation, AttestationAnswer, Claim
from applicants.operations import (
    answer_attestation,
    ask_co_leader,
    ask_credentialed_leader,
    enter_paper,
    new_attestation,
    withdraw_attestation,
)
from applicants.queries import Statement, reference_of
from credentialing.people.models import Person
from credentialing.records.refusals import Refused
from supervision import queries
from supervision.models import Session, SessionAsked, Supervision
from supervision.operations.confirmations import Remembered, Verdict, add_forgotten, settle
from supervision.operations.sessions import (
    check_confirmable,
    check_standing,
    locked_sessions,
    word,
)
from supervision.operations.supervisions import locked

# A new link is sent at most once in this time, so that an old one can't fill somebody's mailbox.
BETWEEN_LINKS = timedelta(hours=1)


@transaction.atomic
def ask_for_sessions(
    supervision: Supervision,
    sessions: Iterable[Session],
    *,
    address: str = "",
    by: Person,
    at: datetime,
) -> Attestation:
    """Ask the supervisor, by a letter with a link, to confirm sessions as they now stand."""
    supervision, _cases = locked(supervision)
    if by.pk != supervision.applicant_id:
        raise Http404
    wanted = {session.pk for session in sessions}
    found = locked_sessions(wanted)
    if len(found) != len(wanted) or any(one.supervision_id != supervision.pk for one in found):
        raise Http404
    if not found:
        raise Refused(_("Choose at least one session."), field="sessions")
    waiting = queries.waiting_for_link(found, at=at)
    for session in found:
        check_standing(session)
        check_confirmable(session, at=at)
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
        address=address,
        digest=digest_of({session.pk: queries.digest(session) for session in found}),
        sessions=found,
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
    verdicts: Collection[Verdict],
    remembered: Collection[Remembered],
    *,
    name: str,
    role: str,
    at: datetime,
) -> AttestationAnswer:
    """The answer through the link: each session confirmed, corrected, or taken off with a reason.

    Sessions that changed since the question are left out. All is written, or nothing.
    """
    said = {verdict.session: verdict for verdict in verdicts}
    asked = {row.session_id: row.digest for row in attestation.sessions.all()}
    current = [
        session
        for session in locked_sessions(asked)
        if queries.digest(session) == asked[session.pk] and session.withdrawn_at is None
    ]
    if not current or set(said) != {session.pk for session in current}:
        raise Refused(
            _("What you were asked has changed meanwhile. Nothing was recorded; look at it again.")
        )
    answer = answer_attestation(
        attestation,
        given=any(verdict.given for verdict in verdicts),
        name=name,
        role=role,
        reason="\n".join(one.reason.strip() for one in verdicts if not one.given),
        by_link=True,
        at=at,
    )
    case = reference_of(attestation.applicant_id)
    attestor = attestation.attestor
    for session in current:
        settle(session, said[session.pk], case=case, by=attestor, at=at, attestation=attestation)
    for one in remembered:
        add_forgotten(current[0].supervision, one, by=attestor, at=at, attestation=attestation)
    return answer


@transaction.atomic
def ask_again(attestation: Attestation, *, by: Person, at: datetime) -> Attestation:
    """Ask anew, as the record now stands, what is out of date or was declined."""
    attestation = (
        Attestation.objects.select_for_update(of=("self",))
        .select_related("attestor", "group")
        .get(pk=attestation.pk)
    )
    if by.pk != attestation.applicant_id:
        raise Http404
    address = "" if hasattr(attestation.attestor, "user") else attestation.address
    if attestation.kind == Attestation.Kind.CO_LEADING and attestation.group:
        return ask_co_leader(attestation.group, attestation.attestor, address=address, by=by, at=at)
    if attestation.kind != Attestation.Kind.SESSIONS:
        claim = attestation.claim_set.filter(withdrawn_at__isnull=True).first()
        if claim is None:
            raise Refused(_("The claim is withdrawn. Nothing was sent."))
        return ask_credentialed_leader(claim, address=address, by=by, at=at)
    if attestation.void_at is None:
        withdraw_attestation(attestation, by=by, at=at)
    rows = queries.logged([_supervision_of(attestation)], at=at)
    asked = set(attestation.sessions.values_list("session", flat=True))
    open_ones = [
        row.session
        for of in rows.values()
        for row in of
        if row.session.pk in asked and row.can_be_asked
    ]
    if not open_ones:
        raise Refused(_("Nothing of it is left to be asked."))
    return ask_for_sessions(open_ones[0].supervision, open_ones, address=address, by=by, at=at)


def _supervision_of(attestation: Attestation) -> Supervision:
    return Supervision.objects.filter(sessions__asked__attestation=attestation)[:1].get()


@transaction.atomic
def enter_paper_sessions(
    application: Application,
    supervision: Supervision,
    sessions: Collection[Session],
    *,
    name: str,
    role: str,
    signed_on: date,
    file: IO[bytes],
    by: Person,
    at: datetime,
) -> AttestationAnswer:
    """The office enters sessions that were attested on paper, with the scan."""
    supervision, _cases = locked(supervision)
    if supervision.applicant_id != application.applicant_id:
        raise Http404
    found = locked_sessions(session.pk for session in sessions)
    if not found or any(one.supervision_id != supervision.pk for one in found):
        raise Refused(_("Choose at least one session."), field="sessions")
    for session in found:
        check_standing(session)
        check_confirmable(session, at=at)
    digests = {session.pk: queries.digest(session) for session in found}
    answer = enter_paper(
        application,
        kind=Attestation.Kind.SESSIONS,
        attestor=supervision.supervisor,
        statement=Statement(
            text=queries.words_of(found, applicant=supervision.applicant),
            digest=digest_of(digests),
        ),
        group=supervision.group,
        name=name,
        role=role,
        signed_on=signed_on,
        file=file,
        by=by,
        at=at,
    )
    _keep(answer.attestation, found)
    for session in found:
        word(
            session,
            case=application.reference,
            by=supervision.supervisor,
            at=at,
            attestation=answer.attestation,
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
        address="" if hasattr(attestation.attestor, "user") else attestation.address,
        text=attestation.text,
        group=attestation.group,
        as_of=attestation.as_of,
        digest=attestation.digest,
        sessions=[row.session for row in attestation.sessions.select_related("session")],
        by=by,
        at=at,
    )
    Claim.objects.filter(attestation=attestation).update(attestation=fresh)
    return fresh


def _send_link(*, sessions: Iterable[Session], **question: Any) -> Attestation:
    attestation, token = new_attestation(**question)
    _keep(attestation, sessions)
    attestation_asked(attestation, token)
    return attestation


def _keep(attestation: Attestation, sessions: Iterable[Session]) -> None:
    """What of each session was shown."""
    SessionAsked.objects.bulk_create(
        SessionAsked(
            attestation=attestation,
            session=session,
            digest=queries.digest(session),
            shown=queries.in_words(session),
        )
        for session in sessions
    )
