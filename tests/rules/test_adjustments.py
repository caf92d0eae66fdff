"""Credits for prior experience, and exceptions."""

import pytest

from credentialing.rules import assess, read_portfolio
from tests.rules.building import (
    COUNT,
    credit,
    day,
    debriefings,
    exception,
    portfolio,
    procedure,
    requirement,
)

NEEDS = {
    "months_at_least": 24,
    "per_month_at_least": 2,
    "formal_training": True,
    "laboratory_months_at_least": 3,
    "credentialed_leader": True,
    "attested": True,
}
FACTS = {
    "start": "2020-02-29",
    "end": "2022-02-27",
    "per_month": 2,
    "formal_training": True,
    "laboratory_months": 3.0,
    "leader_credentialed": True,
    "attested": "2023-01-01",
}
PER_YEAR = {"measure": "per-year", "evidence": "supervision", "per_year": 6, "years": 2}
IN_LIEU = {"requirement": "it", "evidence": "debriefings"}


def claim(**said):
    return {"id": "c1", "credit": "a-credit", "granted": "2023-01-01", **said}


def standing(said, *, as_of="2023-06-30", measure=COUNT, **credited):
    credited = credited or {"needs": NEEDS, "sets": {"requirement": "it", "count": 0}}
    under = procedure(requirement(**measure), with_credits=(credit(**credited),))
    assessment = assess(under, read_portfolio(portfolio(claims=[said])), day(as_of))
    return assessment.claims[0]


def test_facts_that_reach_what_the_text_needs_support_the_claim():
    granted = standing(claim(facts=FACTS))
    assert (granted.state, granted.shortfalls) == ("granted", ())


@pytest.mark.parametrize(
    ("facts", "shortfall"),
    [
        ({"end": "2022-02-26"}, "too-short"),
        ({"start": None}, "too-short"),
        ({"per_month": 1.9}, "too-seldom"),
        ({"per_month": None}, "too-seldom"),
        ({"formal_training": False}, "no-formal-training"),
        ({"formal_training": None}, "no-formal-training"),
        ({"laboratory_months": 2}, "laboratory-too-short"),
        ({"laboratory_months": None}, "laboratory-too-short"),
        ({"leader_credentialed": False}, "leader-not-credentialed"),
        ({"attested": None}, "not-attested"),
        ({"attested": "2023-07-01"}, "not-attested"),
    ],
)
def test_each_shortfall(facts, shortfall):
    said = standing(claim(facts={**FACTS, **facts}))
    assert (said.state, said.shortfalls) == ("unsupported", (shortfall,))


def test_without_facts_all_falls_short_in_the_order_of_the_needs():
    assert standing(claim()).shortfalls == (
        "too-short",
        "too-seldom",
        "no-formal-training",
        "laboratory-too-short",
        "leader-not-credentialed",
        "not-attested",
    )


@pytest.mark.parametrize(
    ("end", "supported"), [("2022-02-27", False), ("2022-02-28", True), ("2022-03-01", True)]
)
def test_more_than_two_years_are_not_two_years(end, supported):
    needs = {"needs": {"months_more_than": 24}, "sets": {"requirement": "it", "count": 0}}
    said = standing(claim(facts={"start": "2020-02-29", "end": end}), **needs)
    assert (said.shortfalls == ()) is supported


@pytest.mark.parametrize("end", [None, "2030-01-01"])
def test_an_experience_that_goes_on_is_measured_up_to_the_day(end):
    needs = {"needs": {"months_at_least": 24}, "sets": {"requirement": "it", "count": 0}}
    facts = {"start": "2021-07-01", "end": end}
    assert standing(claim(facts=facts), as_of="2023-06-29", **needs).shortfalls == ("too-short",)
    assert standing(claim(facts=facts), as_of="2023-06-30", **needs).shortfalls == ()


@pytest.mark.parametrize("need", ["months_at_least", "months_more_than"])
def test_what_would_outlast_the_calendar_is_too_short(need):
    needs = {"needs": {need: 10**6}, "sets": {"requirement": "it", "count": 0}}
    assert standing(claim(facts=FACTS), **needs).shortfalls == ("too-short",)
    assert standing(claim(), **needs).shortfalls == ("too-short",)


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ({"credit": "another"}, "not-applicable"),
        ({"revoked": "2023-06-30"}, "revoked"),
        ({"revoked": "2023-07-01"}, "granted"),
        ({"granted": None, "refused": "2023-06-30"}, "refused"),
        ({"granted": None, "refused": "2023-07-01"}, "pending"),
        ({"granted": None}, "pending"),
        ({"granted": "2023-07-01"}, "pending"),
        ({"granted": "2023-06-30"}, "granted"),
    ],
)
def test_where_a_claim_stands(said, state):
    assert standing(claim(facts=FACTS, **said)).state == state


def test_shortfalls_are_told_before_the_committee_decides():
    assert standing(claim(granted=None)).shortfalls != ()
    assert standing(claim(credit="another")).shortfalls == ()


@pytest.mark.parametrize(
    ("said", "shortfalls"),
    [
        ({"facts": {"leader": "bob"}, "in_lieu_per_year": 6}, ()),
        ({"facts": {"leader": "bob"}, "in_lieu_per_year": 7}, ("no-amount",)),
        ({"facts": {"leader": "bob"}, "in_lieu_per_year": 0}, ("no-amount",)),
        ({"facts": {"leader": "bob"}}, ("no-amount",)),
        ({"facts": {"leader": "bob"}, "granted": None}, ()),
        ({"in_lieu_per_year": 6}, ("no-leader",)),
    ],
)
def test_a_credit_in_lieu_needs_a_leader_and_once_granted_an_amount(said, shortfalls):
    assert standing(claim(**said), measure=PER_YEAR, in_lieu=IN_LIEU).shortfalls == shortfalls


