"""Attestation through a link: one purpose, one use, and never a login."""

import hashlib
import re
from datetime import timedelta
from threading import Thread

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applicants.models import Attestation, AttestationAnswer
from applicants.operations import new_attestation, withdraw_attestation
from credentialing.people.models import Person
from credentialing.records.models import AuditEntry, Letter
from supervision import operations, queries
from supervision.models import Confirmation
from tests.factories import ApplicationFactory, person, session, supervision

TODAY = timezone.localdate()
pytestmark = pytest.mark.django_db


def asked(days=(1, 8)):
    """A question about sessions, and its token."""
    of = supervision(ApplicationFactory().applicant, person(), TODAY - timedelta(days=100))
    rows = [session(of, TODAY - timedelta(days=day), confirmed=False) for day in days]
    attestation = operations.ask_for_sessions(of, rows, by=of.applicant, at=timezone.now())
    attestation.rows, attestation.of = rows, of
    return attestation, newest_token()


def newest_token():
    letter = Letter.objects.filter(kind="attestation-asked").latest("pk")
    return letter.link.rstrip("/").rpartition("/")[2]


def asked_in_words(kind=Attestation.Kind.CREDENTIALED):
    """A question with a text, to somebody without an account."""
    applicant = ApplicationFactory().applicant
    kim = Person.objects.create(name="Kim Example", email="kim@example.net")
    return new_attestation(
        kind=kind,
        applicant=applicant,
        attestor=kim,
        text="I led the Tuesday group with the applicant from 2019 to 2022.",
        digest="d" * 64,
        by=applicant,
        at=timezone.now(),
    )


def opened(token):
    """A browser that followed the link."""
    client = Client()
    client.get(reverse("attest-link", args=[token]))
    return client


def answer(rows, **changes):
    ticks = {f"tick-{row.pk}": "on" for row in rows}
    given = {"name": "Sue Example", "role": "Supervisor"} | ticks | changes
    return {name: value for name, value in given.items() if value is not None}


