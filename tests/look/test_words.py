"""Dates, spans and lists in plain words."""

from datetime import UTC, date, datetime

import pytest
from django.template import engines

from credentialing.templatetags import words

TODAY = date(2026, 11, 23)


def test_a_date_is_written_with_its_month_in_full():
    assert words.day(date(2026, 11, 3)) == "3 November 2026"


def test_a_moment_is_shown_in_the_society_s_zone(settings):
    settings.TIME_ZONE = "America/New_York"

    assert words.moment(datetime(2026, 11, 24, 2, 30, tzinfo=UTC)) == "23 November 2026, 21:30"
    assert words.day(datetime(2026, 11, 24, 2, 30, tzinfo=UTC)) == "23 November 2026"
    assert words.clock(datetime(2026, 11, 24, 2, 30, tzinfo=UTC)) == "21:30"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 23), "today"),
        (date(2026, 11, 24), "tomorrow"),
        (date(2026, 11, 22), "yesterday"),
        (date(2026, 11, 26), "in 3 days"),
        (date(2026, 11, 3), "20 days ago"),
        (date(2026, 12, 28), "in 5 weeks"),
        (date(2026, 5, 23), "6 months ago"),
        (date(2031, 11, 23), "in 5 years"),
    ],
)
def test_how_far_away_a_day_is(day, said):
    assert words.relative(day, TODAY) == said


def test_days_until_are_negative_when_the_day_has_passed():
    assert words.days_until(date(2026, 12, 1), TODAY) == 8
    assert words.days_until(date(2026, 11, 20), TODAY) == -3


@pytest.mark.parametrize(
    ("values", "said"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_a_list_reads_as_a_sentence_does(values, said):
    assert words.listed(values) == said


def test_small_numbers_are_words():
    assert [words.in_words(number) for number in (2, 12, 13)] == ["two", "twelve", "13"]


def test_a_sentence_keeps_all_but_its_first_letter():
    assert words.sentence("two sessions with Dr. McKay") == "Two sessions with Dr. McKay"


def test_when_says_the_date_and_how_far_away_it_is():
    source = engines["django"].from_string(
        "{% when day %}|{% when day near=False %}|{% when none %}"
    )

    page = source.render({"day": date(2026, 12, 2), "today": TODAY, "none": None})

    written = '<time datetime="2026-12-02">2 December 2026</time>'
    assert page == f'{written} <span class="relative">(in 9 days)</span>|{written}|'


def test_no_date_is_no_words():
    assert [words.day(None), words.month(None), words.clock(None), words.relative(None)] == [""] * 4


@pytest.mark.parametrize(
    ("told", "named"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Windows",
        ),
        ("curl/8.5.0", "curl"),
        ("", "an unknown browser"),
        ("\x00<script>" * 40, "an unknown browser"),
    ],
)
def test_a_browser_is_named_by_what_it_says_of_itself(told: str, named: str) -> None:
    assert words.browser(told) == named
