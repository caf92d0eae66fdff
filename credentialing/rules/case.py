"""One portfolio on one day, and what the Committee has ruled about one of its requirements."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from credentialing.rules.calendar import Day
from credentialing.rules.facts import (
    Debriefing,
    Group,
    Intensive,
    Interval,
    Item,
    Portfolio,
    Session,
)


class Issue(NamedTuple):
    """A question for the Committee; the detail tells one from another of the same code."""

    code: str
    detail: str = ""


class Case:
    """What a portfolio says on the day `as_of`."""

    def __init__(self, portfolio: Portfolio, as_of: Day) -> None:
        self.portfolio = portfolio
        self.as_of = as_of
        submitted = portfolio.application.submitted if portfolio.application else None
        self.submitted = submitted if submitted and submitted <= as_of else None
        self.groups = {group.id: group for group in portfolio.groups}
        self.approved: dict[str, tuple[Interval, ...]] = {}
        for supervisor in portfolio.supervisors:
            known = self.approved.get(supervisor.person, ())
            self.approved[supervisor.person] = known + supervisor.approved

    def holds(self, day: Day | None) -> bool:
        """Whether what is dated so has happened."""
        return day is not None and day <= self.as_of

    def groups_of_the_process(self) -> list[Group]:
        """The groups that have begun, and had not ended when the application was submitted."""
        since = self.submitted or self.as_of
        return [
            group
            for group in self.portfolio.groups
            if group.start <= self.as_of and (group.end is None or group.end >= since)
        ]

    def leaders(self, group: Group) -> dict[str, set[str]]:
        """Who leads the group now, or led it on its last day, each with their professions."""
        day = self.as_of if group.end is None else min(self.as_of, group.end)
        leaders: dict[str, set[str]] = {}
        for leader in group.leaders:
            if group.led_by(leader, day):
                leaders.setdefault(leader.person, set()).add(leader.profession)
        return leaders

    def relations(self, until: Day) -> set[tuple[str, str]]:
        """Those who up to this day have supervised the applicant or co-led with them."""
        relations = {
            (session.supervisor, "supervisor")
            for session in self.portfolio.supervision
            if session.state == "held" and session.date <= until
        }
        for group in self.portfolio.groups:
            terms = [(leader.person, group.term(leader)) for leader in group.leaders]
            own = [term for person, term in terms if person == self.portfolio.applicant]
            relations |= {
                (person, "co-leader")
                for person, term in terms
                if person != self.portfolio.applicant
                for together in own
                if _from_a_day_until(term, together, until)
            }
        return relations

    def shortcoming(self, item: Item) -> str | None:
        """Why no requirement counts the item, or that it is `planned`."""
        if isinstance(item, Debriefing):
            return None if self._with_co_leader(item) else "not-with-co-leader"
        if isinstance(item, Session):
            return self._of_session(item)
        if isinstance(item, Intensive):
            return None if item.completed else "not-completed"
        return None

    def _of_session(self, session: Session) -> str | None:
        if session.state != "held":
            return session.state
        if not self.holds(session.confirmed):
            return "unconfirmed"
        terms = self.approved.get(session.supervisor, ())
        if not any(term.covers(session.date) for term in terms):
            return "supervisor-not-approved"
        return None

    def _with_co_leader(self, debriefing: Debriefing) -> bool:
        group = self.groups[debriefing.group]
        for leader in group.leaders:
            if (
                leader.person in debriefing.partners
                and leader.person != self.portfolio.applicant
                and group.led_by(leader, debriefing.date)
            ):
                return True
        return False


def _from_a_day_until(one: Interval, other: Interval, until: Day) -> bool:
    """Whether the two intervals share a day, the first of which is `until` or earlier."""
    first = max(one.start, other.start)
    return first <= until and one.covers(first) and other.covers(first)


@dataclass(slots=True)
class Substitute:
    """Debriefings, by date, of which so many a year may serve in lieu of supervision."""

    debriefings: list[Item]
    per_year: int


@dataclass(slots=True)
class Rulings:
    """What is ruled about one requirement: by the procedure (`ideal`) and by the Committee."""

    ideal: bool = False
    waived: bool = False
    accepted: set[tuple[str, str | None]] = field(default_factory=set)
    counted: set[str] = field(default_factory=set)
    substitutes: list[Substitute] = field(default_factory=list)
    participations: int = 0

    def accepts(self, issue: Issue) -> bool:
        """Whether the Committee has accepted the issue."""
        return (issue.code, None) in self.accepted or issue in self.accepted

    def standing(self, issues: Iterable[Issue]) -> list[Issue]:
        """Those of the issues that stand as questions for the Committee."""
        return [] if self.ideal else [issue for issue in issues if not self.accepts(issue)]
