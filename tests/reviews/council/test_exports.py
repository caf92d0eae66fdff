"""The dossiers of many cases in one file: chosen, made once each, called off, begun again."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from applicants.models import Application
from credentialing.records import jobs
from credentialing.records.models import AuditEntry, Job, Letter
from credentialing.records.refusals import Refused
from credentialing.work import KINDS
from reviews import operations
from reviews.models import Dossier
from reviews.operations import dossiers, exports
from tests.factories import ApplicationFactory, person
from tests.reviews.council.cases import recommended

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_paper")]


@pytest.fixture(autouse=True)
def nobody_rings(monkeypatch):
    monkeypatch.setattr(jobs, "ring", lambda: None)
    monkeypatch.setattr(jobs, "SELDOM", 0)


def asked(by, **changes):
    told = {"edition": "committee", "stage": "", "name": ""} | changes
    return operations.ask_export(**told, by=by, at=timezone.now())


def run(job):
    while jobs.run_next(KINDS):
        pass
    job.refresh_from_db()
    return job


def index_of(job):
    """The names in the file, and the rows of its index."""
    with job.file.open("rb") as kept, zipfile.ZipFile(io.BytesIO(kept.read())) as archive:
        sheet = load_workbook(io.BytesIO(archive.read("index.xlsx"))).active
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        names = [name for name in archive.namelist() if name != "index.xlsx"]
        contents = {name: archive.read(name) for name in names}
    return contents, rows


def test_the_file_is_not_handed_out_once_a_case_in_it_is_the_officers_own():
    society = recommended(1)
    job = run(asked(society.administrator))
    client, address = Client(), reverse("job-file", args=[job.pk])
    client.force_login(society.administrator.user)

    before = client.get(address)
    whole = b"".join(before.streaming_content)
    Application.objects.filter(pk=society.case.pk).update(applicant=society.administrator)
    after = client.get(address).status_code

    assert job.cases == [society.case.reference]
    assert (before.status_code, whole[:2], after) == (200, b"PK", 409)


def test_the_cases_that_fit_are_exported_with_an_index_and_the_chair_is_told():
    society = recommended(1)
    other = ApplicationFactory(stage="accepted")
    ApplicationFactory(stage="draft")
    own = ApplicationFactory(stage="accepted", applicant=society.administrator)

    job = run(asked(society.administrator))
    contents, rows = index_of(job)

    cases = {society.case.reference, other.reference}
    assert (job.state, job.outcome) == ("done", "2 dossiers are in the file.")
    assert {row[0] for row in rows} == cases
    assert {row[4] for row in rows} == set(contents)
    assert {row[5] for row in rows} == {dossier.sha256 for dossier in Dossier.objects.all()}
    assert own.reference not in {row[0] for row in rows}
    assert Letter.objects.get(kind="dossiers-exported").to == society.chair
    exported = AuditEntry.objects.filter(act="dossier.exported")
    assert set(exported.values_list("case", flat=True)) == cases


@pytest.mark.parametrize(
    ("chosen", "count"), [({"stage": "accepted"}, 1), ({"name": "lena"}, 1), ({}, 2)]
)
def test_a_filter_chooses(chosen, count):
    office = person("administrator")
    ApplicationFactory(stage="accepted", applicant=person(name="Otto"))
    ApplicationFactory(stage="submitted", applicant=person(name="Lena"))

    assert len(asked(office, **chosen).parameters["cases"]) == count


def test_what_fits_nobody_or_is_asked_by_somebody_else_is_refused(monkeypatch):
    office = person("administrator")
    with pytest.raises(Refused, match="No case fits"):
        asked(office)
    ApplicationFactory(stage="accepted")
    with pytest.raises(Refused):
        asked(office, edition="golden")
    with pytest.raises(Http404):
        asked(person("chair"))
    monkeypatch.setattr(exports, "MOST", 0)
    with pytest.raises(Refused, match="in parts"):
        asked(office)

    assert not Job.objects.exists()


def test_begun_again_after_a_killed_worker_each_dossier_is_issued_once(monkeypatch):
    office = person("administrator")
    for _each in range(3):
        ApplicationFactory(stage="accepted")
    job = asked(office)
    issue, issued = dossiers.issue_quietly, []

    def dies(application, **told):
        if len(issued) == 2:
            raise KeyboardInterrupt
        issued.append(application)
        return issue(application, **told)

    monkeypatch.setattr(dossiers, "issue_quietly", dies)
    with pytest.raises(KeyboardInterrupt):
        jobs.run_next(KINDS)
    monkeypatch.setattr(dossiers, "issue_quietly", issue)
    Job.objects.update(lease_until=Now() - timedelta(seconds=1))
    run(job)

    assert (job.state, job.attempts) == ("done", 2)
    assert Dossier.objects.count() == 3
    assert len(index_of(job)[0]) == 3


def test_called_off_it_stops_at_the_next_case(monkeypatch):
    office = person("administrator")
    for _each in range(3):
        ApplicationFactory(stage="accepted")
    job = asked(office)
    issue = dossiers.issue_quietly

    def cancels(application, **told):
        jobs.cancel(job)
        return issue(application, **told)

    monkeypatch.setattr(dossiers, "issue_quietly", cancels)
    run(job)

    assert (job.state, job.file.name, Dossier.objects.count()) == ("cancelled", "", 1)


def test_a_case_that_cannot_be_set_is_named_in_the_index_and_keeps_no_other_out(monkeypatch):
    office = person("administrator")
    good, bad = (ApplicationFactory(stage="accepted") for _each in range(2))
    issue = dossiers.issue_quietly

    def breaks(application, **told):
        if application == bad:
            raise ValueError("a secret")
        return issue(application, **told)

    monkeypatch.setattr(dossiers, "issue_quietly", breaks)
    job = run(asked(office))
    contents, rows = index_of(job)

    said = {row[0]: row[6] or "" for row in rows}
    assert len(contents) == 1
    assert "Could not be made" in said[bad.reference]
    assert (said[good.reference], "secret" in str(rows)) == ("", False)
    assert "The index says what is missing" in job.outcome


def test_the_page_asks_once_and_starts_the_work():
    office = person("administrator")
    ApplicationFactory(stage="accepted", applicant=person(name="Lena"))
    client = Client()
    client.force_login(office.user)
    address = reverse("export-dossiers")

    shown = client.get(address, {"name": "lena", "stage": "accepted"}).content.decode()
    wrong = client.post(address, {"name": "lena", "stage": "accepted", "edition": "x"})
    told = {"name": "lena", "stage": "", "edition": "council", "submission": "key"}
    answers = [client.post(address, told) for _time in range(2)]

    job = Job.objects.get()
    assert "One case fits." in shown
    assert wrong.status_code == 200
    assert [answer.url for answer in answers] == [reverse("job", args=[job.pk])] * 2
