"""Whom a person supervises, what waits for their word, and what would count of it by the rules."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.models import Application
from applicants.queries import current_applications
from credentialing.people.models import Person
from credentialing.rules import Requirement, words
from credentialing.rules.measures import PerYear
from credentialing.standing.lines import per_year
from credentialing.standing.queries import Standing, standings
from supervision.models import Forgotten, Supervision
from supervision.queries import Logged, forgotten, logged, supervisions_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaiting:
    """A session that waits for the supervisor's word, and what it would do once confirmed."""

    row: Logged
    counts: bool
    why: str

    @property
    def state(self) -> str:
        """As the state component draws it."""
        return "done" if self.counts else "idle"

    @property
    def in_words(self) -> str:
        """Whether it would count, and if not, why."""
        if self.counts:
            return _("Will count")
        return _("Will not count: %(why)s") % {"why": self.why}


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervised:
    """One applicant of a supervisor."""

    supervision: Supervision
    application: Application | None
    awaiting: list[Awaiting]
    others: list[Logged]
    withdrawn: list[Logged]
    forgotten: list[Forgotten]
    entry: dict[str, Any] | None
    per_year: int | None

    @property
    def remains(self) -> str:
        """What remains of the supervision, in a sentence of the rules."""
        return words.remains(self.entry) if self.entry else ""

    @property
    def is_complete(self) -> bool:
        """Nothing remains of the supervision."""
        return self.entry is not None and not self.entry["remaining"]

    @property
    def year(self) -> dict[str, Any] | None:
        """The supervision year under way: its days, and how many sessions are in it."""
        years = self.entry["detail"].get("years") if self.entry else None
        if not years or not self.entry["remaining"]:
            return None
        last = years[-1]
        return {
            "start": date.fromisoformat(last["start"]),
            "end": date.fromisoformat(last["end"]),
            "held": last["sessions"] + last["in_lieu"],
        }


def supervised(person: Person, *, at: datetime) -> list[Supervised]:
    """Everybody whom a person supervises, supervised or was asked to, by name.

    The number of queries is the same for one applicant and for thirty.
    """
    return _gathered(supervisions_of(person), at=at)


def supervised_one(supervision: Supervision, *, at: datetime) -> Supervised:
    """One of them."""
    [found] = _gathered([supervision], at=at)
    return found


def _gathered(supervisions: list[Supervision], *, at: datetime) -> list[Supervised]:
    cases = current_applications(each.applicant_id for each in supervisions)
    rows = logged(supervisions, at=at, withdrawn=True)
    added = forgotten(supervisions)
    found = standings(cases.values(), timezone.localdate(at))
    stood = {one.application.applicant_id: one for one in found}
    return [
        _supervised(
            each,
            rows[each.pk],
            added[each.pk],
            cases.get(each.applicant_id),
            stood.get(each.applicant_id),
        )
        for each in supervisions
    ]


def _supervised(
    supervision: Supervision,
    rows: list[Logged],
    added: list[Forgotten],
    case: Application | None,
    now: Standing | None,
) -> Supervised:
    waiting = [row for row in reversed(rows) if row.waits_for_supervisor]
    settled = [row for row in rows if row not in waiting]
    requirement = _requirement(now) if now else None
    return Supervised(
        supervision=supervision,
        application=case,
        awaiting=_awaiting(waiting, now, requirement),
        others=[row for row in settled if row.standing != "withdrawn"],
        withdrawn=[row for row in settled if row.standing == "withdrawn"],
        forgotten=added,
        entry=now.entries[requirement.id] if now and requirement else None,
        per_year=per_year(requirement) if requirement else None,
    )


def _requirement(now: Standing) -> Requirement | None:
    """The requirement of the case's procedure that sessions of supervision count for."""
    for requirement in now.procedure.requirements:
        measure = requirement.measure
        if isinstance(measure, PerYear) and measure.evidence == "supervision":
            return requirement
    return None


def _awaiting(
    waiting: list[Logged], now: Standing | None, requirement: Requirement | None
) -> list[Awaiting]:
    """What the rules would say of each session if all that wait were confirmed today."""
    if not waiting or now is None or requirement is None:
        return [
            Awaiting(row=row, counts=False, why=_("no application asks for it")) for row in waiting
        ]
    entry = _confirmed(now, {row.session.key for row in waiting}).entries[requirement.id]
    counted = set(entry["evidence"])
    why = {said["id"]: words.uncounted(said) for said in entry["uncounted"]}
    silent = _("the application has not been submitted")
    return [
        Awaiting(
            row=row,
            counts=row.session.key in counted,
            why=why.get(row.session.key, silent),
        )
        for row in waiting
    ]


def _confirmed(now: Standing, keys: Iterable[str]) -> Standing:
    """The same case with these sessions confirmed; nothing is saved."""
    wanted = set(keys)
    day = now.as_of.isoformat()
    sessions = [
        {**each, "confirmed": day} if each["id"] in wanted else each
        for each in now.portfolio["supervision"]
    ]
    return replace(now, portfolio={**now.portfolio, "supervision": sessions})
