"""A number of items, a sum, or different values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, get_origin, get_type_hints

from credentialing.rules.calendar import Day
from credentialing.rules.case import Case, Rulings
from credentialing.rules.facts import EVIDENCE, Item, WrittenAssessment
from credentialing.rules.measures.base import Finding, Looking, Measure, ids
from credentialing.rules.reading import (
    UnreadableError,
    calendar_day,
    reader_of,
    refuse,
    shown,
    table,
)


@cache
def plain_fields(evidence: str) -> dict[str, Any]:
    """The fields of a list's items that hold one plain value, each with its type."""
    return {
        name: annotation
        for name, annotation in get_type_hints(EVIDENCE[evidence]).items()
        if get_origin(annotation) is not tuple and annotation != WrittenAssessment | None
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Count(Looking, Measure):
    """`count` of the selected items, of the sum of a field, or of the different values of one."""

    count: int
    unit: str = "items"
    where: Annotated[Mapping[str, Any], table] = field(default_factory=dict)
    of: str | None = None
    distinct: str | None = None

    def __post_init__(self) -> None:
        known = plain_fields(self.evidence)
        for key, value in self.where.items():
            if key not in known:
                raise UnreadableError("unknown field", key, "where")
            dated = known[key] in (Day, Day | None)
            try:
                (calendar_day if dated else reader_of(known[key]))(value)
            except UnreadableError as refusal:
                raise refusal.within(key).within("where") from None
        try:
            if self.of is not None and known.get(self.of) not in (int, int | None):
                refuse("not a field with a number", self.of)
        except UnreadableError as refusal:
            raise refusal.within("of") from None
        if self.distinct is not None and self.distinct not in known:
            raise UnreadableError(f"unknown field: {shown(self.distinct)}", "distinct")
        if self.of is not None and self.distinct is not None:
            raise UnreadableError("not beside of", "distinct")

    def selects(self, item: Item) -> bool:
        return all(getattr(item, key) == value for key, value in self.where.items())

    def measure(self, case: Case, rulings: Rulings) -> Finding:
        looked = self.look(case, rulings.counted)
        done = 0
        values: set[Any] = set()
        evidence: list[Item] = []
        for item in looked.counted:
            if done >= self.count:
                break
            evidence.append(item)
            if self.distinct is not None:
                values |= {getattr(item, self.distinct)} - {None}
                done = len(values)
            elif self.of is not None:
                done += getattr(item, self.of) or 0
            else:
                done += 1
        looked.set_aside(looked.counted[len(evidence) :], "surplus")
        return Finding(
            unit=self.unit,
            required=self.count,
            done=done,
            remaining=max(0, self.count - done),
            evidence=ids(evidence),
            uncounted=looked.uncounted(),
        )
