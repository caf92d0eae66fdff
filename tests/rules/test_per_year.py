"""Sessions in twelve-month windows."""

from credentialing.rules import assess, read_portfolio
from tests.rules.building import (
    credit,
    day,
    days,
    debriefings,
    exception,
    measured,
    portfolio,
    procedure,
    requirement,
    sessions,
)

SUPERVISION = {
    "measure": "per-year",
    "evidence": "supervision",
    "since": "submitted",
    "per_year": 3,
    "years": 2,
}
TOTAL = {**SUPERVISION, "spread": "total"}
IN_LIEU = {"requirement": "it", "evidence": "debriefings", "since": "submitted"}


def years(entry):
    return [(year["start"], year["sessions"], year["in_lieu"]) for year in entry.detail["years"]]


def issues(entry):
    return [tuple(issue) for issue in entry.issues]


def with_credit(rule, as_of, claims, **said):
    """The entry of the requirement under a procedure with debriefing in lieu."""
    under = procedure(requirement(**rule), with_credits=(credit(in_lieu=IN_LIEU),))
    claims = [
        {"id": f"c{place}", "credit": "a-credit", "granted": "2023-01-01", **claim}
        for place, claim in enumerate(claims)
    ]
    return assess(under, read_portfolio(portfolio(claims=claims, **said)), day(as_of)).requirement(
        "it"
    )


def test_two_full_years_complete_it():
    held = sessions(days("2023-01-10", every=120, count=7))
    entry = measured(SUPERVISION, "2025-06-30", supervision=held)
    assert years(entry) == [("2023-01-10", 4, 0), ("2024-01-10", 3, 0)]
    assert (entry.status, entry.done, entry.remaining) == ("met", 6, 0)
    assert entry.uncounted == (("s3", "surplus"),)


def test_a_session_after_completion_is_surplus():
    held = sessions([*days("2023-01-10", every=125, count=6), "2025-02-01"])
    entry = measured(SUPERVISION, "2025-06-30", supervision=held)
    assert (entry.status, entry.uncounted) == ("met", (("s6", "surplus"),))


def test_the_anchor_is_the_day_that_leaves_the_least():
    held = sessions(["2023-01-10", "2023-12-01", "2024-01-20", "2024-02-20"])
    entry = measured(SUPERVISION, "2024-03-31", supervision=held)
    assert years(entry) == [("2023-12-01", 3, 0)]
    assert (entry.remaining, entry.uncounted) == (3, (("s0", "before-supervision"),))


def test_of_two_such_days_it_is_the_earlier():
    held = sessions(["2023-01-10", "2023-02-10"])
    assert years(measured(SUPERVISION, "2023-03-31", supervision=held)) == [("2023-01-10", 2, 0)]


def test_the_day_on_which_the_supervisor_accepted_wins():
    held = sessions(["2023-01-10", "2023-03-01"])
    entry = measured(SUPERVISION, "2023-03-31", supervision=held, supervision_began="2023-02-01")
    assert years(entry) == [("2023-02-01", 1, 0)]
    assert entry.uncounted == (("s0", "before-supervision"),)


def test_it_has_to_have_come_and_to_be_about_supervision():
    held = sessions(["2023-01-10"])
    later = measured(SUPERVISION, "2023-03-31", supervision=held, supervision_began="2023-04-01")
    assert years(later) == [("2023-01-10", 1, 0)]
    other = [{"id": "o1", "date": "2023-01-10"}]
    rule = {**SUPERVISION, "evidence": "other"}
    entry = measured(rule, "2023-03-31", other=other, supervision_began="2023-02-01")
    assert years(entry) == [("2023-01-10", 1, 0)]


def test_there_are_no_years_before_the_application_is_submitted():
    entry = measured(
        SUPERVISION,
        "2022-12-31",
        supervision=sessions(["2022-12-01"]),
        supervision_began="2022-11-01",
    )
    assert (entry.status, years(entry), entry.uncounted) == ("not-started", [], ())


def test_a_year_that_fell_short_is_a_question_and_its_sessions_do_not_count():
    held = sessions(["2023-01-10", "2023-05-10", "2024-01-11"])
    began = {"supervision_began": "2023-01-10"}
    entry = measured(SUPERVISION, "2024-02-28", supervision=held, **began)
    assert issues(entry) == [("short-year", "2023-01-10/2024-01-09: 2 of 3")]
    assert (entry.remaining, entry.detail["if_accepted"]) == (5, 2)
    assert entry.uncounted == (("s0", "short-year"), ("s1", "short-year"))


