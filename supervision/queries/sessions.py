"""Sessions, and where each stands: confirmed, changed since, asked about, open."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applicants.models import Attestation
from credentialing.people.models import Person
from credentialing.records.models import AuditEntry
from supervision.models import Confirmation, Forgotten, Session, SessionAsked, Supervision


def digest(session: Session) -> str:
    """SHA-256 of what a supervisor confirms; a change of it makes the confirmation stale."""
    return digest_of(
        session.pk, session.supervision_id, session.date, session.state, session.minutes
    )


def digest_of(pk: int, supervision: int, day: date, state: str, minutes: int | None) -> str:
    """As `digest`, of a session that was read as a row."""
    content = [pk, supervision, day.isoformat(), state, minutes]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def with_confirmations(sessions: Any) -> Any:
    """Sessions with their confirmations at hand, newest last."""
    return sessions.prefetch_related(
        Prefetch("confirmations", Confirmation.objects.order_by("at", "pk"))
    )


def confirmation(session: Session) -> Confirmation | None:
    """The newest word of the supervisor on the session as it now stands, given; otherwise None.

    Read from the prefetched confirmations; see `with_confirmations`.
    """
    words = list(session.confirmations.all())
    newest = words[-1] if words else None
    return newest if newest and newest.given and newest.digest == digest(session) else None


@dataclass(frozen=True, kw_only=True)
class Logged:
    """A session and where it stands, one of the keys of `DRAWN`."""

    session: Session
    standing: str
    word: Confirmation | None
    asked: Attestation | None
    was: str | None

    @property
    def state(self) -> str:
        """As the state component draws it."""
        return DRAWN[self.standing]

    @property
    def in_words(self) -> str:
        """Where it stands, for the person."""
        return {
            "confirmed": _("Confirmed"),
            "stale": _("Changed since it was confirmed"),
            "declined": _("Not confirmed"),
            "waiting": _("Waits for an answer"),
            "open": _("To be confirmed"),
            "withdrawn": _("Withdrawn"),
        }.get(self.standing) or self.session.get_state_display().capitalize()

    @property
    def can_be_confirmed(self) -> bool:
        return self.standing in ("open", "stale", "declined", "waiting")

    @property
    def waits_for_supervisor(self) -> bool:
        """What the supervisor declined waits for the applicant, who corrects it or asks again."""
        return self.can_be_confirmed and self.standing != "declined"

    @property
    def can_be_asked(self) -> bool:
        """The applicant can send a letter about it."""
        return self.standing in ("open", "stale", "declined")

    @property
    def difference(self) -> list[dict[str, Any]]:
        """What was confirmed and what it says now, for the component for comparisons."""
        if self.was is None or self.standing not in ("stale", "waiting"):
            return []
        return compared(self.was, in_words(self.session), self.session)


DRAWN = {
    "confirmed": "done",
    "stale": "wrong",
    "declined": "wrong",
    "waiting": "needs",
    "open": "needs",
    "planned": "idle",
    "other": "idle",
    "withdrawn": "idle",
}


def logged(
    supervisions: Iterable[Supervision], *, at: datetime, withdrawn: bool = False
) -> dict[int, list[Logged]]:
    """Each supervision's sessions with where they stand, newest first, in four queries."""
    found: dict[int, list[Logged]] = {supervision.pk: [] for supervision in supervisions}
    rows = Session.objects.filter(supervision__in=list(found)).select_related("supervision")
    if not withdrawn:
        rows = rows.standing()
    sessions = list(with_confirmations(rows).order_by("-date", "-pk"))
    waiting = waiting_for_link(sessions, at=at)
    earlier = _before_correction(sessions)
    for session in sessions:
        words = list(session.confirmations.all())
        word = words[-1] if words else None
        found[session.supervision_id].append(
            Logged(
                session=session,
                standing=_standing(session, word, asked=session.pk in waiting),
                word=word,
                asked=waiting.get(session.pk),
                was=earlier.get((session.pk, word.digest)) if word else None,
            )
        )
    return found


