"""Signing in: guessing is slowed and nobody is locked out; a code recovers, and signs nobody in."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from credentialing import accounts
from tests.factories import PASSWORD, person

pytestmark = pytest.mark.django_db
LOGIN = reverse("account_login")


@pytest.fixture(autouse=True)
def nobody_is_throttled():
    cache.clear()


def tries(email, password="wrong wrong wrong", client=None, network="203.0.113.1"):
    client = client or Client()
    return client.post(LOGIN, {"login": email, "password": password}, REMOTE_ADDR=network)


def test_strangers_who_guess_are_stopped_and_the_owner_is_not(monkeypatch):
    monkeypatch.setattr(accounts, "TO_AN_ACCOUNT", "3/10m/key")
    ann = person()
    browser = Client()
    tries(ann.email, PASSWORD, browser)
    del browser.cookies["sessionid"]

    guesses = [tries(ann.email, network=f"203.0.113.{number}") for number in range(4)]
    stranger = tries(ann.email, PASSWORD, network="203.0.113.99")
    owner = tries(ann.email.upper(), PASSWORD, browser)

    assert "Too many tries" not in guesses[2].content.decode()
    assert "Too many tries" in guesses[3].content.decode()
    assert "Too many tries" in stranger.content.decode()
    assert (owner.status_code, owner.url) == (302, "/")


def test_a_network_that_tries_many_accounts_is_stopped(monkeypatch):
    monkeypatch.setattr(accounts, "A_NETWORK", "3/10m/ip")
    ann = person()

    for number in range(3):
        tries(f"nobody{number}@example.org", network="198.51.100.7")

    assert "Too many" in tries(ann.email, PASSWORD, network="198.51.100.7").content.decode()
    assert tries(ann.email, PASSWORD, network="198.51.100.8").status_code == 302


def test_a_right_password_costs_no_try_and_a_known_browser_knows_one_account(monkeypatch):
    monkeypatch.setattr(accounts, "TO_AN_ACCOUNT", "2/10m/key")
    ann, ben = person(), person()
    browser = Client()

    for _number in range(4):
        assert tries(ann.email, PASSWORD, browser).status_code == 302
        del browser.cookies["sessionid"]
    tries(ben.email, network="203.0.113.2")
    tries(ben.email, network="203.0.113.3")

    assert "Too many tries" in tries(ben.email, PASSWORD, browser).content.decode()
    assert ann.email not in browser.cookies["known"].value


def test_a_reset_ends_other_sessions_and_does_not_skip_the_second_factor(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    ann = person()
    Authenticator.objects.create(user=ann.user, type="totp", data={"secret": "x"})
    elsewhere, here = Client(), Client()
    elsewhere.force_login(ann.user)
    before = elsewhere.get("/").status_code

    here.post(reverse("account_reset_password"), {"email": ann.email})
    code = re.search(r"\b[A-Z0-9]{3,4}-?[A-Z0-9]{3,4}\b", mail.outbox[-1].body).group()
    here.post(reverse("account_confirm_password_reset_code"), {"code": code})
    new = "another long pass phrase"
    here.post(reverse("account_complete_password_reset"), {"password1": new, "password2": new})
    signed_in_by_the_code = here.get("/logs/").status_code != 302
    asked = tries(ann.email, new)

    assert (before, elsewhere.get("/logs/").status_code) == (200, 302)
    assert not signed_in_by_the_code
    assert asked.url == reverse("mfa_authenticate")


def test_one_signs_out_everywhere_else():
    ann = person()
    here, there = Client(), Client()
    for client in (here, there):
        tries(ann.email, PASSWORD, client)

    page = here.get(reverse("usersessions_list"))
    here.post(reverse("usersessions_list"))

    assert page.context["session_count"] == 2
    assert (here.get("/logs/").status_code != 302, there.get("/logs/").status_code) == (True, 302)
    assert UserSession.objects.filter(user=ann.user).count() == 1


@pytest.mark.parametrize(
    "weak", ["short", "password1234", "eleven char", "person.long.name@example.org"]
)
def test_a_weak_password_makes_no_account(weak):
    answer = Client().post(
        reverse("account_signup"),
        {"name": "Ann", "email": "person.long.name@example.org", "password1": weak},
    )

    assert answer.context["form"].errors["password1"]


def test_pages_of_passkeys_answer_and_their_address_is_the_sites_own(settings):
    settings.SITE_URL = "https://society.example.org"
    ann = person()
    browser = Client()
    tries(ann.email, PASSWORD, browser)
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    page = browser.get(reverse("mfa_add_webauthn"))
    options = page.context["js_data"]["creation_options"]["publicKey"]

    assert options["rp"]["id"] == "society.example.org"
    assert 'data-passkey="create"' in page.content.decode()
    assert browser.get(reverse("mfa_list_webauthn")).status_code == 200
    asked = Client().get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})
    assert asked.json()["request_options"]["publicKey"]["userVerification"] == "required"
