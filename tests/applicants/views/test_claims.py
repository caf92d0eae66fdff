import pytest
from django.urls import reverse
from django.utils import timezone

from applicants import operations
from applicants.models import Attestation, Claim
from credentialing.records.models import Letter
from tests.factories import ApplicationFactory, person

pytestmark = pytest.mark.django_db

MEMBER = {"start": "2010-01-01", "end": "2012-12-31", "per_month": "2"}
LED = {"start": "2010-01-01", "end": "2012-12-31", "leader_credentialed": "yes"}


@pytest.fixture
def case(client):
    """A running case whose applicant is signed in."""
    made = ApplicationFactory()
    client.force_login(made.applicant.user)
    return made


def body(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def url(credit="balint-group-member"):
    return reverse("claim-credit", args=[credit])


def test_the_credits_of_the_procedure_are_shown_with_their_clauses(client, case):
    page = body(client.get(reverse("claims")))

    assert "Credit given for prior experiences, 1 (first route)" in page
    assert page.count("Claim this credit") == 3


def test_a_claim_is_checked_against_the_text_before_it_is_made(client, case):
    short = body(client.post(url(), {**MEMBER, "end": "2010-06-30", "action": "check"}))
    long = body(client.post(url(), {**MEMBER, "action": "check"}))

    assert "it did not last long enough" in short
    assert "it supports this claim" in long
    assert not Claim.objects.exists()


def test_a_claim_is_made_shown_and_withdrawn(client, case):
    client.post(url(), MEMBER)
    claim = Claim.objects.get()
    assert claim.facts == {"start": "2010-01-01", "end": "2012-12-31", "per_month": 2.0}
    assert "Waits for the Committee" in body(client.get(reverse("claims")))

    client.post(reverse("withdraw-claim", args=[claim.pk]))
    claim.refresh_from_db()
    assert claim.withdrawn_at


def test_a_refused_claim_shows_the_reason_and_can_be_made_again(client, case):
    client.post(url(), MEMBER)
    operations.refuse(
        Claim.objects.get(),
        reason="Not a Balint group.",
        met_on=None,
        took_part=[],
        by=person("chair"),
        at=timezone.now(),
    )

    page = body(client.get(reverse("claims")))

    assert "Not a Balint group." in page
    assert "Claim again" in page
    assert client.post(url(), MEMBER).status_code == 302


def test_the_credentialed_leader_is_asked_through_a_link(client, case):
    lee = person(name="Lee Leader")

    found = body(client.get(url("co-leading"), {"q": "lee"}))
    assert f"?person={lee.pk}" in found
    client.post(f"{url('co-leading')}?person={lee.pk}", LED)
    claim = Claim.objects.get()
    client.post(reverse("ask-leader", args=[claim.pk]))

    asked = Attestation.objects.get()
    letter = Letter.objects.get(kind="attestation-asked")
    assert (asked.attestor, letter.to) == (lee, lee)
    assert letter.link_is_secret
    token = letter.link.strip("/").rpartition("/")[2]
    assert operations.attestation_behind(operations.token_digest(token)) == asked
    assert "1 January 2010 to 31 December 2012" in body(client.get(reverse("claims")))


def test_a_new_link_ends_the_old_one(client, case):
    lee = person()
    client.post(f"{url('co-leading')}?person={lee.pk}", LED)
    claim = Claim.objects.get()

    for _each in range(2):
        client.post(reverse("ask-leader", args=[claim.pk]))

    first, second = Attestation.objects.order_by("pk")
    assert first.void_at
    assert not second.void_at
    assert Letter.objects.filter(kind="attestation-asked").count() == 2


def test_a_leader_who_is_not_on_record_is_entered_with_the_claim(client, case):
    missing = body(client.post(url("co-leading"), LED))
    assert 'class="errors"' in missing

    client.post(
        url("co-leading"), {**LED, "leader-name": "Lee Leader", "leader-email": "lee@example.org"}
    )

    assert Claim.objects.get().leader.email == "lee@example.org"


@pytest.mark.parametrize(
    "odd",
    [
        {"start": "0000-00-00"},
        {"start": "2013-01-01"},
        {"per_month": "NaN"},
        {"per_month": "1e400"},
        {"per_month": "-1"},
        {"per_month": "9" * 500},
        {"end": "x" * 10_000},
    ],
)
def test_facts_that_make_no_sense_are_said_at_their_field(client, case, odd):
    page = body(client.post(url(), MEMBER | odd))

    assert 'class="errors"' in page
    assert not Claim.objects.exists()


def test_somebody_elses_claims_do_not_exist(client, case):
    client.post(url(), MEMBER)
    claim = Claim.objects.get()
    client.force_login(ApplicationFactory().applicant.user)

    for name in ("withdraw-claim", "ask-leader"):
        body(client.post(reverse(name, args=[claim.pk])), status=404)
    body(client.get(url("no-such-credit")), status=404)
    claim.refresh_from_db()
    assert claim.withdrawn_at is None


def test_a_question_to_somebody_is_taken_back_by_its_applicant_alone(client, case):
    client.post(f"{url('co-leading')}?person={person().pk}", LED)
    client.post(reverse("ask-leader", args=[Claim.objects.get().pk]))
    asked = Attestation.objects.get()
    withdrawal = reverse("withdraw-attestation", args=[asked.pk])

    client.force_login(ApplicationFactory().applicant.user)
    body(client.post(withdrawal), status=404)
    client.force_login(case.applicant.user)
    client.post(withdrawal)

    asked.refresh_from_db()
    assert asked.void_at
