"""The rules in plain English."""

from pathlib import Path
from typing import get_args

import pytest

from credentialing.rules import assess, load_procedure, read_portfolio, words
from credentialing.rules.credits import NEEDS
from credentialing.rules.facts import IssueCode
from tests.rules.building import (
    COUNT,
    candidacy,
    day,
    days,
    debriefings,
    exception,
    group,
    intensive,
    leader,
    meetings,
    portfolio,
    procedure,
    requirement,
    sessions,
)

MODULES = Path(words.__file__).parent


def entry(**said):
    return {
        "id": "leading",
        "status": "in-progress",
        "decision_due": False,
        "unit": "months",
        "required": 24,
        "done": 11,
        "remaining": 13,
        "uncounted": [],
        "issues": [],
        "advisories": [],
        "detail": {},
        **said,
    }


def assessed(as_of="2025-06-30", under=None, **said):
    under = under or load_procedure("abs-2007")
    return assess(under, read_portfolio(portfolio(**said)), day(as_of)).as_data()


COMPLETE = {
    "meetings": meetings(days("2023-01-10", every=14, count=54)),
    "debriefings": debriefings(days("2023-01-10", every=14, count=54)),
    "supervision": sessions(days("2023-01-10", every=60, count=13)),
    "intensives": [
        intensive("p1", "2022-02-01"),
        intensive("p2", "2022-05-01"),
        candidacy("c", "2024-05-01"),
    ],
}


def test_every_issue_code_has_its_words():
    assert set(words.ISSUES) == set(get_args(IssueCode))


def test_every_shortfall_has_its_words():
    shortfalls = {need.shortfall for need in NEEDS.values()} | {"no-leader", "no-amount"}
    assert set(words.SHORTFALLS) == shortfalls


def test_every_reason_and_note_in_the_code_has_its_words():
    code = "".join(path.read_text() for path in MODULES.rglob("*.py") if path.name != "words.py")
    for told in (words.UNCOUNTED, words.ADVISORIES, words.STATUSES, words.EXCEPTIONS, words.CLAIMS):
        assert [key for key in told if f'"{key}"' not in code] == []


def test_every_unit_and_refusal_has_its_words():
    units = {each["unit"] for each in assessed()["requirements"]} - {None}
    assert units <= set(words.UNITS)
    assert set(words.REFUSALS) == {
        "no-such-requirement",
        "not-waivable",
        "not-acceptable",
        "not-adjustable",
    }


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "13 months of leading remain."),
        ({"remaining": 1}, "One month of leading remains."),
        (
            {"id": "supervision", "unit": "sessions", "remaining": 2},
            "Two supervision sessions remain.",
        ),
        ({"unit": "intensive", "remaining": 1}, "The final intensive remains."),
        ({"unit": "application", "remaining": 1}, "The application remains."),
        ({"unit": "intensives", "remaining": 1}, "One intensive remains."),
        (
            {"id": "case-reports", "unit": "items", "remaining": 3},
            "Three items of case reports remain.",
        ),
        ({"id": "groups", "unit": "hours", "remaining": 12}, "Twelve of groups (hours) remain."),
        ({"remaining": 0}, "Nothing remains to be done."),
    ],
)
def test_what_remains(said, sentence):
    assert words.remains(entry(**said)) == sentence


def test_what_is_done():
    assert words.done(entry()) == "11 of 24 months"
    assert words.done(entry(unit="hours")) == "11 of 24 hours"
    assert words.done(entry(required=None, done=None)) == ""


@pytest.mark.parametrize(
    ("code", "detail", "sentence"),
    [
        (
            "membership-gap",
            "2026-01-01/2026-01-09 (9 days)",
            "Membership lapsed: 1 January 2026 to 9 January 2026 (9 days).",
        ),
        (
            "interrupted",
            "2026-01-01/2026-01-31 (1 months)",
            "Interrupted: 1 January 2026 to 31 January 2026 (1 month).",
        ),
        ("below-ideal", "13 of 24 months", "Less often than is ideal: 13 of 24 months."),
        ("no-co-leader", "", "There is no co-leader to review the groups with."),
        ("same-day", "2", "Days with more than one entry: 2."),
    ],
)
def test_a_question_in_words(code, detail, sentence):
    assert words.issue({"code": code, "detail": detail}) == sentence


def test_why_a_requirement_stands_as_it_does():
    said = entry(
        issues=[{"code": "no-meeting", "detail": ""}],
        advisories=[{"code": "shorter-than-ideal", "detail": "4"}],
    )
    assert words.reasons(said) == [
        "The two faculty members and the evaluator have not met.",
        "Shorter than is ideal: 4.",
    ]


def test_what_does_not_count_is_told_by_reason():
    said = [
        {"id": "m1", "why": "surplus"},
        {"id": "m2", "why": "too-short"},
        {"id": "m3", "why": "surplus"},
    ]
    assert words.left_out(entry(uncounted=said)) == ["m1, m3: more than is needed", "m2: too short"]
    assert words.uncounted(said[1]) == "too short"


