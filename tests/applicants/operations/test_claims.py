import pytest
from django.http import Http404
from django.utils import timezone

from applicants import operations
from applicants.queries import facts
from credentialing.records.models import Letter
from credentialing.records.refusals import Refused
from tests.applicants import cases
from tests.factories import person

pytestmark = pytest.mark.django_db

LONG = {"start": "2010-01-01", "end": "2014-06-30", "per_month": 2}


def now():
    return timezone.now()


@pytest.fixture
def case():
    return cases.accepted()


def claim(application, credit="balint-group-member", said=LONG, leader=None):
    return operations.claim_credit(
        application,
        credit=credit,
        facts=said,
        leader=leader,
        by=application.applicant,
        at=now(),
    )


def ruled(act, on, chair, **more):
    said = {"reason": "Well shown.", "met_on": None, "took_part": [chair]}
    return act(on, **(said | more), by=chair, at=now())


def grant(on, chair, **more):
    return ruled(operations.grant, on, chair, **({"in_lieu_per_year": None} | more))


def test_a_granted_claim_reaches_the_portfolio(case):
    application, chair = case

    made = grant(claim(application), chair)

    entry = facts([application])[application.applicant_id]["claims"][0]
    assert (entry["granted"], entry["reason"]) == (timezone.localdate(), "Well shown.")
    assert made.took_part == [chair.pk]
    assert Letter.objects.filter(kind="ruling", to=application.applicant).exists()


def test_a_claim_that_the_text_does_not_support_is_not_granted(case):
    application, chair = case
    short = claim(application, said=LONG | {"end": "2010-06-30"})

    with pytest.raises(Refused, match="did not last long enough"):
        grant(short, chair)

    assert not short.rulings.exists()


def test_what_was_refused_is_claimed_again_and_what_was_granted_is_not(case):
    application, chair = case
    ruled(operations.refuse, claim(application), chair)
    again = claim(application)
    grant(again, chair)

    with pytest.raises(Refused, match="granted already"):
        claim(application)

    assert application.claims.count() == 2


def test_a_claim_waits_for_its_ruling_before_another(case):
    application, _chair = case
    claim(application)

    with pytest.raises(Refused, match="yet to rule"):
        claim(application)


def test_nobody_rules_without_being_chair_on_the_case(case):
    application, _chair = case
    made = claim(application)

    for somebody in (application.applicant, person("committee"), person("administrator")):
        with pytest.raises(Http404):
            grant(made, somebody)

    assert not made.rulings.exists()


def test_a_grant_is_taken_back_once_with_a_reason(case):
    application, chair = case
    ruling = grant(claim(application), chair)

    operations.revoke(ruling, reason="An error.", by=chair, at=now())
    with pytest.raises(Refused, match="already"):
        operations.revoke(ruling, reason="An error.", by=chair, at=now())

    entry = facts([application])[application.applicant_id]["claims"][0]
    assert entry["revoked"] == timezone.localdate()


def exception(application, chair, kind, requirement, terms):
    return operations.rule(
        application,
        kind=kind,
        requirement=requirement,
        terms=terms,
        reason="Exceptional.",
        met_on=None,
        took_part=[],
        by=chair,
        at=now(),
    )


@pytest.mark.parametrize(
    ("kind", "requirement", "terms"),
    [
        ("accept", "leading", {"accept": [{"code": "below-ideal", "detail": None}]}),
        ("set", "leading", {"set": {"months": 18}}),
        ("count", "supervision", {"count": ["s1"]}),
        ("waive", "supervision", {"waive": True}),
        ("equivalence", "", {"requirements": ["leading", "supervision"]}),
    ],
)
def test_what_the_procedure_allows_is_ruled(case, kind, requirement, terms):
    application, chair = case

    ruling = exception(application, chair, kind, requirement, terms)

    assert (ruling.kind, ruling.requirement, ruling.terms) == (kind, requirement, terms)


@pytest.mark.parametrize(
    ("kind", "requirement", "terms", "why"),
    [
        ("waive", "intensive-candidate", {"waive": True}, "waived"),
        ("waive", "no-such", {"waive": True}, "no such requirement"),
        ("set", "leading", {"set": {"at_least_per_month": 0}}, "adjusted"),
        ("set", "leading", {"set": {"months": "many"}}, "not a whole number"),
        (
            "accept",
            "intensive-candidate",
            {"accept": [{"code": "assessment-not-presented", "detail": None}]},
            "presented",
        ),
        ("accept", "leading", {"accept": [{"code": "weather"}]}, "not one of"),
        ("accept", "leading", {"waive": True}, "one thing"),
        ("equivalence", "", {"requirements": ["intensive-candidate"]}, "No training"),
        ("equivalence", "", {"requirements": []}, "Name the requirements"),
    ],
)
def test_what_the_procedure_does_not_allow_is_refused_in_words(case, kind, requirement, terms, why):
    application, chair = case

    with pytest.raises(Refused, match=why):
        exception(application, chair, kind, requirement, terms)

    assert not application.rulings.exists()


def test_a_grant_of_debriefing_in_lieu_says_how_many(case):
    application, chair = case
    leader = person(name="Lee")
    made = claim(
        application,
        "co-leading",
        {"start": "2010-01-01", "end": "2014-06-30", "leader_credentialed": True},
        leader,
    )
    asked = operations.ask_credentialed_leader(made, by=application.applicant, at=now())
    operations.answer_attestation(
        asked, given=True, name="Lee", role="", reason="", by_link=True, at=now()
    )
    made.refresh_from_db()

    with pytest.raises(Refused, match="how many"):
        grant(made, chair, in_lieu_per_year=7)

    assert grant(made, chair, in_lieu_per_year=6).in_lieu_per_year == 6
