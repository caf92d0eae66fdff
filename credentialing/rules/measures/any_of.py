"""The best of several ways."""

from dataclasses import dataclass
from typing import Annotated, Any

from credentialing.rules.case import Case, Rulings
from credentialing.rules.measures.base import Finding, Measure
from credentialing.rules.measures.cadence import Cadence
from credentialing.rules.measures.count import Count
from credentialing.rules.measures.per_year import PerYear
from credentialing.rules.reading import UnreadableError, list_of, object_of, one_of, table

WAYS: dict[str, type[Measure]] = {"count": Count, "cadence": Cadence, "per-year": PerYear}


def _option(value: Any) -> Measure:
    """One of the ways, as an inline table."""
    return measure_of(dict(table(value)), WAYS)


def measure_of(said: dict[str, Any], measures: dict[str, type[Measure]]) -> Measure:
    """The measure that a table names, with the parameters that it says."""
    if "measure" not in said:
        raise UnreadableError("missing key", "measure")
    try:
        name = one_of(tuple(measures))(said.pop("measure"))
    except UnreadableError as refusal:
        raise refusal.within("measure") from None
    measure: Measure = object_of(measures[name])(said)
    return measure


def _options(value: Any) -> tuple[Measure, ...]:
    """One or more ways."""
    options: tuple[Measure, ...] = list_of(_option)(value)
    if not options:
        raise UnreadableError("empty")
    return options


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf(Measure):
    """Complete when one of the options is; measured by the one that is nearest to it."""

    options: Annotated[tuple[Measure, ...], _options]

    def measure(self, case: Case, rulings: Rulings) -> Finding:
        findings = [option.measure(case, rulings) for option in self.options]

        def distance(option: int) -> tuple[bool, float]:
            finding = findings[option]
            settled = finding.status(rulings) in ("met", "not-applicable")
            share = finding.remaining / finding.required if finding.required else 0
            return not settled, share

        best = min(range(len(findings)), key=distance)
        finding = findings[best]
        finding.detail = {"option": best, **finding.detail}
        return finding
