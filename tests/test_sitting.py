"""How long a sitting lasts, and when the second factor is asked again."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from credentialing.matrix import routes
from tests.factories import person

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate().isoformat()


@pytest.fixture(autouse=True)
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


def signed_in(*roles, factor="totp", used=0):
    """A browser of somebody whose second factor was used that many seconds ago."""
    client = Client()
    client.person = person(*roles)
    user = client.person.user
    client.force_login(user)
    if factor:
        Authenticator.objects.create(user=user, type=factor, data={"secret": "", "seed": ""})
    session = client.session
    method = "mfa" if factor else "password"
    session["account_authentication_methods"] = [{"method": method, "at": time.time() - used}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def give(client, somebody):
    return client.post(
        reverse("give-role", args=[somebody.pk]), {"kind": "council", "start": TODAY, "end": ""}
    )


def test_what_weighs_is_asked_again_and_what_was_typed_is_kept():
    office, ann = signed_in("administrator", used=16 * 60), person()

    asked = give(office, ann)
    before = ann.roles.count()
    session = office.session
    session["account_authentication_methods"] += [{"method": "mfa", "at": time.time()}]
    session.save()
    page = office.get(asked.url.partition("next=")[2].replace("%2F", "/").replace("%3F", "?"))
    page = office.get(reverse("go-on"), {"page": reverse("give-role", args=[ann.pk])})
    done = office.post(page.context["page"], dict(page.context["fields"]))

    assert asked.url.startswith(reverse("mfa_reauthenticate") + "?next=%2Faccount%2Fgo-on%2F")
    assert (before, done.url) == (0, reverse("person", args=[ann.pk]))
    assert list(ann.roles.values_list("kind", flat=True)) == ["council"]


def test_a_factor_used_a_short_while_ago_is_enough():
    office, ann = signed_in("administrator", used=14 * 60), person()

    assert give(office, ann).url == reverse("person", args=[ann.pk])


def test_looking_asks_for_nothing():
    chair = signed_in("chair", "administrator", used=5 * 60 * 60)

    assert chair.get(reverse("person", args=[person().pk])).status_code == 200


def test_a_password_is_enough_only_where_there_is_no_second_factor(settings):
    office, ann = signed_in("administrator", used=0), person()
    session = office.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()

    assert "reauthenticate" in give(office, ann).url


def test_the_demonstration_asks_for_nothing(settings):
    settings.SECOND_FACTOR_REQUIRED = False
    office, ann = signed_in("administrator", factor=None, used=60 * 60), person()

    assert give(office, ann).url == reverse("person", args=[ann.pk])


def test_what_weighs_is_marked_in_the_matrix():
    marked = {name for _route, name, row in routes() if row and row.fresh}

    assert {
        "cast-vote",
        "recommend",
        "confirm-meeting-vote",
        "confirm-status-change",
        "credential-status",
        "give-role",
        "end-role",
        "merge",
        "let-in",
        "hold-letters",
        "export-audit",
        "export-cases",
        "export-dossiers",
    } <= marked


def test_a_role_that_decides_sets_a_second_factor_up_first():
    chair, codes = signed_in("chair", factor=None), signed_in("chair", factor="recovery_codes")

    answers = [chair.get(reverse(name)) for name in ("intensives", "queue", "mfa_index")]

    assert [answer.status_code for answer in answers] == [302, 302, 200]
    assert answers[0].url == codes.get(reverse("queue")).url == reverse("mfa_index")
    assert "Your role needs it" in answers[2].content.decode()
    assert signed_in(factor=None).get(reverse("intensives")).status_code == 200


def idle(client, hours):
    """As if the session had been saved for the last time so many hours ago."""
    Session.objects.filter(pk=client.session.session_key).update(
        expire_date=timezone.now() + timedelta(hours=12 - hours)
    )


def test_who_decides_may_be_idle_for_two_hours_and_others_for_longer():
    chair, ann = signed_in("chair"), signed_in(factor=None)

    found = []
    for hours in (1.9, 2.1):
        for client in (chair, ann):
            idle(client, hours)
            found.append(client.get(reverse("intensives")).status_code)

    assert found == [200, 200, 302, 200]
    assert chair.session.get("_auth_user_id") is None


def test_no_sitting_outlasts_twelve_hours():
    ann = signed_in(factor=None)
    session = ann.session
    session["began"] = time.time() - 12 * 60 * 60 - 1
    session.save()

    assert ann.get("/logs/").url == "/account/login/?next=/logs/"


def test_a_sign_of_life_is_noted_and_not_at_every_request():
    chair = signed_in("chair")
    expiry = Session.objects.filter(pk=chair.session.session_key).values_list("expire_date")

    chair.get("/")
    at_once = expiry.get()
    idle(chair, 1)
    chair.get("/")

    assert expiry.get() >= at_once


def test_what_was_kept_of_one_account_is_not_shown_to_another():
    office, other, ann = signed_in("administrator", used=9999), signed_in(), person()
    give(office, ann)

    page = {"page": reverse("give-role", args=[ann.pk])}

    assert other.get(reverse("go-on"), page).url == "/"
    assert other.get(reverse("go-on"), {"page": "//example.org/"}).url == "/"
    assert office.get(reverse("go-on"), page).status_code == 200
