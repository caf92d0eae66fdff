"""Accounts: an address is confirmed by a code, and then belongs to one person."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applicants import access
from applicants.access import Can
from credentialing.people.models import Person, User
from credentialing.people.operations import end_role, follow_account, give_role
from credentialing.records.models import AuditEntry, Letter
from tests.factories import PASSWORD, ApplicationFactory, PersonFactory, person, supervision

pytestmark = pytest.mark.django_db
LOGIN = reverse("account_login")


@pytest.fixture(autouse=True)
def nobody_is_throttled():
    cache.clear()


def sign_up(email, name="Ann Example"):
    client = Client()
    client.post(reverse("account_signup"), {"name": name, "email": email, "password1": PASSWORD})
    return client


def confirm(client):
    code = re.search(r"\b[A-Z0-9]{3,4}-?[A-Z0-9]{3,4}\b", mail.outbox[-1].body).group()
    return client.post(reverse("account_email_verification_sent"), {"code": code})


def test_signing_up_joins_the_person_who_is_known_by_that_address():
    known = PersonFactory(name="Ann Example, MD", email="ann@example.org")

    client = sign_up("Ann@Example.org")
    before = User.objects.get().person
    confirm(client)

    assert before is None
    assert User.objects.get().person == known
    assert Person.objects.count() == 1


def test_signing_up_with_a_new_address_makes_a_person():
    client = sign_up("new@example.org", name="  New Person ")
    confirm(client)

    made = Person.objects.get()
    assert (made.name, made.email, made.user.email) == (
        "New Person",
        "new@example.org",
        "new@example.org",
    )
    assert client.get("/").status_code == 200


def test_a_wrong_code_joins_nobody():
    PersonFactory(email="ann@example.org")
    client = sign_up("ann@example.org")

    client.post(reverse("account_email_verification_sent"), {"code": "WRONG-CODE"})

    assert User.objects.get().person is None


def test_joining_shows_what_the_record_already_gives():
    case = ApplicationFactory()
    sue = PersonFactory(email="sue@example.org")
    supervision(case.applicant, sue, timezone.localdate())

    client = sign_up("sue@example.org")
    confirm(client)

    assert access.may(sue, Can.FOLLOW, case, day=timezone.localdate())
    assert client.get(reverse("supervised", args=[case.reference])).status_code == 200


def test_a_role_that_ended_is_gone_at_the_next_request():
    chair, office = person("chair"), person("administrator")
    client = Client()
    client.force_login(chair.user)
    before = client.get(reverse("queue")).status_code

    yesterday = timezone.localdate() - timezone.timedelta(days=1)
    end_role(chair.roles.get(), on=yesterday, by=office)

    assert (before, client.get(reverse("queue")).status_code) == (200, 404)


def test_a_role_that_begins_tomorrow_gives_nothing_today():
    somebody, office = person(), person("administrator")
    tomorrow = timezone.localdate() + timezone.timedelta(days=1)
    give_role(somebody, "chair", start=tomorrow, end=None, by=office)
    client = Client()
    client.force_login(somebody.user)

    assert client.get(reverse("queue")).status_code == 404


def test_an_address_that_has_an_account_is_not_given_away():
    person(email="ann@example.org")

    answers = [
        Client().post(
            reverse("account_signup"), {"name": "X", "email": email, "password1": PASSWORD}
        )
        for email in ("ann@example.org", "nobody@example.org")
    ]

    assert [(answer.status_code, answer.url) for answer in answers] == [
        (302, reverse("account_email_verification_sent"))
    ] * 2


def changes_to(client, email):
    """Ask for another address, after saying the password again; the page that came of it."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client.post(reverse("account_email"), {"email": email, "action_add": ""})


def test_another_address_takes_the_place_of_the_old_one_once_it_is_confirmed():
    ann = person(email="ann@example.org")
    client = Client()
    client.force_login(ann.user)

    without_the_password = client.post(
        reverse("account_email"), {"email": "new@example.org", "action_add": ""}
    )
    changes_to(client, "new@example.org")
    ann.refresh_from_db()
    before = (ann.email, mail.outbox[-1].to)
    confirm(client)

    ann.refresh_from_db()
    ann.user.refresh_from_db()
    assert without_the_password.url.startswith(reverse("account_reauthenticate"))
    assert before == ("ann@example.org", ["new@example.org"])
    assert (ann.email, ann.user.email) == ("new@example.org", "new@example.org")
    told = Letter.objects.get(kind="sign-in-changed")
    assert (told.address, "another e-mail address" in told.text) == ("ann@example.org", True)
    assert AuditEntry.objects.filter(act="account.address", record=f"person {ann.pk}").exists()
    assert Client().post(LOGIN, {"login": "new@example.org", "password": PASSWORD}).url == "/"


def test_a_wrong_code_changes_no_address():
    ann = person(email="ann@example.org")
    client = Client()
    client.force_login(ann.user)

    changes_to(client, "new@example.org")
    client.post(reverse("account_email_verification_sent"), {"code": "WRONG-CODE"})

    ann.refresh_from_db()
    assert (ann.email, ann.user.email) == ("ann@example.org", "ann@example.org")


def test_the_address_of_another_record_is_not_taken():
    PersonFactory(name="Another Ann", email="known@example.org")
    ann = person(email="ann@example.org")
    client = Client()
    client.force_login(ann.user)

    answer = changes_to(client, "Known@example.org")
    sent = len(mail.outbox)
    follow_account(ann, "known@example.org")  # as if the record had come in the meantime

    ann.refresh_from_db()
    assert "ask the office" in answer.content.decode()
    assert (sent, ann.email) == (0, "ann@example.org")


def test_a_changed_password_is_told_to_its_owner():
    ann, new = person(email="ann@example.org"), "another long pass phrase"
    client = Client()
    client.force_login(ann.user)

    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    told = Letter.objects.get(kind="sign-in-changed")
    assert (told.to, told.address) == (ann, "ann@example.org")
    assert "password of your account was changed" in told.text
