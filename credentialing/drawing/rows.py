"""Which units an entry has: one function per shape of requirement."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from credentialing.drawing.units import DONE, REMAINING, SPARED, Entry, Unit, codes, count, spans_of
from credentialing.drawing.words import span_label

MOST_UNITS = 60  # beyond it single marks can no longer be counted, and a bar says more
OUT_OF = re.compile(r": \d+ of (\d+)$")


def units_of(
    entry: Entry, *, per_year: int | None = None, period: tuple[date, date] | None = None
) -> list[Unit]:
    """The entry's units in the order in which they are drawn."""
    shape = shape_of(entry)
    if shape == "pair":
        units = pair(entry)
    elif shape == "days":
        units = days(entry, period)
    elif shape == "tick":
        units = months(entry)
    elif "years" in entry["detail"]:
        units = years(entry, per_year)
    else:
        units = row(entry)
    if entry["status"] in SPARED:
        return [replace(unit, kind="spared") if unit.kind in REMAINING else unit for unit in units]
    return with_waiting(units, waiting(entry))


def shape_of(entry: Entry) -> str:
    """`pair`, `days`, `tick`, `seat`, `block` or `bar`."""
    unit, required = entry["unit"], entry["required"]
    if required is None:
        return "days" if unit == "days" else "pair"
    if required > MOST_UNITS:
        return "bar"
    if unit == "months":
        return "tick"
    if unit == "sessions" or required > 6:
        return "seat"
    return "block"


def waiting(entry: Entry) -> int:
    """How many items would count if somebody confirmed them."""
    return sum(item["why"] == "unconfirmed" for item in entry["uncounted"])


def row(entry: Entry) -> list[Unit]:
    """What is done, then what remains, in one group."""
    if entry["unit"] == "ruling":
        return [Unit("counted" if entry["status"] in ("met", "waived") else "set-aside")]
    if entry["required"] > MOST_UNITS:
        return [Unit("counted", share=entry["done"]), Unit("to-do", share=entry["remaining"])]
    return [Unit("counted")] * entry["done"] + [Unit("to-do")] * entry["remaining"]


def months(entry: Entry) -> list[Unit]:
    """A mark for each month since the first, then those to do; else the plain row."""
    windows, remaining = entry["detail"].get("windows", []), entry["remaining"]
    counts = [window["count"] for window in windows]
    # While something remains, the last window is the month that is not over yet.
    closed = counts[:-1] if remaining else counts
    last = max((index for index, count in enumerate(closed) if count), default=-1)
    kept = months_that_count(windows[: last + 1], entry)
    if kept is None:
        return row(entry)
    units = []
    for index, window in enumerate(windows[: len(closed)]):
        kind = "left-out"
        if index in kept:
            kind = "counted" if window["count"] else "short"
        units.append(Unit(kind, label=span_label(window, window["count"])))
    if remaining and counts and counts[-1]:
        units.append(Unit("under-way", label=span_label(windows[-1], counts[-1])))
        remaining -= 1
    return units + [Unit("to-do")] * remaining


def months_that_count(stretch: Sequence[Entry], entry: Entry) -> set[int] | None:
    """Which windows of the stretch make up `done`; nothing where that cannot be told."""
    broken = spans_of(entry, "interrupted")
    inside = [
        (index, window["count"])
        for index, window in enumerate(stretch)
        if not any(start <= window["start"] <= end for start, end in broken)
    ]
    for least in range(max((held for _, held in inside), default=0) + 1):
        kept = [index for index, held in inside if held >= least][: entry["required"]]
        if len(kept) == entry["done"]:
            return set(kept)
    return None


def years(entry: Entry, per_year: int | None = None) -> list[Unit]:
    """The seats of each supervision year; the plain row where the years do not add up."""
    required, known = entry["required"], per_year or stated_per_year(entry)
    guesses = [known] if known else [n for n in range(required - 1, 1, -1) if required % n == 0]
    for seats in guesses:
        units = seats_of_years(entry, seats)
        done = sum(unit.kind in DONE for unit in units)
        if (done, count(units, REMAINING)) == (entry["done"], entry["remaining"]):
            return units
    return row(entry)


