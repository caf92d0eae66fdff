"""The assessment as a whole."""

import json

from credentialing.rules import assess, read_portfolio
from credentialing.rules.facts import Portfolio
from tests.rules.building import COUNT, day, exception, portfolio, procedure, requirement

TALK = [{"id": "o1", "date": "2023-03-01"}]


def assessed(as_of, *requirements, **said):
    under = procedure(*(requirements or (requirement(**COUNT),)))
    return assess(under, read_portfolio(portfolio(**said)), day(as_of))


def test_ready_when_accepted_and_all_that_must_be_is_settled():
    assert assessed("2023-03-01", other=TALK).ready_for_review
    assert not assessed("2023-02-28", other=TALK).ready_for_review


def test_not_ready_before_the_application_is_accepted():
    application = {"submitted": "2023-01-01", "accepted": "2023-04-01"}
    assert not assessed("2023-03-31", other=TALK, application=application).ready_for_review
    assert assessed("2023-04-01", other=TALK, application=application).ready_for_review
    assert not assessed("2023-04-01", other=TALK, application=None).ready_for_review


def test_waived_is_settled_and_an_ideal_is_not_asked_for():
    assert assessed("2023-03-01", exceptions=[exception(waive=True)]).ready_for_review
    wish = requirement(**COUNT, strength="ideal")
    assert assessed("2023-03-01", wish).ready_for_review


def test_after_the_decision_nothing_changes():
    decided = {"submitted": "2023-01-01", "accepted": "2023-01-01", "decided": "2023-02-01"}
    assessment = assessed("2023-06-30", other=TALK, application=decided)
    assert assessment.as_of == day("2023-02-01")
    assert assessment.requirement("it").done == 0
    earlier = assessed("2023-01-15", application=decided)
    assert earlier.as_of == day("2023-01-15")


def test_issues_are_sorted_by_code_then_detail():
    gaps = [{"start": "2023-02-01", "end": "2023-02-28"}]
    entry = assessed("2023-03-31", requirement(measure="covered"), memberships=gaps).requirement(
        "it"
    )
    details = [issue.detail for issue in entry.issues]
    assert details == ["2023-01-01/2023-01-31 (31 days)", "2023-03-01/2023-03-31 (31 days)"]


def test_plain_data_has_the_whole_of_it_in_order():
    claims = [{"id": "c1", "credit": "unheard-of"}]
    assessment = assessed(
        "2023-03-01", other=TALK, claims=claims, exceptions=[exception(waive=True)]
    )
    assert json.loads(assessment.as_json()) == assessment.as_data()
    assert assessment.as_data() == {
        "applicant": "ann",
        "procedure": "trial",
        "as_of": "2023-03-01",
        "ready_for_review": True,
        "requirements": [
            {
                "id": "it",
                "clause": "Clause 1",
                "status": "waived",
                "decision_due": False,
                "unit": "items",
                "required": 1,
                "done": 1,
                "remaining": 0,
                "evidence": ["o1"],
                "uncounted": [],
                "issues": [],
                "advisories": [],
                "adjusted_by": ["x1"],
                "detail": {},
            }
        ],
        "claims": [
            {"id": "c1", "credit": "unheard-of", "state": "not-applicable", "shortfalls": []}
        ],
        "exceptions": [{"id": "x1", "requirement": "it", "state": "in-force", "why": None}],
    }


def test_json_is_one_line_or_indented():
    assessment = assessed("2023-03-01", other=TALK)
    assert "\n" not in assessment.as_json()
    assert assessment.as_json(indent=1).startswith('{\n "applicant": "ann",\n')


def test_the_last_day_of_the_calendar_is_a_day_like_any_other():
    assert assess(procedure(requirement(**COUNT)), Portfolio(applicant="ann"), day("9999-12-31"))
