"""The units of a row, and small readers of an assessment's entry."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Entry = Mapping[str, Any]

DONE = frozenset({"counted", "short", "in-lieu", "allowed"})
REMAINING = frozenset({"to-do", "waiting", "under-way"})
SPARED = frozenset({"waived", "not-applicable"})  # what remains need not be done
IN_DETAIL = re.compile(r"(\d{4}-\d\d-\d\d)/(\d{4}-\d\d-\d\d)")


@dataclass(frozen=True, slots=True)
class Unit:
    """One mark: its kind, the year it stands in, its share of the row, and what it is about."""

    kind: str
    group: int = 0
    share: float = 1
    label: str = ""


def count(units: Iterable[Unit], kinds: Iterable[str]) -> int:
    """How many of the units are of these kinds."""
    wanted = frozenset(kinds)
    return sum(unit.kind in wanted for unit in units)


def codes(entry: Entry, *lists: str) -> set[str]:
    """The codes in an entry's issues, advisories or both."""
    return {item["code"] for name in lists for item in entry[name]}


def spans_of(
    entry: Entry, code: str, of: Sequence[str] = ("issues", "advisories")
) -> list[tuple[str, str]]:
    """First and last day (ISO) of each issue with this code."""
    return [
        (found[1], found[2])
        for name in of
        for item in entry[name]
        if item["code"] == code and (found := IN_DETAIL.match(item["detail"]))
    ]
