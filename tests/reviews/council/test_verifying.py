"""A paper that somebody hands in: as it was issued, or not by one byte."""

import io
import threading
from datetime import timedelta

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from credentialing.people.models import Credential, CredentialStatus
from reviews import operations
from reviews.dossiers import certificates, signing, verifying
from reviews.dossiers.signing import Signature
from reviews.models import Dossier
from tests.factories import person
from tests.reviews.council.cases import recommended

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def credential():
    made = Credential.objects.create(
        number="ABS-2345-6789", person=person(name="Lena Listed"), title="L", since="2026-01-02"
    )
    CredentialStatus.objects.create(credential=made, status="active", since="2026-01-02")
    made.refresh_from_db()
    return made


@pytest.fixture
def certificate(credential):
    kept = operations.certificate(credential, at=timezone.now())
    with kept.file.open("rb") as made:
        return made.read()


def handed_in(client, content, name="paper.pdf"):
    posted = {"paper": SimpleUploadedFile(name, content, content_type="application/pdf")}
    answer = client.post(reverse("verify-file"), posted)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_certificate_as_it_was_issued_is_known_with_its_status(client, credential, certificate):
    since = TODAY() - timedelta(days=2)
    before = handed_in(client, certificate)
    CredentialStatus.objects.create(credential=credential, status="suspended", since=since)
    after = handed_in(client, certificate)

    assert "This certificate is as the Society issued it, byte for byte." in before
    assert "Lena Listed" in before
    assert "Active" in before
    assert f"Suspended, {since.day} {since:%B %Y}" in after


@pytest.mark.parametrize("place", [9, 0.2, 0.5, 0.8, 0.99, -1])
def test_one_changed_byte_is_found(client, certificate, place):
    changed = bytearray(certificate)
    changed[place if isinstance(place, int) else int(place * len(changed))] ^= 1

    verdict = verifying.verdict(bytes(changed), day=TODAY())

    assert not verdict.as_issued
    assert "is as the Society issued it" not in handed_in(client, bytes(changed))


def test_what_was_added_after_the_signature_breaks_it(certificate):
    added = io.BytesIO()
    pdf = pikepdf.open(io.BytesIO(certificate))
    pdf.docinfo["/Title"] = "Another"
    pdf.save(added)

    assert (
        signing.signature_of(certificate),
        signing.signature_of(certificate + b"\n%%EOF\n"),
        signing.signature_of(added.getvalue()),
    ) == (Signature.WHOLE, Signature.BROKEN, Signature.BROKEN)


def test_a_file_of_somebody_else_is_none_of_ours(client, credential, settings, tmp_path):
    unsigned = certificates.certificate(credential)
    settings.SIGNING_FOLDER = tmp_path / "another"
    another = signing.signed(unsigned, reason="By decision of the Council")
    settings.SIGNING_FOLDER = tmp_path / "ours"

    said = [signing.signature_of(content) for content in (unsigned, another, b"%PDF-1.7 x")]

    assert said == [Signature.NONE] * 3
    assert "The Society did not issue this file." in handed_in(client, another)


def test_of_a_dossier_nothing_is_told_but_which_one_it_is(client):
    society = recommended(1)
    dossier = operations.issue_dossier(
        society.case, edition="committee", by=society.administrator, at=timezone.now()
    )
    with dossier.file.open("rb") as kept:
        content = kept.read()

    said = handed_in(client, content)

    assert "This dossier is as the Society issued it, byte for byte." in said
    assert "Committee's edition, no. 1" in said.replace("&#x27;", "'")
    assert society.case.reference not in said
    assert society.applicant.name not in said


def test_a_signed_dossier_is_archival_still():
    society = recommended(1)
    dossier = operations.issue_dossier(
        society.case, edition="applicant", by=society.administrator, at=timezone.now()
    )

    with dossier.file.open("rb") as kept:
        pdf = pikepdf.open(kept)
        signature = pdf.Root.AcroForm.Fields[0].V
        assert pdf.open_metadata().pdfa_status == "3A"
        assert pdf.Root.MarkInfo.Marked
        assert str(signature.SubFilter) == "/ETSI.CAdES.detached"
        assert int(signature.ByteRange[0]) == 0
    assert Dossier.objects.get() == dossier


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "This file is empty."),
        (b"GIF89a", "This is no PDF."),
        (b"%PDF-" + b"x" * 300, "The Society did not issue this file."),
    ],
)
def test_what_is_no_paper_gets_an_answer_in_words(client, content, said):
    assert said in handed_in(client, content)


def test_a_form_without_a_file_or_too_large_a_one_is_refused(client, monkeypatch):
    monkeypatch.setattr("reviews.forms.council.LARGEST_PAPER", 10)

    nothing = client.post(reverse("verify-file"), {"paper": "x" * 50})
    large = handed_in(client, b"%PDF-1.7 and more")

    assert "Choose a file." in nothing.content.decode()
    assert "too large" in large


def test_two_who_need_the_key_first_get_the_same(settings, tmp_path):
    settings.SIGNING_FOLDER = tmp_path / "new"
    start, keys = threading.Barrier(4), []

    def need():
        start.wait()
        keys.append(signing.identity().der)

    threads = [threading.Thread(target=need) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    file = tmp_path / "new" / "signing.pem"
    assert len(set(keys)) == 1
    assert [path.name for path in file.parent.iterdir()] == ["signing.pem"]
    assert file.stat().st_mode & 0o777 == 0o600
