"""A requirement's row shows what its entry says: in its units, and in words."""

import pytest

from credentialing.drawing import DONE, REMAINING, count, requirement_line
from credentialing.style_samples import ENTRIES, entry, issue, windows, year

COUNTED = {name: sample for name, sample in ENTRIES.items() if sample["required"] is not None}

ROWS = {
    "months-done": ("24 of 24 months", "24 months counted."),
    "months-under-way": (
        "11 of 24 months",
        (
            "11 months counted, 2 of them empty; 2 months left out; 1 month under way; "
            "12 months to do."
        ),
    ),
    "months-with-a-break": (
        "24 of 24 months",
        "24 months counted, 1 of them empty; 4 months left out.",
    ),
    "months-not-begun": ("0 of 24 months", "0 months counted; 24 months to do."),
    "sessions-done": ("12 of 12 sessions", "12 sessions counted."),
    "sessions-under-way": (
        "8 of 12 sessions",
        "8 sessions counted; 2 sessions waiting for confirmation; 2 sessions to do.",
    ),
    "sessions-short-year": (
        "6 of 12 sessions",
        "6 sessions counted; 4 sessions set aside until a ruling; 6 sessions to do.",
    ),
    "sessions-in-lieu": (
        "11 of 12 sessions",
        "11 sessions counted, 6 of them in lieu; 1 session to do.",
    ),
    "sessions-accepted": (
        "12 of 12 sessions",
        "12 sessions counted, 1 of them allowed by a ruling.",
    ),
    "sessions-not-begun": ("0 of 12 sessions", "0 sessions counted; 12 sessions to do."),
    "intensives": (
        "1 of 3 intensives",
        "1 intensive counted; 1 intensive waiting for confirmation; 1 intensive to do.",
    ),
    "intensive": ("0 of 1 intensive", "0 intensives counted; 1 intensive to do."),
    "intensive-conflict": ("1 of 1 intensive", "1 intensive counted."),
    "hours": ("75 of 120 hours", "75 hours counted; 45 hours to do."),
    "application": ("1 of 1 application", "1 application counted."),
    "membership": ("covered without a gap", ""),
    "membership-gap": (
        "covered but for 1 gap",
        "A gap of 45 days from 1 January 2025 to 14 February 2025.",
    ),
    "membership-not-begun": ("not started", ""),
    "pair": ("two leaders", ""),
    "pair-alone": ("one leader alone", ""),
    "pair-that-does-not-fit": ("two leaders who do not fit", ""),
    "pair-not-begun": ("not started", ""),
    "waived": ("waived", "1 intensive counted; 1 intensive not asked for."),
    "ruling": ("waits for a ruling", ""),
}


@pytest.mark.parametrize("name", ENTRIES)
def test_the_text_alternative_says_what_the_entry_says(name):
    line = requirement_line(ENTRIES[name], per_year=6)

    assert (line.title, line.description) == ROWS[name]


@pytest.mark.parametrize(
    "name", [name for name in COUNTED if name not in {"hours", "ruling", "waived"}]
)
def test_the_units_add_up_to_the_entry(name):
    sample = COUNTED[name]

    units = requirement_line(sample, per_year=6).units

    assert count(units, DONE) == sample["done"]
    assert count(units, REMAINING) == sample["remaining"]


def test_a_large_number_is_a_bar_in_proportion():
    units = requirement_line(ENTRIES["hours"]).units

    assert [(unit.kind, unit.share) for unit in units] == [("counted", 75), ("to-do", 45)]


def test_the_months_stand_in_the_order_in_which_they_came():
    broken = issue("interrupted", "2024-08-01/2024-11-30 (4 months)")
    held = {"windows": windows(2, 1, 0, 0, 0, 0, 3, 0)}
    sample = entry("leading", "months", 6, 3, advisories=[broken], detail=held)

    kinds = [unit.kind for unit in requirement_line(sample).units]

    assert kinds == ["counted"] * 2 + ["left-out"] * 4 + ["counted"] + ["to-do"] * 3


def test_months_below_the_least_are_left_out():
    sample = entry("leading", "months", 4, 2, detail={"windows": windows(2, 1, 2, 0)})

    kinds = [unit.kind for unit in requirement_line(sample).units]

    assert kinds == ["counted", "left-out", "counted", "to-do", "to-do"]


def test_years_that_do_not_add_up_are_one_plain_row():
    sample = entry(
        "supervision", "sessions", 12, 9, detail={"years": [year(2024, 5), year(2025, 4)]}
    )

    units = requirement_line(sample, per_year=6).units

    assert [unit.kind for unit in units] == ["counted"] * 9 + ["to-do"] * 3


def test_a_gap_stands_where_it_was():
    from datetime import date

    period = (date(2024, 7, 5), date(2025, 6, 30))

    units = requirement_line(ENTRIES["membership-gap"], period=period).units

    assert [(unit.kind, unit.share) for unit in units] == [
        ("counted", 180),
        ("gap", 45),
        ("counted", 136),
    ]


@pytest.mark.parametrize("size", ["normal", "small", "print"])
@pytest.mark.parametrize("name", ENTRIES)
def test_every_mark_stands_inside_the_drawing(name, size):
    drawing = requirement_line(ENTRIES[name], per_year=6).draw(size)

    beyond = [
        mark
        for mark in drawing.marks
        for at, reach in (("x", "width"), ("cx", "r"))
        if at in dict(mark.attributes)
        and float(dict(mark.attributes)[at]) + float(dict(mark.attributes)[reach]) > drawing.width
    ]

    assert beyond == []