def test_an_accepted_short_year_is_full():
    held = sessions(["2023-01-10", "2023-05-10", "2024-01-11"])
    accepted = exception(accept=[{"code": "short-year", "detail": "2023-01-10/2024-01-09: 2 of 3"}])
    entry = measured(
        SUPERVISION,
        "2024-02-28",
        supervision=held,
        supervision_began="2023-01-10",
        exceptions=[accepted],
    )
    assert (entry.remaining, issues(entry), entry.evidence) == (2, [], ("s0", "s1", "s2"))
    assert "if_accepted" not in entry.detail


def test_acceptance_of_another_year_does_not_help():
    accepted = exception(accept=[{"code": "short-year", "detail": "2022-01-10/2023-01-09: 2 of 3"}])
    entry = measured(
        SUPERVISION,
        "2024-02-28",
        supervision=sessions(["2023-01-10"]),
        supervision_began="2023-01-10",
        exceptions=[accepted],
    )
    assert issues(entry) == [("short-year", "2023-01-10/2024-01-09: 1 of 3")]


def test_two_short_years_of_which_one_is_accepted():
    accepted = exception(accept=[{"code": "short-year", "detail": "2023-01-10/2024-01-09: 0 of 3"}])
    entry = measured(
        SUPERVISION,
        "2025-02-28",
        supervision_began="2023-01-10",
        exceptions=[accepted],
    )
    assert issues(entry) == [("short-year", "2024-01-10/2025-01-09: 0 of 3")]
    assert (entry.remaining, entry.detail["if_accepted"]) == (3, 0)
    assert entry.status == "in-progress"


def test_once_all_is_complete_the_short_years_are_notes():
    held = sessions([*days("2024-01-10", every=125, count=6)])
    entry = measured(SUPERVISION, "2026-06-30", supervision=held, supervision_began="2023-01-10")
    assert (entry.status, issues(entry)) == ("met", [])
    assert [tuple(each) for each in entry.advisories] == [
        ("short-year", "2023-01-10/2024-01-09: 0 of 3")
    ]


def test_a_wish_raises_no_question_about_its_years():
    rule = {**SUPERVISION, "strength": "ideal"}
    entry = measured(rule, "2024-02-28", supervision_began="2023-01-10")
    assert (issues(entry), entry.remaining, "if_accepted" in entry.detail) == ([], 6, False)


def test_a_year_is_over_the_day_after_its_last():
    began = {"supervision_began": "2023-01-10"}
    assert issues(measured(SUPERVISION, "2024-01-09", **began)) == []
    assert issues(measured(SUPERVISION, "2024-01-10", **began)) != []


def test_in_all_the_years_do_not_matter():
    held = sessions(["2023-01-10", *days("2024-06-10", every=10, count=6)])
    entry = measured(TOTAL, "2024-12-31", supervision=held)
    assert years(entry) == [("2023-01-10", 1, 0), ("2024-01-10", 6, 0)]
    assert (entry.status, entry.done, issues(entry)) == ("met", 6, [])
    assert entry.uncounted == (("s6", "surplus"),)


def test_sessions_that_do_not_count_say_why():
    held = [
        {"id": "off", "date": "2023-02-01", "supervisor": "sue", "state": "cancelled"},
        {"id": "missed", "date": "2023-02-02", "supervisor": "sue", "state": "no-show"},
        {"id": "open", "date": "2023-02-03", "supervisor": "sue", "state": "held"},
        *sessions(["2023-02-04"], id="late", confirmed="2023-09-01"),
        *sessions(["2023-02-05"], id="kim", supervisor="kim"),
        {"id": "planned", "date": "2023-02-06", "supervisor": "sue", "state": "planned"},
        *sessions(["2023-12-01"], id="to-come"),
    ]
    entry = measured(SUPERVISION, "2023-03-01", supervision=held)
    assert entry.uncounted == (
        ("off", "cancelled"),
        ("missed", "no-show"),
        ("open", "unconfirmed"),
        ("late", "unconfirmed"),
        ("kim", "supervisor-not-approved"),
    )


def test_a_supervisor_whose_approval_ended_later_still_counts():
    terms = [{"start": "2019-01-01", "end": "2023-01-31"}, {"start": "2024-01-01"}]
    entry = measured(
        SUPERVISION,
        "2024-03-01",
        supervision=sessions(["2023-01-31", "2023-02-01"]),
        supervisors=[
            {"person": "sue", "approved": terms[:1]},
            {"person": "sue", "approved": terms[1:]},
        ],
    )
    assert entry.uncounted[-1] == ("s1", "supervisor-not-approved")


