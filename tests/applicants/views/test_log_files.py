from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applicants import operations
from applicants.models import BalintGroup, Debriefing, LogAct, LogImport, Meeting
from credentialing import work
from credentialing.records import jobs
from credentialing.records.models import AuditEntry, Job
from credentialing.records.tables import read_table, write_xlsx
from tests.factories import ApplicationFactory, at, evening

pytestmark = pytest.mark.django_db

TODAY = date(2026, 7, 14)
GOOD = "Date,Group,Minutes,Cases,Debriefing minutes,With\n"


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(jobs, "ring", lambda: None)
    with time_machine.travel(at(TODAY, 18), tick=False):
        yield


def body(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def uploaded(client, content, name="my log.csv"):
    """The page on which a file is matched."""
    content = content.encode() if isinstance(content, str) else content
    answer = client.post(reverse("import-log"), {"file": SimpleUploadedFile(name, content)})
    return answer.url if answer.status_code == 302 else body(answer)


def imported(client, content, **columns):
    """What is told of the import of a file."""
    url = uploaded(client, content)
    if columns:
        client.post(url, {"action": "match", **columns})
    answer = client.post(url, {"action": "import", "submission": url})
    while jobs.run_next(work.KINDS):
        pass
    return Job.objects.get(pk=answer.url.rstrip("/").rpartition("/")[2]).outcome


def counts():
    return Meeting.objects.standing().count(), Debriefing.objects.standing().count()


def test_the_good_rows_are_imported_in_one_act_and_the_same_file_again_changes_nothing(client, led):
    _group, _ann, bob = led
    table = GOOD + (
        "2026-06-02,Tuesday group,90,2,40,Bob\n"
        "\n"
        "2026-06-30,tuesday  GROUP,90 min,1,,\n"
        "2026-06-31,Tuesday group,90,1,,\n"
        "2026-06-09,Monday group,90,1,,\n"
        "2026-06-10,Tuesday group,900,1,40,Kim\n"
    )

    page = body(client.get(uploaded(client, table)))
    for words in (
        "<strong>3</strong> new entries",
        "<strong>3</strong> rows have something wrong",
        "This is no day of the calendar.",
        "Write it as in 2026-11-23.",
        "No group of yours is called so.",
        "One of your groups: “Tuesday group”.",
        "A whole number from 1 to 600.",
        "“Kim” does not lead this group.",
        "Line 5",
    ):
        assert words in page.replace("&quot;", '"')
    assert counts() == (0, 0)

    assert imported(client, table) == "3 entries are in your log."
    assert counts() == (2, 1)
    assert Debriefing.objects.get().partners.get() == bob
    assert AuditEntry.objects.filter(act="log.imported").count() == 1
    assert LogImport.objects.exclude(rows=[]).count() == 0
    again = body(client.get(uploaded(client, table)))
    assert "<strong>3</strong> are in your log already" in again
    assert "Line 2: 2 June 2026, Tuesday group, debriefing" in again
    assert imported(client, table) == "Everything in this file was in your log already."
    assert counts() == (2, 1)

    client.post(reverse("undo-act", args=[LogAct.objects.get().pk]))
    assert counts() == (0, 0)
    assert imported(client, table) == "3 entries are in your log."


def test_everything_that_is_wrong_can_be_taken_along_as_a_table(client, led):
    rows = "".join(f"2026-06-31,Tuesday group,{minutes},1,,\n" for minutes in range(601, 661))
    url = uploaded(client, GOOD + "2026-06-02,=Monday group,90,1,,\n" + rows)

    page = body(client.get(url))
    answer = client.get(f"{url}faults.csv")
    found = read_table(answer.content, "log-faults.csv")

    assert page.count("This is no day of the calendar.") < 60
    assert f'href="{url}faults.csv"' in page
    assert answer["Content-Disposition"] == 'attachment; filename="log-faults.csv"'
    assert "'=Monday group" in answer.content.decode()
    assert len(found.rows) == 1 + 2 * 60
    assert list(found.rows[0].cells.values()) == [
        *("2", "Group", "=Monday group", "No group of yours is called so."),
        "One of your groups: “Tuesday group”.",
    ]
    assert [row.cells["Column"] for row in found.rows[1:3]] == ["Date", "Minutes"]


def test_an_import_begun_again_by_another_worker_is_done_once(client, led):
    url = uploaded(client, GOOD + "2026-06-02,Tuesday group,90,1,,\n")
    client.post(url, {"action": "import"})
    job = Job.objects.get()

    jobs.run_next(work.KINDS)
    Job.objects.update(state="running", lease_until=at("2026-01-01"), attempts=1)
    jobs.run_next(work.KINDS)

    job.refresh_from_db()
    assert (job.outcome, job.attempts) == ("1 entry is in your log.", 2)
    assert counts() == (1, 0)


@pytest.mark.parametrize(
    "written",
    [
        "\ufeffDate;Minutes\r\n2026-06-02;90\r\n".encode(),
        "Tag;Minutes;Größe\n2.6.2026;90;ß\n".replace("Tag", "Day").encode("cp1252"),
        "Date\tMinutes\n06/02/2026\t90\n06/16/2099\t1\n".encode("utf-16"),
        b"Date,Minutes\n13/06/2026,x\n02/06/2026,90\n",
        b"Date;Minutes\nJune 2, 2026;90\n",
        b'Date,Minutes\n"2 June 2026",90\n',
        b"Date,Minutes\n2026-06-02 18:30:00,90\n",
        write_xlsx(["Date", "Minutes"], [[date(2026, 6, 2), 90]]),
    ],
)
def test_a_file_is_read_as_programs_and_people_write_it(client, led, written):
    imported(client, written)

    assert list(Meeting.objects.values_list("date", "minutes")) == [(date(2026, 6, 2), 90)]


@pytest.mark.parametrize(("order", "day"), [("month", date(2026, 5, 4)), ("day", date(2026, 4, 5))])
def test_days_that_can_be_read_two_ways_are_asked_about_once_for_the_column(
    client, led, order, day
):
    table = "Date,Minutes\n5/4/2026,90\n"
    url = uploaded(client, table)

    page = body(client.get(url))
    assert "which comes first" in page
    assert "What would come of it" not in page
    unanswered = body(client.post(url, {"action": "match", "date": "Date"}))
    assert "nothing in the file tells" in unanswered
    client.post(url, {"action": "match", "date": "Date", "default": led[0].pk, "order": order})
    shown = body(client.get(url))

    written = "4 May 2026" if order == "month" else "5 April 2026"
    assert written in shown or "had not started on " + written in shown
    assert (day < led[0].start) == ("had not started" in shown)


def test_columns_are_matched_by_hand_and_remembered(client, led):
    table = "Wann,Dauer,Notes\n2026-06-02,90,Mrs X\n"
    group, _ann, _bob = led
    url = uploaded(client, table)
    assert "What would come of it" not in body(client.get(url))
    twice = body(client.post(url, {"action": "match", "date": "Wann", "minutes": "Wann"}))
    assert "chosen twice" in twice

    imported(client, table, date="Wann", minutes="Dauer", default=group.pk)

    assert Meeting.objects.get().minutes == 90
    again = LogImport.objects.get(pk=uploaded(client, table).rstrip("/").rpartition("/")[2])
    assert again.columns == {"date": "Wann", "minutes": "Dauer"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"Date,Minutes\n", "Below its heading"),
        (b"\x00\x01\x02", "is not a table"),
        (b"PK\x03\x04 no zip", "can&#x27;t be read"),
        (b"Date,Date\n1,2\n", "Two columns"),
        (b"Date\n" + b"2026-06-02\n" * 5001, "more than 5,000 rows"),
        (b"c," * 1_000_000 + b"c\n1", "more than 100 columns"),
        (b"x" * 5_000_001, "larger than 5 MB"),
        (b'Date,Minutes\n"2026', "quotation mark left open"),
    ],
)
def test_a_file_that_cannot_be_used_is_answered_in_words(client, led, content, words):
    assert words in uploaded(client, content)
    assert not LogImport.objects.exists()


