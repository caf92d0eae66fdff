"""The sender of letters: each once, none lost, nothing that the reader may no longer see."""

import smtplib
from datetime import timedelta
from threading import Thread

import pytest
from celery import current_app
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, connections
from django.db.models.functions import Now
from django.utils import timezone

from applicants import access
from applicants.access import Can
from credentialing import post
from credentialing.celery import app
from credentialing.records import letters
from credentialing.records.models import Letter
from credentialing.tasks import send_letters
from tests.factories import ApplicationFactory, PersonFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_rings(monkeypatch):
    """No broker is asked; the tests ring themselves."""
    monkeypatch.setattr(letters, "ring", lambda: None)


def letter(to=None, **fields):
    """A letter that waits."""
    to = to or PersonFactory()
    words = {"subject": "Something is there", "text": "The page says what.", "link": "/decision/"}
    letters.write("receipt", to, occasion=Letter.objects.count(), **(words | fields))
    return Letter.objects.latest("pk")


def states():
    return list(Letter.objects.order_by("pk").values_list("state", flat=True))


def test_a_letter_is_sent_once():
    waiting = letter()

    send_letters()
    send_letters()

    waiting.refresh_from_db()
    assert len(mail.outbox) == 1
    assert (waiting.state, waiting.attempts) == ("sent", 1)


def test_the_same_occasion_writes_one_letter():
    to = PersonFactory()
    for _ in range(2):
        letters.write("receipt", to, occasion="case 1", subject="Received", text="It is here.")

    assert Letter.objects.count() == 1


def test_a_letter_has_text_and_html_one_recipient_and_an_id_that_stays():
    waiting = letter(PersonFactory(name="Ann Example"))

    send_letters()

    [sent] = mail.outbox
    [(html, kind)] = sent.alternatives
    assert (sent.to, sent.cc, sent.bcc, kind) == ([waiting.address], [], [], "text/html")
    assert sent.extra_headers["Message-ID"] == f"<letter-{waiting.pk}@localhost>"
    for part in (sent.body, html):
        assert "Ann Example" in part
        assert "The page says what." in part
        assert f"{settings.SITE_URL}/decision/" in part
        assert settings.SOCIETY_NAME in part
    assert "<style" not in html
    assert 'style="' in html


def test_what_a_letter_says_is_text_and_no_markup():
    letter(PersonFactory(name="<b>Ann</b>"), text="2 < 3 & more")

    send_letters()

    [sent] = mail.outbox
    assert "2 < 3 & more" in sent.body
    assert "<b>Ann</b>" in sent.body
    assert "<b>Ann</b>" not in sent.alternatives[0][0]


def test_a_secret_link_is_erased_once_it_is_sent():
    secret, plain = letter(link="/attest/abc/", secret_link=True), letter()

    send_letters()

    secret.refresh_from_db()
    plain.refresh_from_db()
    assert "/attest/abc/" in mail.outbox[0].body
    assert (secret.link, plain.link) == ("", "/decision/")


def test_what_the_relay_refuses_is_tried_again_later_and_fails_in_the_end(monkeypatch):
    def refuse(self, **_kwargs):
        raise smtplib.SMTPRecipientsRefused({})

    waiting = letter()
    monkeypatch.setattr(EmailMultiAlternatives, "send", refuse)

    post.send_next()
    waiting.refresh_from_db()
    first = (waiting.state, waiting.attempts, post.send_next())
    delay = waiting.send_after - timezone.now()
    for _ in range(5):
        Letter.objects.update(send_after=Now())
        post.send_next()

    assert first == ("queued", 1, False)
    assert timedelta(seconds=30) < delay < timedelta(minutes=2)
    assert states() == ["failed"]


def test_a_letter_that_waits_again_keeps_nobody_else_waiting(monkeypatch):
    bad, good = letter(), letter()
    send = EmailMultiAlternatives.send

    def picky(self, **kwargs):
        if self.to == [bad.address]:
            raise OSError("no")
        return send(self, **kwargs)

    monkeypatch.setattr(EmailMultiAlternatives, "send", picky)
    send_letters()

    assert states() == ["queued", "sent"]
    assert [one.to for one in mail.outbox] == [[good.address]]


