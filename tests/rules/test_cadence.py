"""How many months an activity went on, and how regularly."""

from tests.rules.building import (
    days,
    debriefings,
    exception,
    group,
    leader,
    measured,
    meetings,
    sessions,
)

LEADING = {"measure": "cadence", "evidence": "meetings", "since": "submitted", "months": 6}
REVIEWS = {**LEADING, "evidence": "debriefings"}


def issues(entry):
    return [tuple(issue) for issue in entry.issues]


def advisories(entry):
    return [tuple(advisory) for advisory in entry.advisories]


def counts(entry):
    return [window["count"] for window in entry.detail["windows"]]


def test_a_month_is_done_on_its_last_day():
    held = meetings(["2023-01-10", "2023-02-10"])
    assert measured(LEADING, "2023-03-08", meetings=held).done == 1
    assert measured(LEADING, "2023-03-09", meetings=held).done == 2


def test_months_without_a_meeting_afterwards_are_not_done_yet():
    entry = measured(LEADING, "2023-06-30", meetings=meetings(["2023-01-10", "2023-02-10"]))
    assert (entry.done, entry.remaining, entry.status) == (2, 4, "in-progress")
    assert counts(entry) == [1, 1, 0, 0, 0, 0]


def test_a_meeting_now_makes_the_empty_months_before_it_part_of_the_way():
    entry = measured(LEADING, "2023-06-30", meetings=meetings(["2023-01-10", "2023-06-20"]))
    assert entry.done == 5
    assert issues(entry) == [("below-ideal", "4 of 5 months")]


def test_what_comes_after_the_completing_month_is_surplus():
    entry = measured(
        LEADING, "2023-12-31", meetings=meetings(days("2023-01-10", every=28, count=9))
    )
    assert (entry.done, entry.status) == (6, "met")
    assert entry.evidence == ("m0", "m1", "m2", "m3", "m4", "m5", "m6")
    assert entry.uncounted == (("m7", "surplus"), ("m8", "surplus"))
    assert entry.detail["windows"][-1] == {"start": "2023-06-10", "end": "2023-07-09", "count": 1}


def test_nothing_is_looked_at_before_the_application_is_submitted():
    entry = measured(LEADING, "2022-12-31", meetings=meetings(["2022-12-01"]))
    assert (entry.status, entry.uncounted, entry.detail) == ("not-started", (), {"windows": []})


def test_a_meeting_before_the_application_does_not_count():
    entry = measured(LEADING, "2023-03-31", meetings=meetings(["2022-12-31", "2023-01-01"]))
    assert entry.uncounted == (("m0", "before-application"),)


def test_with_since_any_it_does():
    entry = measured({**LEADING, "since": "any"}, "2023-03-31", meetings=meetings(["2022-12-31"]))
    assert entry.evidence == ("m0",)


def test_a_meeting_known_to_be_too_short_does_not_count_and_one_of_unknown_length_does():
    held = [
        *meetings(["2023-01-10"], minutes=59),
        {"id": "m1", "group": "g1", "date": "2023-01-11", "minutes": 60},
        {"id": "m2", "group": "g1", "date": "2023-01-12"},
    ]
    entry = measured({**LEADING, "min_minutes": 60}, "2023-01-31", meetings=held)
    assert (entry.evidence, entry.uncounted) == (("m1", "m2"), (("m0", "too-short"),))


def test_a_break_that_is_too_long_is_left_out_and_put_before_the_committee():
    held = meetings(["2023-01-10", "2023-06-10", "2023-07-10"])
    entry = measured(
        {**LEADING, "longest_break": 3, "ideal_per_month": 0}, "2023-08-09", meetings=held
    )
    assert issues(entry) == [("interrupted", "2023-02-10/2023-06-09 (4 months)")]
    assert (entry.done, entry.remaining) == (3, 3)


def test_a_break_of_the_longest_length_is_none():
    held = meetings(["2023-01-10", "2023-05-10", "2023-06-10"])
    entry = measured(
        {**LEADING, "longest_break": 3, "ideal_per_month": 0}, "2023-07-09", meetings=held
    )
    assert (issues(entry), entry.status) == ([], "met")


def test_a_break_after_completion_is_not_asked_about():
    held = meetings([*days("2023-01-10", every=28, count=7), "2024-06-01"])
    entry = measured({**LEADING, "longest_break": 3}, "2024-12-31", meetings=held)
    assert (entry.status, issues(entry), entry.uncounted) == ("met", [], (("m7", "surplus"),))


def test_an_accepted_break_stays_left_out():
    held = meetings(["2023-01-10", "2023-06-10", "2023-07-10"])
    accepted = exception(accept=[{"code": "interrupted"}])
    entry = measured(
        {**LEADING, "longest_break": 3, "ideal_per_month": 0},
        "2023-08-09",
        meetings=held,
        exceptions=[accepted],
    )
    assert (entry.done, issues(entry), entry.adjusted_by) == (3, [], ("x1",))
    assert advisories(entry) == [("interrupted", "2023-02-10/2023-06-09 (4 months)")]


