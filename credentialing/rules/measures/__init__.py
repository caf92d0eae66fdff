"""The measures that a procedure file may name, and the parameters that a ruling may set."""

from functools import cache
from typing import Literal, get_origin, get_type_hints

from credentialing.rules.measures.any_of import WAYS, AnyOf, measure_of
from credentialing.rules.measures.base import Finding, Looking, Measure, Since
from credentialing.rules.measures.cadence import Cadence
from credentialing.rules.measures.count import Count
from credentialing.rules.measures.duties import Covered, Pairing, Ruling, Submitted
from credentialing.rules.measures.final_intensive import FinalIntensive
from credentialing.rules.measures.per_year import PerYear
from credentialing.rules.reading import Reader, reader_of, whole_number

__all__ = [
    "MEASURES",
    "PARAMETERS",
    "AnyOf",
    "Cadence",
    "Count",
    "Covered",
    "FinalIntensive",
    "Finding",
    "Looking",
    "Measure",
    "Pairing",
    "PerYear",
    "Since",
    "Submitted",
    "measure_of",
    "settable",
]

MEASURES: dict[str, type[Measure]] = {
    "submitted": Submitted,
    "covered": Covered,
    "pairing": Pairing,
    "final-intensive": FinalIntensive,
    "any-of": AnyOf,
    "ruling": Ruling,
    **WAYS,
}


@cache
def settable(measure: type[Measure]) -> dict[str, Reader]:
    """The parameters of a measure that a ruling or a credit can set: numbers and choices.

    What is looked at (`evidence`, `where`, references) is what the requirement is, and stays.
    """
    readers: dict[str, Reader] = {}
    for name, annotation in get_type_hints(measure).items():
        if annotation in (int, int | None):
            readers[name] = whole_number
        elif get_origin(annotation) is Literal and name != "evidence":
            readers[name] = reader_of(annotation)
    return readers


PARAMETERS: dict[str, Reader] = {
    name: reader for measure in MEASURES.values() for name, reader in settable(measure).items()
}
