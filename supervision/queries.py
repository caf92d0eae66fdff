"""Questions about supervision, for many applicants at once."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BooleanField, Case, Count, F, Max, Min, Prefetch, Q, QuerySet, When
from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applicants.models import Application, Attestation
from applicants.queries import Facts, current_applications, key
from credentialing.people.models import Person
from credentialing.people.queries import Due, Told, between
from credentialing.records.models import AuditEntry
from supervision.models import Approval, Confirmation, Report, Session, SessionAsked, Supervision

COUNTED_ONCE = (Supervision.State.ACTIVE, Supervision.State.ENDED)
LAST_YEAR = 9  # more supervision years than anybody takes


def digest(session: Session) -> str:
    """SHA-256 of what a supervisor confirms; a change of it makes the confirmation stale."""
    content = [
        session.pk,
        session.supervision_id,
        session.date.isoformat(),
        session.state,
        session.minutes,
    ]
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


def facts(applications: Iterable[Application]) -> Facts:
    """What this app knows of each portfolio, by the applicant's key, in four queries."""
    cases = {application.applicant_id: application for application in applications}
    found: Facts = {
        person: {"supervision_began": None, "supervision": [], "supervisors": []}
        for person in cases
    }
    supervisors: dict[int, set[int]] = {person: set() for person in cases}
    running = Supervision.objects.filter(applicant__in=list(cases), state__in=COUNTED_ONCE)
    for supervision in running.order_by("began", "pk"):
        case, mine = cases[supervision.applicant_id], found[supervision.applicant_id]
        supervisors[supervision.applicant_id].add(supervision.supervisor_id)
        over = case.submitted_on and supervision.ended and supervision.ended < case.submitted_on
        if mine["supervision_began"] is None and not over:
            # A supervisor who accepted before the application was submitted begins with it.
            mine["supervision_began"] = max(
                supervision.began, case.submitted_on or supervision.began
            )
    sessions = Session.objects.standing().filter(supervision__applicant__in=list(cases))
    for session in with_confirmations(sessions.select_related("supervision")).order_by(
        "date", "pk"
    ):
        person = session.supervision.applicant_id
        supervisors[person].add(session.supervision.supervisor_id)
        word = confirmation(session)
        found[person]["supervision"].append(
            {
                "id": session.key,
                "date": session.date,
                "supervisor": key(session.supervision.supervisor_id),
                "state": session.state,
                "confirmed": word.confirmed_on if word else None,
                "minutes": session.minutes,
            }
        )
    approved: dict[int, list[dict[str, Any]]] = {}
    everybody = set().union(*supervisors.values()) if supervisors else set()
    for approval in Approval.objects.filter(supervisor__in=everybody).order_by("start", "pk"):
        approved.setdefault(approval.supervisor_id, []).append(
            {"start": approval.start, "end": approval.end}
        )
    for person, people in supervisors.items():
        found[person]["supervisors"] = [
            {"person": key(supervisor), "approved": approved.get(supervisor, [])}
            for supervisor in sorted(people)
        ]
    return found


def permissions() -> Iterator[tuple[int, str, int]]:
    """Every (person, relation, application) that this app gives, as it should stand now."""
    for supervision in Supervision.objects.filter(state=Supervision.State.ACTIVE):
        for application in Application.objects.filter(applicant=supervision.applicant_id):
            yield supervision.supervisor_id, "supervisor", application.pk


def relations() -> Iterator[Due]:
    """Every supervisor that the record knows of an applicant, with the first day."""
    began = Supervision.objects.filter(state__in=COUNTED_ONCE)
    for supervisor, applicant, since in began.values_list("supervisor", "applicant", "began"):
        yield supervisor, applicant, "supervisor", since
    held = Session.objects.standing().filter(state=Session.State.HELD)
    pairs = held.values_list("supervision__supervisor", "supervision__applicant")
    for supervisor, applicant, since in pairs.annotate(first=Min("date")).order_by():
        yield supervisor, applicant, "supervisor", since


def told(applicants: Iterable[int]) -> Told:
    """`14 sessions, March 2023 to May 2024`, for each supervisor and applicant, in one query."""
    held = Session.objects.standing().filter(
        state=Session.State.HELD, supervision__applicant__in=list(applicants)
    )
    rows = held.values_list("supervision__supervisor", "supervision__applicant").annotate(
        n=Count("pk"), first=Min("date"), last=Max("date")
    )
    return {
        (supervisor, applicant): "{}, {}".format(
            ngettext("one session", "%(n)d sessions", n) % {"n": n}, between(first, last)
        )
        for supervisor, applicant, n, first, last in rows.order_by()
    }


