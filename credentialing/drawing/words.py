"""The same row in words, for who does not see it."""

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from credentialing.drawing.units import SPARED, Entry, Unit, codes, count


def amount(number: int, unit: str) -> str:
    """`13 months`, `1 session`: a number with its unit, in the reader's language."""
    known = {
        "application": ngettext("%(n)d application", "%(n)d applications", number),
        "days": ngettext("%(n)d day", "%(n)d days", number),
        "debriefings": ngettext("%(n)d debriefing", "%(n)d debriefings", number),
        "hours": ngettext("%(n)d hour", "%(n)d hours", number),
        "intensive": ngettext("%(n)d intensive", "%(n)d intensives", number),
        "intensives": ngettext("%(n)d intensive", "%(n)d intensives", number),
        "meetings": ngettext("%(n)d meeting", "%(n)d meetings", number),
        "months": ngettext("%(n)d month", "%(n)d months", number),
        "ruling": ngettext("%(n)d ruling", "%(n)d rulings", number),
        "sessions": ngettext("%(n)d session", "%(n)d sessions", number),
    }
    return known.get(unit, f"%(n)d {unit}") % {"n": number}


def title_of(entry: Entry) -> str:
    """The row in one phrase: `11 of 24 months`."""
    if entry["status"] in SPARED:
        return gettext("waived") if entry["status"] == "waived" else gettext("does not apply")
    if entry["unit"] == "ruling":
        return gettext("ruled on") if entry["status"] == "met" else gettext("waits for a ruling")
    if entry["required"] is not None:
        needed = amount(entry["required"], entry["unit"])
        return gettext("%(done)d of %(needed)s") % {"done": entry["done"], "needed": needed}
    if entry["status"] == "not-started":
        return gettext("not started")
    return title_of_days(entry) if entry["unit"] == "days" else title_of_pair(entry)


def title_of_days(entry: Entry) -> str:
    """`covered without a gap`, or how many gaps."""
    gaps = len(entry["detail"].get("gaps", []))
    if not gaps:
        return gettext("covered without a gap")
    return ngettext("covered but for %(n)d gap", "covered but for %(n)d gaps", gaps) % {"n": gaps}


def title_of_pair(entry: Entry) -> str:
    """`two leaders`, one alone, or two that do not fit."""
    if "single-leader" in codes(entry, "issues", "advisories"):
        return gettext("one leader alone")
    if codes(entry, "issues"):
        return gettext("two leaders who do not fit")
    return gettext("two leaders")


def describe(entry: Entry, units: Sequence[Unit]) -> str:
    """What the drawing shows beyond its title, as one sentence; empty where it shows no more."""
    if entry["unit"] == "ruling" or entry["unit"] is None:
        return ""
    return as_sentence(gaps(entry) if entry["required"] is None else counts(entry, units))


def gaps(entry: Entry) -> list[str]:
    """Each gap with its length and its days."""
    return [
        gettext("a gap of %(span)s from %(start)s to %(end)s")
        % {"span": amount(gap["days"], "days"), "start": day(gap["start"]), "end": day(gap["end"])}
        for gap in entry["detail"].get("gaps", [])
    ]


def counts(entry: Entry, units: Sequence[Unit]) -> list[str]:
    """What counted, and of what kind; then whatever else stands in the row."""
    unit = entry["unit"]
    counted = gettext("%(amount)s counted") % {"amount": amount(entry["done"], unit)}
    among = {
        "short": gettext(", %(n)d of them empty"),
        "in-lieu": gettext(", %(n)d of them in lieu"),
        "allowed": gettext(", %(n)d of them allowed by a ruling"),
    }
    for kind, words in among.items():
        if number := count(units, {kind}):
            counted += words % {"n": number}
    beside = {
        "set-aside": gettext("%(amount)s set aside until a ruling"),
        "left-out": gettext("%(amount)s left out") if unit == "months" else "",
        "under-way": gettext("%(amount)s under way"),
        "waiting": gettext("%(amount)s waiting for confirmation"),
        "spared": gettext("%(amount)s not asked for"),
    }
    numbers = {kind: count(units, {kind}) for kind, words in beside.items() if words}
    others = [beside[kind] % {"amount": amount(n, unit)} for kind, n in numbers.items() if n]
    to_do = entry["remaining"] - sum(numbers[kind] for kind in ("under-way", "waiting", "spared"))
    if to_do:
        others.append(gettext("%(amount)s to do") % {"amount": amount(to_do, unit)})
    return [counted, *others]


def day(written: str) -> str:
    """`2025-01-01` as people write it."""
    return date_format(date.fromisoformat(written), "DATE_FORMAT")


def span_label(window: Entry, number: int) -> str:
    """What a single mark is about: `1 March 2024 to 31 March 2024: 2`."""
    return gettext("%(start)s to %(end)s: %(number)d") % {
        "start": day(window["start"]),
        "end": day(window["end"]),
        "number": number,
    }


def as_sentence(parts: Sequence[str]) -> str:
    """`A; b; c.`"""
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""
