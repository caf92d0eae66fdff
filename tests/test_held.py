"""My data: everything that a person may see of what is held about them, and nothing else."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

import applicants.operations as applying
from applicants.models import Application, LogImport, RecusalLifted
from credentialing import held
from credentialing.people.models import Declaration, Relation
from credentialing.records import jobs, letters
from credentialing.records.models import AuditEntry, Job
from credentialing.standing.operations import freeze
from credentialing.standing.queries import standing
from credentialing.work import KINDS
from intensives.models import Disclosure, Enrolment, EvaluatorChange, GroupChange
from reviews.models import (
    AgendaItem,
    Assignment,
    Ballot,
    CommitteeMeeting,
    MeetingVote,
    Recommendation,
    Remark,
    TakenBack,
    Vote,
)
from supervision.models import Approval, Report, Supervision
from tests.factories import PDF, ApplicationFactory, complete_case, person

pytestmark = pytest.mark.django_db

HIDDEN = "KEPT-FROM-THE-APPLICANT"


@pytest.fixture
def case():
    """A case with a mark in every field that its applicant may see, and in those they may not."""
    case, chair, now = complete_case(), person("chair", name="Chair"), timezone.now()
    today = timezone.localdate()
    applying.upload_document(
        case,
        kind="other",
        title="../A ‘letter’ <b>",
        file=ContentFile(PDF + b"% SEEN-document\n", name="letter.pdf"),
        by=case.applicant,
        at=now,
    )
    applying.ask(case, text="SEEN-question", due=today, by=chair, at=now)
    case.rulings.create(
        kind="accept",
        requirement="leading",
        terms={"accept": [{"code": "below-ideal", "detail": None}]},
        reason="SEEN-ruling",
        ruled_on=today,
        by=chair,
        at=now,
    )
    supervised = Supervision.objects.get(applicant=case.applicant)
    Report.objects.create(
        supervision=supervised, year=1, text="SEEN-report", written_at=now, released_at=now
    )
    case.moves.create(
        number=1,
        move="return",
        from_stage="submitted",
        to_stage="returned",
        at=now,
        by=chair,
        reason="SEEN-return",
    )
    group = case.applicant.balint_groups.first()
    act = case.applicant.log_acts.create(
        kind="imported", entries=[{"kind": "SEEN-act", "key": 1}], by=case.applicant, at=now
    )
    LogImport.objects.create(
        applicant=case.applicant,
        name="SEEN-import",
        heading=["Day"],
        rows=[],
        group=group,
        uploaded_at=now,
        act=act,
    )
    another = ApplicationFactory(applicant=person(name="Another"))
    RecusalLifted.objects.create(
        application=another, person=case.applicant, reason=HIDDEN, by=chair, at=now
    )
    hide(case, supervised, chair, now)
    return case


def hide(case, supervised, chair, now):
    """A mark in each field whose reader is somebody else."""
    today = timezone.localdate()
    Report.objects.create(supervision=supervised, year=2, text=HIDDEN, written_at=now)
    Approval.objects.filter(supervisor=supervised.supervisor).update(reason=HIDDEN)
    case.moves.create(
        number=2,
        move="take-back",
        from_stage="recommended",
        to_stage="under-review",
        at=now,
        by=chair,
        reason=HIDDEN,
    )
    Remark.objects.create(application=case, by=chair, text=HIDDEN, at=now)
    recommendation = Recommendation.objects.create(
        application=case,
        snapshot=freeze(case, standing(case, today), by=chair, at=now),
        outcome="against",
        reasons=HIDDEN,
        met_on=today,
        by=chair,
        at=now,
    )
    TakenBack.objects.create(recommendation=recommendation, by=chair, reason=HIDDEN, at=now)
    ballot = Ballot.objects.create(
        recommendation=recommendation,
        opened_at=now,
        opened_by=chair,
        closes_at=now + timedelta(days=5),
        quorum="0.5",
        threshold="0.5",
        publish="names",
        held_because=HIDDEN,
    )
    seat = ballot.electors.create(person=person("council"), recused_because=HIDDEN)
    Vote.objects.create(elector=seat, choice="against", remark=HIDDEN, cast_at=now, receipt="r")
    MeetingVote.objects.create(
        recommendation=recommendation,
        held_on=today,
        present=[],
        votes_for=0,
        votes_against=0,
        abstained=0,
        minutes=HIDDEN,
        entered_by=chair,
        entered_at=now,
    )
    meeting = CommitteeMeeting.objects.create(day=today, planned_by=chair, planned_at=now)
    AgendaItem.objects.create(
        meeting=meeting, application=case, matter="m", title=HIDDEN, text=HIDDEN, decision=HIDDEN
    )
    Assignment.objects.create(application=case, matter=HIDDEN, to=chair, by=chair, at=now)
    enrolment = Enrolment.objects.get(person=case.applicant, role="candidate")
    participation = Enrolment.objects.filter(person=case.applicant, role="participant").first()
    draft = type(enrolment.assessment).objects.create(
        enrolment=participation, body={"narrative": HIDDEN}, saved_at=now
    )
    draft.agreements.create(person=chair, revision=1, content={}, dissent=HIDDEN, at=now)
    EvaluatorChange.objects.create(
        enrolment=enrolment,
        before=chair,
        after=enrolment.evaluator,
        reason=HIDDEN,
        by=chair,
        at=now,
    )
    GroupChange.objects.create(
        enrolment=enrolment,
        before=None,
        after=enrolment.small_group,
        reason=HIDDEN,
        by=chair,
        at=now,
    )
    Disclosure.objects.create(enrolment=enrolment, person=chair, words=HIDDEN, by=chair, at=now)
    RecusalLifted.objects.create(
        application=case, person=person("council"), reason=HIDDEN, by=chair, at=now
    )
    Relation.objects.create(
        person=chair, applicant=case.applicant, kind="declared", since=today, source=HIDDEN
    )
    Declaration.objects.create(
        person=chair, applicant=case.applicant, by=chair, words=HIDDEN, at=now
    )
    letters.write("ruling", case.applicant, occasion="1", subject=HIDDEN, text=HIDDEN, link=HIDDEN)
    AuditEntry.objects.create(actor=chair, act="trial", case=case.reference, after={"x": HIDDEN})


def downloaded(client, who):
    """The file that the person downloads, by name."""
    client.force_login(who.user)
    answer = client.post(reverse("my-data"), {"submission": "k"})
    assert client.post(reverse("my-data"), {"submission": "k"}).url == answer.url
    assert jobs.run_next(KINDS)
    job = Job.objects.get(by=who)
    assert job.state == "done", job.outcome
    content = b"".join(client.get(reverse("job-file", args=[job.pk])).streaming_content)
    bundle = zipfile.ZipFile(io.BytesIO(content))
    return {name: bundle.read(name) for name in bundle.namelist()}


def test_the_download_holds_what_one_may_see_and_no_mark_of_anything_else(client, case):
    found = downloaded(client, case.applicant)

    everything = b"\n".join([*found.values(), *(name.encode() for name in found)])
    for seen in (
        *("question", "ruling", "report", "return", "document"),
        *("act", "import"),
    ):
        assert f"SEEN-{seen}".encode() in everything
    assert HIDDEN.encode() not in everything
    tables = json.loads(found["data.json"])
    assert {"applications", "meetings", "supervision sessions", "intensives"} <= set(tables)
    another = Application.objects.get(applicant__name="Another")
    lifted = tables["recusals of yours that were lifted"]
    assert [each["case"] for each in lifted] == [another.reference]
    assert tables["recommendations made to the Council"][0].keys() == {"at"}
    assert AuditEntry.objects.filter(act="my-data.asked", actor=case.applicant).count() == 1


def test_names_in_the_bundle_stay_inside_it(client, case):
    names = [name for name in downloaded(client, case.applicant) if name.startswith("files/")]

    assert len(names) == 1
    assert not any(part in names[0].removeprefix("files/") for part in ("/", "..", "<"))


def test_the_index_can_be_read(client, case):
    index = downloaded(client, case.applicant)["index.html"].decode()

    assert "<h2>Supervision sessions</h2>" in index
    assert "&lt;b&gt;" in index
    assert ">None<" not in index


def test_a_supervisor_finds_their_own_part(case):
    supervised = Supervision.objects.get(applicant=case.applicant)

    found = held.held(supervised.supervisor)

    assert [row["supervised"] for row in found["supervision"]] == [case.applicant.name]
    assert len(found["supervision reports"]) == 2
    assert "supervision sessions" not in found
    assert "applications" not in found


def test_the_page_says_how_much_there_is(client, case):
    client.force_login(case.applicant.user)

    page = client.get(reverse("my-data")).content.decode()

    assert "Supervision sessions" in page
    assert HIDDEN not in page