def test_the_import_of_somebody_else_does_not_exist_and_one_may_import_nothing(client, led):
    url = uploaded(client, GOOD + "2026-06-02,Tuesday group,90,1,,\n")

    client.post(url, {"action": "drop"})
    assert client.post(url, {"action": "import"}).url == reverse("import-log")
    client.force_login(ApplicationFactory().applicant.user)
    body(client.get(url), status=404)

    assert counts() == (0, 0)


def test_what_is_exported_is_escaped_and_can_be_imported_again(client, led):
    group, _ann, bob = led
    BalintGroup.objects.filter(pk=group.pk).update(name="=Group")
    evening(group, date(2026, 6, 2), bob)
    evening(group, date(2026, 5, 5), bob)

    whole = client.get(reverse("log-csv")).content
    part = client.get(reverse("log-xlsx"), {"month": "2026-06", "kind": "meeting"}).content
    Debriefing.objects.all().delete()
    Meeting.objects.all().delete()

    assert whole.decode("utf-8-sig").splitlines()[:3] == [
        "Date,Group,Kind,Minutes,Cases,With",
        "2026-05-05,'=Group,meeting,90,1,",
        "2026-05-05,'=Group,debriefing,40,,Bob Blue",
    ]
    assert [row.cells["Date"] for row in read_table(part, "x").rows] == ["2026-06-02"]
    assert imported(client, whole) == "4 entries are in your log."
    assert Debriefing.objects.filter(minutes=40, partners=bob).count() == 2
    for name in ("template-csv", "template-xlsx"):
        assert read_table(client.get(reverse(name)).content + b"", "t").columns[0] == "Date"


def test_a_preview_takes_the_same_queries_for_three_rows_and_for_thirty(
    client, led, django_assert_num_queries, django_assert_max_num_queries
):
    group, _ann, bob = led
    evening(group, date(2026, 6, 1), bob)
    few = uploaded(client, GOOD + "2026-06-02,Tuesday group,90,1,40,\n" * 3)
    client.get(few)
    with django_assert_max_num_queries(25) as queries:
        client.get(few)
    how_many = len(queries)

    days = (f"2026-06-{day:02},Tuesday group,90,1,40,Bob\n" for day in range(1, 31))
    many = uploaded(client, GOOD + "".join(days))
    with django_assert_num_queries(how_many):
        assert "<strong>58</strong> new" in body(client.get(many))


def test_a_table_that_nobody_came_back_for_is_forgotten(client, led):
    uploaded(client, GOOD + "2026-06-02,Tuesday group,90,1,,\n")

    assert operations.forget_imports(at=at("2026-07-16", 17)) == 0
    assert operations.forget_imports(at=at("2026-07-16", 19)) == 1

    assert LogImport.objects.get().rows == []
