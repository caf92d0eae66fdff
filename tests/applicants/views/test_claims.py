import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from applicants import operations
from applicants.models import Attestation, Claim
from credentialing.records.links import token_digest
from credentialing.records.models import Letter
from tests.factories import PDF, ApplicationFactory, person

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

    assert "It did not last long enough." in short
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
    ruled(Claim.objects.get())

    page = body(client.get(reverse("claims")))

    assert "Not a Balint group." in page
    assert "Claim again" in page
    assert client.post(url(), MEMBER).status_code == 302


def ruled(claim, reason="Not a Balint group."):
    operations.refuse(
        claim, reason=reason, met_on=None, took_part=[], by=person("chair"), at=timezone.now()
    )


def test_while_one_types_the_page_says_whether_the_text_supports_it(client, case):
    typing = {"headers": {"HX-Request": "true"}}

    half = body(client.post(url(), {"start": "2010-01-01", "per_month": "2"}, **typing))
    seldom = body(client.post(url(), MEMBER | {"per_month": "1"}, **typing))
    wrong = body(client.post(url(), MEMBER | {"start": "0000-00-00"}, **typing))

    assert "it supports this claim" in half  # it still goes on
    assert "It did not meet often enough." in seldom
    assert "It did not last long enough." in wrong
    assert "<html" not in half
    assert not Claim.objects.exists()


def test_earlier_claims_stay_readable_and_the_next_begins_with_what_they_said(client, case):
    client.post(url(), MEMBER | {"per_month": "1"})
    ruled(Claim.objects.get())
    client.post(url(), MEMBER)
    client.post(reverse("withdraw-claim", args=[Claim.objects.latest("pk").pk]))

    form = body(client.get(url()))
    page = body(client.get(reverse("claims")))

    assert 'value="2012-12-31"' in form
    assert "Not a Balint group." in page
    assert "Under: Credit given for prior experiences, 1 (first route)" in page
    assert "You took it back on" in page
    assert "Claim again" in page


def test_who_applies_again_finds_the_facts_of_the_earlier_case_in_the_form(client, case):
    client.post(url("process-group-training"), {"formal_training": "yes", "laboratory_months": "4"})
    operations.withdraw(case, by=case.applicant, at=timezone.now())
    operations.start_application(case.applicant, at=timezone.now())

    form = body(client.get(url("process-group-training")))

    assert 'value="4' in form
    assert re.search(r'value="yes"[^>]*checked', form)


def test_a_document_belongs_to_its_claim(client, case, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client.post(url(), MEMBER)
    paper = SimpleUploadedFile("letter.pdf", PDF)

    client.post(
        reverse("claim-document", args=[Claim.objects.get().pk]),
        {"kind": "letter", "title": "Of the group's leader", "file": paper},
    )
    own = body(client.get(reverse("claims")))
    client.force_login(person("chair").user)
    read = body(client.get(reverse("case-documents", args=[case.reference])))

    assert "Of the group&#x27;s leader" in own
    assert "Balint group member" in read


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
    assert operations.attestation_behind(token_digest(token)) == asked
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

    for name in ("withdraw-claim", "ask-leader", "claim-document"):
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