def test_the_committee_can_count_what_does_not_count_by_itself_even_a_planned_session():
    held = [
        {"id": "planned", "date": "2023-02-06", "supervisor": "sue", "state": "planned"},
        {"id": "kim", "date": "2023-02-07", "supervisor": "kim", "state": "no-show"},
    ]
    entry = measured(
        SUPERVISION,
        "2023-03-01",
        supervision=held,
        exceptions=[exception(count=["planned", "kim"])],
    )
    assert (entry.evidence, entry.done) == (("planned", "kim"), 2)


def test_debriefings_serve_up_to_what_was_granted_and_to_a_full_year():
    claim = {"in_lieu_per_year": 2, "facts": {"leader": "bob"}}
    held = debriefings(days("2023-01-10", every=30, count=5))
    alone = with_credit(SUPERVISION, "2023-06-30", [claim], debriefings=held)
    assert (years(alone), alone.detail["in_lieu"]) == ([("2023-01-10", 0, 2)], ["d0", "d1"])
    assert (alone.remaining, alone.evidence, alone.status) == (4, (), "in-progress")
    beside = with_credit(
        SUPERVISION,
        "2023-06-30",
        [claim],
        debriefings=held,
        supervision=sessions(["2023-02-01", "2023-03-01"]),
    )
    assert years(beside) == [("2023-01-10", 2, 1)]
    assert (beside.adjusted_by, beside.remaining) == (("c0",), 3)


def test_two_claims_share_the_debriefings_in_the_order_of_their_grants():
    claims = [
        {"in_lieu_per_year": 1, "granted": "2023-01-20", "facts": {"leader": "bob"}},
        {"in_lieu_per_year": 1, "granted": "2023-01-10", "facts": {"leader": "kim"}},
    ]
    held = [
        *debriefings(["2023-01-10"], **{"with": ["bob", "kim"]}),
        {"id": "both", "group": "g1", "date": "2023-02-10", "with": ["bob", "kim"]},
        {"id": "bob", "group": "g1", "date": "2023-02-05", "with": ["bob"]},
    ]
    entry = with_credit(SUPERVISION, "2023-06-30", claims, debriefings=held)
    assert entry.detail["in_lieu"] == ["d0", "bob"]


def test_a_grant_alone_counts_for_nothing():
    claim = {"in_lieu_per_year": 3, "facts": {"leader": "bob"}}
    entry = with_credit(SUPERVISION, "2023-06-30", [claim])
    assert (entry.status, entry.detail) == ("not-started", {"years": [], "in_lieu": []})


def test_debriefings_of_a_year_that_fell_short_do_not_serve():
    claim = {"in_lieu_per_year": 1, "facts": {"leader": "bob"}}
    entry = with_credit(
        SUPERVISION,
        "2024-02-28",
        [claim],
        debriefings=debriefings(["2023-01-10", "2024-01-20"]),
        supervision_began="2023-01-10",
    )
    assert issues(entry) == [("short-year", "2023-01-10/2024-01-09: 1 of 3")]
    assert entry.detail["in_lieu"] == ["d1"]


def test_in_all_a_year_caps_only_what_serves():
    claim = {"in_lieu_per_year": 3, "facts": {"leader": "bob"}}
    entry = with_credit(
        TOTAL,
        "2023-06-30",
        [claim],
        debriefings=debriefings(days("2023-01-10", every=10, count=4)),
        supervision=sessions(["2023-02-01"]),
    )
    assert (years(entry), entry.remaining) == ([("2023-01-10", 1, 2)], 3)


def test_nothing_can_be_asked():
    rule = {**SUPERVISION, "adjustable": ["per_year", "years"]}
    held = {"supervision": sessions(["2023-02-01"])}
    no_years = measured(rule, "2023-03-31", exceptions=[exception(set={"years": 0})], **held)
    assert (no_years.status, no_years.uncounted) == ("met", (("s0", "surplus"),))
    none_a_year = measured(rule, "2023-03-31", exceptions=[exception(set={"per_year": 0})], **held)
    assert (none_a_year.status, none_a_year.uncounted) == ("met", (("s0", "surplus"),))


def test_days_with_two_sessions_are_noted():
    entry = measured(SUPERVISION, "2023-03-31", supervision=sessions(["2023-02-01"] * 2))
    assert [tuple(each) for each in entry.advisories] == [("same-day", "1")]
