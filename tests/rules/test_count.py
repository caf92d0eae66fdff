"""A number of items, a sum, different values; and the best of several ways."""

import pytest

from tests.rules.building import exception, group, intensive, leader, measured, meetings, sessions

OTHER = {"measure": "count", "evidence": "other", "count": 2}


def other(*items):
    return [
        {"id": f"o{place}", "date": f"2023-02-{place + 1:02}", **item}
        for place, item in enumerate(items)
    ]


def test_items_are_counted_by_date_until_there_are_enough():
    items = list(reversed(other({}, {}, {})))
    entry = measured(OTHER, "2023-06-30", other=items)
    assert (entry.evidence, entry.uncounted) == (("o0", "o1"), (("o2", "surplus"),))
    assert (entry.unit, entry.done, entry.status) == ("items", 2, "met")


def test_some_are_still_to_come():
    entry = measured(OTHER, "2023-02-01", other=other({}, {}))
    assert (entry.done, entry.remaining, entry.status) == (1, 1, "in-progress")


def test_only_the_selected_items_are_looked_at():
    rule = {**OTHER, "where": {"kind": "observation", "by": "kim"}, "unit": "observations"}
    items = other(
        {"kind": "observation", "by": "kim"}, {"kind": "talk", "by": "kim"}, {"kind": "observation"}
    )
    entry = measured(rule, "2023-06-30", other=items)
    assert (entry.evidence, entry.uncounted, entry.unit) == (("o0",), (), "observations")


def test_a_sum_ends_with_the_item_that_reaches_it():
    rule = {"measure": "count", "evidence": "meetings", "of": "cases", "count": 5}
    held = [
        {**meeting, "cases": cases}
        for meeting, cases in zip(
            meetings(["2023-02-01", "2023-02-02", "2023-02-03"]), (2, 4, 1), strict=True
        )
    ]
    entry = measured(rule, "2023-06-30", meetings=held)
    assert (entry.done, entry.remaining, entry.uncounted) == (6, 0, (("m2", "surplus"),))


def test_what_is_not_known_adds_nothing():
    entry = measured({**OTHER, "of": "minutes"}, "2023-06-30", other=other({}, {"minutes": 1}))
    assert (entry.done, entry.evidence) == (1, ("o0", "o1"))


def test_different_values_are_counted():
    rule = {**OTHER, "distinct": "by"}
    items = other({"by": "kim"}, {}, {"by": "kim"}, {"by": "flo"}, {"by": "eve"})
    entry = measured(rule, "2023-06-30", other=items)
    assert (entry.done, entry.evidence) == (2, ("o0", "o1", "o2", "o3"))
    assert entry.uncounted == (("o4", "surplus"),)


def test_what_is_too_short_or_not_completed_says_so():
    short = measured({**OTHER, "min_minutes": 45}, "2023-06-30", other=other({"minutes": 44}))
    assert short.uncounted == (("o0", "too-short"),)
    held = [intensive("i1", "2023-02-01", completed=False), intensive("i2", "2023-03-01")]
    rule = {**OTHER, "evidence": "intensives", "min_minutes": 45}
    entry = measured(rule, "2023-06-30", intensives=held)
    assert (entry.evidence, entry.uncounted) == (("i2",), (("i1", "not-completed"),))


@pytest.mark.parametrize(("field", "value"), [("completed", True), ("organiser", "abs")])
def test_selection_knows_the_fields_of_its_list(field, value):
    rule = {**OTHER, "evidence": "intensives", "where": {field: value}}
    held = [
        intensive("i1", "2023-02-01", organiser="abs"),
        intensive("i2", "2023-02-01", completed=False),
    ]
    assert measured(rule, "2023-06-30", intensives=held).evidence == ("i1",)


def test_none_can_be_asked():
    entry = measured(
        {**OTHER, "adjustable": ["count"]},
        "2023-06-30",
        other=other({}),
        exceptions=[exception(set={"count": 0})],
    )
    assert (entry.status, entry.required, entry.uncounted) == ("met", 0, (("o0", "surplus"),))


WAYS = {
    "measure": "any-of",
    "options": [
        {"measure": "count", "evidence": "other", "count": 4, "unit": "talks"},
        {"measure": "per-year", "evidence": "supervision", "per_year": 2, "years": 1},
        {"measure": "cadence", "evidence": "debriefings", "months": 2},
    ],
}


def test_the_best_way_is_the_one_that_is_complete():
    entry = measured(
        WAYS,
        "2023-06-30",
        other=other({}, {}, {}),
        supervision=sessions(["2023-02-01", "2023-03-01"]),
    )
    assert (entry.status, entry.unit, entry.detail["option"]) == ("met", "sessions", 1)
    assert entry.detail["years"][0]["sessions"] == 2


def test_or_else_the_one_of_which_the_least_share_remains():
    entry = measured(
        WAYS, "2023-06-30", other=other({}, {}, {}), supervision=sessions(["2023-02-01"])
    )
    assert (entry.detail, entry.remaining) == ({"option": 0}, 1)


def test_or_else_the_first():
    entry = measured(WAYS, "2023-06-30", other=other({}, {}), supervision=sessions(["2023-02-01"]))
    assert (entry.detail, entry.unit) == ({"option": 0}, "talks")


def test_what_the_committee_accepts_reaches_the_ways():
    entry = measured(
        WAYS,
        "2023-06-30",
        groups=[group("g1", leader("ann"))],
        exceptions=[exception(accept=[{"code": "no-co-leader"}])],
    )
    assert (entry.status, entry.detail["option"]) == ("not-applicable", 2)


def test_a_way_that_asks_for_nothing_is_complete():
    rule = {"measure": "any-of", "options": [{**OTHER, "count": 0}]}
    assert measured(rule, "2023-06-30").status == "met"
