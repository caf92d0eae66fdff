"""What was typed when the sitting had ended: kept for its writer, and for nobody else."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from credentialing.records.models import Kept
from tests.applicants import cases
from tests.factories import person

pytestmark = pytest.mark.django_db
PAGE = reverse("section", args=["experience"])


def writer():
    """Somebody with the page open, and the fields that the page's form would send."""
    applicant = cases.draft().applicant
    client = Client()
    client.force_login(applicant.user)
    mark = re.search(r'name="kept_for" value="([^"]+)"', client.get(PAGE).content.decode())[1]
    return applicant, client, {"kept_for": mark, "description": "Ten years", "revision": "0"}


def opened_by(somebody):
    client = Client()
    client.force_login(somebody.user)
    return client


def test_what_was_typed_is_there_after_signing_in_again():
    applicant, client, form = writer()
    client.logout()

    sent = client.post(PAGE, form)
    client.force_login(applicant.user)
    page = client.get(sent.url.partition("?next=")[2]).content.decode()

    assert sent.url == f"/account/login/?next={PAGE}"
    assert "Ten years" in page
    assert "Your sitting had ended" in page
    assert not applicant.applications.get().sections.exists()  # offered, and saved by nobody else


def test_what_is_saved_or_thrown_away_is_not_offered_again():
    _applicant, client, form = writer()
    offered = []

    for answer in (form, {"action": "forget"}):
        Client().post(PAGE, form)
        client.post(PAGE, answer)
        offered.append("Your sitting had ended" in client.get(PAGE).content.decode())

    assert offered == [False, False]
    assert Kept.objects.count() == 0


def test_somebody_else_at_the_same_browser_sees_nothing_of_it():
    applicant, client, form = writer()
    other = cases.draft().applicant
    client.logout()
    client.post(PAGE, form)

    client.force_login(other.user)

    assert "Ten years" not in client.get(PAGE).content.decode()
    assert "Ten years" in opened_by(applicant).get(PAGE).content.decode()


def test_saving_while_typing_says_that_the_sitting_has_ended_and_keeps_the_newest():
    applicant, _client, form = writer()
    gone, htmx = Client(), {"HX-Request": "true"}

    gone.post(PAGE, form, headers=htmx)
    said = gone.post(PAGE, form | {"description": "Eleven years"}, headers=htmx)

    assert said.status_code == 200
    assert f'href="/account/login/?next={PAGE}"' in said.content.decode()
    assert "Eleven years" in opened_by(applicant).get(PAGE).content.decode()


def test_a_form_of_an_earlier_sitting_is_kept_too():
    applicant, _client, form = writer()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(applicant.user)

    sent = strict.post(PAGE, form, follow=True)

    assert sent.redirect_chain == [(PAGE, 302)]
    assert "Ten years" in sent.content.decode()


@pytest.mark.parametrize("spoiled", ["unsigned", "of another page", "too old", "of nobody"])
def test_without_a_good_mark_nothing_is_kept(spoiled, monkeypatch):
    applicant, _client, form = writer()
    page = PAGE
    if spoiled == "unsigned":
        form["kept_for"] = form["kept_for"][:-1] + "x"
    elif spoiled == "of another page":
        page = reverse("section", args=["training"])
    elif spoiled == "too old":
        monkeypatch.setattr("credentialing.records.keeping.LASTS", timedelta(seconds=-1))
    else:
        applicant.user.delete()

    answer = Client().post(page, form)

    assert (answer.status_code, Kept.objects.count()) == (302, 0)


def test_what_nobody_came_back_for_goes():
    _applicant, _client, form = writer()
    Client().post(PAGE, form)
    Kept.objects.update(at=timezone.now() - timedelta(days=3))
    other = writer()[2]

    Client().post(PAGE, other)

    assert Kept.objects.count() == 1


def test_a_form_without_a_mark_is_as_it_was():
    client = Client(enforce_csrf_checks=True)
    client.force_login(person().user)

    assert client.post(PAGE, {"description": "x"}).status_code == 403
