"""What is so or is not so: submitted, covered, led in pairs, ruled on."""

import pytest

from tests.rules.building import exception, group, leader, measured

PAIRS = {
    "measure": "pairing",
    "setting": "medical",
    "physicians": ["physician", "psychiatrist"],
    "counterparts": ["psychiatrist", "psychologist"],
}


def issues(entry):
    return [tuple(issue) for issue in entry.issues]


def test_the_application_is_submitted_on_its_day():
    before = measured({"measure": "submitted"}, "2022-12-31")
    on_the_day = measured({"measure": "submitted"}, "2023-01-01")
    assert (before.status, before.remaining) == ("not-started", 1)
    assert (on_the_day.status, on_the_day.remaining) == ("met", 0)


def test_without_an_application_nothing_is_submitted():
    assert measured({"measure": "submitted"}, "2023-01-01", application=None).done == 0


def covered(as_of, *memberships, **said):
    terms = [{"start": start, "end": end} for start, end in memberships]
    return measured({"measure": "covered", **said}, as_of, memberships=terms)


def test_membership_covers_every_day_from_submission():
    entry = covered("2023-06-30", ("2022-01-01", "2023-03-31"), ("2023-04-01", None))
    assert (entry.status, entry.unit, entry.required, entry.detail) == (
        "met",
        "days",
        None,
        {"gaps": []},
    )


def test_a_gap_is_told_with_its_days():
    entry = covered("2023-06-30", ("2023-02-01", None), ("2022-01-01", "2023-01-30"))
    assert issues(entry) == [("membership-gap", "2023-01-31/2023-01-31 (1 day)")]
    assert (entry.status, entry.remaining) == ("needs-decision", 0)


def test_a_gap_that_reaches_the_day_is_open():
    entry = covered("2023-01-10", ("2022-01-01", "2023-01-01"), ("2023-01-11", None))
    assert entry.detail["gaps"] == [
        {"start": "2023-01-02", "end": "2023-01-10", "days": 9, "open": True}
    ]
    assert issues(entry) == [("membership-gap", "2023-01-02/2023-01-10 (9 days)")]


def test_memberships_may_overlap():
    entry = covered(
        "2023-12-31",
        ("2022-01-01", "2023-08-01"),
        ("2022-06-01", "2023-02-01"),
        ("2023-08-02", None),
    )
    assert entry.status == "met"


def test_a_short_gap_within_the_days_of_grace_is_listed_and_no_question():
    terms = ("2022-01-01", "2023-01-31"), ("2023-02-03", None)
    allowed = covered("2023-06-30", *terms, grace_days=2)
    asked = covered("2023-06-30", *terms, grace_days=1)
    assert (allowed.status, allowed.detail["gaps"][0]["days"]) == ("met", 2)
    assert asked.status == "needs-decision"


def test_a_membership_that_ends_today_leaves_no_gap_yet():
    assert covered("2023-06-30", ("2022-01-01", "2023-06-30"), ("2023-07-05", None)).status == "met"


def test_nothing_is_covered_before_submission():
    entry = covered("2022-12-31")
    assert (entry.status, entry.detail, entry.issues) == ("not-started", {"gaps": []}, ())


def test_an_accepted_gap_is_a_note():
    entry = measured(
        {"measure": "covered"},
        "2023-01-05",
        memberships=[],
        exceptions=[exception(accept=[{"code": "membership-gap"}])],
    )
    assert (entry.status, entry.advisories[0].code) == ("met", "membership-gap")


def pairs(*groups, as_of="2023-06-30", **said):
    return measured(PAIRS, as_of, groups=list(groups), **said)


def test_a_physician_and_a_psychologist_are_a_pair():
    assert pairs(group()).status == "met"


@pytest.mark.parametrize(
    ("one", "other", "asked"),
    [
        ("physician", "psychiatrist", False),
        ("psychiatrist", "psychiatrist", False),
        ("psychiatrist", "psychologist", False),
        ("physician", "physician", True),
        ("psychologist", "psychologist", True),
        ("psychiatrist", "nurse", True),
    ],
)
def test_a_psychiatrist_may_be_either(one, other, asked):
    entry = pairs(group("g1", leader("ann", one), leader("bob", other)))
    assert issues(entry) == ([("pairing", "g1")] if asked else [])


def test_one_person_of_two_professions_is_no_pair():
    both = [leader("ann", "physician"), leader("ann", "psychologist"), leader("bob", "nurse")]
    assert issues(pairs(group("g1", *both))) == [("pairing", "g1")]
    assert issues(pairs(group("g1", *both[:2]))) == [("single-leader", "g1")]


def test_elsewhere_any_two_leaders_will_do():
    assert pairs(group("g1", leader("ann"), leader("bob"), setting="other")).status == "met"


def test_each_group_is_asked_about():
    entry = pairs(
        group("g2", leader("ann")), group("g1", leader("ann"), leader("bob")), group("g3")
    )
    assert issues(entry) == [("pairing", "g1"), ("single-leader", "g2")]


def test_groups_that_ended_before_the_application_or_have_not_begun_are_not_of_the_process():
    over = group("g1", leader("ann"), end="2022-12-31")
    to_come = group("g2", leader("ann"), start="2023-07-01")
    assert pairs(over, to_come).status == "not-started"


def test_a_group_that_ended_is_judged_by_its_last_day():
    ended = group("g1", leader("ann"), leader("bob", end="2023-03-30"), end="2023-03-31")
    assert issues(pairs(ended)) == [("single-leader", "g1")]


def test_before_the_application_the_groups_of_the_day_are_those_of_the_process():
    ended = group("g1", leader("ann"), end="2022-06-30")
    assert issues(pairs(ended, as_of="2022-06-30")) == [("single-leader", "g1")]
    assert pairs(ended, as_of="2022-07-01").status == "not-started"


def test_what_needs_a_ruling_waits_for_it():
    asked = measured({"measure": "ruling"}, "2023-06-30")
    ruled = measured(
        {"measure": "ruling"},
        "2023-06-30",
        exceptions=[exception(accept=[{"code": "ruling-needed", "detail": ""}])],
    )
    assert (asked.status, asked.decision_due, asked.done) == ("needs-decision", True, 0)
    assert (ruled.status, ruled.decision_due) == ("met", False)
