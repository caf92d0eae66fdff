"""The policy bench: what a draft would change, for whom, and nothing written."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applicants.models import Application
from credentialing.people.models import Relation
from credentialing.records import jobs
from credentialing.records.models import Job
from credentialing.rules import load_procedure
from credentialing.rules.procedure import SHIPPED
from credentialing.standing.queries import standing
from credentialing.work import KINDS
from reviews.operations.bench import GAINS, LOSES, NO_LONGER, effects
from tests import factories
from tests.reviews.committee import made

pytestmark = pytest.mark.django_db

TEXT = (Path(SHIPPED) / "abs-2007.toml").read_text()


@pytest.fixture
def chair():
    return factories.person("chair")


def draft(**changes):
    """The procedure of 2007 under another name, with some lines changed."""
    text = TEXT.replace('= "abs-2007"', '= "abs-draft"', 1)
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new, 1)
    return text


STRICTER = {"sessions": ("per_year    = 6", "per_year    = 9")}
LAXER = {"months": ("months               = 24", "months               = 12")}


def upload(client, text, name="draft.toml"):
    return client.post(reverse("policy-bench"), {"file": SimpleUploadedFile(name, text.encode())})


def test_the_same_text_changes_nothing():
    case = factories.complete_case()

    assert list(effects(standing(case, made.today()), load_procedure(case.procedure))) == []


def test_a_draft_says_who_loses_who_gains_and_by_which_requirement(chair, client):
    complete = factories.complete_case()
    beginner = factories.ApplicationFactory()
    factories.membership(beginner.applicant)
    client.force_login(chair.user)

    asked = upload(client, draft(**STRICTER, **LAXER))
    assert jobs.run_next(KINDS)
    job = Job.objects.get()
    page = client.get(reverse("bench-result", args=[job.pk]))

    assert asked.url == reverse("job", args=[job.pk])
    rows = {(row[0]["text"], row[1]): row[2] for row in page.context["rows"]}
    assert rows == {
        (complete.applicant.name, "Supervision"): str(LOSES),
        (complete.applicant.name, "Ready for review"): str(NO_LONGER),
        (beginner.applicant.name, "Leading"): str(GAINS),
        (beginner.applicant.name, "Supervision"): str(LOSES),
    }
    assert job.outcome == "Of 2 cases, 1 gain and 2 lose something under abs-draft."


def test_nothing_of_a_case_is_written_and_the_draft_is_gone_afterwards(chair, client):
    case = factories.complete_case()
    before = Application.objects.values().get(pk=case.pk)
    client.force_login(chair.user)

    upload(client, draft(**STRICTER))
    jobs.run_next(KINDS)

    assert Application.objects.values().get(pk=case.pk) == before
    assert not case.rulings.exists()
    assert not case.snapshots.exists()
    assert "draft" not in Job.objects.get().parameters


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("not toml at all", "draft.toml: not TOML"),
        (
            TEXT.replace("per_year    = 6", "per_yeer    = 6"),
            "requirement[5].per_yeer: unknown key",
        ),
        ("\x00", "draft.toml"),
        ("x" * 300_000, "too large"),
    ],
)
def test_a_draft_that_can_not_be_read_is_refused_with_the_place_of_its_fault(
    text, said, chair, client
):
    client.force_login(chair.user)

    page = upload(client, text)

    assert page.status_code == 200
    assert said in page.content.decode()
    assert not Job.objects.exists()


def test_a_file_that_is_no_text_is_refused(chair, client):
    client.force_login(chair.user)
    file = SimpleUploadedFile("draft.toml", b"\xff\xfe\x00PNG")

    page = client.post(reverse("policy-bench"), {"file": file})

    assert "not a text file" in page.content.decode()


def test_the_bench_tries_only_the_cases_that_one_reads_and_shows_them_to_oneself(chair, client):
    member = factories.person("committee")
    open_, hidden = factories.complete_case(), factories.complete_case()
    client.force_login(member.user)
    upload(client, draft(**STRICTER))
    jobs.run_next(KINDS)
    job = Job.objects.get()
    Relation.objects.create(
        person=member,
        applicant=hidden.applicant,
        kind="recused",
        since="2020-01-01",
        source="test",
    )

    shown = client.get(reverse("bench-result", args=[job.pk])).content.decode()
    client.force_login(chair.user)
    other = client.get(reverse("bench-result", args=[job.pk]))

    assert open_.applicant.name in shown
    assert hidden.reference not in shown
    assert other.status_code == 404
