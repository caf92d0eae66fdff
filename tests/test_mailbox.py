"""The mailbox of the demonstration: what was sent, with links that can be followed."""

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return tmp_path


def send(*subjects, text="See http://localhost:8000/decision/ there."):
    connection = get_connection("django.core.mail.backends.filebased.EmailBackend")
    for subject in subjects:
        EmailMultiAlternatives(subject, text, to=["ann@example.org"], connection=connection).send()


def page():
    return Client().get("/mailbox/").content.decode()


def test_the_newest_letter_comes_first_and_its_link_can_be_followed(folder):
    send("First", "Second")

    shown = page()

    assert shown.index("Second") < shown.index("First")
    assert '<a href="http://localhost:8000/decision/"' in shown
    assert "ann@example.org" in shown


def test_what_a_letter_says_is_no_markup(folder):
    send("<b>Bold</b>", text="<img src=x> & more")

    shown = page()

    assert "<img src=x>" not in shown
    assert "<b>Bold</b>" not in shown
    assert "&lt;img src=x&gt; &amp; more" in shown


def test_an_empty_mailbox_says_so(folder):
    assert "No letter has been sent yet." in page()
