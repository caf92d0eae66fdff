"""A letter's page: as it is sent, why it came back, and what follows."""

import re
import smtplib

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from credentialing import post
from credentialing.records import digests, letters
from credentialing.records.models import AuditEntry, Letter
from credentialing.tasks import send_letters
from tests.factories import ApplicationFactory, PersonFactory, person
from tests.test_headers import of_frames

pytestmark = pytest.mark.django_db
SECRET = "/attest/secret-token/"


def letter(state="queued", to=None, kind="receipt", **fields):
    number = Letter.objects.count()
    words = {"subject": f"Subject {number}", "text": "2 < 3, the page says why.", "link": "/at/"}
    letters.write(kind, to or PersonFactory(), occasion=number, **(words | fields))
    made = Letter.objects.latest("pk")
    Letter.objects.filter(pk=made.pk).update(state=state)
    return made


def page(office, made):
    return office.get(reverse("letter", args=[made.pk])).content.decode()


def frame(office, made):
    return office.get(reverse("letter-html", args=[made.pk]))


def move(office, made, act, **said):
    return office.post(reverse("move-letter", args=[made.pk, act]), said)


def comes_back(office, made, **said):
    answer = office.post(reverse("letter", args=[made.pk]), said)
    made.refresh_from_db()
    return answer.status_code, made.state, made.bounce


def test_both_parts_are_shown_as_they_are_sent(office):
    made = letter(to=PersonFactory(name="Ann <b>Example</b>"))
    text, html = page(office, made), frame(office, made).content.decode()

    send_letters()

    [sent] = mail.outbox
    shown = re.search(r'<pre class="letter-text"[^>]*>(.*?)</pre>', text, re.DOTALL)[1]
    plain = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert plain.strip() == sent.body.strip()
    words = [re.sub(r"<[^>]+>", "", part).split() for part in (html, sent.alternatives[0][0])]
    assert words[0] == words[1]
    assert "css/letter.css" in html


def test_the_frame_is_ours_alone_and_nothing_acts_in_it(office):
    made = letter()
    inner, outer = frame(office, made), office.get(reverse("letter", args=[made.pk]))

    policies = []
    for answer in (inner, outer):
        parts = answer["Content-Security-Policy"].split(";")
        policies.append({part.split()[0]: set(part.split()[1:]) for part in parts if part.strip()})
    assert policies[0]["frame-ancestors"] == {"'self'"}
    assert policies[0]["sandbox"] == set()
    assert policies[1]["frame-src"] == {"'self'"}
    assert policies[1]["frame-ancestors"] == {"'none'"}
    assert all(policy["style-src"] == {"'self'"} for policy in policies)
    assert (inner["X-Frame-Options"], outer["X-Frame-Options"]) == ("SAMEORIGIN", "DENY")
    assert of_frames(inner, policies[0]) == "x-frame-options-implemented-via-csp"


def test_a_secret_link_is_covered(office):
    made = letter(kind="attestation-asked", link=SECRET, secret_link=True)

    shown = page(office, made) + frame(office, made).content.decode()

    made.refresh_from_db()
    assert "secret-token" not in shown
    assert shown.count("•" * 8) >= 2
    assert made.link == SECRET


def test_a_daily_letter_shows_what_the_office_may_see_of_it(office):
    own = ApplicationFactory(applicant=office.person)
    reader = PersonFactory(letters_daily=True)
    hidden = letter("waiting", reader, "submitted", case=own.reference)
    seen = letter("waiting", reader, "submitted")
    Letter.objects.update(written_at="2026-01-01T00:00Z")
    digests.gather(at=post.timezone.now())
    daily = Letter.objects.get(kind="digest")

    shown = page(office, daily) + frame(office, daily).content.decode()

    assert (seen.subject in shown, hidden.subject in shown) == (True, False)
    assert daily.subject in page(office, seen)


def test_what_the_office_may_not_see_has_no_page(office):
    own = ApplicationFactory(applicant=office.person)
    hidden = [letter(case=own.reference), letter(kind=letters.UNLISTED[0])]
    chair = Client()
    chair.force_login(person("chair").user)

    found = [
        client.get(reverse(name, args=[one.pk])).status_code
        for name in ("letter", "letter-html")
        for client, one in ((office, hidden[0]), (office, hidden[1]), (chair, letter()))
    ]

    assert found == [404] * 6


def test_the_table_of_kinds_leads_to_the_newest_letter_of_each(office):
    letter()
    newest = letter()
    own = ApplicationFactory(applicant=office.person)
    letter(case=own.reference)

    table = office.get(reverse("letter-kinds")).content.decode()

    assert re.findall(r"/office/letters/(\d+)/", table) == [str(newest.pk)]


def test_a_letter_comes_back_for_a_reason_and_the_page_says_what_follows(office):
    anyone, member = letter("sent"), letter("sent", to=person())
    anew = reverse("edit-person", args=[anyone.to_id])

    done = comes_back(office, anyone, bounce="no-address")
    comes_back(office, member, bounce="no-address")

    assert done == (302, "failed", "no-address")
    assert "There is no such address." in page(office, anyone)
    assert f'<a href="{anew}">Enter a new address</a>' in page(office, anyone)
    assert "change it themselves" in page(office, member)
    assert "Enter a new address" not in page(office, member)
    entry = AuditEntry.objects.filter(act="letter.bounce").first()
    assert entry.after == {"state": "failed", "bounce": "no-address"}


