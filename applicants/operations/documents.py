"""Files that belong to a case: taken in by their content, stored under names that tell nothing."""

import hashlib
import io
import secrets
import zipfile
from datetime import datetime
from typing import IO, Any

import puremagic
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from applicants import stages
from applicants.models import Application, Document
from applicants.operations.applications import locked, only_the_applicant
from credentialing.people.models import Person
from credentialing.records import audit
from credentialing.records.refusals import Refused

LARGEST = 20 * 1024 * 1024
MOST_PIXELS = 60_000_000  # more than any scan; less than what exhausts the memory

PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXTENSIONS = {PDF: ".pdf", PNG: ".png", JPEG: ".jpg", DOCX: ".docx"}


@transaction.atomic
def upload_document(
    application: Application, *, kind: str, title: str, file: IO[bytes], by: Person, at: datetime
) -> Document:
    """Take in a file of the applicant: PDF, PNG, JPEG or DOCX of at most 20 MB."""
    application = locked(application)
    only_the_applicant(application, by, at)
    if not application.is_live:
        raise Refused(stages.already(application))
    return take_in(application, kind=kind, title=title, file=file, by=by, at=at)


def take_in(
    application: Application, *, kind: str, title: str, file: IO[bytes], by: Person, at: datetime
) -> Document:
    """Store a file with a case, told by its content. Who may add it, the caller has asked."""
    content, content_type = read(file)
    document = Document(
        application=application,
        kind=kind,
        title=title.strip()[:200],
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        content_type=content_type,
        uploaded_at=at,
        uploaded_by=by,
    )
    name = f"{secrets.token_hex(16)}{EXTENSIONS[content_type]}"
    document.file.save(name, ContentFile(content), save=False)
    try:
        document.save()
        audit.record(
            "document.uploaded",
            application.reference,
            by=by,
            record=f"document {document.pk}",
            after={"kind": kind, "sha256": document.sha256, "size": document.size},
        )
    except BaseException:
        document.file.delete(save=False)
        raise
    return document


@transaction.atomic
def withdraw_document(document: Document, *, by: Person, at: datetime) -> Document:
    """Take a document out of the case; the file itself is kept."""
    application = locked(document.application)
    only_the_applicant(application, by, at)
    document = Document.objects.select_for_update().get(pk=document.pk)
    if document.withdrawn_at:
        raise Refused(_("You have withdrawn this document already. Nothing was changed."))
    document.withdrawn_at = at
    document.save(update_fields=["withdrawn_at"])
    audit.record(
        "document.withdrawn", application.reference, by=by, record=f"document {document.pk}"
    )
    return document


def read(file: IO[bytes]) -> tuple[bytes, str]:
    """The content to store and its type. Refused in words, at the field `file`."""
    content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise _refused(_("The file is larger than 20 MB. Make it smaller, or split it."))
    content_type = _type(content)
    if content_type in {PNG, JPEG}:
        content = _without_metadata(content, content_type)
    return content, content_type


def _type(content: bytes) -> str:
    try:
        found = {each.mime_type for each in puremagic.magic_string(content)}
    except puremagic.PureError:
        found = set()
    known = [content_type for content_type in EXTENSIONS if content_type in found]
    if not known or (known[0] == DOCX and not _is_word(content)):
        raise _refused(_("This is no PDF, PNG, JPEG or DOCX file. Save it as one of these."))
    return known[0]


def _is_word(content: bytes) -> bool:
    """Whether a zip holds a text document, and no macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    return "word/document.xml" in names and not any("vbaProject" in name for name in names)


def _without_metadata(content: bytes, content_type: str) -> bytes:
    """The picture drawn anew: its pixels the right way up, and nothing else."""
    damaged = _refused(_("This picture can't be read. Save it again, as PNG or JPEG."))
    try:
        with Image.open(io.BytesIO(content), formats=["PNG", "JPEG"]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise _refused(_("This picture has too many pixels. Make it smaller."))
            upright: Any = ImageOps.exif_transpose(picture)
            shown = upright.convert("RGB" if content_type == JPEG else "RGBA")
            bare = Image.new(shown.mode, shown.size)
            bare.paste(shown)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as broken:
        raise damaged from broken
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise damaged from bomb
    drawn = io.BytesIO()
    bare.save(drawn, "JPEG" if content_type == JPEG else "PNG", quality=90)
    return drawn.getvalue()


def _refused(words: str) -> Refused:
    return Refused(words, field="file")
