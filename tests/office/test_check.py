"""Whether the audit trail is still what was sealed: looked at by the worker, told on pages."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from credentialing import tasks
from credentialing.office.operations.trail import check_trail
from credentialing.records import audit, jobs
from credentialing.records.models import AuditEntry, Job, Letter, TrailCheck
from credentialing.work import KINDS
from tests.factories import person
from tests.records.tampering import tamper

pytestmark = pytest.mark.django_db
TABLE = AuditEntry._meta.db_table
BANNER = "Somebody has changed it outside of this application"


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr(jobs, "ring", lambda: None)


@pytest.fixture
def change(as_owner):
    """Change one sealed entry as the owner of the tables can, or put it back."""
    audit.seal()
    AuditEntry.objects.create(act="test.done")
    audit.seal()
    row = AuditEntry.objects.get(act="test.done").pk

    def changed(act):
        with as_owner():
            tamper(TABLE, f"UPDATE {TABLE} SET act = '{act}' WHERE id = {row}")

    return changed


def browser(role):
    client = Client()
    client.person = person(role)
    client.force_login(client.person.user)
    return client


def check(**ago):
    return check_trail(at=timezone.now() - timedelta(**ago))


def test_a_broken_trail_shows_on_every_page_of_chair_and_office_until_it_holds_again(change):
    readers = {role: browser(role) for role in ("administrator", "chair", "committee", "council")}

    def shown():
        pages = {role: reader.get(reverse("home")) for role, reader in readers.items()}
        return [role for role, page in pages.items() if BANNER in page.content.decode()]

    check(minutes=9)
    whole = shown()
    change("nothing.done")
    unseen = shown()
    check(minutes=6)
    broken = shown()
    change("test.done")
    check(minutes=3)

    assert (whole, unseen, broken, shown()) == ([], [], ["administrator", "chair"], [])
    acts = AuditEntry.objects.filter(act__startswith="trail.").order_by("pk")
    assert [entry.act for entry in acts] == ["trail.broken", "trail.mended"]


def test_chair_and_office_are_written_to_once_each_time_that_it_breaks(change):
    officers = {person("administrator"), person("administrator"), person("chair")}
    person("council")
    written = []

    for act in ("nothing.done", "nothing.more", "test.done", "nothing.done"):
        change(act)
        check(minutes=9 - len(written))
        written.append(Letter.objects.filter(kind="trail-broken").count())

    assert written == [3, 3, 3, 6]
    assert {letter.to for letter in Letter.objects.filter(kind="trail-broken")} == officers


def test_the_newest_seal_goes_to_the_officers_once_a_week_and_tells_this_trail_from_another(change):
    chair = person("chair")
    monday = timezone.now() - timedelta(days=70)
    for days in (0, 1, 7):
        check_trail(at=monday + timedelta(days=days))

    letters = Letter.objects.filter(kind="trail-seal", to=chair)
    call_command("verify_audit", "--seal", audit.head().digest)

    assert letters.count() in (2, 3)  # a day later may be a week later
    assert audit.head().digest in letters.first().text
    with pytest.raises(CommandError, match="another one"):
        call_command("verify_audit", "--seal", "0" * 64)


def test_the_page_says_when_it_was_looked_at_and_costs_no_more_for_a_longer_trail(change):
    office = browser("administrator")

    def page():
        with CaptureQueriesContext(connection) as counted:
            content = office.get(reverse("audit")).content.decode()
        return content, len(counted), sum("ecords_seal" in each["sql"] for each in counted)

    before, _cost, _seals = page()
    check()
    after, few, seals = page()
    for _ in range(4):
        audit.record("test.done", by=None)
        audit.seal()
    _content, many, _seals = page()

    assert "has not been looked at yet" in before
    assert "The sealed trail holds, up to entry" in after
    assert (few, seals) == (many, 0)


def test_the_office_asks_for_a_look_now(change):
    office = browser("administrator")
    check(minutes=5)
    change("nothing.done")

    for _ in range(2):
        answer = office.post(reverse("check-audit"), {"submission": "k" * 22})
    while jobs.run_next(KINDS):
        pass
    page = office.get(reverse("audit")).content.decode()

    job = Job.objects.get()
    assert answer.url == reverse("job", args=[job.pk])
    assert (job.state, job.outcome) == ("done", "The trail is not what was sealed.")
    assert BANNER in page
    assert "are not those sealed" in page


def test_the_worker_looks_once_an_hour_however_often_it_is_rung(change):
    tasks.check_trail()
    first = TrailCheck.objects.get().begun_at
    tasks.check_trail()
    again = TrailCheck.objects.get().begun_at
    TrailCheck.objects.update(begun_at=first - tasks.CHECKED_EACH)
    tasks.check_trail()

    assert again == first
    assert TrailCheck.objects.get().begun_at > first


def test_a_look_that_took_longer_than_a_later_one_changes_nothing(change):
    later = check()
    change("nothing.done")

    check(minutes=1)

    kept = TrailCheck.objects.get()
    assert (kept.begun_at, kept.fault) == (later.begun_at, "")


def test_what_is_sealed_during_a_look_is_not_called_broken(change):
    head = audit.head()
    found = audit.faults(head, lambda done, total: None)
    audit.record("test.done", by=None)
    audit.seal()

    assert list(found) == []
