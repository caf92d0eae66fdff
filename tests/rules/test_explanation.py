"""A procedure in plain English."""

import pytest

from credentialing.rules import explanation, load_procedure, procedures
from credentialing.rules.credits import NEEDS
from credentialing.rules.measures import PARAMETERS
from tests.rules.building import procedure, requirement


def explained(measure, **said):
    under = procedure(requirement(**measure, **said))
    return " ".join(explanation.requirement(under.requirements[0]))


@pytest.mark.parametrize("name", sorted(procedures()))
def test_every_shipped_procedure_has_its_words(name):
    under = load_procedure(name)

    said = [explanation.requirement(each) for each in under.requirements]
    said += [explanation.credit(each, under) for each in under.credits]

    assert all(said)
    assert not [line for lines in said for line in lines if "{" in line or "None" in line]


def test_the_words_hold_the_numbers_of_the_text():
    under = load_procedure("abs-2007")

    assert explanation.requirement(under.requirement("supervision"))[0] == (
        "Six supervision sessions in each of two years of twelve months."
    )
    assert explanation.requirement(under.requirement("debriefing"))[:2] == [
        "24 months with debriefings, from the first one on.",
        "Ideally two a month of 30 minutes or more; up to four months may have fewer.",
    ]
    needs, changes = explanation.credit(under.credit("balint-group-member"), under)
    assert needs == (
        "The text needs that it lasted 24 months or longer and it took place 2 times a month or "
        "more often."
    )
    assert changes == "Once it is granted, the number is 1 for intensives as a participant."
    assert explanation.credit(under.credit("co-leading"), under)[-1] == (
        "Once it is granted, debriefings with that co-leader serve in lieu of supervision, up to "
        "six a year, as the grant says."
    )
    assert explanation.council(under.council) == [
        "More than half of the members who have not recused themselves must vote.",
        "More than half of those who vote yes or no must vote yes.",
        "Afterwards the votes are shown by name.",
    ]


def test_every_measure_and_parameter_has_its_words():
    per_year = {"measure": "per-year", "evidence": "supervision", "per_year": 6, "years": 2}
    count = {"measure": "count", "evidence": "other"}

    assert "12 supervision" not in explained({**per_year, "spread": "total"})
    assert "Twelve supervision sessions in all, in two years." in explained(
        {**per_year, "spread": "total", "min_minutes": 40}
    )
    assert "Each lasts 40 minutes or more." in explained({**per_year, "min_minutes": 40})
    assert "One item (visit)." in explained({**count, "count": 1, "where": {"kind": "visit"}})
    assert "Items with five minutes in all." in explained({**count, "count": 5, "of": "minutes"})
    assert "Items with two different values of by." in explained(
        {**count, "count": 2, "distinct": "by"}
    )
    assert "Gaps of up to 9 days" in explained({"measure": "covered", "grace_days": 9})
    assert "The Committee rules on it." in explained({"measure": "ruling"}, strength="ideal")
    assert "never held against you" in explained({"measure": "ruling"}, strength="ideal")
    ways = {"measure": "any-of", "options": [{**count, "count": 1}, {**count, "count": 2}]}
    assert "One of these ways: One item." in explained(ways)
    steady = explained({"measure": "cadence", "evidence": "meetings", "months": 6})
    assert "break" not in steady
    assert set(explanation.NEEDS) == set(NEEDS)
    assert set(explanation.PARAMETERS) >= set(PARAMETERS) - {"since", "setting"}


def test_a_credit_without_needs_and_a_share_that_is_not_half():
    credit = {
        "id": "more",
        "clause": "Clause 2",
        "text": "Credited.",
        "sets": {"requirement": "it", "grace_days": 5},
    }
    council = {"quorum": 0.6, "threshold": 0.5, "publish": "counts"}

    under = procedure(requirement(measure="covered"), with_credits=(credit,), council=council)

    assert explanation.credit(under.credits[0], under) == [
        "Once it is granted, how long a gap may be is 5 for it."
    ]
    assert "More than 60% of the members" in explanation.council(under.council)[0]
    assert explanation.council(under.council)[2] == "Afterwards only the counts are shown."
