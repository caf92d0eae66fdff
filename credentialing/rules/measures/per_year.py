"""Sessions in twelve-month windows, so many a year for so many years."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal

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
    """One year of a course: the sessions in it, and the debriefings that serve in lieu."""

    window: Window
    sessions: list[Item]
    serving: list[Item]
    per_year: int
    over: bool
    full: bool = False

    @property
    def count(self) -> int:
        """How many count in the year: sessions up to `per_year`, and what serves."""
        return min(len(self.sessions), self.per_year) + len(self.serving)

    @property
    def short(self) -> Issue:
        """The question that the year raises when it is over and has too few."""
        start, end = self.window
        return Issue("short-year", f"{start}/{end}: {self.count} of {self.per_year}")

    @property
    def counts(self) -> bool:
        """Whether what is in the year counts: it is full, or can still become so."""
        return self.full or not self.over

    def as_data(self) -> dict[str, Any]:
        """The year as the detail of an entry tells it."""
        return {
            "start": self.window.start.isoformat(),
            "end": self.window.end.isoformat(),
            "sessions": len(self.sessions),
            "in_lieu": len(self.serving),
        }


@dataclass(slots=True)
class Course:
    """The years from one anchor, and what remains by them."""

    remaining: int
    years: list[Year] = field(default_factory=list)


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

    @property
    def required(self) -> int:
        """The sessions of all years."""
        return self.per_year * self.years

    def measure(self, case: Case, rulings: Rulings) -> Finding:
        looked = self.look(case, rulings.counted)
        courses = Courses(self, case, rulings, looked.counted)
        course = courses.most_favourable()
        evidence = self._evidence(course, looked)
        finding = Finding(
            unit="sessions",
            required=self.required,
            done=self.required - course.remaining,
            remaining=course.remaining,
            evidence=ids(evidence),
            uncounted=looked.uncounted(),
            advisories=same_day(evidence),
            detail={"years": [year.as_data() for year in course.years]},
        )
        short = self._short_years(course)
        if course.remaining == 0:
            finding.advisories += short
        else:
            finding.issues = short
        if rulings.standing(finding.issues):
            forgiven = courses.course(course.years[0].window.start, forgiving=True)
            finding.detail["if_accepted"] = forgiven.remaining
        if rulings.substitutes:
            serving = {item.id for year in course.years if year.counts for item in year.serving}
            by_day = sorted(case.portfolio.debriefings, key=by_date)
            finding.detail["in_lieu"] = [each.id for each in by_day if each.id in serving]
        return finding

    def _short_years(self, course: Course) -> list[Issue]:
        if self.spread == "total":
            return []
        return [year.short for year in course.years if year.over and year.count < year.per_year]

    def _evidence(self, course: Course, looked: Looked) -> list[Item]:
        """The sessions that count; all others are set aside with the reason."""
        if not course.years:
            looked.set_aside(looked.counted, "surplus")
            return []
        first, last = course.years[0].window.start, course.years[-1].window.end
        for item in looked.counted:
            if item.date < first:
                looked.set_aside([item], "before-supervision")
            elif item.date > last:
                looked.set_aside([item], "surplus")
        if self.spread == "total":
            sessions = [item for year in course.years for item in year.sessions]
            looked.set_aside(sessions[self.required :], "surplus")
            return sessions[: self.required]
        evidence: list[Item] = []
        for year in course.years:
            if year.counts:
                evidence += year.sessions[: self.per_year]
                looked.set_aside(year.sessions[self.per_year :], "surplus")
            else:
                looked.set_aside(year.sessions, "short-year")
        return evidence


class Courses:
    """The courses of one case, from whichever day they are counted."""

    def __init__(self, rule: PerYear, case: Case, rulings: Rulings, counted: list[Item]) -> None:
        self.rule = rule
        self.case = case
        self.rulings = rulings
        self.sessions = Dated(counted)
        self.substitutes = [
            (Dated(each.debriefings), each.per_year) for each in rulings.substitutes
        ]

    def most_favourable(self) -> Course:
        """From the day on which supervision began, or else from the day that leaves the least."""
        best = Course(self.rule.required)
        if self.rule.since == "submitted" and self.case.submitted is None:
            return best
        began = self.case.portfolio.supervision_began
        if self.rule.evidence == "supervision" and began and self.case.holds(began):
            return self.course(began)
        anchors = set(self.sessions.days).union(*(dated.days for dated, _ in self.substitutes))
        for anchor in sorted(anchors):
            course = self.course(anchor)
            if course.remaining < best.remaining or not best.years:
                best = course
            if best.remaining == 0:
                break
        return best

    def course(self, anchor: Day, *, forgiving: bool = False) -> Course:
        """The years from this anchor; `forgiving` reads every short year as accepted."""
        calendar = windows(anchor, 12, self.case.as_of)
        years = [self._year(window, over=window is not calendar[-1]) for window in calendar]
        if self.rule.spread == "total":
            for year in years:
                year.full = True
            held = sum(len(year.sessions) + len(year.serving) for year in years)
            return Course(max(0, self.rule.required - held), years)
        left = self.rule.years
        for place, year in enumerate(years):
            if left == 0:
                return Course(0, years[:place])
            year.full = year.count == year.per_year or (
                year.over and (forgiving or self.rulings.accepts(year.short))
            )
            left -= year.full
        started = 0 if years[-1].full else years[-1].count
        return Course(left * self.rule.per_year - started, years)

    def _year(self, window: Window, *, over: bool) -> Year:
        sessions = self.sessions.within(window)
        serving: dict[str, Item] = {}
        for debriefings, granted in self.substitutes:
            room = self.rule.per_year - len(sessions) - len(serving)
            free = (item for item in debriefings.within(window) if item.id not in serving)
            for item in islice(free, max(0, min(granted, room))):
                serving[item.id] = item
        return Year(window, sessions, list(serving.values()), self.rule.per_year, over)
