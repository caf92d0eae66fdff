"""The papers themselves: what stands in each edition, and how the files are made."""

import hashlib
import io
import json
import re
from datetime import UTC, datetime, timedelta

import pikepdf
import pypdf
import pytest
import time_machine
from django.core.files.base import ContentFile
from django.http import Http404
from django.utils import timezone

from applicants.models import (
    Application,
    Attestation,
    AttestationAnswer,
    Claim,
    Document,
    Question,
    Ruling,
    Section,
    StageMove,
    Version,
)
from credentialing.people.models import Credential, Person
from credentialing.records.refusals import Refused
from credentialing.standing.queries import standing
from intensives.models import Enrolment, Presentation, WrittenAssessment
from reviews import operations
from reviews.dossiers import certificates, composing, paper
from reviews.models import (
    Activity,
    Advice,
    Ballot,
    Dossier,
    Elector,
    MeetingVote,
    Recommendation,
    Remark,
    TakenBack,
    Timeline,
    TimelineVersion,
    Vote,
)
from supervision.models import Report
from tests.factories import (
    ApplicationFactory,
    candidacy,
    complete_case,
    intensive,
    person,
    supervision,
)
from tests.reviews.council.cases import recommended

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 15, tzinfo=UTC)
ADDRESS = "mailbox@example.net"


@pytest.fixture
def rich():
    """A recommended case with a mark in everything that somebody may not see."""
    society = recommended(3)
    case, applicant, chair, now = society.case, society.applicant, society.chair, timezone.now()
    today = timezone.localdate()
    society.recommendation = case.recommendations.get()
    Remark.objects.create(application=case, text="MARKREMARK", by=chair, at=now)
    running = supervision(applicant, person(name="Sue"), today - timedelta(days=700))
    faculty = (person(name="Fay"), person(name="Flo"))
    candidacy(applicant, today - timedelta(days=30), faculty, person(name="Eve"))
    for year, text, released in ((1, "MARKRELEASED", now), (2, "MARKKEPT", None)):
        Report.objects.create(
            supervision=running, year=year, text=text, written_at=now, released_at=released
        )
    Ruling.objects.create(
        application=case,
        kind="accept",
        requirement="leading",
        terms={"accept": [{"code": "below-ideal", "detail": None}]},
        reason="MARKRULING",
        ruled_on=today,
        met_on=today,
        took_part=[person(name="Tilda Tookpart").pk],
        by=chair,
        at=now,
    )
    Question.objects.create(
        application=case, text="MARKQUESTION", due=today, asked_by=chair, asked_at=now
    )
    Claim.objects.create(
        application=case,
        credit="balint-group-member",
        facts={"start": "2012-01-01", "end": "2014-12-31", "per_month": 2},
        claimed_at=now,
    )
    Version.objects.create(
        application=case,
        number=1,
        sections={"statement": {"statement": "MARKSTATEMENT"}, "odd": 3, "practice": "x"},
        at=now,
    )
    for number, given in enumerate((True, False)):
        asked = Attestation.objects.create(
            kind="co-leading",
            applicant=applicant,
            attestor=person(name="Attie Attestor"),
            address=ADDRESS,
            text="MARKATTESTED",
            digest="d" * 64,
            asked_at=now,
            expires_at=now,
            token_digest=str(number) * 64,
        )
        AttestationAnswer.objects.create(
            attestation=asked,
            given=given,
            name="Attie Attestor",
            reason="" if given else "MARKDECLINED",
            text=asked.text,
            digest=asked.digest,
            by_link=True,
            at=now,
        )
    timeline = Timeline.objects.create(application=case, opened_at=now)
    version = TimelineVersion.objects.create(timeline=timeline, number=1, by=chair, at=now)
    Activity.objects.create(version=version, area="Frame", activity="MARKACTIVITY", due=today)
    Timeline.objects.filter(pk=timeline.pk).update(agreed=version)
    content = b"%PDF-1.4 a letter"
    document = Document(
        application=case,
        kind="letter",
        title="MARKDOCUMENT",
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        content_type="application/pdf",
        uploaded_at=now,
        uploaded_by=applicant,
    )
    document.file.save("letter.pdf", ContentFile(content), save=False)
    document.save()
    again = Enrolment.objects.create(
        intensive=intensive(today - timedelta(days=3)),
        person=applicant,
        role="candidate",
        evaluator=person(name="Vera Evaluator"),
        enrolled_at=now,
    )
    WrittenAssessment.objects.create(
        enrolment=again, body={"narrative": "MARKDRAFT"}, met_on=today, saved_at=now
    )
    plant_what_no_edition_holds(society)
    return society


