"""The audit trail as the office reads it and takes it out."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

import reviews.operations as reviewing
from credentialing.records import audit, jobs
from credentialing.records.models import AuditEntry, Job, Letter
from credentialing.records.tables import read_table
from credentialing.work import KINDS
from reviews.models import AgendaItem
from tests.factories import PDF, ApplicationFactory, handed_in, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(monkeypatch):
    monkeypatch.setattr(jobs, "ring", lambda: None)
    client = Client()
    client.person = person("administrator", name="Olive Office")
    client.force_login(client.person.user)
    return client


def shown(client, **asked):
    """The acts and cases that the page shows, oldest first."""
    page = client.get(reverse("audit"), asked).context["page"]
    return [(entry.act, entry.case) for entry in reversed(list(page))]


def test_the_trail_is_filtered_by_what_where_who_and_when(office):
    ann, bea = person(name="Ann Ample"), person(name="Bea Brief")
    AuditEntry.objects.create(
        act="a.done", case="CASE01", actor=ann, at=timezone.now() - timedelta(days=9)
    )
    audit.record("b.done", "CASE01", by=bea)
    audit.record("a.done", "CASE02", by=None, record=f"person {ann.pk}")
    today = timezone.localdate()

    first, second, third = ("a.done", "CASE01"), ("b.done", "CASE01"), ("a.done", "CASE02")
    assert shown(office, act="a.done") == [first, third]
    assert shown(office, case=" case01") == [first, second]
    assert shown(office, case="CASE01", act="a.done") == [first]
    assert shown(office, name="brief") == [second]
    assert shown(office, person=ann.pk) == [first, third]
    assert shown(office, until=(today - timedelta(days=5)).isoformat()) == [first]
    assert shown(office, since=today.isoformat(), until=today.isoformat()) == [second, third]


def test_of_a_long_trail_the_newest_can_be_paged_through_and_all_be_filtered(office, monkeypatch):
    monkeypatch.setattr("credentialing.office.views.trail.MOST", 3)
    for number in range(5):
        audit.record(f"act.{number}", by=None)

    newest, oldest = office.get(reverse("audit")), shown(office, act="act.0")

    assert newest.context["page"].paginator.count == 3
    assert "The newest 3 entries" in newest.content.decode()
    assert "Older entries are found by" in newest.content.decode()
    assert oldest == [("act.0", "")]
    named = [act for act, _said in newest.context["filter"].fields["act"].choices]
    assert named[2:] == [f"act.{number}" for number in range(5)]


def test_a_filter_that_is_not_understood_says_so_and_breaks_nothing(office):
    audit.record("a.done", "CASE01", by=None)
    for nonsense in ("x" * 5000, "9" * 40, "0000-00-00", "' OR 1=1"):
        asked = dict.fromkeys(("act", "case", "name", "person", "since", "until"), nonsense)

        answer = office.get(reverse("audit"), asked)

        assert (answer.status_code, "act" in answer.context["filter"].errors) == (200, True)


def test_who_opened_files_of_a_case_is_known(office):
    chair = person("chair", "committee", name="Cher Chair")
    case, other = ApplicationFactory(stage="submitted"), ApplicationFactory(stage="submitted")
    files = [handed_in(each) for each in (case, other)]
    reader = Client()
    reader.force_login(chair.user)
    for file in (files[0], files[0], files[1]):
        assert reader.get(reverse("document", args=[file.pk])).content == PDF

    found = office.get(reverse("audit"), {"act": "seen", "case": case.reference})

    assert [(one["actor__name"], one["times"]) for one in found.context["readers"]] == [
        ("Cher Chair", 2)
    ]
    assert "Cher Chair: 2 times" in found.content.decode()


def test_who_saw_a_picture_of_a_document_is_known_once_a_day_and_not_its_owner(office):
    chair, case = person("chair", "committee"), ApplicationFactory(stage="submitted")
    file = handed_in(case)
    noted = []

    # The database's clock, by which entries are dated, does not travel.
    for ahead in (timedelta(), timedelta(), timedelta(days=1)):
        with time_machine.travel(timezone.now() + ahead, tick=False):
            for reader in (chair, case.applicant):
                client = Client()
                client.force_login(reader.user)
                assert client.get(reverse("preview", args=[file.pk])).content[1:4] == b"PNG"
        noted.append(AuditEntry.objects.filter(act="document.previewed").count())

    found = office.get(reverse("audit"), {"act": "seen", "case": case.reference})
    readers = [(one["actor_id"], one["times"]) for one in found.context["readers"]]
    assert (noted, readers) == ([1, 1, 2], [(chair.pk, 2)])


def test_the_papers_of_a_meeting_are_openings_of_each_case_that_they_tell_of(office):
    chair = person("chair", "committee", name="Cher Chair")
    cases = [ApplicationFactory(stage="submitted") for _ in range(3)]
    now = timezone.now()
    meeting = reviewing.plan_meeting(day=timezone.localdate(), place="", by=chair, at=now)
    for case in cases[:2]:
        AgendaItem.objects.create(
            meeting=meeting, application=case, matter="recommend", title="To talk of", text="…"
        )
    job = jobs.ask("meeting-packet", by=chair, meeting=meeting.pk)
    assert jobs.run_next(KINDS)
    reader = Client()
    reader.force_login(chair.user)

    assert reader.get(reverse("job-file", args=[job.pk])).getvalue().startswith(b"%PDF")

    found = [
        office.get(reverse("audit"), {"act": "seen", "case": case.reference}).context["readers"]
        for case in cases
    ]
    assert [[(one["actor__name"], one["times"]) for one in readers] for readers in found] == [
        [("Cher Chair", 1)],
        [("Cher Chair", 1)],
        [],
    ]


def test_the_trail_as_a_file_holds_what_the_page_shows_and_the_chair_is_told(office):
    chair = person("chair")
    own = ApplicationFactory(applicant=office.person)
    audit.record("vote.cast", "CASE01", by=None, after={"choice": "against"})
    audit.record("vote.cast", "CASE02", by=None)
    audit.record("vote.cast", own.reference, by=None)

    answer = office.post(reverse("export-audit"), {"act": "vote.cast", "submission": "k" * 32})
    again = office.post(reverse("export-audit"), {"act": "vote.cast", "submission": "k" * 32})
    assert jobs.run_next(KINDS)
    job = Job.objects.get()
    with job.file.open("rb") as kept:
        content = kept.read()

    assert answer.url == again.url == reverse("job", args=[job.pk])
    rows = [row.cells for row in read_table(content, job.file_name).rows]
    assert [(row["What"], row["Case"]) for row in rows] == [
        ("Vote cast", "CASE02"),
        ("Vote cast", "CASE01"),
    ]
    assert b"against" not in content
    assert Letter.objects.get(kind="audit-exported").to == chair
    assert AuditEntry.objects.get(act="audit.exported").actor == office.person


def test_a_filter_that_is_not_known_takes_nothing_out(office):
    answer = office.post(reverse("export-audit"), {"act": "nothing", "submission": "k" * 32})

    assert (answer.status_code, Job.objects.count()) == (409, 0)


def test_who_opened_takes_as_many_queries_for_30_as_for_3(office):
    def cost():
        with CaptureQueriesContext(connection) as counted:
            assert (
                office.get(reverse("audit"), {"act": "seen", "case": "CASE01"}).status_code == 200
            )
        return len(counted)

    counts = []
    for rows in (3, 27):
        for _ in range(rows):
            audit.record("document.opened", "CASE01", by=person())
        counts.append(cost())

    assert counts[0] == counts[1]