def entry(*, claims=(), exceptions=(), credits_=(), measure=COUNT, as_of="2023-06-30", **said):
    under = procedure(requirement(**measure), with_credits=tuple(credits_))
    data = portfolio(claims=list(claims), exceptions=list(exceptions), **said)
    return assess(under, read_portfolio(data), day(as_of)).requirement("it")


def test_two_credits_that_set_the_same_number_set_it_once():
    to_one = {"sets": {"requirement": "it", "count": 1}}
    found = entry(
        measure={**COUNT, "count": 2},
        credits_=(credit("a", **to_one), credit("b", **to_one)),
        claims=(claim(id="c1", credit="a"), claim(id="c2", credit="b")),
    )
    assert (found.required, found.adjusted_by) == (1, ("c1", "c2"))


def test_the_last_one_granted_wins_and_exceptions_win_over_credits():
    credits_ = [
        credit(f"to-{count}", sets={"requirement": "it", "count": count}) for count in (3, 4)
    ]
    claims = [
        claim(id="later", credit="to-3", granted="2023-02-01"),
        claim(id="sooner", credit="to-4", granted="2023-01-01"),
    ]
    adjustable = {**COUNT, "adjustable": ["count"]}
    assert entry(measure=adjustable, credits_=credits_, claims=claims).required == 3
    rulings = [
        exception(id="x1", granted="2022-02-01", set={"count": 6}),
        exception(id="x2", granted="2022-01-01", set={"count": 5}),
    ]
    found = entry(measure=adjustable, credits_=credits_, claims=claims, exceptions=rulings)
    assert (found.required, found.adjusted_by) == (6, ("later", "sooner", "x1", "x2"))


def test_a_claim_that_is_not_granted_changes_nothing():
    to_none = credit(sets={"requirement": "it", "count": 0})
    found = entry(credits_=(to_none,), claims=(claim(granted=None),))
    assert (found.required, found.adjusted_by) == (1, ())


def test_what_concerns_another_requirement_changes_nothing():
    under = procedure(
        requirement("one", **COUNT, adjustable=["count"]),
        requirement("it", **PER_YEAR),
        with_credits=(
            credit(sets={"requirement": "one", "count": 0}),
            credit("b", in_lieu=IN_LIEU),
        ),
    )
    data = portfolio(
        claims=[claim(), claim(id="c2", credit="b", in_lieu_per_year=1, facts={"leader": "bob"})],
        exceptions=[exception("one", set={"count": 2})],
        debriefings=debriefings(["2023-02-01"]),
    )
    assessment = assess(under, read_portfolio(data), day("2023-06-30"))
    assert [each.adjusted_by for each in assessment.requirements] == [("c1", "x1"), ("c2",)]
    assert [each.done for each in assessment.requirements] == [0, 1]


def test_one_credit_may_set_and_let_serve():
    both = credit(in_lieu=IN_LIEU, sets={"requirement": "it", "years": 1})
    found = entry(
        measure=PER_YEAR,
        credits_=(both,),
        claims=(claim(in_lieu_per_year=1, facts={"leader": "bob"}),),
        debriefings=debriefings(["2023-02-01"]),
    )
    assert (found.required, found.done, found.adjusted_by) == (6, 1, ("c1",))


@pytest.mark.parametrize(
    ("said", "state", "why"),
    [
        ({"waive": True}, "in-force", None),
        ({"waive": True, "requirement": "another"}, "not-applicable", "no-such-requirement"),
        ({"waive": True, "revoked": "2023-06-30"}, "revoked", None),
        ({"waive": True, "revoked": "2023-07-01"}, "in-force", None),
        ({"waive": True, "granted": "2023-07-01"}, "not-yet", None),
        ({"waive": True, "requirement": "kept"}, "refused", "not-waivable"),
        ({"accept": [{"code": "pairing"}], "requirement": "kept"}, "in-force", None),
        (
            {"accept": [{"code": "pairing"}, {"code": "assessment-not-presented"}]},
            "refused",
            "not-acceptable",
        ),
        ({"set": {"count": 3}}, "in-force", None),
        ({"set": {"count": 3, "min_minutes": 30}}, "refused", "not-adjustable"),
        ({"set": {"of_another_procedure": "x"}}, "refused", "not-adjustable"),
        ({"count": ["o1"]}, "in-force", None),
    ],
)
def test_where_an_exception_stands(said, state, why):
    under = procedure(
        requirement(**COUNT, adjustable=["count"]), requirement("kept", **COUNT, may_waive=False)
    )
    data = portfolio(exceptions=[exception(**said)], other=[{"id": "o1", "date": "2023-01-01"}])
    found = assess(under, read_portfolio(data), day("2023-06-30")).exceptions[0]
    assert (found.state, found.why) == (state, why)


def test_a_waived_requirement_is_measured_all_the_same():
    found = entry(
        measure={"measure": "covered"}, exceptions=[exception(waive=True)], memberships=[]
    )
    assert (found.status, found.decision_due, len(found.issues)) == ("waived", False, 1)


def test_a_refused_exception_changes_nothing():
    found = entry(exceptions=[exception(set={"count": 0})])
    assert (found.required, found.adjusted_by) == (1, ())