def test_what_would_remain_if_the_short_years_were_accepted():
    short = entry(id="supervision", unit="sessions", detail={"if_accepted": 1})
    assert words.if_accepted(short) == "If that is accepted, one supervision session would remain."
    assert (
        words.if_accepted(entry(detail={"if_accepted": 0}))
        == "If that is accepted, nothing would remain."
    )
    assert words.if_accepted(entry()) == ""


def test_where_a_claim_and_an_exception_stand():
    assert words.claim({"state": "granted", "shortfalls": []}) == "Granted."
    assert (
        words.claim({"state": "unsupported", "shortfalls": ["too-seldom", "no-leader"]})
        == "Granted, but not supported by its facts: it did not meet often enough; "
        "no co-leader is named."
    )
    assert words.exception({"state": "in-force", "why": None}) == "In force."
    assert (
        words.exception({"state": "refused", "why": "not-waivable"})
        == "Has no effect: the requirement cannot be waived."
    )


def summary(under=None, **said):
    under = under or load_procedure("abs-2007")
    return words.summary(assessed(under=under, **said), under)


def test_one_sentence_for_all_that_remains():
    almost = {
        **COMPLETE,
        "supervision": COMPLETE["supervision"][:11],
        "intensives": COMPLETE["intensives"][:2],
    }
    assert (
        summary(as_of="2025-01-09", **almost)
        == "Two supervision sessions and the final intensive remain."
    )


def test_one_sentence_where_one_thing_remains():
    almost = {**COMPLETE, "intensives": COMPLETE["intensives"][:2]}
    assert summary(**almost) == "The final intensive remains."


def test_one_sentence_where_nothing_remains():
    assert summary(**COMPLETE) == "Nothing remains: ready for review."
    application = {"submitted": "2023-01-01"}
    assert (
        summary(**COMPLETE, application=application)
        == "Nothing remains, but the application has not been accepted yet."
    )


def test_one_sentence_with_a_question():
    asked = {**COMPLETE, "memberships": [{"start": "2023-02-01"}]}
    assert (
        summary(**asked)
        == "Nothing remains to be done; the Committee has a question to answer about membership."
    )
    more = {**asked, "groups": [group("g1", leader("ann"), leader("bob"))]}
    assert summary(**more) == (
        "Nothing remains to be done; the Committee has questions to answer about membership "
        "and co-leaders."
    )
    left = {**asked, "intensives": COMPLETE["intensives"][:2]}
    assert summary(**left) == (
        "The final intensive remains; the Committee has a question to answer about membership."
    )


def test_one_sentence_where_something_has_not_begun():
    pairs = {
        "measure": "pairing",
        "setting": "medical",
        "physicians": ["physician"],
        "counterparts": ["nurse"],
    }
    under = procedure(requirement("co-leaders", **pairs))
    assert summary(under=under, groups=[]) == "Still to begin: co-leaders."


def test_one_sentence_passes_over_wishes():
    under = procedure(requirement(**COUNT, strength="ideal"))
    assert summary(under=under) == "Nothing remains: ready for review."


def test_three_things_are_enumerated():
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.listed([]) == ""


def test_a_report_cites_each_clause_and_marks_house_rules():
    under = load_procedure("abs-2014")
    claims = [{"id": "c1", "credit": "co-leading"}]
    data = assessed(
        under=under, claims=claims, exceptions=[exception("leading", set={"months": 1})]
    )
    report = words.report(data, under)
    lines = report.splitlines()
    assert lines[0] == "ann, as of 30 June 2025"
    assert "The published source of this procedure is partial." in lines
    assert "Leading: Not started, 0 of 1 months" in lines
    assert "  Adjusted by x1" in lines
    assert "  One month of leading remains." in lines
    assert all(f"  {each.clause}: {each.text}" in lines for each in under.requirements)
    assert all(f"  House rule: {rule}" in lines for rule in under.requirements[2].house_rules)
    assert lines[-1] == "Exception x1 (leading): In force."


def test_a_report_tells_questions_notes_and_what_does_not_count():
    under = load_procedure("abs-2007")
    data = assessed(
        **{
            **COMPLETE,
            "supervision": sessions(["2023-02-01"]),
            "debriefings": debriefings(["2023-02-01"], minutes=20),
        }
    )
    lines = words.report(data, under).splitlines()
    year = "1 February 2023 to 31 January 2024"
    assert f"  Question for the Committee: A year fell short: {year}: 1 of 6." in lines
    assert "  If that is accepted, nothing would remain." in lines
    assert "  Note: Shorter than is ideal: 1." in lines
    assert "  Not counted: m53: more than is needed" in lines
    assert not any(line.startswith("Claim") for line in lines)