def seats_of_years(entry: Entry, seats: int) -> list[Unit]:
    """Each year's seats in order: full ones, those set aside, the current one, those to come."""
    windows, complete = entry["detail"]["years"], entry["remaining"] == 0
    aside = {start for start, _ in spans_of(entry, "short-year", of=("issues",))}
    full = sum(taken(window, seats) >= seats for window in windows)
    accepted = entry["required"] // seats - full if complete else len(windows)
    units: list[Unit] = []
    for group, window in enumerate(windows):
        sessions = min(window["sessions"], seats)
        in_lieu = min(window["in_lieu"], seats - sessions)
        empty = seats - sessions - in_lieu
        current = group == len(windows) - 1 and not complete
        held, rest = "counted", "to-do"
        if empty and not current:
            if window["start"] in aside or accepted <= 0:
                held, rest = "set-aside", "left-out"
            else:
                accepted, full, rest = accepted - 1, full + 1, "allowed"
        label = span_label(window, window["sessions"])
        units += [Unit(held, group, label=label)] * sessions
        units += [Unit("in-lieu" if held == "counted" else held, group, label=label)] * in_lieu
        units += [Unit(rest, group, label=label)] * empty
    begun = bool(windows) and not complete and taken(windows[-1], seats) < seats
    to_come = entry["required"] // seats - full - begun
    for group in range(len(windows), len(windows) + max(0, to_come)):
        units += [Unit("to-do", group)] * seats
    return units


def taken(window: Entry, seats: int) -> int:
    """How many of a year's seats are taken."""
    sessions, in_lieu = int(window["sessions"]), int(window["in_lieu"])
    return min(seats, min(sessions, seats) + in_lieu)


def stated_per_year(entry: Entry) -> int | None:
    """The seats of a year as an issue of this entry names them (`4 of 6`)."""
    for issue in [*entry["issues"], *entry["advisories"]]:
        if issue["code"] == "short-year" and (found := OUT_OF.search(issue["detail"])):
            return int(found[1])
    return None


def days(entry: Entry, period: tuple[date, date] | None) -> list[Unit]:
    """Stretches that are covered and the gaps between them, by their share of the time."""
    if entry["status"] == "not-started":
        return [Unit("to-do")]
    units: list[Unit] = []
    at = period[0] if period else None
    for gap in entry["detail"].get("gaps", []):
        start, end = date.fromisoformat(gap["start"]), date.fromisoformat(gap["end"])
        before = (start - at).days if at else 90
        if before > 0:
            units.append(Unit("counted", share=before))
        units.append(Unit("gap", share=(end - start).days + 1))
        at = date.fromordinal(end.toordinal() + 1)
    gaps_end_open = bool(units) and entry["detail"]["gaps"][-1]["open"]
    after = (period[1] - at).days + 1 if period and at else 90
    if after > 0 and not gaps_end_open:
        units.append(Unit("counted", share=after))
    return units


def pair(entry: Entry) -> list[Unit]:
    """The leaders of a group: two that fit, one alone, or two that do not fit."""
    if entry["status"] == "not-started":
        return [Unit("to-do"), Unit("to-do")]
    if codes(entry, "issues"):
        return [
            Unit("counted"),
            Unit("to-do" if "single-leader" in codes(entry, "issues") else "set-aside"),
        ]
    alone = "single-leader" in codes(entry, "advisories")
    return [Unit("counted"), Unit("allowed" if alone else "counted")]


def with_waiting(units: Sequence[Unit], held: int) -> list[Unit]:
    """The same row, its first seats to do marked as waiting for somebody's confirmation."""
    marked = []
    for unit in units:
        if held and unit.kind == "to-do":
            marked.append(replace(unit, kind="waiting"))
            held -= 1
        else:
            marked.append(unit)
    return marked