def test_what_came_back_can_be_sent_again(office):
    made = letter()
    send_letters()

    comes_back(office, made, bounce="full")
    move(office, made, "resend")

    made.refresh_from_db()
    assert (made.state, made.bounce, made.sent_at) == ("queued", "", None)


def test_what_is_no_reason_is_not_noted(office):
    made = letter("sent")

    answers = [
        comes_back(office, made, **said)
        for said in (
            {},
            {"bounce": "bored"},
            {"bounce": "other"},
            {"bounce": "full"},
        )
    ]
    other = comes_back(office, made, bounce="other", words="A note from a neighbour.")

    assert answers[:3] == [(200, "sent", "")] * 3
    assert answers[3] == (302, "failed", "full")
    assert other == (200, "failed", "full")
    assert move(office, letter("sent"), "bounce").status_code == 409


def test_another_reason_stands_in_words(office):
    made = letter("in-doubt")

    comes_back(office, made, bounce="other", words="A note from a neighbour.")

    assert "A note from a neighbour." in page(office, made)


@pytest.mark.parametrize(
    ("failure", "bounce"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"5.1.1 User unknown")}), "no-address"),
        (smtplib.SMTPRecipientsRefused({"a": (452, b"4.2.2 Over quota")}), "full"),
        (smtplib.SMTPDataError(554, b"5.7.1 Not wanted"), "refused"),
        (OSError("no way there"), ""),
    ],
)
def test_what_the_relay_says_in_the_end_is_a_reason_of_the_same_kinds(monkeypatch, failure, bounce):
    def refuse(self, **_kwargs):
        raise failure

    made = letter()
    monkeypatch.setattr(EmailMultiAlternatives, "send", refuse)
    for _ in range(5):
        Letter.objects.update(send_after=Now())
        post.send_next()

    made.refresh_from_db()
    assert (made.state, made.bounce) == ("failed", bounce)


def test_sent_again_it_begins_anew_and_goes_to_the_present_address(office):
    kim = PersonFactory(email="old@example.org")
    made = letter("failed", to=kim)
    Letter.objects.filter(pk=made.pk).update(
        attempts=5, bounce="full", send_after="2999-01-01T00:00Z"
    )
    kim.email = "new@example.org"
    kim.save()

    move(office, made, "resend")
    shown = page(office, made)
    send_letters()

    made.refresh_from_db()
    assert [one.to for one in mail.outbox] == [["new@example.org"]]
    assert (made.attempts, made.bounce, made.address_before) == (1, "", "old@example.org")
    assert "sent to old@example.org before" in shown


def test_a_secret_link_goes_to_no_other_address_than_its_own(office):
    kim = PersonFactory(email="old@example.org")
    made = letter("failed", to=kim, kind="invitation", link=SECRET, secret_link=True)
    kim.email = "new@example.org"
    kim.save()

    move(office, made, "resend")

    made.refresh_from_db()
    assert (made.state, made.address, made.address_before) == ("queued", "old@example.org", "")


def test_a_letter_that_the_new_address_has_already_is_not_sent_there_again(office):
    kim = PersonFactory(email="old@example.org")
    made = letter("failed", to=kim)
    kim.email = "new@example.org"
    kim.save()
    again = {"subject": "S", "text": "T", "occasion": made.occasion.partition(":")[0]}
    letters.write("receipt", kim, **again)

    answer = move(office, made, "resend")

    made.refresh_from_db()
    assert (answer.status_code, made.state, made.address) == (409, "failed", "old@example.org")


def test_a_slow_sender_changes_nothing_about_a_letter_that_was_sent_again(office, monkeypatch):
    """Its tries begin anew, so that they tell no sender from the next; the lease does."""
    made = letter()
    slow = post._claim()
    Letter.objects.filter(pk=made.pk).update(state="in-doubt")
    move(office, made, "resend")
    quick = post._claim()

    post._settle(slow, Letter.State.FAILED, reason="too late")
    between = Letter.objects.get(pk=made.pk).state
    post._settle(quick, Letter.State.SENT)

    assert (slow.attempts, quick.attempts) == (1, 1)
    assert between == "sending"
    assert Letter.objects.get(pk=made.pk).state == "sent"


def test_that_a_doubtful_letter_arrived_erases_its_secret_link_as_sending_does(office):
    secret = letter("in-doubt", kind="attestation-asked", link=SECRET, secret_link=True)
    plain = letter("in-doubt")

    move(office, secret, "settle")
    move(office, plain, "settle")

    found = {one.pk: (one.state, one.link) for one in Letter.objects.filter(state="sent")}
    assert found == {secret.pk: ("sent", ""), plain.pk: ("sent", "/at/")}
    assert Letter.objects.filter(sent_at__isnull=False).count() == 2


@pytest.mark.parametrize(
    ("back", "leads"),
    [
        ("/office/letters/?state=failed&page=2", "/office/letters/?state=failed&page=2"),
        ("https://elsewhere.example.org/", "/office/letters/"),
        ("//elsewhere.example.org/", "/office/letters/"),
        ("javascript:alert(1)", "/office/letters/"),
        ("", "/office/letters/"),
    ],
)
def test_an_act_leads_back_to_where_it_was_done_and_nowhere_else(office, back, leads):
    assert move(office, letter("failed"), "resend", back=back).url == leads


def test_each_act_of_the_list_carries_what_was_asked_for(office):
    letter("failed")

    shown = office.get(reverse("letters"), {"state": "failed", "person": "a"}).content.decode()

    assert 'name="back" value="/office/letters/?state=failed&amp;person=a"' in shown or (
        "There is no such letter." in shown
    )
