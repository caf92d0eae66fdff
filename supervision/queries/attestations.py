"""What an applicant asked others to attest, and where each question stands."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.models import (
    ENDED,
    Application,
    Attestation,
    AttestationAnswer,
    BalintGroup,
    Claim,
)
from applicants.queries import difference, statements_now
from credentialing.people.models import Person
from supervision.models import Session, SessionAsked, Supervision
from supervision.queries.portfolio import COUNTED_ONCE
from supervision.queries.sessions import (
    compared,
    confirmation,
    digest,
    in_words,
    logged,
    with_confirmations,
)

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Something that somebody was asked to attest, and where it stands."""

    attestation: Attestation
    answer: AttestationAnswer | None
    standing: str
    difference: list[Row]
    sessions: int

    @property
    def state(self) -> str:
        """As the state component draws it."""
        return {"attested": "done", "pending": "needs", "expired": "needs"}.get(
            self.standing, "wrong"
        )

    @property
    def in_words(self) -> str:
        """Where it stands."""
        return {
            "attested": _("Attested"),
            "pending": _("Waits for an answer"),
            "expired": _("The link has run out"),
            "declined": _("Declined"),
            "out-of-date": _("Out of date"),
        }[self.standing]

    @property
    def can_be_sent_again(self) -> bool:
        """The same question can leave once more, with a new link."""
        return self.standing in ("pending", "expired") and not self.difference

    @property
    def can_be_asked_again(self) -> bool:
        """The question can be asked anew, as the record now stands."""
        return self.standing in ("declined", "out-of-date") or bool(self.difference)

    @property
    def went_elsewhere(self) -> bool:
        """The letter went to an address that the applicant gave, not to the one on record."""
        address = self.attestation.address
        return bool(address) and address.lower() != self.attestation.attestor.email.lower()

    @property
    def has_acts(self) -> bool:
        """The applicant can do something about it."""
        return self.can_be_asked_again or self.can_be_sent_again or self.is_open

    @property
    def is_open(self) -> bool:
        """Its link still works, or has run out without an answer."""
        return self.answer is None


def asked(applicant: Person, *, at: datetime, superseded: bool = False) -> list[Asked]:
    """What an applicant asked others to attest, newest first, in ten queries.

    What was taken back is left out; unless `superseded`, so is what the same person was asked
    about the same anew since.
    """
    rows = Attestation.objects.filter(applicant=applicant).exclude(
        void_at__isnull=False, answer__isnull=True
    )
    found = list(
        rows.select_related("attestor__user", "answer", "group")
        .prefetch_related(Prefetch("sessions", _rows()))
        .order_by("-asked_at", "-pk")
    )
    now = statements_now(applicant, found)
    newest: dict[Any, Asked] = {}
    for attestation in found:
        if attestation.kind == Attestation.Kind.SESSIONS:
            subject, one = ("sessions", attestation.pk), _sessions(attestation, at)
        else:
            subject = (attestation.kind, attestation.group_id, attestation.attestor_id)
            statement = now.get(attestation.pk)
            one = _statement(attestation, statement, at)
        if superseded:
            newest[attestation.pk] = one
        elif attestation.kind != Attestation.Kind.CREDENTIALED or statement:
            # Without a statement its claim is withdrawn, or asked the leader anew.
            newest.setdefault(subject, one)
    return list(newest.values())


def _rows() -> Any:
    sessions = with_confirmations(Session.objects.all())
    return SessionAsked.objects.prefetch_related(Prefetch("session", sessions)).order_by("pk")


def _statement(attestation: Attestation, now: Any, at: datetime) -> Asked:
    answer = getattr(attestation, "answer", None)
    changed = now is not None and now.digest != attestation.digest
    shown = difference(attestation.text, now.text) if now and changed else []
    return Asked(
        attestation=attestation,
        answer=answer,
        standing=_standing(attestation, answer, changed, at),
        difference=shown,
        sessions=0,
    )


def _sessions(attestation: Attestation, at: datetime) -> Asked:
    """An attestation of sessions is out of date where one of them changed and is not confirmed."""
    answer = getattr(attestation, "answer", None)
    rows = list(attestation.sessions.all())
    changed = [
        row for row in rows if not _same(row) and (answer is None or not _settled(row.session))
    ]
    return Asked(
        attestation=attestation,
        answer=answer,
        standing=_standing(attestation, answer, bool(changed), at),
        difference=[
            line
            for row in changed
            for line in compared(row.shown, in_words(row.session), row.session)
        ],
        sessions=len(rows),
    )


def _settled(session: Session) -> bool:
    return session.withdrawn_at is not None or confirmation(session) is not None


def _standing(
    attestation: Attestation, answer: AttestationAnswer | None, changed: bool, at: datetime
) -> str:
    if answer and not answer.given:
        return "declined"
    if changed:
        return "out-of-date"
    if answer:
        return "attested"
    return "pending" if attestation.expires_at > at else "expired"


def _same(row: SessionAsked) -> bool:
    return row.digest == digest(row.session) and row.session.withdrawn_at is None