def approved_supervisors(day: Any = None) -> Any:
    """The approvals in force on a day (today where None), with the person, by name."""
    day = day or timezone.localdate()
    return (
        Approval.objects.filter(start__lte=day)
        .exclude(end__lt=day)
        .select_related("supervisor")
        .order_by("supervisor__name", "pk")
    )


def supervisors_with_places(day: date) -> list[Approval]:
    """The approvals in force on a day, each with `free`, its number of free places, by name."""
    running = Count(
        "supervisor__supervises",
        filter=Q(supervisor__supervises__state=Supervision.State.ACTIVE),
        distinct=True,
    )
    found = list(approved_supervisors(day).annotate(taken=running))
    for approval in found:
        approval.free = max(approval.places - approval.taken, 0)
    return found


def of_person(person: Person) -> QuerySet[Supervision]:
    """The supervisions that a person takes part in, on either side."""
    return Supervision.objects.filter(Q(applicant=person) | Q(supervisor=person))


def of_supervisor(person: Person, reference: str) -> Supervision:
    """The newest supervision that a person gives, or gave, in a case; else 404."""
    found = Supervision.objects.filter(
        supervisor=person, applicant__applications__reference=reference, state__in=COUNTED_ONCE
    )
    supervision = found.select_related("applicant", "supervisor").order_by("-began", "-pk").first()
    if supervision is None:
        raise Http404
    return supervision


@dataclass(frozen=True, kw_only=True)
class Logged:
    """A session and where it stands, one of the keys of `DRAWN`."""

    session: Session
    standing: str
    word: Confirmation | None
    asked: Attestation | None
    was: dict[str, Any] | None

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
    def can_be_asked(self) -> bool:
        """The applicant can send a letter about it."""
        return self.standing in ("open", "stale", "declined")


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


def _before_correction(sessions: list[Session]) -> dict[tuple[int, str], dict[str, Any]]:
    """What corrected sessions were: by the session's key and the digest that it had then."""
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
        found[session.pk, digest(then)] = {
            "date": then.date,
            "minutes": then.minutes,
            "state": then.get_state_display(),
        }
    return found


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


def open_questions(applicant: Person) -> list[Attestation]:
    """What an applicant asked about sessions and nobody has answered, newest first."""
    rows = Attestation.objects.filter(
        applicant=applicant, kind=Attestation.Kind.SESSIONS, void_at__isnull=True
    )
    return list(
        rows.select_related("attestor")
        .annotate(how_many=Count("sessions"))
        .order_by("-asked_at", "-pk")
    )


def asked_sessions(attestation: Attestation) -> list[tuple[Session, bool]]:
    """The sessions of a question by date, each with whether it still is what was asked."""
    rows = attestation.sessions.select_related("session").order_by("session__date", "session__pk")
    return [
        (row.session, row.digest == digest(row.session) and row.session.withdrawn_at is None)
        for row in rows
    ]


def out_of_date(attestation: Attestation) -> bool:
    """Nothing of what was asked is as it was when it was asked."""
    if attestation.kind != Attestation.Kind.SESSIONS:
        return False
    return not any(current for _session, current in asked_sessions(attestation))


def words_of(sessions: Iterable[Session], *, applicant: Person) -> str:
    """What a supervisor attests, word for word."""
    lines = [_("I supervised %(name)s in these sessions:") % {"name": applicant.name}]
    for session in sorted(sessions, key=lambda one: (one.date, one.pk)):
        lines.append("– " + in_words(session))
    return "\n".join(lines)


def in_words(session: Session) -> str:
    """`3 May 2026, 60 minutes`."""
    day = date_format(session.date)
    if not session.minutes:
        return day
    length = ngettext("%(n)d minute", "%(n)d minutes", session.minutes) % {"n": session.minutes}
    return f"{day}, {length}"


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


def reports(supervisions: Iterable[Supervision], *, released: bool) -> dict[int, list[Report]]:
    """Each supervision's reports, the final one last; `released`: what the applicant reads."""
    rows = Report.objects.filter(supervision__in=list(supervisions))
    if released:
        rows = rows.filter(released_at__isnull=False)
    found: dict[int, list[Report]] = defaultdict(list)
    for report in rows.order_by("year", "pk"):
        found[report.supervision_id].append(report)
    return found


