"""All cases beside each other: found by their words, flagged, as a file, as pictures."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applicants.models import Version
from credentialing.people.models import Relation
from credentialing.records import jobs
from credentialing.records.models import AuditEntry, Job, Letter
from credentialing.records.tables import read_table
from credentialing.work import KINDS
from reviews.queries import cases as all_cases
from reviews.queries import listing
from tests import factories
from tests.reviews.committee import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def chair():
    return factories.person("chair")


def named(name, stage="accepted", **fields):
    return factories.ApplicationFactory(
        applicant=factories.person(name=name), stage=stage, **fields
    )


def found(chair, **asked):
    chosen = {"stage": "all", "order": "name"} | asked
    return [case.applicant.name for case in all_cases.table(chair, day=made.today(), **chosen)]


def test_a_case_is_found_by_name_reference_group_and_site_and_by_all_words_together(chair):
    ann, ben = named("Ann Ample"), named("Ben Bold")
    factories.balint_group(ben.applicant)
    sections = {"practice": {"institution": "County Residency", "place": "Springfield"}}
    Version.objects.create(application=ann, number=1, sections=sections, at=timezone.now())

    assert found(chair, q="ample") == ["Ann Ample"]
    assert found(chair, q=ben.reference.lower()) == ["Ben Bold"]
    assert found(chair, q="tuesday") == ["Ben Bold"]
    assert found(chair, q="springfield ann") == ["Ann Ample"]
    assert found(chair, q="springfield ben") == []
    assert found(chair, q="100%_") == []
    assert found(chair) == ["Ann Ample", "Ben Bold"]


def test_a_draft_form_is_not_searched(chair):
    ann = named("Ann Ample")
    ann.sections.create(key="practice", answers={"place": "Secretville"}, saved_at=timezone.now())

    assert found(chair, q="Secretville") == []


def test_silence_and_a_lapse_are_filters_and_flags(chair):
    busy, silent, lapsed = named("Busy"), named("Silent"), named("Lapsed")
    for case in (busy, silent):
        factories.membership(case.applicant)
    for case in (busy, lapsed):
        factories.evening(factories.balint_group(case.applicant), made.today() - timedelta(days=9))

    assert found(chair, flag="silent") == ["Silent"]
    assert found(chair, flag="lapsed") == ["Lapsed"]
    cases = all_cases.table(chair, day=made.today(), stage="all", order="name")
    told = {
        now.application.applicant.name: listing.flags(now)
        for now in all_cases.stands(cases, made.today())
    }
    assert told["Silent"] == ["silent for six months"]
    assert told["Lapsed"] == ["question for the Committee", "membership lapsed"]
    paces = [listing.pace(now) for now in all_cases.stands(cases, made.today())]
    assert paces == ["0.3 a month", "0.3 a month", "none lately"]


def test_what_is_not_known_in_the_address_is_as_if_not_asked(chair, client):
    named("Ann Ample")
    client.force_login(chair.user)

    for asked in (
        {"q": "\x00", "order": "applicant__user__password", "stage": "x", "flag": "y"},
        {"q": "x" * 10_000},
        {"q": "\u202e%_\\'"},
    ):
        assert client.get(reverse("cases"), asked).status_code < 500


@pytest.mark.parametrize("file", ["csv", "xlsx"])
def test_the_file_holds_the_cases_that_the_reader_reads_and_no_formula(file, chair, client):
    member = factories.person("committee")
    case = named("=Ann Ample")
    factories.evening(factories.balint_group(case.applicant), made.today() - timedelta(days=9))
    named("Closed Case", stage="closed")
    hidden = named("Hidden Case")
    Relation.objects.create(
        person=member,
        applicant=hidden.applicant,
        kind="supervisor",
        since="2020-01-01",
        source="test",
    )
    client.force_login(member.user)

    answer = client.post(reverse("export-cases"), {"stage": "live", "file": file})
    assert jobs.run_next(KINDS)
    job = Job.objects.get()
    with job.file.open("rb") as kept:
        content = kept.read()

    assert answer.url == reverse("job", args=[job.pk])
    table = read_table(content, job.file_name)
    assert [row.cells["Applicant"] for row in table.rows] == ["=Ann Ample"]
    (row,) = table.rows
    assert (row.cells["Leading: done"], row.cells["Leading: needed"]) == ("0", "24")
    assert row.cells["Reference"] == case.reference
    assert b"Hidden" not in content
    assert Letter.objects.get(kind="cases-exported").to == chair


def exported(client):
    """Ask for the cases as a file; the job that made it."""
    client.post(reverse("export-cases"), {"stage": "live", "file": "csv"})
    assert jobs.run_next(KINDS)
    return Job.objects.latest("pk")


def test_a_file_is_not_handed_out_any_more_once_a_case_in_it_is_hidden(client):
    member = factories.person("committee")
    stays, goes = named("Ann Ample"), named("Bea Barred")
    client.force_login(member.user)
    first = exported(client)
    address = reverse("job-file", args=[first.pk])
    before = client.get(address)
    content = b"".join(before.streaming_content)

    Relation.objects.create(
        person=member, applicant=goes.applicant, kind="evaluator", since="2020-01-01", source="x"
    )
    refused = client.get(address)
    page = client.get(reverse("job", args=[first.pk])).content.decode()
    anew = client.get(reverse("job-file", args=[exported(client).pk]))

    assert sorted(first.cases) == sorted([stays.reference, goes.reference])
    assert b"Bea Barred" in content
    assert refused.status_code == 409
    assert (address in page, "a case that you no longer read" in page) == (False, True)
    assert b"Bea Barred" not in b"".join(anew.streaming_content)
    opened = AuditEntry.objects.filter(act="job.file-opened").order_by("pk")
    told = [*sorted([stays.reference, goes.reference]), stays.reference]
    assert [*sorted(opened.values_list("case", flat=True)[:2]), opened[2].case] == told
    assert opened.count() == 3


def test_every_file_that_tells_of_cases_says_of_which_and_who_may_open_it():
    needs = {kind: work.needs for kind, work in KINDS.items() if work.needs}

    assert needs == {
        "meeting-packet": "read-recommendation",
        "meeting-minutes": "read-recommendation",
        "cases-export": "read-recommendation",
        "policy-bench": "read-recommendation",
        "dossiers": "operate",
    }


def test_a_file_of_no_known_kind_is_refused(chair, client):
    client.force_login(chair.user)

    answer = client.post(reverse("export-cases"), {"file": "exe"})

    assert answer.status_code < 500
    assert not Job.objects.exists()


def test_the_pictures_count_what_the_reader_reads(chair, client):
    year = made.today().year
    for stage, more in (
        ("accepted", {}),
        ("accepted", {}),
        ("decided", {"credentialed": True}),
        ("decided", {"credentialed": False}),
        ("closed", {}),
    ):
        factories.ApplicationFactory(stage=stage, **more)
    client.force_login(chair.user)

    page = client.get(reverse("committee-pictures")).context

    numbers = {str(row["label"]): row["number"] for row in page["pipeline"] if row["number"]}
    assert numbers == {"accepted": 2, "decided": 2, "closed": 1}
    (cohort,) = page["cohorts"]
    assert (cohort["counts"], cohort["number"]) == ([2, 1, 1, 1], 5)
    assert int(cohort["label"]) in (year - 3, year - 2)
    (wait,) = page["waiting"]
    assert (wait["number"], wait["middle"] > 700) == (2, True)


@pytest.mark.parametrize("name", ["committee-pictures", "cases"])
def test_the_number_of_queries_does_not_grow_with_the_cases(name, chair, client):
    client.force_login(chair.user)
    counts = []
    for number in (3, 27):
        for each in range(number):
            case = named(f"Case {each}")
            factories.evening(
                factories.balint_group(case.applicant), made.today() - timedelta(days=9)
            )
        client.get(reverse(name), {"q": "case"})
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(name), {"q": "case"})
        counts.append(len(queries))

    assert counts[0] == counts[1]
