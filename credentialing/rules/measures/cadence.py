"""How many months an activity went on, and how regularly."""

from dataclasses import dataclass
from itertools import groupby

from credentialing.rules.calendar import Window, months_between, windows
from credentialing.rules.case import Case, Issue, Rulings
from credentialing.rules.facts import Item
from credentialing.rules.measures.base import Finding, Looking, Measure, ids, same_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence(Looking, Measure):
    """`months` months of an activity, counted from its first item, ideally so often a month."""

    months: int
    ideal_per_month: int = 1
    ideal_minutes: int | None = None
    short_months_allowed: int = 0
    longest_break: int | None = None
    at_least_per_month: int = 0

    def measure(self, case: Case, rulings: Rulings) -> Finding:
        looked = self.look(case, rulings.counted)
        calendar, held = _by_month(looked.counted, case)
        stretch = _stretch(calendar, held, case)
        breaks = self._breaks(held[:stretch])
        left_out = {month for first, last in breaks for month in range(first, last + 1)}
        left_out |= {
            month for month in range(stretch) if len(held[month]) < self.at_least_per_month
        }
        stay = [month for month in range(stretch) if month not in left_out][: self.months]
        done = len(stay)
        remaining = self.months - done
        measured = len(calendar)
        if remaining == 0:
            measured = stay[-1] + 1 if stay else 0

        evidence: list[Item] = []
        for month, items in enumerate(held):
            if month >= measured:
                looked.set_aside(items, "surplus")
            elif month in left_out:
                looked.set_aside(items, "below-minimum")
            else:
                evidence += items

        finding = Finding(
            unit="months",
            required=self.months,
            done=done,
            remaining=remaining,
            evidence=ids(evidence),
            uncounted=looked.uncounted(),
            issues=self._below_ideal([held[month] for month in stay])
            + [_interrupted(calendar, *months) for months in breaks if months[1] < measured],
            advisories=self._shorter_than_ideal(evidence) + same_day(evidence),
        )
        finding.detail["windows"] = [
            {"start": start.isoformat(), "end": end.isoformat(), "count": len(items)}
            for (start, end), items in zip(calendar[:measured], held, strict=False)
        ]
        if self.evidence == "debriefings" and remaining > 0 and _leads_alone(case):
            alone = Issue("no-co-leader")
            finding.issues.append(alone)
            finding.own_status = "needs-decision" if rulings.standing([alone]) else "not-applicable"
        return finding

    def _breaks(self, held: list[list[Item]]) -> list[tuple[int, int]]:
        """The first and last month of each run without an item that is too long."""
        if self.longest_break is None:
            return []
        breaks = []
        first = 0
        for empty, run in groupby(held, key=lambda items: not items):
            length = len(list(run))
            if empty and length > self.longest_break:
                breaks.append((first, first + length - 1))
            first += length
        return breaks

    def _below_ideal(self, months: list[list[Item]]) -> list[Issue]:
        """The question that is raised when more of these months fall short than may."""
        short = sum(
            len(items) - len(self._too_brief(items)) < self.ideal_per_month for items in months
        )
        if short <= self.short_months_allowed:
            return []
        return [Issue("below-ideal", f"{short} of {len(months)} months")]

    def _shorter_than_ideal(self, items: list[Item]) -> list[Issue]:
        brief = self._too_brief(items)
        return [Issue("shorter-than-ideal", str(len(brief)))] if brief else []

    def _too_brief(self, items: list[Item]) -> list[Item]:
        ideal = self.ideal_minutes
        if ideal is None:
            return []
        return [item for item in items if item.minutes is not None and item.minutes < ideal]


def _by_month(items: list[Item], case: Case) -> tuple[tuple[Window, ...], list[list[Item]]]:
    """The months from the first item to the current one, and the items that fell in each."""
    if not items:
        return (), []
    anchor = items[0].date
    calendar = windows(anchor, 1, case.as_of)
    held: list[list[Item]] = [[] for _ in calendar]
    for item in items:
        held[months_between(anchor, item.date)].append(item)
    return calendar, held


def _stretch(calendar: tuple[Window, ...], held: list[list[Item]], case: Case) -> int:
    """How many months, up to that of the last item, are closed."""
    stretch = max((month + 1 for month, items in enumerate(held) if items), default=0)
    return stretch - 1 if stretch and calendar[stretch - 1].end > case.as_of else stretch


def _interrupted(calendar: tuple[Window, ...], first: int, last: int) -> Issue:
    """The question that a break from the `first` month to the `last` raises."""
    days = f"{calendar[first].start}/{calendar[last].end}"
    return Issue("interrupted", f"{days} ({last - first + 1} months)")


def _leads_alone(case: Case) -> bool:
    """Whether there are groups and none of them has two leaders."""
    groups = case.groups_of_the_process()
    return bool(groups) and all(len(case.leaders(group)) < 2 for group in groups)
