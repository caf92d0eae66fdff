"""Whoever is on record is invited by a link that works once and opens nothing but an account."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from credentialing.people.models import Invitation, User
from credentialing.people.operations import invite, let_in
from credentialing.records.models import AuditEntry, Letter
from credentialing.records.refusals import Refused
from tests.factories import PASSWORD, ApplicationFactory, PersonFactory, person, supervision

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def link():
    return Letter.objects.filter(kind="invitation").latest("pk").link


def invited(**fields):
    somebody = PersonFactory(**fields)
    invite(somebody, by=person("administrator"), at=NOW)
    return somebody


def test_the_link_leads_to_an_account_that_shows_what_the_record_gives():
    case = ApplicationFactory()
    sue = PersonFactory(name="Sue")
    supervision(case.applicant, sue, timezone.localdate())
    invite(sue, by=person("administrator"), at=NOW)
    client = Client()

    page = client.get(link(), follow=True)
    made = client.post(reverse("join"), {"password": PASSWORD})
    client.post(made.url, {"login": sue.email, "password": PASSWORD})

    assert (page.redirect_chain, "Sue" in page.content.decode()) == ([("/join/", 302)], True)
    assert made.url == reverse("account_login")
    assert client.get(reverse("supervised", args=[case.reference])).status_code == 200


def test_a_link_works_once_and_only_the_newest_and_never_without_its_cookie():
    ann = invited()
    first = link()
    invite(ann, by=None, at=NOW + timedelta(hours=1))
    client, late = Client(), Client()
    client.get(link())
    late.get(link())

    answers = [
        Client().get(reverse("join")),
        Client().get(first, follow=True),
        Client().get("/join/unknown/", follow=True),
        client.post(reverse("join"), {"password": PASSWORD}),
        late.post(reverse("join"), {"password": PASSWORD}),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 302, 404]
    assert User.objects.filter(person=ann).count() == 1


def test_looking_changes_nothing_and_a_weak_password_is_named():
    invited(email="ann.example@example.org")
    client = Client()
    client.get(link())

    answers = [
        client.post(reverse("join"), {"password": weak}).context["form"].errors
        for weak in ("", "short", "password1234", "ann.example@example")
    ]

    assert all(answers)
    assert not Invitation.objects.filter(void_at__isnull=False).exists()


def test_an_invitation_is_refused_in_words():
    office = person("administrator")
    ann = invited()

    for somebody, said in (
        (person(), "has an account already"),
        (PersonFactory(email=""), "No e-mail address"),
        (ann, "has just left"),
    ):
        with pytest.raises(Refused, match=said):
            invite(somebody, by=office, at=NOW)


def test_an_unconfirmed_account_of_somebody_else_does_not_stand_in_the_way():
    User.objects.create_user("ann@example.org", "of an intruder")
    ann = invited(email="ann@example.org")
    client = Client()
    client.get(link())

    client.post(reverse("join"), {"password": PASSWORD})

    assert [user.check_password(PASSWORD) for user in User.objects.filter(person=ann)] == [True]
    assert User.objects.filter(email="ann@example.org").count() == 1


def test_a_closed_account_is_out_at_the_next_request_and_the_chair_is_told():
    chair, office, ann = person("chair"), person("administrator"), person()
    client = Client()
    client.force_login(ann.user)
    before = client.get("/logs/").status_code

    let_in(ann, active=False, by=office)
    after = client.get("/logs/")
    refused = Client().post(reverse("account_login"), {"login": ann.email, "password": PASSWORD})
    let_in(ann, active=True, by=office)

    assert (before in (200, 404), after.url) == (True, "/account/login/?next=/logs/")
    assert (refused.status_code, refused.url) == (302, reverse("account_inactive"))
    assert Client().post(reverse("account_login"), {"login": ann.email, "password": PASSWORD}).url
    assert (
        list(Letter.objects.filter(to=chair).values_list("kind", flat=True))
        == ["account-changed"] * 2
    )
    with pytest.raises(Refused, match="shut yourself out"):
        let_in(office, active=False, by=office)


def test_the_persons_page_says_everything_that_they_hold():
    office = person("administrator")
    case = ApplicationFactory(applicant=person(name="Ann"))
    client = Client()
    client.force_login(office.user)

    page = client.get(reverse("person", args=[case.applicant_id]))
    closed = client.post(reverse("let-in", args=[case.applicant_id, "close"]))
    stranger = PersonFactory()
    client.post(reverse("invite", args=[stranger.pk]))

    held = {heading: [line["text"] for line in lines] for heading, lines in page.context["held"]}
    assert held == {"Applications": [f"{case.reference}, accepted"]}
    assert closed.url == reverse("person", args=[case.applicant_id])
    assert re.fullmatch(r"/join/[\w-]{40,}/", link())
    assert AuditEntry.objects.filter(act="account.invited").count() == 1
