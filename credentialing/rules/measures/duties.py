"""What is so or is not so: submitted, covered by membership, led in fitting pairs, ruled on."""

from dataclasses import dataclass
from typing import Annotated, Any

from credentialing.rules.calendar import ONE_DAY, Day
from credentialing.rules.case import Case, Issue, Rulings
from credentialing.rules.facts import Profession, Setting
from credentialing.rules.measures.base import Finding, Measure
from credentialing.rules.reading import UnreadableError, list_of, reader_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted(Measure):
    """The application has been submitted."""

    def measure(self, case: Case, rulings: Rulings) -> Finding:
        done = int(case.submitted is not None)
        return Finding(unit="application", required=1, done=done, remaining=1 - done)


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered(Measure):
    """Membership covers every day from submission; gaps of up to `grace_days` are no question."""

    grace_days: int = 0

    def measure(self, case: Case, rulings: Rulings) -> Finding:
        finding = Finding(unit="days", required=None, done=None, remaining=0)
        finding.detail["gaps"] = []
        if case.submitted is None:
            finding.own_status = "not-started"
            return finding
        for start, end in _gaps(case, case.submitted):
            days = (end - start).days + 1
            gap = {"start": start.isoformat(), "end": end.isoformat(), "days": days}
            finding.detail["gaps"].append({**gap, "open": end == case.as_of})
            if days > self.grace_days:
                length = "1 day" if days == 1 else f"{days} days"
                finding.issues.append(Issue("membership-gap", f"{start}/{end} ({length})"))
        return finding


def _gaps(case: Case, since: Day) -> list[tuple[Day, Day]]:
    gaps = []
    uncovered: Day | None = since
    for membership in sorted(case.portfolio.memberships, key=lambda term: term.start):
        if uncovered is None or membership.start > case.as_of:
            break
        if membership.start > uncovered:
            gaps.append((uncovered, membership.start - ONE_DAY))
        if membership.end is None or membership.end >= case.as_of:
            uncovered = None
        else:
            uncovered = max(uncovered, membership.end + ONE_DAY)
    if uncovered is not None:
        gaps.append((uncovered, case.as_of))
    return gaps


def _professions(value: Any) -> tuple[str, ...]:
    """One or more professions."""
    professions: tuple[str, ...] = list_of(reader_of(Profession))(value)
    if not professions:
        raise UnreadableError("empty")
    return professions


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing(Measure):
    """Each group has two leaders; in this setting one of `physicians` and one of `counterparts`."""

    setting: Setting
    physicians: Annotated[tuple[Profession, ...], _professions]
    counterparts: Annotated[tuple[Profession, ...], _professions]

    def measure(self, case: Case, rulings: Rulings) -> Finding:
        finding = Finding(unit=None, required=None, done=None, remaining=0)
        groups = case.groups_of_the_process()
        if not groups:
            finding.own_status = "not-started"
        for group in groups:
            leaders = case.leaders(group)
            if len(leaders) < 2:
                finding.issues.append(Issue("single-leader", group.id))
            elif group.setting == self.setting and not self._paired(leaders):
                finding.issues.append(Issue("pairing", group.id))
        return finding

    def _paired(self, leaders: dict[str, set[str]]) -> bool:
        physicians = {who for who, has in leaders.items() if has.intersection(self.physicians)}
        counterparts = {who for who, has in leaders.items() if has.intersection(self.counterparts)}
        return any(physicians - {who} for who in counterparts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling(Measure):
    """Needs a ruling of the Committee, and nothing else."""

    def measure(self, case: Case, rulings: Rulings) -> Finding:
        return Finding(
            unit="ruling", required=1, done=0, remaining=0, issues=[Issue("ruling-needed")]
        )
