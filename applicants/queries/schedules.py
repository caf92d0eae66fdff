"""When a group usually meets, and on which days that falls."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

import holidays
from django.db.models import F, Max
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from applicants.models import BalintGroup, Debriefing, Meeting


def first_on(weekday: int, day: date) -> date:
    """The first such weekday (Monday is 0) that is not before the day."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def every(weeks: int, first: date, until: date) -> list[date]:
    """The days from the first on, so many weeks apart, until a day (that day included)."""
    return [
        first + timedelta(weeks=weeks * number)
        for number in range((until - first).days // (7 * weeks) + 1)
    ]


def planned_days(
    groups: Iterable[BalintGroup], *, after: date, until: date
) -> dict[BalintGroup, list[date]]:
    """The days after a day on which groups with a schedule meet, in one query.

    A schedule goes on from the last meeting that fell on its weekday; without one, from the
    group's start.
    """
    scheduled = [group for group in groups if group.weekday is not None]
    on_its_weekday = Meeting.objects.standing().filter(
        group__in=scheduled, date__iso_week_day=F("group__weekday") + 1
    )
    last = dict(on_its_weekday.values("group").values_list("group", Max("date")))
    found = {}
    for group in scheduled:
        first = last.get(group.pk) or first_on(group.weekday, group.start)
        days = every(group.every_weeks, first, min(until, group.end or until))
        logged = last.get(group.pk, date.min)
        found[group] = [day for day in days if day > after and day > logged]
    return found


def public_holidays(country: str, days: Collection[date]) -> dict[date, str]:
    """Which of these days are public holidays of a country (`US`), and what they are called."""
    if country == "none" or not days:
        return {}
    years = range(min(days).year, max(days).year + 1)
    known = holidays.country_holidays(country, years=years, language="en_US")
    return {day: known[day] for day in days if day in known}


def logged_days(group: BalintGroup, days: Collection[date]) -> set[date]:
    """Those of the days on which a meeting or a debriefing of the group is on record."""
    found: set[date] = set()
    for model in (Meeting, Debriefing):
        there = model.objects.standing().filter(group=group, date__in=days)
        found |= set(there.values_list("date", flat=True))
    return found


def schedule_in_words(group: BalintGroup) -> str:
    """`every second Tuesday at 18:30`; empty where the group has no schedule."""
    if group.weekday is None:
        return ""
    forms = {
        1: _("every %(weekday)s"),
        2: _("every second %(weekday)s"),
        3: _("every third %(weekday)s"),
        4: _("every fourth %(weekday)s"),
    }
    said = forms[group.every_weeks] % {"weekday": WEEKDAYS[group.weekday]}
    if group.meets_at:
        said = _("%(days)s at %(time)s") % {"days": said, "time": f"{group.meets_at:%H:%M}"}
    return said