@pytest.mark.parametrize("silence", [TimeoutError, smtplib.SMTPServerDisconnected])
def test_a_relay_that_falls_silent_leaves_the_letter_in_doubt(monkeypatch, silence):
    def fall_silent(self, **_kwargs):
        raise silence("?")

    letter()
    monkeypatch.setattr(EmailMultiAlternatives, "send", fall_silent)

    send_letters()
    send_letters()

    assert states() == ["in-doubt"]


def test_a_relay_that_is_down_is_tried_again(monkeypatch):
    class Down(EmailBackend):
        def open(self):
            raise ConnectionRefusedError

    letter()
    monkeypatch.setattr(post, "get_connection", Down)

    send_letters()

    assert states() == ["queued"]


def test_a_bad_leave_taking_sends_nothing_twice(monkeypatch):
    class Rude(EmailBackend):
        def close(self):
            raise smtplib.SMTPServerDisconnected

    letter()
    monkeypatch.setattr(post, "get_connection", Rude)

    send_letters()
    send_letters()

    assert (states(), len(mail.outbox)) == (["sent"], 1)


def test_a_lease_that_ran_out_is_in_doubt_and_not_resent():
    lost, _under_way = letter(), letter()
    Letter.objects.update(state="sending", lease_until=Now() + timedelta(minutes=1))
    Letter.objects.filter(pk=lost.pk).update(lease_until=Now() - timedelta(seconds=1))

    send_letters()

    assert states() == ["in-doubt", "sending"]
    assert mail.outbox == []


def test_what_somebody_decided_meanwhile_about_a_doubtful_letter_stands(monkeypatch):
    """The sender was slow, the lease ran out, the office resent: the slow one changes nothing."""
    waiting = letter()

    def slow(self, **_kwargs):
        Letter.objects.filter(pk=waiting.pk).update(state="queued", attempts=1)

    monkeypatch.setattr(EmailMultiAlternatives, "send", slow)

    post.send_next()

    assert states() == ["queued"]


def test_what_the_reader_may_no_longer_see_is_held():
    case, sue = ApplicationFactory(), person()
    access.give(sue, "supervisor", case)
    words = {"case": case.reference, "needs": Can.FOLLOW}
    letter(sue, **words)
    send_letters()
    letter(sue, **words)

    access.take(sue, "supervisor", case)
    send_letters()

    assert states() == ["sent", "held"]
    assert len(mail.outbox) == 1


def test_a_letter_to_somebody_without_an_address_is_held():
    letter(PersonFactory(email=""))

    send_letters()

    assert (states(), mail.outbox) == (["held"], [])


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_letter_once(monkeypatch):
    for _ in range(12):
        letter()
    sent = []
    monkeypatch.setattr(
        EmailMultiAlternatives, "send", lambda self, **_kwargs: sent.append(self.to[0])
    )

    def work():
        try:
            send_letters()
        finally:
            connections.close_all()

    senders = [Thread(target=work) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert len(sent) == len(set(sent)) == 12
    assert set(states()) == {"sent"}


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_loses_nothing(monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(app.conf, "broker_url", "redis://127.0.0.1:1/0")
    began = timezone.now()
    waiting = letter()
    took = timezone.now() - began
    send_letters()

    waiting.refresh_from_db()
    assert waiting.state == "sent"
    assert took < timedelta(seconds=2)


def test_every_thread_that_serves_a_request_rings_at_our_broker():
    """A thread of its own has no current app; it must not ring at Celery's default broker."""
    found = []
    thread = Thread(target=lambda: found.append(current_app.conf.broker_url))
    thread.start()
    thread.join()

    assert found == [settings.CELERY_BROKER_URL]


def test_a_letter_belongs_to_the_act_that_wrote_it():
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT act")
        letter()
        cursor.execute("ROLLBACK TO SAVEPOINT act")

    send_letters()

    assert (states(), mail.outbox) == ([], [])
