"""The requirement line: an entry of an assessment as a row of its own units, and as words.

Pure but for the language: no database, no clock. A page, a table, the dossier and the certificate
draw from the same row.
"""

from dataclasses import dataclass
from datetime import date

from credentialing.drawing.marks import Drawing, draw
from credentialing.drawing.rows import shape_of, units_of, waiting
from credentialing.drawing.units import DONE, REMAINING, SPARED, Entry, Unit, count
from credentialing.drawing.words import amount, describe, title_of

__all__ = [
    "DONE",
    "REMAINING",
    "SPARED",
    "Drawing",
    "Line",
    "Unit",
    "amount",
    "count",
    "requirement_line",
    "waiting",
]


@dataclass(frozen=True, slots=True)
class Line:
    """A requirement's row: the shape of its marks, the marks, and the same in words."""

    shape: str
    units: tuple[Unit, ...]
    title: str
    description: str

    def draw(self, size: str = "normal") -> Drawing:
        """The row with every mark in its place; `size` is `normal`, `small` or `print`."""
        return draw(self.shape, self.units, size)


def requirement_line(
    entry: Entry, *, per_year: int | None = None, period: tuple[date, date] | None = None
) -> Line:
    """The row of an assessment's entry.

    `per_year` (of the procedure) groups sessions that are still to do; `period` (first and last
    day looked at) puts the gaps of a membership where they were.
    """
    units = units_of(entry, per_year=per_year, period=period)
    return Line(shape_of(entry), tuple(units), title_of(entry), describe(entry, units))
