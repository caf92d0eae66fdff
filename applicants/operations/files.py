"""What is in a file that somebody hands in: told by its content, harmless, and drawn once."""

import io
import re
import subprocess
import sys
import zipfile
import zlib
from functools import partial
from typing import IO, Any

import puremagic
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from applicants.models import Application, Document
from credentialing.records import first_page
from credentialing.records.refusals import Refused

LARGEST = 20 * 1024 * 1024
MOST_PIXELS = 60_000_000  # more than any scan; less than what exhausts the memory

PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Of a text document: parts, bytes unpacked, how programs begin, and what calls one in.
MOST_PARTS, LARGEST_UNPACKED = 2_000, 200 * 1024 * 1024
PROGRAMS = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"MZ", b"\x7fELF", b"PK\x03\x04")
CALLS = re.compile(
    rb"vbaproject|macroenabled|oleobject|activex"
    rb"|attachedtemplate[^>]*=.https?:|=.https?:[^>]*attachedtemplate"
)
EXTENSIONS = {PDF: ".pdf", PNG: ".png", JPEG: ".jpg", DOCX: ".docx"}


def read(file: IO[bytes]) -> tuple[bytes, str, bytes]:
    """The content to store, its type, and its first page as PNG, or nothing.

    Refused in words, at the field `file`.
    """
    content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise _refused(_("The file is larger than 20 MB. Make it smaller, or split it."))
    content_type = _type(content)
    if content_type == PDF:
        return content, content_type, _first_page(content)
    if content_type == DOCX:
        _refuse_programs(content)
        return content, content_type, b""
    picture = _drawn_anew(content, content_type)
    small = picture.convert("RGB")
    small.thumbnail((first_page.LONGEST_SIDE, first_page.LONGEST_SIDE))
    whole = encoded(picture, "JPEG" if content_type == JPEG else "PNG")
    return whole, content_type, encoded(small, "PNG")


def read_picture(file: IO[bytes], *, largest: int, sides: tuple[int, int]) -> Image.Image:
    """A picture drawn anew, made as small as the sides; refused in words, at the field `file`."""
    content = file.read(largest + 1)
    if len(content) > largest:
        most = largest // 1024**2
        raise _refused(_("The picture is larger than %(n)d MB. Make it smaller.") % {"n": most})
    if not content.startswith((b"\x89PNG", b"\xff\xd8\xff")):
        raise _refused(_("This is no PNG or JPEG picture. Save it as one of these."))
    picture = _drawn_anew(content, PNG if content.startswith(b"\x89PNG") else JPEG)
    picture.thumbnail(sides)
    return picture


def _type(content: bytes) -> str:
    try:
        found = {each.mime_type for each in puremagic.magic_string(content)}
    except puremagic.PureError:
        found = set()
    known = [content_type for content_type in EXTENSIONS if content_type in found]
    if not known or (known[0] == DOCX and not _is_word(content)):
        raise _refused(_("This is no PDF, PNG, JPEG or DOCX file. Save it as one of these."))
    return known[0]


def _first_page(paper: bytes) -> bytes:
    """The first page of a PDF as PNG, drawn by a process that may take little and not long."""
    try:
        drawn = subprocess.run(
            [sys.executable, "-I", first_page.__file__],
            input=paper,
            capture_output=True,
            timeout=first_page.SECONDS + 5,
            check=False,
        )
    except subprocess.TimeoutExpired as endless:
        raise _refused(_("This PDF takes too long to read. Print it to a new PDF.")) from endless
    if drawn.returncode == first_page.LOCKED:
        raise _refused(_("This PDF is locked with a password. Save it without one."))
    if drawn.returncode == first_page.ARMED:
        raise _refused(
            _("This PDF holds a script or another file. Print it to a new PDF and add that.")
        )
    if drawn.returncode != first_page.DRAWN:
        raise _refused(_("This PDF can't be read. Save it again, or print it to a new PDF."))
    return drawn.stdout


def _is_word(content: bytes) -> bool:
    """Whether a zip holds a text document."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "word/document.xml" in archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def _refuse_programs(content: bytes) -> None:
    """Refuse what can do more than be read: macros, embedded objects, templates from elsewhere."""
    damaged = _refused(_("This document can't be read. Save it again, or as PDF."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                raise damaged
            armed = any(_is_program(archive, part) for part in parts)
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, ValueError, EOFError) as broken:
        raise damaged from broken
    if armed:
        raise _refused(
            _("This document holds macros or embedded objects. Save it without, or as PDF.")
        )


def _is_program(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a part of a text document is a program, told by its content; or calls for one."""
    with archive.open(part) as opened:
        if part.filename.endswith((".rels", "[Content_Types].xml")):
            return CALLS.search(opened.read(LARGEST).lower()) is not None
        return opened.read(8).startswith(PROGRAMS)


def _drawn_anew(content: bytes, content_type: str) -> Image.Image:
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
    return bare


def encoded(picture: Image.Image, kind: str) -> bytes:
    """The bytes of a picture, as "PNG" or "JPEG"."""
    drawn = io.BytesIO()
    picture.save(drawn, kind, quality=90)
    return drawn.getvalue()


def _refused(words: str) -> Refused:
    return Refused(words, field="file")


def remove_files(document: Document) -> None:
    """Remove what is stored of a document, unless another case keeps it, too."""
    if Document.objects.filter(file=document.file.name).exclude(pk=document.pk).exists():
        return
    document.file.delete(save=False)
    if document.preview:
        document.preview.delete(save=False)


def remove_deleted(application: Application) -> None:
    """Remove for good what was deleted before the first submission, files and all."""
    for document in application.documents.filter(withdrawn_at__isnull=False).order_by("-pk"):
        try:
            with transaction.atomic():
                document.delete()
        except ProtectedError:
            continue  # the certificate of an intensive: it goes with that
        transaction.on_commit(partial(remove_files, document))
