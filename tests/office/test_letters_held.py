"""All letters held at once, and let go again."""

import pytest
from django.core import mail
from django.urls import reverse

from credentialing.office.operations.letters import hold_or_release
from credentialing.records import digests, letters
from credentialing.records.models import AuditEntry, Letter, Standstill
from credentialing.records.refusals import Refused
from credentialing.tasks import gather_letters, send_letters
from tests.factories import PersonFactory, person

pytestmark = pytest.mark.django_db


def write(kind="receipt", **fields):
    occasion = Letter.objects.count()
    letters.write(kind, PersonFactory(), occasion=occasion, subject=f"S{occasion}", text="T")


def hold(office, holds="1", reason="A wrong address in each."):
    return office.post(reverse("hold-letters"), {"holds": holds, "reason": reason})


def test_nothing_leaves_while_all_is_held_but_what_tells_of_the_offices_acts(office):
    chair = person("chair")
    write()
    hold(office)
    write()
    send_letters()
    held = [(one.to, one.subject) for one in mail.outbox]
    hold(office, "0", "Mended.")
    send_letters()

    assert held == [([chair.email], "All letters are held")]
    assert sorted(one.subject for one in mail.outbox[1:]) == ["Letters leave again", "S0", "S2"]


def test_who_holds_since_when_and_why_stands_above_the_letters_and_on_the_offices_page(office):
    def banners():
        pages = [office.get(reverse(name)).content.decode() for name in names]
        return ["By Otto Office, since" in page and "A wrong address" in page for page in pages]

    names = ("letters", "office", "hold-letters")
    before = banners()
    hold(office)
    held = banners()
    hold(office, "0", "Mended.")

    assert (before, held, banners()) == ([False] * 3, [True] * 3, [False] * 3)


def test_each_hold_and_release_is_in_the_trail(office):
    hold(office)
    hold(office, "0", "Mended.")

    entries = AuditEntry.objects.order_by("pk").values_list("act", "actor", "record")
    assert list(entries) == [
        ("letters.held", office.person.pk, "hold 1"),
        ("letters.released", office.person.pk, "hold 2"),
    ]


def test_the_same_twice_is_refused_in_words(office):
    first, again = hold(office), hold(office)

    assert (first.status_code, again.status_code) == (302, 200)
    assert "All letters are held already." in again.content.decode()
    assert Standstill.objects.count() == 1
    hold_or_release(holds=False, reason="Mended.", by=office.person)
    with pytest.raises(Refused, match="leave already"):
        hold_or_release(holds=False, reason="Mended.", by=office.person)


def test_a_hold_needs_a_reason(office):
    for said in ({}, {"holds": "1"}, {"holds": "1", "reason": " "}, {"reason": "x"}):
        assert office.post(reverse("hold-letters"), said).status_code == 200

    assert Standstill.objects.count() == 0


def test_days_of_a_hold_become_one_daily_letter(office):
    reader = PersonFactory(letters_daily=True)
    hold(office)
    letters.write("submitted", reader, occasion=1, subject="S", text="T")
    Letter.objects.filter(kind="submitted").update(written_at="2026-01-01T00:00Z")

    gather_letters()
    held = Letter.objects.filter(kind=digests.DIGEST).count()
    hold(office, "0", "Mended.")
    gather_letters()

    assert (held, Letter.objects.filter(kind=digests.DIGEST).count()) == (0, 1)