def plant_what_no_edition_holds(society):
    """A mark in each field that the office may not read, or that nobody is to read on paper."""
    case, chair, now = society.case, society.chair, timezone.now()
    today = timezone.localdate()
    earlier = society.recommendation
    society.recommendation = Recommendation.objects.create(
        application=case,
        snapshot=earlier.snapshot,
        outcome="for",
        reasons=earlier.reasons,
        met_on=today,
        by=chair,
        at=now,
    )
    TakenBack.objects.create(recommendation=earlier, by=chair, reason="MARKNEVERtakenback", at=now)
    StageMove.objects.create(
        application=case,
        number=1,
        move="return",
        from_stage="submitted",
        to_stage="returned",
        at=now,
        by=chair,
        reason="MARKNEVERmove",
    )
    proposed = Timeline.objects.create(application=case, opened_at=now, closed_at=now)
    version = TimelineVersion.objects.create(
        timeline=proposed, number=1, by=chair, note="MARKNEVERnote", at=now
    )
    Activity.objects.create(version=version, area="F", activity="MARKNEVERproposed", due=today)
    Advice.objects.create(
        application=case,
        snapshot=earlier.snapshot,
        by=chair,
        leaning="against",
        text="MARKNEVERadvice",
        at=now,
    )
    Document.objects.create(
        application=case,
        kind="letter",
        title="MARKNEVERwithdrawn",
        sha256="0" * 64,
        size=1,
        content_type="application/pdf",
        file="gone.pdf",
        uploaded_at=now,
        uploaded_by=society.applicant,
        withdrawn_at=now,
    )
    Section.objects.create(
        application=case, key="statement", answers={"statement": "MARKNEVERdraft"}, saved_at=now
    )
    Attestation.objects.create(
        kind="co-leading",
        applicant=society.applicant,
        attestor=person(name="Nora Notyet"),
        address=ADDRESS,
        text="MARKNEVERunanswered",
        digest="e" * 64,
        asked_at=now,
        expires_at=now,
        token_digest="2" * 64,
    )
    society.council[1].relations.create(
        applicant=society.applicant, kind="declared", since=today, source="MARKNEVERsource"
    )
    ballot = Ballot.objects.create(
        recommendation=society.recommendation,
        opened_at=now - timedelta(days=4),
        opened_by=chair,
        closes_at=now,
        quorum="0.5",
        threshold="0.5",
        publish="names",
        held_because="MARKNEVERheld",
    )
    seats = [
        Elector.objects.create(ballot=ballot, person=member, recused_because=because)
        for member, because in zip(society.council, ("", "MARKNEVERrecused", ""), strict=True)
    ]
    Vote.objects.create(
        elector=seats[0], choice="against", remark="MARKNEVERvote", cast_at=now, receipt="R"
    )
    MeetingVote.objects.create(
        recommendation=society.recommendation,
        held_on=today,
        present=[],
        votes_for=0,
        votes_against=0,
        abstained=0,
        minutes="MARKNEVERminutes",
        entered_by=chair,
        entered_at=now,
    )


def everything(content: bytes) -> str:
    """All that a PDF says: its pages, its metadata, its attachments."""
    pdf = pypdf.PdfReader(io.BytesIO(content))
    said = [page.extract_text() for page in pdf.pages]
    said += [str(pdf.metadata), str(pdf.trailer["/Root"]["/Metadata"].get_data())]
    for name, files in pdf.attachments.items():
        said += [name, *(file.decode("latin-1") for file in files)]
    return "\n".join(said)


def marks(text: str) -> set[str]:
    return {
        mark
        for mark in (
            *("MARKREMARK", "MARKRELEASED", "MARKKEPT", "MARKRULING", "MARKQUESTION"),
            *("MARKSTATEMENT", "MARKATTESTED", "MARKDECLINED", "MARKACTIVITY", "MARKDOCUMENT"),
            *("MARKDRAFT", "Tilda Tookpart", "Led well under supervision.", "Led well."),
        )
        if mark in text
    }


