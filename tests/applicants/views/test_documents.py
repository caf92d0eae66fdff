import hashlib
import io
import zipfile

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from applicants.models import Document
from credentialing.records.files import SEALED
from tests.applicants import cases
from tests.factories import PDF, ApplicationFactory, person

pytestmark = pytest.mark.django_db


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


def zipped(*names, **contents):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, contents.get(name.rpartition(".")[2], "<x/>"))
    return made.getvalue()


def written(*parts, **contents):
    """A text document with these parts beside its own."""
    return zipped("[Content_Types].xml", "word/document.xml", *parts, **contents)


def pdf(change=lambda paper: None, **how):
    """A PDF of one page to which something is done."""
    made, paper = io.BytesIO(), pikepdf.new()
    paper.add_blank_page(page_size=(200, 300))
    change(paper)
    paper.save(made, **how)
    return made.getvalue()


def with_script(paper):
    act = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    paper.Root.OpenAction = act


def with_file(paper):
    paper.attachments["program.exe"] = b"MZ"


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
    assert response["Content-Security-Policy"] == SEALED
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
        b"PK\x03\x04 broken",
        picture()[:200],
        b"\x89PNG\r\n\x1a\n" + b"0" * 40,
    ],
)
def test_any_other_content_is_refused_whatever_it_is_called(client, case, content):
    page = body(upload(client, content, name="letter.pdf"))

    assert 'class="errors"' in page
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n", "can&#x27;t be read"),
        (pdf(encryption=pikepdf.Encryption(owner="o", user="u")), "locked with a password"),
        (pdf(with_script), "a script or another file"),
        (pdf(with_file), "a script or another file"),
        (written("word/vbaProject.bin", bin=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "holds macros"),
        (written("word/harmless.xml", xml=b"MZ\x90"), "holds macros"),
        (written("word/embeddings/table.xlsx", xlsx=zipped("xl/workbook.xml")), "holds macros"),
        (
            written(
                "word/_rels/settings.xml.rels",
                rels='<R Type="x/attachedTemplate" Target="https://example.org/a.dotm"/>',
            ),
            "holds macros",
        ),
        (written(*(f"word/{n}.xml" for n in range(2_000))), "can&#x27;t be read"),
    ],
)
def test_what_is_broken_locked_or_more_than_a_paper_is_refused_in_words(client, case, content, why):
    page = body(upload(client, content))

    assert why in page
    assert not Document.objects.exists()


def test_the_first_page_is_drawn_once_and_shown_as_a_picture_of_ours(client, case):
    upload(client, pdf())
    document = Document.objects.get()

    answer = client.get(reverse("preview", args=[document.pk]))

    with Image.open(io.BytesIO(answer.content)) as drawn:
        assert (drawn.format, drawn.size) == ("PNG", (400, 600))
    assert answer["Content-Security-Policy"] == SEALED
    assert reverse("preview", args=[document.pk]) in body(client.get(reverse("documents")))


def test_a_large_picture_is_previewed_small_and_a_text_document_not_at_all(client, case):
    large = io.BytesIO()
    Image.new("RGB", (3000, 1500), "teal").save(large, "PNG")
    upload(client, large.getvalue())
    upload(client, written())
    picture, text = Document.objects.order_by("pk")

    with Image.open(io.BytesIO(client.get(reverse("preview", args=[picture.pk])).content)) as small:
        assert small.size == (1000, 500)
    assert client.get(reverse("preview", args=[text.pk])).status_code == 404


def test_a_newer_version_stands_in_front_and_the_earlier_stays_readable(client, case):
    upload(client, PDF, title="My training")
    first = Document.objects.get()

    client.post(
        reverse("replace-document", args=[first.pk]),
        {"kind": "training", "title": "My whole training", "file": SimpleUploadedFile("b", pdf())},
    )
    again = client.post(
        reverse("replace-document", args=[first.pk]),
        {"kind": "training", "title": "Again", "file": SimpleUploadedFile("b", pdf())},
    )

    page = body(client.get(reverse("documents")))
    assert "1 earlier version" in page
    assert page.index("My whole training") < page.index("My training")
    assert client.get(reverse("document", args=[first.pk])).content == PDF
    assert "There is a newer version already" in body(again)
    assert Document.objects.count() == 2


def test_what_is_deleted_before_submission_can_be_put_back_and_then_is_gone(
    client, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    draft = cases.filled()
    client.force_login(draft.applicant.user)
    for title in ("Kept", "Deleted"):
        upload(client, PDF, title=title)
    kept, deleted = Document.objects.order_by("pk")
    for document in (kept, deleted):
        client.post(reverse("withdraw-document", args=[document.pk]))

    client.post(reverse("restore-document", args=[kept.pk]))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("submit-application"))

    assert list(Document.objects.values_list("title", "withdrawn_at")) == [("Kept", None)]
    assert [path.name for path in (tmp_path / "documents").iterdir()] == [
        kept.file.name.rpartition("/")[2]
    ]
    client.post(reverse("withdraw-document", args=[kept.pk]), {"reason": "The wrong one."})
    late = client.post(reverse("restore-document", args=[kept.pk]))
    assert late.status_code == 409


def test_after_submission_a_document_is_withdrawn_with_a_reason(client, case):
    upload(client, PDF)
    url = reverse("withdraw-document", args=[Document.objects.get().pk])

    unsaid = body(client.post(url, {"reason": " "}))
    client.post(url, {"reason": "It names a patient."})
    client.force_login(person("chair").user)
    read = body(client.get(reverse("case-documents", args=[case.reference])))

    assert 'class="errors"' in unsaid
    assert "Withdrawn: It names a patient." in read


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

    client.post(reverse("withdraw-document", args=[document.pk]), {"reason": "Not mine."})

    body(client.get(reverse("document", args=[document.pk])), status=404)
    assert document.file.storage.exists(document.file.name)
