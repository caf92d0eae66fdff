"""The Council's dossier: frozen when the ballot opens, set by the worker, once."""

import hashlib
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applicants.models import Document, Version
from credentialing.records import jobs
from credentialing.records.models import AuditEntry, Job
from credentialing.records.refusals import Refused
from credentialing.work import KINDS
from reviews import operations
from reviews.dossiers import composing, paper, signing
from reviews.models import Dossier, Manuscript
from reviews.operations.ballots import withdraw_ballot
from tests.factories import person
from tests.reviews.council.cases import recommended

pytestmark = pytest.mark.django_db


def letter(society):
    """A document of the case."""
    content = b"%PDF-1.4 a letter"
    made = Document(
        application=society.case,
        kind="letter",
        title="A letter",
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        content_type="application/pdf",
        uploaded_at=timezone.now(),
        uploaded_by=society.applicant,
    )
    made.file.save("letter.pdf", ContentFile(content), save=False)
    made.save()
    return made


def signed_in(who):
    client = Client()
    client.force_login(who.user)
    return client


def read(who, name, society):
    """What a person reads on a page of the case."""
    return signed_in(who).get(reverse(name, args=[society.case.reference])).content.decode()


def test_the_dossier_says_what_was_so_when_the_ballot_opened(monkeypatch):
    monkeypatch.setattr(signing, "signed", lambda content, reason: content)
    society = recommended(2)
    document = letter(society)
    ballot = society.open(made=False)
    frozen = ballot.manuscript
    society.case.refresh_from_db()
    then = composing.compose(society.case, "council", number=1, at=frozen.frozen_at)
    expected = paper.dossier(then)

    document.withdrawn_at = timezone.now()
    document.save()
    letter(society)
    Version.objects.create(
        application=society.case,
        number=1,
        sections={"statement": {"statement": "Said later."}},
        at=timezone.now(),
    )
    assert composing.compose(society.case, "council", number=1, at=frozen.frozen_at) != then
    assert jobs.run_next(KINDS)

    dossier = Dossier.objects.get()
    with dossier.file.open("rb") as kept:
        assert kept.read() == expected
    assert (dossier.number, dossier.issued_at) == (1, frozen.frozen_at)
    assert dossier.issued_by == society.administrator
    assert not Manuscript.objects.exists()
    digest = hashlib.sha256(frozen.html.encode()).hexdigest()
    assert AuditEntry.objects.get(act="dossier.frozen").after["sha256"] == digest


@pytest.mark.usefixtures("plain_paper")
def test_it_is_made_once_however_many_workers_begin():
    society = recommended(2)
    frozen = society.open(made=False).manuscript

    made = [operations.set_manuscript(frozen) for _worker in range(2)]
    Job.objects.update(state="waiting")
    jobs.run_next(KINDS)

    assert [each is None for each in made] == [False, True]
    assert Dossier.objects.count() == 1
    assert Job.objects.get().outcome == "There is nothing left to make."


@pytest.mark.usefixtures("plain_paper")
def test_what_the_office_issues_meanwhile_has_the_next_number():
    society = recommended(2)
    frozen = society.open(made=False).manuscript

    office = operations.issue_dossier(
        society.case, edition="council", by=society.administrator, at=timezone.now()
    )
    opened = operations.set_manuscript(frozen)

    assert (opened.number, office.number) == (1, 2)


@pytest.mark.usefixtures("plain_paper")
def test_the_pages_of_the_ballot_say_that_it_is_being_made_until_it_is_there():
    society = recommended(2)
    society.open(made=False)
    pages = ((society.council[0], "ballot"), (society.administrator, "open-ballot"))

    before = [read(who, name, society) for who, name in pages]
    Job.objects.update(asked_at=timezone.now() - timedelta(minutes=6))
    late = [read(who, name, society) for who, name in pages]
    jobs.run_next(KINDS)
    after = [read(who, name, society) for who, name in pages]

    for (_who, name), page in zip(pages, before, strict=True):
        here = reverse(name, args=[society.case.reference])
        assert "dossier is being made" in page
        assert f'hx-get="{here}" hx-trigger="every 3s" hx-select="#dossier"' in page
    assert ["longer than it should" in page for page in (*before, *late)] == [False] * 2 + [
        True
    ] * 2
    assert ["every 3s" in page for page in after] == [False, False]
    assert reverse("dossier", args=[Dossier.objects.get().pk]) in after[0]


@pytest.mark.usefixtures("plain_paper")
def test_a_dossier_that_could_not_be_made_is_asked_for_again(monkeypatch):
    society = recommended(2)
    society.open(made=False)
    again = reverse("make-dossier", args=[society.case.reference])

    def broken(*_page, **_told):
        raise OSError

    with monkeypatch.context() as broke:
        broke.setattr(paper, "bound", broken)
        jobs.run_next(KINDS)
    elector, office = (
        read(society.council[0], "ballot", society),
        read(society.administrator, "open-ballot", society),
    )
    first = signed_in(society.administrator).post(again)
    second = signed_in(society.chair).post(again)
    jobs.run_next(KINDS)
    third = signed_in(society.chair).post(again)

    assert ["could not be made" in page for page in (elector, office)] == [True, True]
    assert ["every 3s" in page for page in (elector, office)] == [False, False]
    assert [again in page for page in (elector, office)] == [False, True]
    assert [each.status_code for each in (first, second, third)] == [302, 409, 409]
    assert list(Job.objects.order_by("pk").values_list("state", flat=True)) == ["failed", "done"]
    assert Dossier.objects.count() == 1


@pytest.mark.usefixtures("plain_paper")
def test_only_who_may_open_a_ballot_asks_again():
    society = recommended(2)
    society.open(made=False)
    Job.objects.update(state="failed")

    for other in (society.council[0], society.applicant, person("committee")):
        with pytest.raises(Http404):
            operations.ask_again(society.case, by=other, at=timezone.now())

    assert Job.objects.count() == 1


@pytest.mark.usefixtures("plain_paper")
def test_of_a_ballot_that_was_withdrawn_no_dossier_is_made():
    society = recommended(2)
    society.open(made=False)
    society.case.refresh_from_db()

    withdraw_ballot(society.case, by=society.chair, at=timezone.now())
    jobs.run_next(KINDS)

    assert not Dossier.objects.exists()
    with pytest.raises(Refused, match="no dossier that waits"):
        operations.ask_again(society.case, by=society.chair, at=timezone.now())


@pytest.mark.usefixtures("plain_paper")
def test_a_document_that_can_not_be_read_any_more_is_named():
    society = recommended(2)
    document = letter(society)
    society.open(made=False)

    document.file.storage.delete(document.file.name)
    jobs.run_next(KINDS)

    assert Job.objects.get().outcome.startswith("“A letter” belongs into the dossier")
    assert Manuscript.objects.exists()
