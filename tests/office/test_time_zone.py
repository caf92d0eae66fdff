"""The Society's time zone: decided on a page, and by it every request and task counts its days."""

import json
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from credentialing import reminders, tasks
from credentialing.celery import app
from credentialing.people.models import Role
from credentialing.records.models import AuditEntry, Society
from credentialing.records.reminders import Reminder, days
from credentialing.records.society import current, first
from tests.factories import person

pytestmark = pytest.mark.django_db
# In New York it is still the evening of the 14th, in Berlin already the night of the 15th.
NIGHT = datetime(2027, 1, 15, 3, 30, tzinfo=UTC)
TODAY = {"America/New_York": date(2027, 1, 14), "Europe/Berlin": date(2027, 1, 15)}


@pytest.fixture
def night(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NIGHT)


def decide(zone):
    stands = current()
    said = {name: getattr(stands, name) for name in ("name", "short_name", "sender")}
    return Society.objects.create(number=stands.number + 1, time_zone=zone, **said)


def test_a_role_ends_at_the_societys_midnight(night):
    officer = person()
    Role.objects.create(
        person=officer, kind="administrator", start=date(2026, 1, 1), end=TODAY["America/New_York"]
    )
    reader = Client()
    reader.force_login(officer.user)
    answers = {}

    for zone in TODAY:
        decide(zone)
        answers[zone] = reader.get(reverse("office")).status_code

    assert answers == {"America/New_York": 200, "Europe/Berlin": 404}
    assert timezone.get_current_timezone_name() == first().time_zone  # of this thread, as before


def test_the_worker_counts_days_as_the_society_does(night, monkeypatch):
    counted = {}

    def note(at):
        counted[current().time_zone] = timezone.localdate(at)
        return []

    table = (Reminder(name="a day", steps=days(0), things=note, write=None),)
    monkeypatch.setattr(reminders, "TABLE", table)

    for zone in TODAY:
        decide(zone)
        app.tasks[tasks.remind.name].apply(throw=True)

    assert counted == TODAY


def test_the_command_line_assesses_as_of_today_where_the_society_is(night, tmp_path):
    file = tmp_path / "portfolio.json"
    file.write_text(json.dumps({"applicant": "A", "procedure": "abs-2007"}))
    assessed = {}

    for zone in TODAY:
        decide(zone)
        said = StringIO()
        call_command("assess", str(file), stdout=said)
        assessed[zone] = date.fromisoformat(json.loads(said.getvalue())["as_of"])

    assert assessed == TODAY


def test_another_time_zone_is_saved_after_its_effect_was_read():
    office = Client()
    office.force_login(person("administrator").user)
    stands = current()
    asked = {name: getattr(stands, name) for name in ("name", "short_name", "sender")}
    asked |= {"has_register": "on", "ballot_days": 7, "time_zone": "Asia/Tokyo", "seen": 0}

    looked = office.post(reverse("society"), asked)
    untouched = Society.objects.count()
    form = looked.context["form"]
    again = asked | {"looked_at": form["looked_at"].value(), "name": "Another"}
    other = office.post(reverse("society"), again | {"time_zone": "Asia/Seoul"})
    saved = office.post(reverse("society"), again)

    assert (looked.status_code, untouched) == (200, 0)
    assert "A ballot that closes on" in looked.content.decode()
    assert "A ballot that closes on" in other.content.decode()  # it was another that was read about
    assert saved.url == reverse("society")
    assert (current().time_zone, current().name) == ("Asia/Tokyo", "Another")


def test_a_moment_keeps_being_the_moment_and_is_shown_by_the_zone_of_now():
    office = Client()
    office.force_login(person("administrator").user)
    AuditEntry.objects.create(act="a.done", at=NIGHT)
    shown = []

    for zone in TODAY:
        decide(zone)
        shown.append(office.get(reverse("audit"), {"act": "a.done"}).content.decode())

    assert ["14 January 2027, 22:30" in page for page in shown] == [True, False]
    assert ["15 January 2027, 04:30" in page for page in shown] == [False, True]
    assert AuditEntry.objects.get(act="a.done").at == NIGHT


def test_that_the_process_answers_is_said_without_the_database():
    with CaptureQueriesContext(connection) as asked:
        answer = Client().get(reverse("healthz"))

    assert (answer.content, len(asked)) == (b"ok", 0)
