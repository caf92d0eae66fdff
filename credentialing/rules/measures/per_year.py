"""Sessions in twelve-month windows, so many a year for so many years."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

from credentialing.rules.calendar import Day, Window, windows
from credentialing.rules.case import Case, Issue, Rulings
from credentialing.rules.facts import Item
from credentialing.rules.measures.base import (
    Finding,
    Looked,
    Looking,
    Measure,
    by_date,
    ids,
    same_day,
)


@dataclass(slots=True)
class Year:
    """One year of the course: what was held in it, and what serves in lieu."""

    window: Window
    sessions: list[Item]
    serving: list[Item]
    over: bool
    full: bool = False

    def count(self, per_year: int) -> int:
        """How many count in this year, at most `per_year` of them sessions."""
        return min(len(self.sessions), per_year) + len(self.serving)

    def short(self, per_year: int) -> Issue:
        """The question that a year raises which is over and not complete."""
        start, end = self.window
        return Issue("short-year", f"{start}/{end}: {self.count(per_year)} of {per_year}")


@dataclass(slots=True)
class Course:
    """The years from one anchor, and what remains by them."""

    years: list[Year] = field(default_factory=list)
    remaining: int = 0


class Dated:
    """Items by date, to be cut by windows."""

    def __init__(self, items: list[Item]) -> None:
        self.items = items
        self.days = [item.date for item in items]

    def within(self, window: Window) -> list[Item]:
        """The items of the window, by date."""
        first = bisect_left(self.days, window.start)
        return self.items[first : bisect_right(self.days, window.end, first)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PerYear(Looking, Measure):
    """`per_year` sessions in each of `years` years, or as many in all with `spread = "total"`."""

    per_year: int
    years: int
    spread: Literal["per-year", "total"] = "per-year"

    def measure(self, case: Case, rulings: Rulings) -> Finding:
        looked = self.look(case, rulings.counted)
        reading = _Reading(self, case, rulings, looked)
        course = reading.most_favourable()
        required = self.per_year * self.years
        finding = Finding(
            unit="sessions",
            required=required,
            done=required - course.remaining,
            remaining=course.remaining,
        )
        evidence = self._evidence(course, looked)
        finding.evidence = ids(evidence)
        finding.uncounted = looked.uncounted()
        finding.advisories = same_day(evidence)
        finding.detail["years"] = [
            {
                "start": year.window.start.isoformat(),
                "end": year.window.end.isoformat(),
                "sessions": len(year.sessions),
                "in_lieu": len(year.serving),
            }
            for year in course.years
        ]
        short = [
            year.short(self.per_year)
            for year in course.years
            if self.spread == "per-year" and year.over and year.count(self.per_year) < self.per_year
        ]
        if course.remaining == 0:
            finding.advisories += short
        else:
            finding.issues += short
            if any(rulings.standing(short)):
                anchor = course.years[0].window.start
                finding.detail["if_accepted"] = reading.course(anchor, forgiving=True).remaining
        if rulings.substitutes:
            counting = [year for year in course.years if self._counts(year)]
            serving = {item.id for year in counting for item in year.serving}
            debriefings = sorted(case.portfolio.debriefings, key=by_date)
            finding.detail["in_lieu"] = [each.id for each in debriefings if each.id in serving]
        return finding

    def _counts(self, year: Year) -> bool:
        return self.spread == "total" or year.full or not year.over

    def _evidence(self, course: Course, looked: Looked) -> list[Item]:
        """The sessions that count; all others are set aside with the reason."""
        if not course.years:
            looked.set_aside(looked.counted, "surplus")
            return []
        first, last = course.years[0].window.start, course.years[-1].window.end
        looked.set_aside(
            (item for item in looked.counted if item.date < first), "before-supervision"
        )
        looked.set_aside((item for item in looked.counted if item.date > last), "surplus")
        if self.spread == "total":
            sessions = [item for year in course.years for item in year.sessions]
            required = self.per_year * self.years
            looked.set_aside(sessions[required:], "surplus")
            return sessions[:required]
        evidence: list[Item] = []
        for year in course.years:
            if self._counts(year):
                evidence += year.sessions[: self.per_year]
                looked.set_aside(year.sessions[self.per_year :], "surplus")
            else:
                looked.set_aside(year.sessions, "short-year")
        return evidence


class _Reading:
    """The years of one case, from whichever day they are counted."""

    def __init__(self, rule: PerYear, case: Case, rulings: Rulings, looked: Looked) -> None:
        self.rule = rule
        self.case = case
        self.rulings = rulings
        self.sessions = Dated(looked.counted)
        self.substitutes = [
            (Dated(each.debriefings), each.per_year) for each in rulings.substitutes
        ]
        self.nothing = Course(remaining=rule.per_year * rule.years)

    def most_favourable(self) -> Course:
        """The course from the day supervision began, or from the day that leaves the least."""
        if self.rule.since == "submitted" and self.case.submitted is None:
            return self.nothing
        began = self.case.portfolio.supervision_began
        if self.rule.evidence == "supervision" and began and self.case.holds(began):
            return self.course(began)
        anchors = set(self.sessions.days).union(*(dated.days for dated, _ in self.substitutes))
        best = self.nothing
        for anchor in sorted(anchors):
            course = self.course(anchor)
            if course.remaining < best.remaining or best is self.nothing:
                best = course
            if best.remaining == 0:
                break
        return best

    def course(self, anchor: Day, *, forgiving: bool = False) -> Course:
        """The years from this anchor; `forgiving` reads every short year as accepted."""
        rule = self.rule
        calendar = windows(anchor, 12, self.case.as_of)
        course = Course(remaining=rule.per_year * rule.years)
        full = 0
        for place, window in enumerate(calendar):
            if full == rule.years and rule.spread == "per-year":
                break
            year = self._year(window, over=place < len(calendar) - 1)
            course.years.append(year)
            year.full = year.count(rule.per_year) >= rule.per_year or (
                year.over and (forgiving or self.rulings.accept(year.short(rule.per_year)))
            )
            full += year.full
        if rule.spread == "total":
            held = sum(len(year.sessions) + len(year.serving) for year in course.years)
            course.remaining = max(0, rule.per_year * rule.years - held)
        elif full == rule.years:
            course.remaining = 0
        else:
            current = course.years[-1]
            started = 0 if current.full else current.count(rule.per_year)
            course.remaining = (rule.years - full) * rule.per_year - started
        return course

    def _year(self, window: Window, *, over: bool) -> Year:
        sessions = self.sessions.within(window)
        serving: dict[str, Item] = {}
        for debriefings, per_year in self.substitutes:
            room = self.rule.per_year - len(sessions) - len(serving)
            free = (item for item in debriefings.within(window) if item.id not in serving)
            for item in islice(free, max(0, min(per_year, room))):
                serving[item.id] = item
        return Year(window, sessions, list(serving.values()), over)
