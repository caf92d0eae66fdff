from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from applicants import operations
from applicants.models import Attestation
from credentialing.people.models import Person, Relation
from credentialing.records.links import token_digest
from credentialing.records.models import Letter
from credentialing.records.refusals import Refused
from tests.factories import person

pytestmark = pytest.mark.django_db


def now():
    return timezone.now()


def asked(applicant, attestor, at=None, address=""):
    return operations.new_attestation(
        kind="co-leading",
        applicant=applicant,
        attestor=attestor,
        address=address,
        text="We led together.",
        digest="0" * 64,
        by=applicant,
        at=at or now(),
    )


def answered(attestation, **said):
    said = {"given": True, "name": "Lee", "role": "leader", "reason": "", "by_link": True} | said
    return operations.answer_attestation(attestation, **said, at=now())


def test_a_link_is_known_by_its_digest_alone():
    attestation, token = asked(person(), person())

    assert operations.attestation_behind(token_digest(token)) == attestation
    assert token not in str(vars(attestation))
    assert operations.attestation_behind(token) is None


def test_an_answer_is_given_once_and_makes_a_relation():
    ann, lee = person(), person()
    attestation, token = asked(ann, lee)

    answer = answered(attestation)
    with pytest.raises(Refused, match="no longer works"):
        answered(attestation, given=False, reason="Not so.")

    assert (answer.text, answer.digest) == ("We led together.", "0" * 64)
    assert operations.attestation_behind(token_digest(token)) is None
    assert Relation.objects.get().kind == "attested"
    assert Letter.objects.get().kind == "attestation-given"


def test_every_dead_link_is_refused_alike():
    ann, lee = person(), person()
    old, _token = asked(ann, lee, at=now() - timedelta(days=31))
    void, _token = asked(ann, lee)
    operations.withdraw_attestation(void, by=ann, at=now())
    used, _token = asked(ann, lee)
    answered(used)

    said = set()
    for dead in (old, void, used):
        with pytest.raises(Refused) as refused:
            answered(dead)
        said.add(refused.value.message)

    assert len(said) == 1


def test_a_decline_has_a_reason_and_makes_no_relation():
    attestation, _token = asked(person(), person())

    with pytest.raises(Refused) as refused:
        answered(attestation, given=False)
    assert refused.value.field == "reason"

    assert answered(attestation, given=False, reason="I was not there.").given is False
    assert not Relation.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "ann.example@gmail.com",
        "annexample@gmail.com",
        "a.n.n.example+lee@googlemail.com",
        "ＡｎｎExample@gmail.com",
        "second@example.org",
        "second+lee@example.org",
    ],
)
def test_no_disguise_of_the_applicants_own_address_attests(address):
    ann = person(email="ann.example@gmail.com")
    EmailAddress.objects.create(user=ann.user, email="second@example.org", verified=True)
    lee = Person.objects.create(name="Lee")

    with pytest.raises(Refused, match="address of your own"):
        asked(ann, lee, address=address)

    assert not Attestation.objects.exists()


def test_no_second_account_of_the_applicant_attests():
    ann = person(name="Ann Example")
    second = person(name="A. Example")  # reached at an address of Ann's, too
    EmailAddress.objects.create(user=second.user, email=ann.email.replace("@", "+2@"))
    same_name = person(name="ann  EXAMPLE")
    merged = person(name="A. E.")
    merged.merged_into = ann
    merged.save()

    for other, why in (
        (second, "address of your own"),
        (merged, "address of your own"),
        (same_name, "your own name"),
    ):
        with pytest.raises(Refused, match=why):
            asked(ann, other)

    assert not Attestation.objects.exists()


def test_nobodys_mailbox_is_filled():
    ann, lee = person(), person()
    for _letter in range(10):
        asked(ann, lee)

    with pytest.raises(Refused, match="Ask again tomorrow"):
        asked(ann, lee)
    asked(person(), lee)
    asked(ann, lee, at=now() + timedelta(days=2))

    assert Attestation.objects.count() == 12


def test_an_answered_question_is_not_taken_back():
    ann, lee = person(), person()
    attestation, _token = asked(ann, lee)
    answered(attestation)

    with pytest.raises(Refused, match="answered already"):
        operations.withdraw_attestation(attestation, by=ann, at=now())