def _standing(session: Session, word: Confirmation | None, *, asked: bool) -> str:
    if session.withdrawn_at:
        return "withdrawn"
    if session.state != Session.State.HELD:
        return "planned" if session.state == Session.State.PLANNED else "other"
    current = word is not None and word.digest == digest(session)
    if word and word.given and current:
        return "confirmed"
    if asked:
        return "waiting"
    if word and word.given:
        return "stale"
    return "declined" if current else "open"


def _before_correction(sessions: list[Session]) -> dict[tuple[int, str], str]:
    """What corrected sessions were, in words, by their key and the digest of that time."""
    keys = {f"session {session.pk}": session for session in sessions}
    found = {}
    for entry in AuditEntry.objects.filter(act="session.corrected", record__in=list(keys)):
        session, before = keys[entry.record], entry.before or {}
        then = Session(
            pk=session.pk,
            supervision_id=session.supervision_id,
            date=date.fromisoformat(before["date"]),
            state=before["state"],
            minutes=before["minutes"],
        )
        found[session.pk, digest(then)] = in_words(then)
    return found


def compared(was: str, now: str, session: Session) -> list[dict[str, Any]]:
    """A session as it was attested beside what it says now, as a row of a comparison."""
    after = _("withdrawn") if session.withdrawn_at else now
    return [{"label": _("Session"), "before": was, "after": after, "changed": was != after}]


def waiting_for_link(sessions: Iterable[Session], *, at: datetime) -> dict[int, Attestation]:
    """The sessions that an open question asks about as they now stand, by key."""
    now = {session.pk: digest(session) for session in sessions}
    rows = SessionAsked.objects.filter(
        session__in=list(now),
        attestation__void_at__isnull=True,
        attestation__expires_at__gt=at,
    ).select_related("attestation")
    return {
        row.session_id: row.attestation
        for row in rows.order_by("pk")
        if row.digest == now[row.session_id]
    }


def words_of(sessions: Iterable[Session], *, applicant: Person) -> str:
    """What a supervisor attests, word for word."""
    lines = [_("I supervised %(name)s in these sessions:") % {"name": applicant.name}]
    for session in sorted(sessions, key=lambda one: (one.date, one.pk)):
        lines.append("– " + in_words(session))
    return "\n".join(lines)


def forgotten(supervisions: Iterable[Supervision]) -> dict[int, list[Forgotten]]:
    """The sessions that supervisors added and applicants have not answered, by supervision."""
    rows = Forgotten.objects.filter(
        supervision__in=[each.pk for each in supervisions], answered_at__isnull=True
    )
    found: dict[int, list[Forgotten]] = defaultdict(list)
    for row in rows.order_by("date", "pk"):
        found[row.supervision_id].append(row)
    return found


def in_words(session: Session | Forgotten) -> str:
    """`3 May 2026, 60 minutes`; with what became of it where it was not held."""
    said = [date_format(session.date)]
    if session.minutes:
        minutes = session.minutes
        said.append(ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes})
    if isinstance(session, Session) and session.state != Session.State.HELD:
        said.append(str(session.get_state_display()))
    return ", ".join(said)


def doubts(supervision: Supervision, *, day: date, besides: Session | None = None) -> list[str]:
    """What is unusual about a session and may still be right: asked, not refused."""
    found = []
    if supervision.began and day < supervision.began:
        found.append(
            _("This day is before the supervision began, on %(day)s.")
            % {"day": date_format(supervision.began)}
        )
    if supervision.ended and day > supervision.ended:
        found.append(
            _("This day is after the supervision ended, on %(day)s.")
            % {"day": date_format(supervision.ended)}
        )
    same_day = Session.objects.standing().filter(supervision=supervision, date=day)
    if besides:
        same_day = same_day.exclude(pk=besides.pk)
    if same_day.exists():
        found.append(_("A session on that day is already logged."))
    return found
