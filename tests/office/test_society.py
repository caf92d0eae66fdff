"""What the Society decides about itself, and where it holds."""

import pytest
from django.conf import settings
from django.db import Error, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from credentialing import post
from credentialing.navigation import shell
from credentialing.records import letters
from credentialing.records.models import AuditEntry, Letter, Society
from credentialing.records.operations import decide_society
from credentialing.records.refusals import Refused
from credentialing.records.society import current, first
from reviews.operations.decisions import new_number
from reviews.queries.office import suggested_closing
from tests.factories import PersonFactory, person

pytestmark = pytest.mark.django_db
DECIDED = {
    "name": "Society of <Quiet> Rooms",
    "short_name": "SQR",
    "sender": "The office, Rooms",
    "ballot_days": "14",
    "time_zone": settings.TIME_ZONE,
    "seen": "0",
}


@pytest.fixture
def office():
    client = Client()
    client.person = person("administrator")
    client.force_login(client.person.user)
    return client


def test_what_the_office_enters_holds_on_pages_in_letters_and_on_papers(office):
    letters.write("receipt", PersonFactory(), occasion=1, subject="S", text="T")
    before = office.get(reverse("society"))
    assert before.context["form"].initial["name"] == first().name

    answer = office.post(reverse("society"), DECIDED)
    page = Client().get(reverse("home")).content.decode()
    mail = post.message(Letter.objects.get())
    entry = AuditEntry.objects.get(act="society.decided")

    assert answer.url == reverse("society")
    assert "Society of &lt;Quiet&gt; Rooms" in page
    assert "Society of <Quiet> Rooms" in mail.body
    assert mail.from_email.startswith('"The office, Rooms" <')
    assert new_number().startswith("SQR-")
    assert (entry.actor, entry.after["ballot_days"]) == (office.person, 14)
    assert "has_register" in entry.before


def test_a_ballot_is_suggested_as_long_as_was_decided():
    now = timezone.now()

    days = [
        (suggested_closing(now, 3, days).date() - timezone.localdate(now)).days for days in (2, 14)
    ]

    assert days == [4, 14]


def test_without_a_register_nobody_is_listed_and_numbers_are_verified(office):
    visitor = Client()
    listed = visitor.get(reverse("register")).content.decode()
    office.post(reverse("society"), DECIDED)  # the box is not ticked

    page = visitor.get(reverse("register"))

    assert "By name" in listed
    assert "By name" not in page.content.decode()
    assert "keeps no public register" in page.content.decode()
    assert "By number" in page.content.decode()


def test_of_two_who_change_it_at_once_the_second_is_told(office):
    office.post(reverse("society"), DECIDED)

    answer = office.post(reverse("society"), DECIDED | {"name": "Another"})

    assert (answer.status_code, current().name) == (200, DECIDED["name"])
    assert "changed this meanwhile" in answer.content.decode()


def test_the_page_says_what_was_decided_newest_first_and_no_more_than_ten(office):
    for number in range(12):
        decide_society({"ballot_days": 8 + number}, seen=number, by=office.person)
    decide_society({"has_register": False, "name": "Rooms"}, seen=12, by=office.person)

    page = office.get(reverse("society"))
    told = [changes for _at, changes in page.context["decisions"]]

    assert told[0] == [
        f"Name of the Society: Rooms (before: {first().name})",
        "There is a public register of credentialed leaders: no (before: yes)",
    ]
    assert told[1] == ["Days that a ballot is open, as suggested: 19 (before: 18)"]
    assert len(told) == 10
    assert "19 (before: 18)" in page.content.decode()


def test_the_first_decision_is_held_against_the_environment(office):
    decide_society({"ballot_days": 9}, seen=0, by=office.person)

    (_at, changes), *rest = office.get(reverse("society")).context["decisions"]

    assert (changes, rest) == (["Days that a ballot is open, as suggested: 9 (before: 7)"], [])


def test_the_same_again_is_no_change(office):
    stands = current()
    same = {name: getattr(stands, name) for name in ("name", "short_name", "has_register")}

    decide_society(same, seen=0, by=office.person)

    assert not Society.objects.exists()


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", ""),
        ("sender", "A\r\nBcc: b@example.org"),
        ("short_name", "x" * 21),
        ("ballot_days", "0"),
        ("ballot_days", "9" * 30),
        ("seen", "-1"),
        ("time_zone", "Europe/Nowhere"),
        ("time_zone", "../../etc/passwd"),
    ],
)
def test_what_can_not_be_is_refused_in_words(office, field, wrong):
    answer = office.post(reverse("society"), DECIDED | {field: wrong})

    assert (answer.status_code, list(answer.context["form"].errors)) == (200, [field])
    assert not Society.objects.exists()


def test_what_was_decided_is_never_changed(office):
    office.post(reverse("society"), DECIDED)

    with pytest.raises(Error), transaction.atomic():
        Society.objects.update(name="Another")

    assert current().name == DECIDED["name"]


def test_a_decision_under_an_older_number_is_refused():
    decide_society({"name": "One"} | REST, seen=0, by=None)

    with pytest.raises(Refused):
        decide_society({"name": "Two"} | REST, seen=0, by=None)

    assert [row.name for row in Society.objects.all()] == ["One"]


REST = {
    "short_name": "S",
    "sender": "S",
    "has_register": True,
    "ballot_days": 7,
    "time_zone": "Europe/Berlin",
}


def test_the_frame_stands_without_the_database(rf, monkeypatch):
    def gone():
        raise Error

    monkeypatch.setattr("credentialing.records.society.current", gone)

    assert shell(rf.get("/"))["shell"]["society"] == first().name