def test_months_with_fewer_than_the_least_number_are_left_out():
    held = meetings(["2023-01-10", "2023-01-20", "2023-02-12", "2023-03-12", "2023-03-20"])
    entry = measured({**LEADING, "at_least_per_month": 2}, "2023-04-30", meetings=held)
    assert entry.uncounted == (("m2", "below-minimum"),)
    assert (entry.done, counts(entry)) == (2, [2, 1, 2, 0])


def test_the_current_month_is_not_judged_yet():
    entry = measured(
        {**LEADING, "at_least_per_month": 2}, "2023-01-31", meetings=meetings(["2023-01-10"])
    )
    assert (entry.evidence, entry.uncounted, entry.done) == (("m0",), (), 0)


def test_some_months_may_fall_short_of_the_ideal():
    ideal = {**LEADING, "ideal_per_month": 2, "short_months_allowed": 1}
    held = ["2023-01-10", "2023-01-20", "2023-02-12", "2023-03-12"]
    allowed = measured(ideal, "2023-03-09", meetings=meetings(held))
    asked = measured(ideal, "2023-04-09", meetings=meetings(held))
    assert (issues(allowed), issues(asked)) == ([], [("below-ideal", "2 of 3 months")])
    assert (asked.status, asked.decision_due) == ("in-progress", True)


def test_shorter_reviews_count_but_not_toward_the_ideal():
    held = debriefings(["2023-01-10", "2023-02-10"], minutes=29)
    entry = measured({**REVIEWS, "ideal_minutes": 30}, "2023-03-09", debriefings=held)
    assert entry.evidence == ("d0", "d1")
    assert issues(entry) == [("below-ideal", "2 of 2 months")]
    assert advisories(entry) == [("shorter-than-ideal", "2")]


def test_days_with_more_than_one_entry_are_noted():
    held = meetings(["2023-01-10", "2023-01-10", "2023-01-10", "2023-01-11"])
    assert advisories(measured(LEADING, "2023-01-31", meetings=held)) == [("same-day", "1")]


def test_reviews_need_another_leader_of_the_group_on_that_day():
    by_turns = group(
        "g1", leader("ann"), leader("bob", end="2023-01-31"), leader("kim", start="2023-02-01")
    )
    held = [
        *debriefings(["2023-01-31", "2023-02-01"]),
        {"id": "alone", "group": "g1", "date": "2023-01-10", "with": ["ann"]},
    ]
    entry = measured(REVIEWS, "2023-02-28", debriefings=held, groups=[by_turns])
    assert entry.evidence == ("d0",)
    assert entry.uncounted == (("d1", "not-with-co-leader"), ("alone", "not-with-co-leader"))


def test_who_leads_alone_has_nobody_to_review_with():
    alone = [group("g1", leader("ann"))]
    asked = measured(REVIEWS, "2023-02-28", groups=alone)
    assert (asked.status, asked.decision_due, asked.remaining) == ("needs-decision", True, 6)
    accepted = measured(
        REVIEWS,
        "2023-02-28",
        groups=alone,
        exceptions=[exception(accept=[{"code": "no-co-leader"}])],
    )
    assert (accepted.status, accepted.decision_due) == ("not-applicable", False)
    wished = measured({**REVIEWS, "strength": "ideal"}, "2023-02-28", groups=alone)
    assert (wished.status, advisories(wished)) == ("not-applicable", [("no-co-leader", "")])


def test_one_group_with_a_co_leader_is_enough_and_no_group_is_no_question():
    both = [group("g1"), group("g2", leader("ann"))]
    assert measured(REVIEWS, "2023-02-28", groups=both).status == "not-started"
    assert measured(REVIEWS, "2023-02-28", groups=[]).status == "not-started"


def test_the_question_ends_with_completion():
    held = debriefings(days("2023-01-10", every=25, count=9))
    gone = [group("g1", leader("ann"), leader("bob", end="2023-09-01"))]
    entry = measured(REVIEWS, "2023-12-31", debriefings=held, groups=gone)
    assert (entry.status, issues(entry)) == ("met", [])


def test_no_months_at_all_can_be_asked():
    entry = measured(
        {**LEADING, "adjustable": ["months"]},
        "2023-03-31",
        meetings=meetings(["2023-01-10"]),
        exceptions=[exception(set={"months": 0})],
    )
    assert (entry.status, entry.uncounted, counts(entry)) == ("met", (("m0", "surplus"),), [])


def test_any_list_can_have_a_cadence():
    rule = {**LEADING, "evidence": "supervision"}
    entry = measured(rule, "2023-02-28", supervision=sessions(["2023-01-10"]))
    assert (entry.done, entry.evidence) == (1, ("s0",))
