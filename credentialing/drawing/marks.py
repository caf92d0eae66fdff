"""Where the marks of a row stand, as plain SVG shapes with the colours of print."""

from collections.abc import Sequence
from dataclasses import dataclass

from credentialing.drawing.units import Unit

INK, SOFT, EDGE, AMBER, PAPER = "#1c1a17", "#5b554b", "#857c6d", "#933b08", "#ffffff"

# Kind: fill and stroke in print. On the screen the style sheet's tokens take their place.
PRINT = {
    "counted": (INK, INK),
    "short": (INK, INK),
    "in-lieu": ("none", INK),
    "core": (INK, "none"),
    "allowed": ("none", INK),
    "spared": ("none", INK),
    "waiting": (PAPER, AMBER),
    "waiting-core": (AMBER, "none"),
    "under-way": ("none", INK),
    "to-do": ("none", EDGE),
    "left-out": (EDGE, "none"),
    "set-aside": ("none", AMBER),
    "gap": (PAPER, AMBER),
    "rail": ("none", EDGE),
}

SCALES = {"normal": 1.0, "small": 0.6, "print": 0.9}


@dataclass(frozen=True, slots=True)
class Mark:
    """One SVG element: `rect`, `circle` or `path`, its class, and its attributes."""

    tag: str
    kind: str
    attributes: tuple[tuple[str, str], ...]
    label: str = ""

    @property
    def fill(self) -> str:
        return PRINT[self.kind][0]

    @property
    def stroke(self) -> str:
        return PRINT[self.kind][1]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A row with its marks placed, in units of one pixel at normal size."""

    marks: tuple[Mark, ...]
    width: float
    height: float
    scale: float

    @property
    def view_box(self) -> str:
        return f"0 0 {self.width:g} {self.height:g}"

    @property
    def shown_width(self) -> str:
        return f"{self.width * self.scale:g}"

    @property
    def shown_height(self) -> str:
        return f"{self.height * self.scale:g}"


def draw(shape: str, units: Sequence[Unit], size: str = "normal") -> Drawing:
    """Every mark in its place; `size` is `normal`, `small` or `print`."""
    marks, width, height = {
        "tick": ticks, "seat": seats, "block": blocks, "bar": bar, "days": bar, "pair": heads,
    }[shape](units)  # fmt: skip
    return Drawing(tuple(marks), width, height, SCALES[size])


def rect(  # noqa: PLR0917 - as in SVG: x, y, width, height
    kind: str, x: float, y: float, width: float, height: float, label: str = ""
) -> Mark:
    """A rectangle whose stroke, half a pixel inside, leaves the outline where it was asked for."""
    inset = 0.0 if PRINT[kind][1] == "none" else 0.75
    pairs = {
        "x": x + inset,
        "y": y + inset,
        "width": width - 2 * inset,
        "height": height - 2 * inset,
    }
    return Mark("rect", kind, tuple((name, f"{value:g}") for name, value in pairs.items()), label)


def circle(kind: str, x: float, y: float, radius: float, label: str = "") -> Mark:
    """A disc around its middle."""
    inset = 0.0 if PRINT[kind][1] == "none" else 0.75
    pairs = {"cx": x, "cy": y, "r": radius - inset}
    return Mark("circle", kind, tuple((name, f"{value:g}") for name, value in pairs.items()), label)


def ticks(units: Sequence[Unit]) -> tuple[list[Mark], float, float]:
    """Months: tall strokes, a wider space after each twelve that count or are to do."""
    marks: list[Mark] = []
    x, placed = 0.0, 0
    for unit in units:
        if unit.kind == "left-out":
            marks.append(circle("left-out", x + 2.5, 21.5, 1.5, unit.label))
            x += 7
            continue
        if placed and placed % 12 == 0:
            x += 8
        placed += 1
        if unit.kind == "short":
            marks += [
                rect("allowed", x, 0, 7, 24, unit.label),
                rect("short", x, 17, 7, 7, unit.label),
            ]
        elif unit.kind == "under-way":
            marks += [
                rect("to-do", x, 0, 7, 24, unit.label),
                rect("short", x, 12, 7, 12, unit.label),
            ]
        else:
            marks.append(rect(unit.kind, x, 0, 7, 24, unit.label))
        x += 11
    return marks, max(x - 4, 7), 24


def seats(units: Sequence[Unit]) -> tuple[list[Mark], float, float]:
    """Sessions: discs, a wider space between the years."""
    marks: list[Mark] = []
    x, group = 0.0, units[0].group if units else 0
    for unit in units:
        if unit.group != group:
            x, group = x + 14, unit.group
        if unit.kind == "left-out":
            marks.append(circle("left-out", x + 8, 12, 2, unit.label))
        else:
            marks.append(circle(unit.kind, x + 8, 12, 8, unit.label))
        if unit.kind == "in-lieu":
            marks.append(circle("core", x + 8, 12, 3.5, unit.label))
        if unit.kind == "waiting":
            marks.append(circle("waiting-core", x + 8, 12, 2.5, unit.label))
        x += 20
    return marks, max(x - 4, 16), 24


def blocks(units: Sequence[Unit]) -> tuple[list[Mark], float, float]:
    """Things that come one at a time, such as an intensive: broad blocks."""
    marks: list[Mark] = []
    x = 0.0
    for unit in units:
        marks.append(rect(unit.kind, x, 3, 38, 18, unit.label))
        if unit.kind == "waiting":
            marks.append(circle("waiting-core", x + 19, 12, 2.5, unit.label))
        x += 44
    return marks, max(x - 6, 38), 24


def bar(units: Sequence[Unit]) -> tuple[list[Mark], float, float]:
    """A length of time or a large number: one bar in proportion, a gap never thinner than 4."""
    whole, total = 264.0, sum(unit.share for unit in units) or 1
    marks: list[Mark] = []
    x = 0.0
    for unit in units:
        width = max(4.0, whole * unit.share / total) if unit.share else 0.0
        if width:
            # A gap stands a little taller than the bar: it must be seen, not only missed.
            tall = unit.kind == "gap"
            marks.append(
                rect(unit.kind, x, 4 if tall else 7, width, 16 if tall else 10, unit.label)
            )
        x += width
    return marks, max(x, 1), 24


def heads(units: Sequence[Unit]) -> tuple[list[Mark], float, float]:
    """Two people beside each other, joined where both are there."""
    marks: list[Mark] = []
    for index, unit in enumerate(units):
        x = 12 + index * 30
        body = (("d", f"M{x - 9.25:g} 23.25 a9.25 9.5 0 0 1 18.5 0 z"),)
        marks += [
            circle(unit.kind, x, 6, 5.5, unit.label),
            Mark("path", unit.kind, body, unit.label),
        ]
    return marks, 12 + (len(units) - 1) * 30 + 12, 24
