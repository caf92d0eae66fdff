"""Months and years, counted from their anchor and never chained."""

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple, TypeAlias

Day: TypeAlias = date
ONE_DAY = timedelta(days=1)


class Window(NamedTuple):
    """The days from `start` to `end`, both included."""

    start: Day
    end: Day


@lru_cache(maxsize=2**15)
def months_after(anchor: Day, months: int) -> Day | None:
    """The day `months` after `anchor`, or that month's last day; None past the year 9999."""
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    if year > Day.max.year:
        return None
    return Day(year, month + 1, min(anchor.day, monthrange(year, month + 1)[1]))


def last_day(anchor: Day, months: int) -> Day:
    """The last of the `months` months that begin on `anchor`, or the last day there is."""
    after = months_after(anchor, months)
    return Day.max if after is None else after - ONE_DAY


def months_between(anchor: Day, day: Day) -> int:
    """How many whole months lie between `anchor` and a `day` that is not before it."""
    months = (day.year - anchor.year) * 12 + day.month - anchor.month
    begun = months_after(anchor, months)
    return months - 1 if begun is None or begun > day else months


@lru_cache(maxsize=2**12)
def windows(anchor: Day, months: int, until: Day) -> tuple[Window, ...]:
    """The windows of `months` months from `anchor` to the current one, which holds `until`."""
    current = months_between(anchor, until) // months
    starts = [months_after(anchor, k * months) or Day.max for k in range(current + 1)]
    ends = [start - ONE_DAY for start in starts[1:]]
    return tuple(map(Window, starts, [*ends, last_day(anchor, (current + 1) * months)]))