def bare(page):
    """The bytes without the token against forged requests, which is new each time."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", page.content)


def test_the_link_trades_its_token_for_a_short_cookie_and_a_clean_address():
    _attestation, token = asked()

    trade = Client().get(reverse("attest-link", args=[token]))

    cookie = trade.cookies["attest"]
    assert (trade.status_code, trade.url) == (302, "/attest/")
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/attest/")
    assert cookie["max-age"] == 3600
    assert list(trade.cookies) == ["attest"]
    assert "no-store" in trade["Cache-Control"]


def test_the_page_shows_exactly_what_is_attested_all_ticked():
    attestation, token = asked()

    page = opened(token).get("/attest/")

    said = page.content.decode()
    assert all(queries.in_words(row) in said for row in attestation.rows)
    assert said.count(" checked") == 2
    assert attestation.of.applicant.name in said
    assert token not in said
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(method):
    _attestation, token = asked()
    before = list(Attestation.objects.values()), AuditEntry.objects.count()

    for _time in range(3):
        client = Client()
        getattr(client, method)(reverse("attest-link", args=[token]))
        getattr(client, method)("/attest/")

    assert (list(Attestation.objects.values()), AuditEntry.objects.count()) == before
    assert not AttestationAnswer.objects.exists()


def test_an_answer_is_recorded_once_and_the_applicant_is_told():
    attestation, token = asked()
    client = opened(token)

    first = client.post("/attest/", answer(attestation.rows))
    again = opened(token).post("/attest/", answer(attestation.rows))

    assert (first.status_code, first.url, again.status_code) == (302, "/attest/thanks/", 404)
    assert Confirmation.objects.filter(attestation=attestation, given=True).count() == 2
    assert AttestationAnswer.objects.get().name == "Sue Example"
    assert Letter.objects.filter(to=attestation.of.applicant).count() == 1
    assert "attest" not in {name for name, one in client.cookies.items() if one.value}


def test_a_session_is_taken_off_with_a_reason_or_a_correction():
    attestation, token = asked()
    right, wrong = attestation.rows
    client = opened(token)

    without = client.post("/attest/", answer([right]))
    client.post("/attest/", answer([right], **{f"reason-{wrong.pk}": "It was a day later."}))

    words = {word.session_id: (word.given, word.reason) for word in Confirmation.objects.all()}
    assert f"reason-{wrong.pk}" in without.context["form"].errors
    assert words == {right.pk: (True, ""), wrong.pk: (False, "It was a day later.")}


def test_to_tick_and_to_object_at_once_is_asked_about():
    attestation, token = asked()
    one, _two = attestation.rows

    page = opened(token).post("/attest/", answer(attestation.rows, **{f"reason-{one.pk}": "no"}))

    assert "Leave one of the two" in str(page.context["form"].errors)
    assert not AttestationAnswer.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("name", "x" * 201), ("role", ""), ("role", "x" * 10_000)]
)
def test_a_bad_field_is_named_and_nothing_is_recorded(field, value):
    attestation, token = asked()

    page = opened(token).post("/attest/", answer(attestation.rows, **{field: value}))

    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert not AttestationAnswer.objects.exists()


def test_every_dead_link_gives_the_same_page():
    used, used_token = asked()
    opened(used_token).post("/attest/", answer(used.rows))
    expired, expired_token = asked()
    Attestation.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    void, void_token = asked()
    withdraw_attestation(void, by=void.of.applicant, at=timezone.now())
    unknown = "A" * 43

    tokens = (used_token, expired_token, void_token, unknown, "’", "x" * 5000)
    trades = [Client().get(reverse("attest-link", args=[token])) for token in tokens]
    pages = [opened(token).get("/attest/") for token in tokens]
    pages.append(Client().get("/attest/"))

    assert {(trade.status_code, trade.url) for trade in trades} == {(302, "/attest/")}
    assert {page.status_code for page in pages} == {404}
    assert len({bare(page) for page in pages}) == 1


def test_a_cookie_that_was_touched_or_is_too_old_opens_nothing():
    _attestation, token = asked()
    client = opened(token)
    good = client.cookies["attest"].value
    client.cookies["attest"] = good[:-2] + "xx"

    assert client.get("/attest/").status_code == 404


def test_a_new_link_goes_to_the_same_address_and_the_words_never_tell():
    attestation, token = asked()
    Attestation.objects.update(expires_at=timezone.now(), asked_at=timezone.now() - timedelta(31))

    pages = [opened(old).post(reverse("attest-again"), follow=True) for old in (token, "A" * 43)]

    letters = Letter.objects.filter(kind="attestation-asked").order_by("pk")
    assert [letter.address for letter in letters] == [attestation.address] * 2
    assert newest_token() != token
    assert opened(newest_token()).get("/attest/").status_code == 200
    assert len({bare(page) for page in pages}) == 1


def test_asking_for_new_links_fills_no_mailbox():
    _attestation, token = asked()
    Attestation.objects.update(expires_at=timezone.now(), asked_at=timezone.now() - timedelta(31))
    client = opened(token)

    for _press in range(5):
        client.post(reverse("attest-again"))

    assert Letter.objects.filter(kind="attestation-asked").count() == 2


def test_a_question_that_changed_says_so_and_asks_nothing():
    attestation, token = asked(days=(1,))
    [row] = attestation.rows
    client = opened(token)
    operations.correct_session(
        row, date=row.date, minutes=5, state="held", by=attestation.of.applicant, at=timezone.now()
    )

    page = client.get("/attest/")
    client.post("/attest/", answer([row]))

    assert "out of date" in page.content.decode()
    assert b"<form" not in page.content.split(b"<main")[1].split(b"</main")[0]
    assert not AttestationAnswer.objects.exists()
    assert not Confirmation.objects.exists()


def test_what_changed_between_page_and_answer_is_not_confirmed():
    attestation, token = asked()
    one, two = attestation.rows
    client = opened(token)
    client.get("/attest/")
    operations.correct_session(
        one, date=one.date, minutes=5, state="held", by=attestation.of.applicant, at=timezone.now()
    )

    client.post("/attest/", answer([one, two]))

    assert set(Confirmation.objects.values_list("session", flat=True)) == {two.pk}


def test_a_link_is_no_login_and_opens_nothing_else():
    attestation, token = asked()
    client = opened(token)
    client.get("/attest/")

    others = [
        client.get("/supervision/"),
        client.get(f"/supervision/{attestation.of.pk}/sessions/"),
    ]

    assert {answer.status_code for answer in others} == {302}
    assert all("/account/login/" in answer.url for answer in others)
    assert "sessionid" not in client.cookies


@pytest.mark.parametrize("kind", [Attestation.Kind.CREDENTIALED, Attestation.Kind.CO_LEADING])
def test_a_statement_in_words_is_confirmed(kind):
    attestation, token = asked_in_words(kind)
    client = opened(token)

    page = client.get("/attest/")
    client.post("/attest/", {"given": "yes", "name": "Kim", "role": "Co-leader"})

    given = AttestationAnswer.objects.get()
    assert "I led the Tuesday group" in page.content.decode()
    assert (given.attestation, given.given, given.text) == (attestation, True, attestation.text)


def test_a_statement_in_words_is_declined_with_a_reason():
    _attestation, token = asked_in_words()
    client = opened(token)
    form = {"given": "no", "name": "Kim", "role": "Co-leader"}

    bare_no = client.post("/attest/", form)
    client.post("/attest/", form | {"reason": "It was one year only."})

    given = AttestationAnswer.objects.get()
    assert "reason" in bare_no.context["form"].errors
    assert (given.given, given.reason) == (False, "It was one year only.")


def test_the_token_is_nowhere_but_in_the_letter():
    _attestation, token = asked()

    stored = Attestation.objects.get()

    assert stored.token_digest == hashlib.sha256(token.encode()).hexdigest()
    assert len(token) >= 43
    assert token not in str(list(AuditEntry.objects.values()))


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_are_one():
    attestation, token = asked()
    clients = [opened(token) for _ in range(4)]
    answers = []

    def send(client):
        try:
            answers.append(client.post("/attest/", answer(attestation.rows)).status_code)
        finally:
            connections.close_all()

    threads = [Thread(target=send, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers.count(302) == 1
    assert set(answers) <= {302, 200, 404}
    assert AttestationAnswer.objects.count() == 1
    assert Confirmation.objects.count() == 2
