"""The same row in words, for who does not see it."""

from collections.abc import Sequence

from django.utils.translation import gettext, ngettext

from credentialing.drawing.units import Entry, Unit, codes, count


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
    if entry["status"] == "waived":
        return gettext("waived")
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
    unit = entry["unit"] or ""
    if entry["required"] is None:
        if unit != "days":
            return ""
        gaps = entry["detail"].get("gaps", [])
        parts = [
            gettext("a gap of %(span)s from %(start)s to %(end)s")
            % {"span": amount(gap["days"], "days"), "start": gap["start"], "end": gap["end"]}
            for gap in gaps
        ]
        return as_sentence(parts)
    if unit == "ruling":
        return ""
    parts = [gettext("%(amount)s counted") % {"amount": amount(entry["done"], unit)}]
    if short := count(units, {"short"}):
        parts[0] += gettext(", %(n)d of them empty") % {"n": short}
    if in_lieu := count(units, {"in-lieu"}):
        parts[0] += gettext(", %(n)d of them in lieu") % {"n": in_lieu}
    if allowed := count(units, {"allowed"}):
        parts[0] += gettext(", %(n)d of them allowed by a ruling") % {"n": allowed}
    if aside := count(units, {"set-aside"}):
        parts.append(
            gettext("%(amount)s set aside until a ruling") % {"amount": amount(aside, unit)}
        )
    if unit == "months" and (left_out := count(units, {"left-out"})):
        parts.append(gettext("%(amount)s left out") % {"amount": amount(left_out, unit)})
    if under_way := count(units, {"under-way"}):
        parts.append(gettext("%(amount)s under way") % {"amount": amount(under_way, unit)})
    if held := count(units, {"waiting"}):
        parts.append(
            gettext("%(amount)s waiting for confirmation") % {"amount": amount(held, unit)}
        )
    if to_do := entry["remaining"] - under_way - held:
        parts.append(gettext("%(amount)s to do") % {"amount": amount(to_do, unit)})
    return as_sentence(parts)


def as_sentence(parts: Sequence[str]) -> str:
    """`A; b; c.`"""
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""
