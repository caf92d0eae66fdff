"""Cases worked out by hand from the procedure, as files that anybody at the Society can read.

A list of evidence may be written short: days alone, or `first`, `every_days` and `times` beside
what all of them have in common.
"""

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from credentialing.rules import assess, load_procedure, read_portfolio, words

CASES = sorted((Path(__file__).parent / "cases").glob("*.toml"))


def written_out(name, said, common):
    """The items of a list that is written short."""
    if isinstance(said, dict):
        own = dict(said)
        first, every, times = (own.pop(key) for key in ("first", "every_days", "times"))
        common = {**common, **own}
        said = [first + timedelta(every * place) for place in range(times)]
    return [
        each if isinstance(each, dict) else {"id": f"{name}-{place}", "date": each, **common}
        for place, each in enumerate(said, start=1)
    ]


def portfolio_of(case):
    """The portfolio, where meetings are of the first group and sessions held and confirmed."""
    said = case["portfolio"]
    group = said["groups"][0]["id"] if "groups" in said else None
    common = {
        "meetings": {"group": group},
        "debriefings": {"group": group},
        "supervision": {"supervisor": "sue", "state": "held", "confirmed": case["as_of"]},
    }
    lists = {name: written_out(name, said[name], common[name]) for name in common if name in said}
    return read_portfolio({**said, **lists})


def told(entry, assessment):
    """What a case may expect of a requirement, said as the case says it."""
    return {
        "status": entry.status,
        "required": entry.required,
        "done": entry.done,
        "remaining": entry.remaining,
        "issues": [" ".join(issue).strip() for issue in entry.issues],
        "advisories": [" ".join(each).strip() for each in entry.advisories],
        "uncounted": [why for _, why in entry.uncounted],
        "adjusted_by": list(entry.adjusted_by),
        "in_lieu": entry.detail.get("in_lieu"),
        "if_accepted": entry.detail.get("if_accepted"),
    }


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_worked_out_by_hand(path):
    case = tomllib.loads(path.read_text("utf-8"))
    procedure = load_procedure(case.get("procedure", "abs-2007"))
    assessment = assess(procedure, portfolio_of(case), case["as_of"])
    expected = case["expected"]
    found = {
        "ready_for_review": assessment.ready_for_review,
        "summary": words.summary(assessment.as_data(), procedure),
        "claims": [f"{claim.id} {claim.state}" for claim in assessment.claims],
        **{entry.id: told(entry, assessment) for entry in assessment.requirements},
    }
    for name, wanted in expected.items():
        if isinstance(wanted, dict):
            assert {key: found[name][key] for key in wanted} == wanted, name
        else:
            assert found[name] == wanted, name
