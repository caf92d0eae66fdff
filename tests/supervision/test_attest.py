"""Attestation through a link: one purpose, one use, and never a login."""

import hashlib
import re
from datetime import date, timedelta
from threading import Thread

import pytest
from django.core.files.base import ContentFile
from django.db import connections
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import applicants.operations as applying
from applicants.models import Attestation, AttestationAnswer
from applicants.operations import new_attestation, withdraw_attestation
from applicants.queries import claim_facts
from credentialing import reminders
from credentialing.people.models import Person
from credentialing.records.models import AuditEntry, Letter
from credentialing.records.refusals import Refused
from credentialing.records.reminders import sweep
from supervision import operations, queries
from supervision.models import Confirmation
from tests.factories import (
    PDF,
    ApplicationFactory,
    balint_group,
    evening,
    person,
    session,
    supervision,
)

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


def answer(rows, *untouched, **changes):
    """The form as a browser sends it: `rows` ticked, the others of the question not."""
    fields = {f"tick-{row.pk}": "on" for row in rows}
    for row in (*rows, *untouched):
        fields |= {
            f"shown-{row.pk}": queries.digest(row),
            f"date-{row.pk}": row.date.isoformat(),
            f"minutes-{row.pk}": row.minutes,
        }
    given = {"name": "Sue Example", "role": "Supervisor"} | fields | changes
    return {name: value for name, value in given.items() if value is not None}


