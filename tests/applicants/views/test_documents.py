import hashlib
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from applicants.models import Document
from tests.factories import ApplicationFactory, person

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def case(client, settings, tmp_path):
    """A running case whose applicant is signed in, with a place for files."""
    settings.MEDIA_ROOT = tmp_path
    made = ApplicationFactory()
    client.force_login(made.applicant.user)
    return made


def body(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def upload(client, content, name="file.pdf", **more):
    file = SimpleUploadedFile(name, content)
    said = {"kind": "letter", "title": "A letter / ../x", "file": file} | more
    return client.post(reverse("documents"), said)


def picture(kind="JPEG"):
    made, metadata = io.BytesIO(), Image.Exif()
    metadata[0x010E] = "taken at the clinic"
    Image.new("RGB", (30, 20), "teal").save(made, kind, exif=metadata)
    return made.getvalue()


def zipped(*names):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return made.getvalue()


def test_a_file_is_kept_under_a_name_that_tells_nothing(client, case, tmp_path):
    assert upload(client, PDF, name="Anns secret.pdf").status_code == 302

    document = Document.objects.get()
    stored = tmp_path / document.file.name
    assert stored.read_bytes() == PDF
    assert document.sha256 == hashlib.sha256(PDF).hexdigest()
    assert "secret" not in document.file.name


def test_a_file_is_handed_out_to_be_saved_and_can_do_nothing(client, case):
    upload(client, PDF)

    response = client.get(reverse("document", args=[Document.objects.get().pk]))

    assert response.content == PDF
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"] == "sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_is_drawn_anew_without_what_the_camera_wrote(client, case, kind):
    upload(client, picture(kind), name="scan.bin")

    with Document.objects.get().file.open() as file:
        content = file.read()
    assert b"clinic" not in content
    with Image.open(io.BytesIO(content)) as kept:
        assert (kept.format, kept.size) == (kind, (30, 20))
        assert not kept.getexif()


def test_a_word_document_is_taken(client, case):
    upload(client, zipped("[Content_Types].xml", "word/document.xml"), name="cv.docx")

    assert Document.objects.get().file.name.endswith(".docx")


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        b"MZ\x90\x00",
        b"GIF89a" + b"0" * 50,
        b"plain words",
        zipped("xl/workbook.xml"),
        zipped("word/document.xml", "word/vbaProject.bin"),
        b"PK\x03\x04 broken",
        picture()[:200],
        b"\x89PNG\r\n\x1a\n" + b"0" * 40,
    ],
)
def test_any_other_content_is_refused_whatever_it_is_called(client, case, content):
    page = body(upload(client, content, name="letter.pdf"))

    assert 'class="errors"' in page
    assert not Document.objects.exists()


def test_too_large_a_file_is_refused_in_words(client, case):
    page = body(upload(client, PDF + b"0" * (20 * 1024 * 1024)))

    assert "larger than 20 MB" in page
    assert not Document.objects.exists()


def test_nothing_and_half_a_form_are_said_at_their_fields(client, case):
    page = body(client.post(reverse("documents"), {"kind": "boat", "title": ""}))

    assert page.count('class="errors"') == 3


def test_a_document_is_seen_by_applicant_and_committee_and_by_nobody_else(client, case):
    upload(client, PDF)
    url = reverse("document", args=[Document.objects.get().pk])

    seen = {}
    for who in ("committee", "chair", "administrator", "council", ""):
        client.force_login(person(*filter(None, [who])).user)
        seen[who] = client.get(url).status_code
    client.force_login(ApplicationFactory().applicant.user)
    seen["another applicant"] = client.get(url).status_code

    assert seen == {
        "committee": 200,
        "chair": 200,
        "administrator": 404,
        "council": 404,
        "": 404,
        "another applicant": 404,
    }


def test_a_withdrawn_document_is_no_longer_handed_out(client, case):
    upload(client, PDF)
    document = Document.objects.get()

    client.post(reverse("withdraw-document", args=[document.pk]))

    body(client.get(reverse("document", args=[document.pk])), status=404)
    assert document.file.storage.exists(document.file.name)