@dataclass(frozen=True, kw_only=True)
class ReportPlace:
    """A report that is there or may be written: of a supervision year, or the final one."""

    slug: str
    year: int | None
    title: str
    report: Report | None


def report_places(supervision: Supervision) -> list[ReportPlace]:
    """The reports of a supervision, each year up to the next one, and the final one."""
    written = {report.year: report for report in Report.objects.filter(supervision=supervision)}
    last = max((year for year in written if year), default=0)
    years = [*range(1, min(last + 1, LAST_YEAR) + 1), None]
    return [
        ReportPlace(
            slug=str(year or "final"),
            year=year,
            title=report_title(year),
            report=written.get(year),
        )
        for year in years
    ]


def report_title(year: int | None) -> str:
    """`Year 2`, or `Final report`."""
    return _("Year %(year)d") % {"year": year} if year else _("Final report")


def case_of(supervision: Supervision) -> Application | None:
    """The newest application of the applicant."""
    return current_applications([supervision.applicant_id]).get(supervision.applicant_id)


def approvals(day: date) -> QuerySet[Approval]:
    """Every approval with `taken`, its places taken today; those in force first, by name."""
    over = Case(When(end__lt=day, then=True), default=False, output_field=BooleanField())
    running = Count(
        "supervisor__supervises",
        filter=Q(supervisor__supervises__state=Supervision.State.ACTIVE),
        distinct=True,
    )
    return (
        Approval.objects.select_related("supervisor")
        .annotate(taken=running, over=over)
        .order_by("over", "supervisor__name", "-start", "pk")
    )


@dataclass(frozen=True, kw_only=True)
class Supervised:
    """One applicant of a supervisor, for the list."""

    supervision: Supervision
    application: Application | None
    to_confirm: int


def supervised(person: Person, *, at: datetime) -> list[Supervised]:
    """Everybody whom a person supervises or was asked to, by name, in seven queries."""
    rows = Supervision.objects.filter(supervisor=person).exclude(state=Supervision.State.DECLINED)
    supervisions = list(rows.select_related("applicant").order_by("applicant__name", "pk"))
    cases = current_applications(supervision.applicant_id for supervision in supervisions)
    sessions = logged(supervisions, at=at)
    return [
        Supervised(
            supervision=supervision,
            application=cases.get(supervision.applicant_id),
            to_confirm=sum(one.can_be_confirmed for one in sessions[supervision.pk]),
        )
        for supervision in supervisions
    ]


def held(person: Person) -> dict[str, list[dict[str, Any]]]:
    """What is held about a person's supervision, on either side, as far as they may see it.

    Of reports about the person, those that were released; of those they wrote, all.
    """
    sessions = Session.objects.filter(supervision__applicant=person).order_by("date", "pk")
    reports = Report.objects.order_by("written_at", "pk")
    released = Q(supervision__applicant=person, released_at__isnull=False)
    return {
        "supervision": list(
            of_person(person)
            .order_by("asked_at", "pk")
            .values(
                "state",
                "asked_at",
                "began",
                "ended",
                "reason",
                supervised=F("applicant__name"),
                supervised_by=F("supervisor__name"),
            )
        ),
        "supervision sessions": list(
            sessions.values(
                "date",
                "state",
                "minutes",
                "recorded_at",
                "withdrawn_at",
                "withdrawn_because",
                with_whom=F("supervision__supervisor__name"),
            )
        ),
        "answers for supervision sessions": list(
            Confirmation.objects.filter(Q(session__supervision__applicant=person) | Q(by=person))
            .order_by("at", "pk")
            .values(
                "given",
                "reason",
                "confirmed_on",
                session_date=F("session__date"),
                supervised=F("session__supervision__applicant__name"),
                answered_by=F("by__name"),
            )
        ),
        "supervision reports": list(
            reports.filter(released | Q(supervision__supervisor=person)).values(
                "year",
                "text",
                "written_at",
                "released_at",
                supervised=F("supervision__applicant__name"),
                written_by=F("supervision__supervisor__name"),
            )
        ),
        "approvals as a supervisor": list(
            Approval.objects.filter(supervisor=person)
            .order_by("start", "pk")
            .values("start", "end", "places")
        ),
    }
