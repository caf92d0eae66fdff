"""Months and years are counted from their anchor."""

from datetime import date

import pytest

from credentialing.rules.calendar import Window, last_day, months_after, months_between, windows


@pytest.mark.parametrize(
    ("anchor", "months", "after"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2023, 1, 31), 2, date(2023, 3, 31)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
        (date(2023, 5, 15), 0, date(2023, 5, 15)),
        (date(9999, 12, 1), 1, None),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_of_the_month(anchor, months, after):
    assert months_after(anchor, months) == after


def test_months_from_the_31st_are_never_chained():
    assert windows(date(2023, 1, 31), 1, date(2023, 4, 1)) == (
        Window(date(2023, 1, 31), date(2023, 2, 27)),
        Window(date(2023, 2, 28), date(2023, 3, 30)),
        Window(date(2023, 3, 31), date(2023, 4, 29)),
    )


def test_years_from_a_leap_day_end_on_the_27th_or_the_28th_of_february():
    ends = [window.end for window in windows(date(2024, 2, 29), 12, date(2028, 2, 28))]
    assert ends == [date(2025, 2, 27), date(2026, 2, 27), date(2027, 2, 27), date(2028, 2, 28)]


def test_a_window_is_current_until_its_last_day():
    assert len(windows(date(2023, 1, 15), 1, date(2023, 2, 14))) == 1
    assert len(windows(date(2023, 1, 15), 1, date(2023, 2, 15))) == 2


@pytest.mark.parametrize(
    ("anchor", "day", "months"),
    [
        (date(2023, 1, 31), date(2023, 2, 27), 0),
        (date(2023, 1, 31), date(2023, 2, 28), 1),
        (date(2023, 1, 31), date(2023, 3, 30), 1),
        (date(2023, 1, 31), date(2023, 3, 31), 2),
        (date(2023, 1, 31), date(2023, 1, 31), 0),
    ],
)
def test_months_between_are_whole(anchor, day, months):
    assert months_between(anchor, day) == months


def test_the_calendar_ends_with_the_year_9999():
    assert last_day(date(9999, 12, 15), 1) == date.max
    assert months_between(date(9999, 11, 15), date.max) == 1
    assert windows(date(9999, 11, 15), 1, date.max)[-1] == Window(date(9999, 12, 15), date.max)
