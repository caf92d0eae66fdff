"""Long work: asked for once, done once, called off, begun again after a killed worker."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from credentialing import work
from credentialing.records import jobs
from credentialing.records.jobs import Kind, Outcome
from credentialing.records.models import AuditEntry, Job, Letter
from credentialing.records.refusals import Refused
from tests.factories import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_rings(monkeypatch):
    """No broker is asked; the tests ring themselves."""
    monkeypatch.setattr(jobs, "ring", lambda: None)


def count_to_three(job, progress):
    for number in range(3):
        progress.noted_at = 0
        progress(number, 3, f"counting {number}")
    return Outcome(text="Counted to three.", name="three.csv", content=b"1\n2\n3\n")


@pytest.fixture
def kinds(monkeypatch):
    """One kind of work that anybody may ask for, and one for the office."""
    known = {
        "count": Kind(label="Counting", work=count_to_three),
        "office": Kind(label="Counting", work=count_to_three, roles=frozenset({"administrator"})),
    }
    monkeypatch.setattr(work, "KINDS", known)
    monkeypatch.setattr("credentialing.views.KINDS", known)
    return known


def run(kinds, job):
    while jobs.run_next(kinds):
        pass
    job.refresh_from_db()
    return job


def test_work_is_done_once_and_its_file_is_its_owners(kinds):
    owner, other = person(), person()
    job = jobs.ask("count", by=owner)

    run(kinds, job)
    answers = {}
    for name, who in (("owner", owner), ("other", other)):
        client = Client()
        client.force_login(who.user)
        answers[name] = client.get(reverse("job-file", args=[job.pk]))

    assert (job.state, job.outcome, job.attempts) == ("done", "Counted to three.", 1)
    assert jobs.run_next(kinds) is False
    assert b"".join(answers["owner"].streaming_content) == b"1\n2\n3\n"
    assert answers["other"].status_code == 404
    assert AuditEntry.objects.filter(act="job.file-opened", actor=owner).count() == 1


def test_work_called_off_stops_at_its_next_step(kinds):
    waiting, running = (jobs.ask("count", by=person()) for _ in range(2))
    reached = []

    def stopped_in_the_middle(job, progress):
        jobs.cancel(job)
        progress(1)
        reached.append("the end")

    jobs.cancel(waiting)
    run({"count": Kind(label="", work=stopped_in_the_middle)}, running)
    waiting.refresh_from_db()

    assert (waiting.state, running.state, reached) == ("cancelled", "cancelled", [])
    with pytest.raises(Refused):
        jobs.cancel(running)


def test_work_whose_worker_died_is_begun_again_and_given_up_after_three(kinds):
    job = jobs.ask("count", by=person())
    states = []

    for _ in range(4):
        jobs._claim()  # and the worker dies
        Job.objects.update(lease_until=Now() - timedelta(seconds=1))
        jobs.give_up_what_kills_workers()
        job.refresh_from_db()
        states.append((job.state, job.attempts))

    assert states == [("running", 1), ("running", 2), ("failed", 3), ("failed", 3)]


def test_a_worker_that_lost_its_job_changes_nothing(kinds):
    job = jobs.ask("count", by=person())

    def overtaken(job, progress):
        Job.objects.update(attempts=2)  # another worker has taken it over
        progress(1)

    run({"count": Kind(label="", work=overtaken)}, job)

    assert (job.state, job.outcome) == ("running", "")


def test_a_failure_says_nothing_of_what_it_met(kinds, caplog):
    job = jobs.ask("count", by=person())

    def broken(job, progress):
        raise ValueError("the name of a " + "".join(["pat", "ient"]))

    run({"count": Kind(label="", work=broken)}, job)

    assert job.state == "failed"
    assert "pat" + "ient" not in job.outcome + caplog.text


def test_whoever_waited_long_is_told_by_letter(kinds):
    soon, late = (jobs.ask("count", by=person()) for _ in range(2))
    Job.objects.filter(pk=late.pk).update(asked_at=Now() - timedelta(minutes=5))

    run(kinds, soon)

    told = Letter.objects.filter(kind="job-ended").values_list("to", flat=True)
    assert list(told) == [late.by_id]


def test_a_file_expires(kinds):
    job = run(kinds, jobs.ask("count", by=person()))
    Job.objects.update(expires_at=Now() - timedelta(days=1))

    jobs.remove_expired_files()
    job.refresh_from_db()

    assert (job.file.name, job.outcome) == ("", "Counted to three.")
    with pytest.raises(Http404):
        jobs.opened_file(job, by=job.by)


def test_who_left_an_office_no_longer_sees_what_it_may(kinds):
    clerk = person("administrator")
    job = run(kinds, jobs.ask("office", by=clerk))
    client = Client()
    client.force_login(clerk.user)
    address = reverse("job", args=[job.pk])

    before = client.get(address).status_code
    clerk.roles.update(end="2020-12-31")
    after = client.get(address).status_code

    assert (before, after) == (200, 404)


def test_the_page_polls_while_it_runs_and_lists_what_was_asked(kinds):
    owner = person()
    client = Client()
    client.force_login(owner.user)
    job = jobs.ask("count", by=owner)
    address = reverse("job", args=[job.pk])

    waits = client.get(address).content.decode()
    bar = client.get(address, headers={"HX-Request": "true"}).content.decode()
    off = client.post(reverse("cancel-job", args=[job.pk]))
    over = client.get(address, headers={"HX-Request": "true"})
    ended = client.get(address).content.decode()
    counts = []
    for number in (3, 30):
        for _ in range(number):
            jobs.ask("count", by=owner)
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("jobs"))
        counts.append(len(asked))

    assert f'hx-get="{address}"' in waits
    assert off.url == address
    assert ("<html" in bar, f'hx-get="{address}"' in bar) == (False, True)
    assert over.headers["HX-Refresh"] == "true"
    assert (f'hx-get="{address}"' in ended, "Call off" in ended) == (False, False)
    assert counts[0] == counts[1]
