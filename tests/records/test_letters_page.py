"""The office's pages on letters and the trail."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from credentialing.office.operations.trail import check_trail
from credentialing.records import audit, letters
from credentialing.records.models import AuditEntry, Letter
from tests.factories import ApplicationFactory, PersonFactory, person
from tests.records.tampering import tamper

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    client = Client()
    client.person = person("administrator")
    client.force_login(client.person.user)
    return client


def letter(state="queued", to=None, **fields):
    letters.write(
        "receipt",
        to or PersonFactory(),
        occasion=Letter.objects.count(),
        subject=f"Subject {Letter.objects.count()}",
        text="The page says what.",
        **fields,
    )
    made = Letter.objects.latest("pk")
    Letter.objects.filter(pk=made.pk).update(state=state)
    return made


def move(client, made, act):
    answer = client.post(reverse("move-letter", args=[made.pk, act]))
    return answer.status_code, Letter.objects.get(pk=made.pk).state


def text(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_each_state_has_its_acts_and_refuses_the_others(office):
    allowed = {
        ("queued", "hold"): "held",
        ("waiting", "hold"): "held",
        ("held", "release"): "queued",
        ("failed", "resend"): "queued",
        ("in-doubt", "resend"): "queued",
        ("in-doubt", "settle"): "sent",
    }

    for state in Letter.State.values:
        for act in ("hold", "release", "resend", "settle", "bounce"):
            expected = (302, allowed[state, act]) if (state, act) in allowed else (409, state)
            assert move(office, letter(state), act) == expected, (state, act)


def test_a_letter_whose_secret_link_was_erased_is_not_sent_again_without_it(office):
    erased = letter("failed", secret_link=True)
    whole = letter("failed", secret_link=True, link="/attest/secret-token/")

    assert move(office, erased, "resend") == (409, "failed")
    assert move(office, whole, "resend") == (302, "queued")


def test_every_move_of_a_letter_is_in_the_trail(office):
    made = letter()

    move(office, made, "hold")
    move(office, made, "hold")

    entry = AuditEntry.objects.get(act="letter.hold")
    assert (entry.actor, entry.before, entry.after) == (
        office.person,
        {"state": "queued"},
        {"state": "held"},
    )


def test_an_unknown_act_or_letter_does_not_exist(office):
    made = letter()

    answers = [
        office.post(f"/office/letters/{key}/{act}/").status_code
        for key, act in ((made.pk, "burn"), (made.pk + 999, "hold"), (10**30, "hold"))
    ]

    assert answers == [404, 404, 404]


def test_a_letter_without_an_address_waits_for_one(office):
    kim = PersonFactory(email="")
    made = letter("held", to=kim)

    before = move(office, made, "release")
    kim.email = "kim@example.org"
    kim.save()
    after = move(office, made, "release")

    assert (before, after) == ((409, "held"), (302, "queued"))
    assert Letter.objects.get(pk=made.pk).address == "kim@example.org"


def test_letters_are_filtered_by_state_and_the_doubtful_come_first(office):
    letter("in-doubt")
    letter("sent")
    letter("queued")

    page = [row[0].state for row in office.get(reverse("letters")).context["rows"]]
    sent = [
        row[0].state for row in office.get(reverse("letters"), {"state": "sent"}).context["rows"]
    ]
    nonsense = office.get(reverse("letters"), {"state": "x", "page": "9" * 40})

    assert (page[0], sent, nonsense.status_code) == ("in-doubt", ["sent"], 200)


def test_letters_are_filtered_by_kind_and_person_and_each_page_keeps_what_was_asked(office):
    robin, lee = PersonFactory(name="Robin Ash"), PersonFactory(name="Lee Birch")
    first, second = letter(to=robin), letter(to=lee)
    Letter.objects.filter(pk=second.pk).update(kind="accepted")

    def shown(**asked):
        answer = office.get(reverse("letters"), asked)
        return [row[0] for row in answer.context["rows"]], answer.context["prefix"]

    assert shown(kind="accepted") == ([second], "kind=accepted&")
    assert shown(person="robin a") == ([first], "person=robin+a&")
    assert shown(kind="accepted", person="Robin") == (
        [],
        "kind=accepted&person=Robin&",
    )
    assert shown(kind="never-written") == ([second, first], "")


def test_the_kinds_offered_tell_nothing_of_the_own_case_or_of_hidden_letters(office):
    letter()
    hidden = letter(to=PersonFactory()).pk, letter(case=ApplicationFactory().reference).pk
    own = ApplicationFactory(applicant=office.person).reference
    Letter.objects.filter(pk=hidden[0]).update(kind=letters.UNLISTED[0])
    Letter.objects.filter(pk=hidden[1]).update(kind="closed", case=own)

    offered = office.get(reverse("letters")).context["filter"].fields["kind"].choices

    assert [value for value, _label in offered] == ["", "receipt"]


def test_a_secret_link_is_not_shown_to_the_office(office):
    letter(link="/attest/secret-token/", secret_link=True)

    assert "secret-token" not in office.get(reverse("letters")).content.decode()


def test_letters_and_entries_of_the_own_case_are_not_for_the_office(office):
    own, other = ApplicationFactory(applicant=office.person), ApplicationFactory()
    mine, theirs = letter(case=own.reference), letter(case=other.reference)
    audit.record("test.done", own.reference, by=None)
    audit.record("test.done", other.reference, by=None)

    listed = [row[0] for row in office.get(reverse("letters")).context["rows"]]
    entries = [one.case for one in office.get(reverse("audit")).context["page"]]

    assert listed == [theirs]
    assert entries == [other.reference]
    assert move(office, mine, "hold") == (404, "queued")


def test_the_trail_shows_no_content_and_says_whether_it_holds(office, as_owner):
    audit.record("vote.cast", "CASE01", by=None, after={"choice": "against"})
    audit.seal()
    check_trail(at=timezone.now())
    whole = text(office.get(reverse("audit")))
    table = AuditEntry._meta.db_table
    with as_owner():
        tamper(table, f"UPDATE {table} SET act = 'vote.lost'")
    check_trail(at=timezone.now())
    broken = text(office.get(reverse("audit")))

    assert "Vote cast" in whole
    assert "against" not in whole
    assert "The sealed trail holds" in whole
    assert "not what was sealed" in broken


@pytest.mark.parametrize("name", ["letters", "audit"])
def test_lists_take_as_many_queries_for_30_rows_as_for_3(office, name):
    def cost():
        with CaptureQueriesContext(connection) as counted:
            assert office.get(reverse(name)).status_code == 200
        return len(counted)

    counts = []
    for rows in (3, 27):
        for _ in range(rows):
            letter(case=f"CASE{rows}")
            audit.record("test.done", by=PersonFactory())
        counts.append(cost())

    assert counts[0] == counts[1]


def test_letters_and_trail_are_for_the_office_alone():
    made = letter()
    for who in (person("chair", "council", "committee"), person()):
        client = Client()
        client.force_login(who.user)
        answers = [client.get(reverse("letters")), client.get(reverse("audit"))]
        answers.append(client.post(reverse("move-letter", args=[made.pk, "hold"])))
        assert {answer.status_code for answer in answers} == {404}