def asked_sessions(attestation: Attestation) -> list[tuple[Session, bool]]:
    """The sessions of a question by date, each with whether it still is what was asked."""
    rows = attestation.sessions.select_related("session").order_by("session__date", "session__pk")
    return [(row.session, _same(row)) for row in rows]


def changed_since(attestation: Attestation) -> list[Row]:
    """What a question showed and what the record says now, where it differs."""
    if attestation.kind == Attestation.Kind.SESSIONS:
        rows = attestation.sessions.select_related("session").order_by("session__date", "pk")
        return [
            line
            for row in rows
            if not _same(row)
            for line in compared(row.shown, in_words(row.session), row.session)
        ]
    now = statements_now(attestation.applicant, [attestation]).get(attestation.pk)
    if now is None or now.digest == attestation.digest:
        return []
    return difference(attestation.text, now.text)


def out_of_date(attestation: Attestation) -> bool:
    """Nothing of what was asked is as it was when it was asked."""
    if attestation.kind != Attestation.Kind.SESSIONS:
        return bool(changed_since(attestation))
    return not any(current for _session, current in asked_sessions(attestation))


def before(attestation: Attestation) -> list[Row]:
    """Where the same was attested by the same person before: what was said, and what is asked."""
    if attestation.kind == Attestation.Kind.SESSIONS:
        return []
    earlier = (
        Attestation.objects.filter(
            kind=attestation.kind,
            applicant=attestation.applicant_id,
            attestor=attestation.attestor_id,
            group=attestation.group_id,
            answer__given=True,
        )
        .order_by("-asked_at", "-pk")
        .first()
    )
    return difference(earlier.text, attestation.text) if earlier else []


@dataclass(frozen=True, kw_only=True)
class ToAsk:
    """Something that can be asked: what, of whom, and how far it is attested already."""

    kind: str
    subject: int
    person: Person
    what: str
    hint: str


def to_ask(applicant: Person, found: list[Asked], *, at: datetime) -> list[ToAsk]:
    """What an applicant can ask others to attest, beside what is asked or attested already."""
    supervisions = list(
        Supervision.objects.filter(applicant=applicant, state__in=COUNTED_ONCE)
        .select_related("supervisor")
        .order_by("-began", "-pk")
    )
    rows = logged(supervisions, at=at)
    places = []
    for supervision in supervisions:
        number = sum(row.can_be_asked for row in rows[supervision.pk])
        if number:
            places.append(
                ToAsk(
                    kind="sessions",
                    subject=supervision.pk,
                    person=supervision.supervisor,
                    what=_("Supervision sessions"),
                    hint=_("%(n)d to be confirmed") % {"n": number},
                )
            )
    done = {
        (one.attestation.kind, one.attestation.group_id, one.attestation.attestor_id)
        for one in found
    }
    for group in BalintGroup.objects.filter(applicant=applicant).prefetch_related(
        "leaders__person"
    ):
        partners = {row.person_id: row.person for row in group.leaders.all()}
        for person in partners.values():
            if (
                person.pk == applicant.pk
                or (Attestation.Kind.CO_LEADING, group.pk, person.pk) in done
            ):
                continue
            places.append(
                ToAsk(
                    kind="co-leading",
                    subject=group.pk,
                    person=person,
                    what=_("Co-leading of “%(group)s”") % {"group": group.name},
                    hint="",
                )
            )
    claims = Claim.objects.filter(
        application__applicant=applicant, withdrawn_at__isnull=True, leader__isnull=False
    ).select_related("leader", "attestation__answer")
    places += [
        ToAsk(
            kind="claim",
            subject=claim.pk,
            person=claim.leader,
            what=_("Co-leading with a credentialed leader"),
            hint="",
        )
        for claim in claims.order_by("pk")
        if claim.attestation is None
    ]
    return places


def stale_statements(at: datetime) -> list[tuple[date, tuple[Attestation, str]]]:
    """Statements that were attested and are no longer so today, with the digest of what is now.

    Of applicants with a live case; a newer answer of the same person to the same takes its place.
    """
    found = []
    kinds = (Attestation.Kind.CO_LEADING, Attestation.Kind.CREDENTIALED)
    live = Application.objects.exclude(stage__in=ENDED).values("applicant")
    given = Attestation.objects.filter(kind__in=kinds, answer__given=True, applicant__in=live)
    by_applicant: dict[int, list[Attestation]] = {}
    for one in given.select_related("applicant", "attestor").order_by("-asked_at", "-pk"):
        by_applicant.setdefault(one.applicant_id, []).append(one)
    for attestations in by_applicant.values():
        now = statements_now(attestations[0].applicant, attestations)
        seen = set()
        for one in attestations:
            subject = (one.kind, one.group_id, one.attestor_id)
            statement = now.get(one.pk)
            if subject not in seen and statement and statement.digest != one.digest:
                found.append((timezone.localdate(at), (one, statement.digest)))
            seen.add(subject)
    return found