def bare(page):
    """The bytes without the token against forged requests, which is new each time."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", page.content)


def test_the_link_trades_its_token_for_a_short_cookie_and_a_clean_address():
    _attestation, token = asked()

    trade = Client().get(reverse("attest-link", args=[token]))

    cookie = trade.cookies["attest"]
    assert token not in cookie.value
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


def test_a_session_is_taken_off_with_a_reason():
    attestation, token = asked()
    right, wrong = attestation.rows
    client = opened(token)

    without = client.post("/attest/", answer([right], wrong))
    client.post("/attest/", answer([right], wrong, **{f"reason-{wrong.pk}": "It was cancelled."}))

    words = {word.session_id: (word.given, word.reason) for word in Confirmation.objects.all()}
    assert f"reason-{wrong.pk}" in without.context["form"].errors
    assert words == {right.pk: (True, ""), wrong.pk: (False, "It was cancelled.")}


def test_the_attestor_corrects_a_session_and_confirms_it_as_corrected():
    attestation, token = asked()
    right, wrong = attestation.rows
    day = wrong.date - timedelta(days=2)
    corrected = {f"date-{wrong.pk}": day.isoformat(), f"minutes-{wrong.pk}": "45"}

    opened(token).post("/attest/", answer([right, wrong], **corrected))

    wrong.refresh_from_db()
    entry = AuditEntry.objects.get(act="session.corrected")
    assert (wrong.date, wrong.minutes) == (day, 45)
    assert queries.confirmation(wrong) is not None
    assert (entry.actor, entry.before["minutes"]) == (attestation.attestor, 60)


def test_the_attestor_adds_what_was_forgotten_for_the_applicant_to_accept():
    attestation, token = asked()
    day = TODAY - timedelta(days=30)
    added = {"forgotten-0": day.isoformat(), "forgotten-minutes-0": "50"}

    opened(token).post("/attest/", answer(attestation.rows, **added))

    [row] = queries.forgotten([attestation.of])[attestation.of.pk]
    assert (row.date, row.minutes, row.attestation) == (day, 50, attestation)
    assert attestation.of.sessions.count() == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("date-{0}", ""),
        ("date-{0}", "2026-02-30"),
        ("date-{0}", "9999-12-31"),
        ("date-{0}", "1026-01-01"),
        ("minutes-{0}", "0"),
        ("minutes-{0}", "9" * 30),
        ("minutes-{0}", "an hour"),
        ("reason-{0}", "x" * 501),
        ("forgotten-0", "tomorrow"),
        ("forgotten-0", "9998-01-01"),
        ("forgotten-minutes-1", "60"),
    ],
)
def test_a_bad_correction_is_named_and_nothing_is_recorded(field, value):
    attestation, token = asked()
    if field == "forgotten-minutes-1":
        named = "forgotten-1"
    else:
        named = field.format(attestation.rows[0].pk)

    page = opened(token).post(
        "/attest/", answer(attestation.rows, **{field.format(attestation.rows[0].pk): value})
    )

    assert page.status_code == 200
    assert named in page.context["form"].errors
    assert not AttestationAnswer.objects.exists()


def test_a_day_that_stands_there_already_is_not_remembered():
    attestation, token = asked()
    same = attestation.rows[0].date.isoformat()

    page = opened(token).post("/attest/", answer(attestation.rows, **{"forgotten-0": same}))

    assert "stands here already" in str(page.context["form"].errors["forgotten-0"])
    assert not AttestationAnswer.objects.exists()


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


# --- Out of date, and asked again


def co_led():
    """A group with a co-leader without an account, three evenings, and the applicant."""
    applicant = ApplicationFactory().applicant
    kim = Person.objects.create(name="Kim Example", email="kim@example.net")
    group = balint_group(applicant, kim)
    for day in (9, 16, 40):
        evening(group, TODAY - timedelta(days=day), kim)
    return applicant, kim, group


def test_a_co_leader_attests_the_evenings_until_today():
    applicant, kim, group = co_led()
    applying.ask_co_leader(group, kim, by=applicant, at=timezone.now())
    client = opened(newest_token())

    said = client.get("/attest/").content.decode()
    client.post("/attest/", {"given": "yes", "name": "Kim", "role": "Co-leader"})

    [one] = queries.asked(applicant, at=timezone.now())
    assert "In this time it met 3 times." in said
    assert (one.standing, one.difference) == ("attested", [])


def test_what_a_co_leader_attested_goes_out_of_date_with_the_log_and_both_are_told_once():
    applicant, kim, group = co_led()
    applying.ask_co_leader(group, kim, by=applicant, at=timezone.now())
    opened(newest_token()).post("/attest/", {"given": "yes", "name": "Kim", "role": "Co-leader"})

    for _sweep in range(2):
        evening(group, TODAY, kim)  # today was part of it; the second one is another change
        sweep(reminders.TABLE, at=timezone.now())
        sweep(reminders.TABLE, at=timezone.now())

    [one] = queries.asked(applicant, at=timezone.now())
    told = Letter.objects.filter(kind="attestation-out-of-date").values_list("to", flat=True)
    assert one.standing == "out-of-date"
    assert any("met 3 times" in row["before"] for row in one.difference)
    assert any("met 5 times" in row["after"] for row in one.difference)
    assert sorted(told) == sorted([applicant.pk, kim.pk] * 2)


def test_what_comes_later_leaves_what_was_attested_as_it_is():
    applicant, kim, group = co_led()
    yesterday = timezone.now() - timedelta(days=1)
    attestation = applying.ask_co_leader(group, kim, by=applicant, at=yesterday)

    evening(group, TODAY, kim)

    assert not queries.out_of_date(attestation)


def test_asked_again_with_one_tap_the_page_shows_what_differs():
    applicant, kim, group = co_led()
    applying.ask_co_leader(group, kim, by=applicant, at=timezone.now())
    opened(newest_token()).post("/attest/", {"given": "yes", "name": "Kim", "role": "Co-leader"})
    evening(group, TODAY, kim)
    old = Attestation.objects.get()

    fresh = operations.ask_again(old, by=applicant, at=timezone.now())
    said = opened(newest_token()).get("/attest/").content.decode()

    assert fresh.pk != old.pk
    assert "What differs from what you confirmed before" in said
    assert "In this time it met 3 times." in said
    assert "In this time it met 4 times." in said


def test_a_confirmed_session_that_changed_is_asked_again_with_the_difference():
    attestation, token = asked()
    one, _two = attestation.rows
    opened(token).post("/attest/", answer(attestation.rows))
    operations.correct_session(
        one, date=one.date, minutes=5, state="held", by=attestation.of.applicant, at=timezone.now()
    )
    one.refresh_from_db()
    [before] = queries.asked(attestation.of.applicant, at=timezone.now())

    fresh = operations.ask_again(attestation, by=attestation.of.applicant, at=timezone.now())
    said = opened(newest_token()).get("/attest/").content.decode()

    assert before.standing == "out-of-date"
    assert [row["after"] for row in before.difference] == [queries.in_words(one)]
    assert list(fresh.sessions.values_list("session", flat=True)) == [one.pk]
    assert "60 minutes" in said
    assert "5 minutes" in said


def test_nobody_but_the_applicant_asks_again_sends_again_or_takes_back():
    attestation, _token = asked()
    later = timezone.now() + timedelta(hours=2)

    for act in (operations.ask_again, operations.remind, withdraw_attestation):
        with pytest.raises(Http404):
            act(attestation, by=attestation.attestor, at=later)

    assert Attestation.objects.count() == 1


# --- On paper


def scan():
    return ContentFile(PDF, name="signed.pdf")


def test_what_was_attested_on_paper_counts_as_documented_elsewhere():
    of = supervision(ApplicationFactory().applicant, person(), TODAY - timedelta(days=100))
    case, office = of.applicant.applications.get(), person("administrator")
    row = session(of, TODAY - timedelta(days=9), confirmed=False)

    answer = operations.enter_paper_sessions(
        case,
        of,
        [row],
        name="Sue Signed",
        role="Supervisor",
        signed_on=TODAY - timedelta(days=2),
        file=scan(),
        by=office,
        at=timezone.now(),
    )

    [one] = queries.asked(of.applicant, at=timezone.now())
    assert queries.confirmation(row) is not None
    assert (answer.entered_by, answer.by_link) == (office, False)
    assert (one.standing, one.answer.scan.application) == ("attested", case)


def test_a_claim_that_was_attested_on_paper_is_supported():
    case, office = ApplicationFactory(), person("administrator")
    kim = Person.objects.create(name="Kim Example", email="kim@example.net")
    claim = applying.claim_credit(
        case,
        credit="co-leading",
        facts={"start": date(2018, 1, 1), "end": date(2021, 1, 1), "leader_credentialed": True},
        leader=kim,
        by=case.applicant,
        at=timezone.now(),
    )

    applying.enter_paper_of_claim(
        claim,
        name="Kim",
        role="Leader",
        signed_on=TODAY,
        file=scan(),
        by=office,
        at=timezone.now(),
    )

    claim.refresh_from_db()
    assert claim_facts(claim)["attested"] == TODAY


def test_nobody_enters_a_paper_for_themselves():
    office = person("administrator")
    case = ApplicationFactory(applicant=office)
    of = supervision(office, person(), TODAY - timedelta(days=100))
    row = session(of, TODAY - timedelta(days=9), confirmed=False)

    with pytest.raises(Refused, match="for yourself"):
        operations.enter_paper_sessions(
            case,
            of,
            [row],
            name="Sue",
            role="",
            signed_on=TODAY,
            file=scan(),
            by=office,
            at=timezone.now(),
        )

    assert not Confirmation.objects.exists()
