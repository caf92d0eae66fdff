from datetime import date

import pytest
import time_machine
from django.urls import reverse
from icalendar import Calendar

from applicants.models import BalintGroup, CalendarFeed
from supervision.models import Session
from tests.applicants import cases
from tests.factories import ApplicationFactory, at, person, session, supervision

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(client):
    """A signed-in applicant whose group meets every fourth Tuesday, with a supervisor."""
    with time_machine.travel(at("2026-10-20"), tick=False):
        applicant = ApplicationFactory().applicant
        client.force_login(applicant.user)
        group = cases.group(applicant, person(name="Bob Blue"))
        BalintGroup.objects.filter(pk=group.pk).update(
            weekday=1, every_weeks=4, meets_at="18:30", usual_minutes=90, end=date(2026, 12, 1)
        )
        running = supervision(applicant, person(name="Sue Sharp"), date(2026, 9, 1), group)
        session(running, date(2026, 11, 3), confirmed=False)
        Session.objects.update(state="planned")
        yield applicant


def events(content):
    return [
        (str(event["summary"]), event.decoded("dtstart").isoformat())
        for event in Calendar.from_ical(content).walk("VEVENT")
    ]


PLANNED = [
    ("Supervision", "2026-11-03"),
    ("Tuesday group", "2026-11-03T23:30:00+00:00"),
    ("Tuesday group", "2026-12-01T23:30:00+00:00"),
]


def test_what_is_planned_is_a_calendar_with_nobodys_name(client, ann):
    content = client.get(reverse("calendar-file")).content

    # From 14 July on, until the group ends on 1 December; the clock changed on 1 November.
    assert events(content) == PLANNED
    assert b"Bob" not in content
    assert b"Sue" not in content


def test_the_private_address_works_without_signing_in_until_it_is_renewed(client, ann):
    page = client.post(reverse("renew-feed")).content.decode()
    address = page.split('class="address">')[1].split("<")[0].removeprefix("http://localhost:8000")
    assert CalendarFeed.objects.get().token_digest not in address

    client.logout()
    assert events(client.get(address).content) == PLANNED
    ann.user.is_active = False
    ann.user.save()
    assert client.get(address).status_code == 404
    ann.user.is_active = True
    ann.user.save()
    client.force_login(ann.user)
    assert address not in client.get(reverse("calendar")).content.decode()
    client.post(reverse("renew-feed"))
    assert client.get(address).status_code == 404
    client.post(reverse("end-feed"))
    assert CalendarFeed.objects.count() == 0


@pytest.mark.parametrize("token", ["x", "é", "x" * 3000])
def test_an_unknown_address_leads_nowhere(client, token, db):
    assert client.get(f"/calendar/{token}.ics").status_code == 404