def test_each_edition_holds_what_its_reader_may_see_and_nothing_else(rich):
    editions = {
        edition: everything(paper.dossier(composing.compose(rich.case, edition, number=1, at=AT)))
        for edition in Dossier.Edition.values
    }

    shared = {
        *("MARKRELEASED", "MARKRULING", "MARKQUESTION", "MARKSTATEMENT", "MARKATTESTED"),
        *("MARKACTIVITY", "MARKDOCUMENT", "Led well."),
    }
    deliberation = {"MARKDECLINED", "Tilda Tookpart", "Led well under supervision."}
    assert {edition: marks(text) for edition, text in editions.items()} == {
        "applicant": shared,
        "committee": shared | deliberation,
        "council": shared | deliberation,
    }
    assert re.findall("MARKNEVER[a-z]+", "".join(editions.values())) == []
    said = " ".join(editions["council"].split())
    assert "control of a mailbox; it does not prove who they are" in said
    addresses = {ADDRESS, *Person.objects.values_list("email", flat=True)}
    assert [address for text in editions.values() for address in addresses if address in text] == []


def test_a_dossier_is_archival_tagged_and_carries_the_assessment_and_the_documents(rich):
    contents = composing.compose(rich.case, "council", number=1, at=AT)

    made = paper.dossier(contents)

    pdf = pikepdf.open(io.BytesIO(made))
    attached = json.loads(pdf.attachments["assessment.json"].get_file().read_bytes())
    assert pdf.open_metadata().pdfa_status == "3A"
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.Root.Lang) == "en"
    assert attached == rich.recommendation.snapshot.assessment
    assert attached != standing(rich.case, rich.recommendation.snapshot.as_of).data
    assert pdf.attachments["document-01.pdf"].get_file().read_bytes() == b"%PDF-1.4 a letter"
    assert {str(file.AFRelationship) for file in pdf.Root.AF} == {"/Data", "/Supplement"}
    assert all_fonts_are_embedded(pdf)


def all_fonts_are_embedded(pdf: pikepdf.Pdf) -> bool:
    descriptors = [
        each
        for each in pdf.objects
        if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor"
    ]
    return bool(descriptors) and all("/FontFile2" in each for each in descriptors)


def test_the_head_of_each_page_names_the_case(rich):
    made = paper.dossier(composing.compose(rich.case, "committee", number=7, at=AT))

    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages]
    assert len(pages) > 3
    assert [f"Case {rich.case.reference}" in page for page in pages[1:]] == [True] * (
        len(pages) - 1
    )
    assert [f"{number} / {len(pages)}" in page for number, page in enumerate(pages, 1)] == [
        True
    ] * len(pages)


def test_the_same_contents_give_the_same_bytes_on_another_day():
    case = ApplicationFactory()
    credential = Credential.objects.create(
        number="ABS-2345-6789", person=case.applicant, title="Leader", since="2026-01-02"
    )
    credential.refresh_from_db()
    contents = composing.compose(case, "committee", number=1, at=AT)

    made = []
    for day in (AT, AT + timedelta(days=400)):
        with time_machine.travel(day):
            made.append((paper.dossier(contents), certificates.certificate(credential)))

    assert made[0] == made[1]


def test_a_paper_fetches_nothing_but_the_projects_own_files(tmp_path, settings):
    from weasyprint.urls import FatalURLFetchingError

    secret = tmp_path / "secret.css"
    secret.write_text("p { color: red }")
    fetcher = paper._fetcher({"verify.svg": b"<svg/>"})

    for url in (
        secret.as_uri(),
        "https://example.org/print.css",
        "data:text/css,p{}",
        f"{paper.BASE}../secret.css",
        f"{paper.BASE}css/unknown.css",
        f"{paper.BASE}js/page.js",
    ):
        with pytest.raises(FatalURLFetchingError):
            fetcher.fetch(url)

    assert fetcher.fetch(f"{paper.BASE}verify.svg").read() == b"<svg/>"
    assert b"@page" in fetcher.fetch(f"{paper.BASE}css/print.css").read()


