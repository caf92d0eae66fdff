"""What every measure is: fields that a procedure file may say, and a method, their meaning."""

from abc import ABC, abstractmethod
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from operator import attrgetter
from typing import Any, Literal

from credentialing.rules.case import Case, Issue, Rulings
from credentialing.rules.facts import EvidenceList, Item

Since = Literal["any", "submitted"]

by_date = attrgetter("date")


@dataclass(slots=True, kw_only=True)
class Finding:
    """What a measure found: counts in `unit`, evidence by date, and the questions it raises."""

    unit: str | None
    required: int | None
    done: int | None
    remaining: int
    evidence: list[str] = field(default_factory=list)
    uncounted: list[tuple[str, str]] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    advisories: list[Issue] = field(default_factory=list)
    detail: dict[str, Any] = field(default_factory=dict)
    own_status: str | None = None

    def status(self, rulings: Rulings) -> str:
        """The measure's own status, or the first that fits."""
        if self.own_status:
            return self.own_status
        stands = bool(rulings.standing(self.issues))
        if self.remaining == 0:
            return "needs-decision" if stands else "met"
        if self.done == 0 and not (self.evidence or self.detail.get("in_lieu") or stands):
            return "not-started"
        return "in-progress"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(ABC):
    """One way of measuring a requirement; its fields are the parameters, with their defaults."""

    @abstractmethod
    def measure(self, case: Case, rulings: Rulings) -> Finding:
        """What the case shows, under these rulings."""


class Looked:
    """The items that a measure looked at: those that count, by date, and why the others do not."""

    def __init__(self, listed: Iterable[Item]) -> None:
        self.listed = listed
        self.counted: list[Item] = []
        self.why: dict[str, str] = {}

    def set_aside(self, items: Iterable[Item], why: str) -> None:
        """Do not count these after all."""
        for item in items:
            self.why[item.id] = why

    def uncounted(self) -> list[tuple[str, str]]:
        """Each item that does not count, in the portfolio's order, with the reason."""
        if not self.why:
            return []
        return [(item.id, self.why[item.id]) for item in self.listed if item.id in self.why]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """Looking at one of the portfolio's lists, item by item."""

    evidence: EvidenceList
    since: Since = "any"
    min_minutes: int | None = None

    def selects(self, item: Item) -> bool:
        """Whether the item is looked at at all."""
        return True

    def look(self, case: Case, counted: Container[str]) -> Looked:
        """Every item up to the day, counted or with the first reason why it is not.

        What a ruling counts (the ids `counted`) is not asked for reasons.
        """
        listed: tuple[Item, ...] = getattr(case.portfolio, self.evidence)
        looked = Looked(listed)
        least = self.min_minutes
        since = case.submitted if self.since == "submitted" else None
        if self.since == "submitted" and since is None:
            return looked
        for item in listed:
            if item.date > case.as_of or not self.selects(item):
                continue
            if item.id in counted:
                looked.counted.append(item)
                continue
            why = case.shortcoming(item)
            if why is None and since is not None and item.date < since:
                why = "before-application"
            if why is None and least is not None and item.minutes is not None:
                why = "too-short" if item.minutes < least else None
            if why is None:
                looked.counted.append(item)
            elif why != "planned":
                looked.why[item.id] = why
        looked.counted.sort(key=by_date)
        return looked


def ids(items: Iterable[Item]) -> list[str]:
    """The ids of the items."""
    return [item.id for item in items]


def same_day(items: list[Item]) -> list[Issue]:
    """An advisory with the number of days that have two or more of these items, by date."""
    days = [item.date for item in items]
    crowded = {day for day, following in pairwise(days) if day == following}
    return [Issue("same-day", str(len(crowded)))] if crowded else []
