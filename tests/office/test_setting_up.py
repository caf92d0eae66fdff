"""From nothing to the first application: a command, a link, and a page that says what is next."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from credentialing.office.queries.setting_up import next_step, steps
from credentialing.people.models import Person, Role
from tests.factories import PASSWORD, ApplicationFactory, membership, person
from tests.factories import supervision as supervised

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def first(*told):
    out = StringIO()
    call_command(
        "first_administrator", *(told or ("Olive Office", "office@example.org")), stdout=out
    )
    return re.search(r"/join/[\w-]+/", out.getvalue()).group()


def test_the_command_enters_the_first_administrator_who_sets_the_account_up():
    client = Client()
    client.get(first())
    made = client.post(reverse("join"), {"password": PASSWORD})
    client.post(made.url, {"login": "office@example.org", "password": PASSWORD})

    page = client.get(reverse("office"))

    assert page.status_code == 200
    assert "Next: A second administrator." in page.content.decode()
    with pytest.raises(CommandError, match="Olive Office is an administrator"):
        first("Another", "another@example.org")


def test_the_command_asked_again_before_the_account_exists_changes_nothing_twice():
    first()

    with pytest.raises(CommandError, match="has just left"):
        first()
    with pytest.raises(CommandError, match="Not an e-mail address"):
        first("Olive", "nothing")

    assert (Person.objects.count(), Role.objects.count()) == (1, 1)


def test_the_page_follows_what_is_done():
    office = person("administrator")
    begun = next_step(TODAY).label
    person("administrator")
    person("chair", "committee")
    person("deputy", "committee")
    for _number in range(3):
        person("council")
    case = ApplicationFactory()
    supervised(case.applicant, person(), TODAY)
    membership(case.applicant)
    client = Client()
    client.force_login(office.user)

    page = client.get(reverse("set-up"))

    assert begun == "A second administrator"
    assert (next_step(TODAY), page.context["done"]) == (None, page.context["needed"])
    assert [step.label for step in steps(TODAY) if not step.done] == ["Credentialed leaders"]
    assert "Setting up" not in client.get(reverse("office")).content.decode()