def test_a_certificate_is_one_page_that_reads_aloud_and_can_be_verified(settings):
    settings.SITE_URL = "https://credentials.example.org"
    credential = Credential.objects.create(
        number="ABS-2345-6789",
        person=person(name="Ænne Łukasz-Ōta"),
        title="Credentialed Balint Group Leader",
        since="2026-01-02",
    )
    credential.refresh_from_db()

    made = certificates.certificate(credential)

    pdf, text = pikepdf.open(io.BytesIO(made)), everything(made)
    box = [float(number) for number in pdf.pages[0].MediaBox]
    assert (len(pdf.pages), box[2] > box[3]) == (1, True)
    assert pdf.open_metadata()["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
    assert pdf.Root.MarkInfo.Marked
    assert "Ænne Łukasz-Ōta" in text
    assert "https://credentials.example.org/verify/ABS-2345-6789/" in text
    assert certificates.address(credential.number) in text


def test_a_certificate_is_made_once_and_kept():
    credential = Credential.objects.create(
        number="ABS-2345-6789", person=person(), title="Leader", since="2026-01-02"
    )
    credential.refresh_from_db()

    first = operations.certificate(credential, at=AT)
    second = operations.certificate(credential, at=AT)

    with first.file.open("rb") as kept:
        content = kept.read()
    assert first == second
    assert hashlib.sha256(content).hexdigest() == first.sha256


@pytest.mark.usefixtures("plain_paper")
def test_issued_dossiers_are_numbered_and_stay_as_they_are():
    society = recommended(3)

    issued = [
        operations.issue_dossier(
            society.case, edition=edition, by=society.administrator, at=timezone.now()
        )
        for edition in ("committee", "committee", "applicant")
    ]

    assert [(each.edition, each.number) for each in issued] == [
        ("committee", 1),
        ("committee", 2),
        ("applicant", 1),
    ]
    for dossier in issued:
        with dossier.file.open("rb") as kept:
            assert hashlib.sha256(kept.read()).hexdigest() == dossier.sha256


@pytest.mark.usefixtures("plain_paper")
def test_the_office_alone_issues_dossiers_and_none_of_a_draft():
    society = recommended(3)
    draft = ApplicationFactory(stage="draft")

    with pytest.raises(Http404):
        operations.issue_dossier(
            society.case, edition="committee", by=society.chair, at=timezone.now()
        )
    with pytest.raises(Refused):
        operations.issue_dossier(
            draft, edition="committee", by=society.administrator, at=timezone.now()
        )

    assert not Dossier.objects.exists()


def test_before_its_review_a_case_is_composed_as_it_stands_now():
    case = complete_case(stage="accepted")

    contents = composing.compose(case, "committee", number=1, at=timezone.now())

    assert (contents.snapshot, contents.as_of) == (None, timezone.localdate())
    assert [table.caption for table in contents.evidence] == [
        "Balint groups (1)",
        "Group meetings (58)",
        "Debriefings (58)",
        "Supervision sessions (12)",
        "Intensives (3)",
    ]


def test_who_evaluates_is_told_to_the_applicant_with_the_assessment():
    case = ApplicationFactory(stage="accepted")
    candidacy(
        case.applicant,
        timezone.localdate() - timedelta(days=9),
        (person(), person()),
        person(name="Vera Evaluator"),
        presented=False,
    )

    def told(edition):
        contents = composing.compose(case, edition, number=1, at=timezone.now())
        return "Vera Evaluator" in str(contents.evidence)

    assert (told("applicant"), told("committee")) == (False, True)
    assert not Presentation.objects.exists()


@pytest.mark.usefixtures("plain_paper")
def test_the_result_says_the_outcome_and_never_how_anybody_voted():
    society = recommended(3)
    ballot = society.open()
    society.vote(ballot, "against", "against", "for")
    society.end(ballot)

    case = Application.objects.get(pk=society.case.pk)
    for edition in Dossier.Edition.values:
        said = composing.compose(case, edition, number=2, at=timezone.now()).result
        assert [note.heading.partition(": ")[2] for note in said] == ["not credentialed"]
        assert said[0].texts == ()
