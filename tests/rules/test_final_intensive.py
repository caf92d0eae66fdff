"""The credentialing intensive."""

import pytest

from tests.rules.building import (
    candidacy,
    exception,
    group,
    intensive,
    leader,
    measured,
    requirement,
    sessions,
)

FINAL = {"measure": "final-intensive", "since": "submitted", "participant": "parts"}
PARTS = requirement(
    "parts",
    measure="count",
    evidence="intensives",
    where={"role": "participant"},
    count=2,
    adjustable=["count"],
)
BEFORE = [intensive("p1", "2022-02-01"), intensive("p2", "2023-02-01")]


def final(*candidacies, as_of="2024-12-31", rule=FINAL, before=BEFORE, **said):
    return measured(rule, as_of, others=(PARTS,), intensives=[*before, *candidacies], **said)


def issues(entry):
    return [tuple(issue) for issue in entry.issues]


def test_an_intensive_at_which_all_was_as_it_should_be():
    entry = final(candidacy("c", "2024-05-01"))
    assert (entry.status, entry.done, entry.evidence) == ("met", 1, ("c",))
    assert (entry.issues, entry.advisories, entry.uncounted) == ((), (), ())


def test_none_yet():
    entry = final()
    assert (entry.status, entry.done, entry.remaining) == ("not-started", 0, 1)


def test_it_has_to_be_completed_and_after_the_application():
    entry = final(candidacy("c1", "2022-12-01"), candidacy("c2", "2024-05-01", completed=False))
    assert entry.uncounted == (("c1", "before-application"), ("c2", "not-completed"))


@pytest.mark.parametrize(
    ("said", "issue"),
    [
        ({"co_led_with": ["fay", "fay"]}, ("co-leading-incomplete", "1")),
        ({"co_led_with": []}, ("co-leading-incomplete", "0")),
        ({"evaluator": None}, ("evaluator-missing", "")),
        ({"evaluator": "fay"}, ("evaluator-is-faculty", "fay")),
        ({"met_on": None}, ("no-meeting", "")),
        ({"met_on": "2025-01-01"}, ("no-meeting", "")),
        ({"assessment": None}, ("assessment-not-presented", "candidate, committee")),
        (
            {"assessment": {"to_candidate": "2024-06-01", "to_committee": "2025-01-01"}},
            ("assessment-not-presented", "committee"),
        ),
        (
            {"assessment": {"to_committee": "2024-06-01"}},
            ("assessment-not-presented", "candidate"),
        ),
    ],
)
def test_each_question_about_it(said, issue):
    entry = final(candidacy("c", "2024-05-01", **said))
    assert issues(entry) == [issue]
    assert (entry.status, entry.decision_due) == ("needs-decision", True)


def test_it_comes_after_those_as_a_participant():
    on_the_last_day = final(candidacy("c", "2023-02-04"))
    assert issues(on_the_last_day) == [("before-participation", "1 of 2")]
    assert issues(final(candidacy("c", "2023-02-05"))) == []


def test_as_many_as_are_needed_after_credits_and_exceptions():
    early = candidacy("c", "2023-01-15")
    one = exception("parts", set={"count": 1})
    waived = exception("parts", waive=True)
    assert issues(final(early, exceptions=[one])) == []
    assert issues(final(early, before=[], exceptions=[one])) == [("before-participation", "0 of 1")]
    assert issues(final(early, before=[], exceptions=[waived])) == []


def test_faculty_may_not_have_supervised_or_co_led():
    groups = [group("g1", leader("ann"), leader("flo"))]
    held = sessions(["2024-05-04", "2024-05-05"], confirmed=None, supervisor="fay")
    entry = final(candidacy("c", "2024-05-01"), groups=groups, supervision=held)
    assert issues(entry) == [
        ("faculty-conflict", "fay: supervisor"),
        ("faculty-conflict", "flo: co-leader"),
    ]


def test_what_comes_after_the_intensive_or_was_not_held_is_no_conflict():
    later = group("g1", leader("ann"), leader("flo", start="2024-05-05"))
    apart = group("g2", leader("ann", start="2022-01-01"), leader("flo", end="2021-12-31"))
    entry = final(
        candidacy("c", "2024-05-01"),
        groups=[later, apart],
        supervision=[
            *sessions(["2024-05-05"], supervisor="fay"),
            *sessions(["2024-02-01"], id="off", supervisor="fay", state="cancelled"),
        ],
    )
    assert issues(entry) == []


def test_a_relation_of_the_evaluator_is_noted():
    entry = final(
        candidacy("c", "2024-05-01"), supervision=sessions(["2024-02-01"], supervisor="eve")
    )
    assert entry.status == "met"
    assert [tuple(each) for each in entry.advisories] == [("evaluator-relation", "eve: supervisor")]


def test_the_one_with_the_fewest_questions_stands():
    entry = final(
        candidacy("c1", "2024-03-01"),
        candidacy("c2", "2024-05-01", met_on=None),
    )
    assert (entry.evidence, entry.uncounted) == (("c1",), (("c2", "superseded"),))


def test_accepted_questions_do_not_weigh():
    entry = final(
        candidacy("c1", "2024-03-01"),
        candidacy("c2", "2024-05-01", met_on=None),
        exceptions=[exception(accept=[{"code": "no-meeting"}])],
    )
    assert (entry.evidence, entry.status) == (("c2",), "met")


def test_of_equals_the_latest_stands_and_then_the_last():
    entry = final(
        candidacy("c1", "2024-05-01"), candidacy("c2", "2024-05-01"), candidacy("c3", "2024-03-01")
    )
    assert entry.evidence == ("c2",)
    assert entry.uncounted == (("c1", "superseded"), ("c3", "superseded"))
