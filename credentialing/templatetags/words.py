"""Dates, spans and lists in plain words, in every template without `{% load %}`."""

from datetime import date, datetime

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext
from ua_parser import parse

register = template.Library()

# Beyond these many days the next larger unit reads better: "in 5 weeks" rather than "in 37 days".
DAYS_UP_TO = 21
WEEKS_UP_TO = 70
MONTHS_UP_TO = 730
DAYS_IN_A_MONTH = 30.44


def as_day(value: date | datetime) -> date:
    """The calendar day of a date or a moment, in the zone that is shown."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def as_shown(value: date | datetime) -> date | datetime:
    """The same value, a moment moved into the zone that is shown."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


@register.filter
def day(value: date | datetime | None) -> str:
    """`23 November 2026`; empty for no date."""
    return date_format(as_shown(value), "DATE_FORMAT") if value else ""


@register.filter
def month(value: date | datetime | None) -> str:
    """`November 2026`; empty for no date."""
    return date_format(as_shown(value), "YEAR_MONTH_FORMAT") if value else ""


@register.filter
def clock(value: datetime | None) -> str:
    """`14:02`; empty for no moment."""
    return date_format(as_shown(value), "TIME_FORMAT") if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """`23 November 2026, 14:02`; empty for no moment."""
    return date_format(as_shown(value), "DATETIME_FORMAT") if value else ""


@register.filter
def days_until(value: date | datetime, today: date | None = None) -> int:
    """Whole days from today to the day: negative when it has passed."""
    return (as_day(value) - (today or timezone.localdate())).days


@register.filter
def relative(value: date | datetime | None, today: date | None = None) -> str:
    """`today`, `tomorrow`, `in 3 days`, `5 weeks ago`; empty for no date."""
    if not value:
        return ""
    days = days_until(value, today)
    near = {0: gettext("today"), 1: gettext("tomorrow"), -1: gettext("yesterday")}
    if days in near:
        return near[days]
    amount = span(abs(days))
    if days > 0:
        return pgettext("a time to come", "in %(span)s") % {"span": amount}
    return gettext("%(span)s ago") % {"span": amount}


@register.filter
def span(days: int) -> str:
    """A number of days as the unit that reads best: `9 days`, `5 weeks`, `7 months`, `3 years`."""
    if days < DAYS_UP_TO:
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    if days < WEEKS_UP_TO:
        weeks = round(days / 7)
        return ngettext("%(n)d week", "%(n)d weeks", weeks) % {"n": weeks}
    if days < MONTHS_UP_TO:
        months = round(days / DAYS_IN_A_MONTH)
        return ngettext("%(n)d month", "%(n)d months", months) % {"n": months}
    years = round(days / 365.25)
    return ngettext("%(n)d year", "%(n)d years", years) % {"n": years}


@register.filter
def listed(values: object) -> str:
    """`a`, `a and b`, `a, b and c`; empty for nothing."""
    words = [str(value) for value in values or ()]  # type: ignore[attr-defined]
    if len(words) < 2:
        return "".join(words)
    return gettext("%(most)s and %(last)s") % {"most": ", ".join(words[:-1]), "last": words[-1]}


@register.filter
def in_words(number: int) -> str:
    """`two` for 2, up to twelve; larger numbers stay figures."""
    small = [
        gettext("none"), gettext("one"), gettext("two"), gettext("three"), gettext("four"),
        gettext("five"), gettext("six"), gettext("seven"), gettext("eight"), gettext("nine"),
        gettext("ten"), gettext("eleven"), gettext("twelve"),
    ]  # fmt: skip
    return small[number] if 0 <= number < len(small) else str(number)


@register.filter
def sentence(words: str) -> str:
    """The words with a capital first letter and nothing else changed."""
    return words[:1].upper() + words[1:]


@register.filter
def browser(user_agent: str) -> str:
    """`Firefox on Windows`, of what a browser says of itself."""
    told = parse(user_agent)
    if told.user_agent is None:
        return gettext("an unknown browser")
    if told.os is None:
        return told.user_agent.family
    return gettext("%(browser)s on %(system)s") % {
        "browser": told.user_agent.family,
        "system": told.os.family,
    }


@register.simple_tag(takes_context=True)
def when(context: Context, value: date | datetime | None, near: bool = True) -> SafeString | str:
    """A `<time>` with the date in words, and how far away it is beside it.

    `today` in the context, where a page looks at another day; else the day it is.
    """
    if not value:
        return ""
    shown = as_shown(value)
    words = moment(shown) if isinstance(shown, datetime) else day(shown)
    written = format_html('<time datetime="{}">{}</time>', shown.isoformat(), words)
    if not near:
        return written
    away = relative(value, context.get("today"))
    return format_html('{} <span class="relative">({})</span>', written, away)
