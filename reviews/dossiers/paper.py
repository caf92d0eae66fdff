"""HTML set as PDF: tagged, fonts embedded, and the same bytes for the same contents.

WeasyPrint is imported when a paper is made, not when the application starts.
"""

import hashlib
import io
import os
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from PIL import Image

from credentialing.records.models import Logo, Society
from reviews.dossiers.contents import Attached, Contents

LOGO = re.compile(r"logo-([0-9a-f]{64})\.png")
# No such host exists; it only gives the style sheet's relative addresses something to rest on.
BASE = "https://static.invalid/"
EPOCH = "1167609600"  # 1 January 2007
SERVED = {
    ".css": "text/css",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}


def dossier(contents: Contents) -> bytes:
    """A dossier as an archival PDF (A-3a), its attachments inside."""
    return bound(
        manuscript(contents),
        of=f"{contents.reference} {contents.edition} {contents.number}",
        at=contents.issued_at,
        attached=contents.attached,
    )


def manuscript(contents: Contents) -> str:
    """What a dossier says, word for word, before it is set in pages."""
    return _written("reviews/print/dossier.html", {"dossier": contents}, contents.issued_at)


def bound(html: str, *, of: str, at: datetime, attached: Sequence[Attached]) -> bytes:
    """A manuscript set in pages. `of` names the dossier: its case, edition and number."""
    return _set(html, variant="pdf/a-3a", created=at, identity=of, files={}, attached=attached)


def to_pdf(
    template: str,
    context: dict[str, Any],
    *,
    variant: str,
    created: datetime,
    identity: str,
    files: dict[str, bytes] | None = None,
) -> bytes:
    """A template set as PDF. `files` are pictures that the template names, by their file name."""
    html = _written(template, context, created)
    return _set(
        html, variant=variant, created=created, identity=identity, files=files or {}, attached=()
    )


def _written(template: str, context: dict[str, Any], created: datetime) -> str:
    said = created.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
    return render_to_string(template, {**context, "created": said, "paper": paper_class()})


def _set(
    html: str,
    *,
    variant: str,
    created: datetime,
    identity: str,
    files: dict[str, bytes],
    attached: Sequence[Attached],
) -> bytes:
    # Fonts carry the time at which they were cut to size; this makes it the same each time.
    os.environ.setdefault("SOURCE_DATE_EPOCH", EPOCH)
    from weasyprint import HTML, Attachment  # noqa: PLC0415 - see above

    created = created.astimezone(UTC).replace(microsecond=0)
    attachments = [
        Attachment(
            file_obj=io.BytesIO(each.content),
            name=each.name,
            description=each.title,
            created=created,
            modified=created,
            relationship=each.relationship,
        )
        for each in attached
    ]
    made: bytes = HTML(string=html, base_url=BASE, url_fetcher=_fetcher(files)).write_pdf(
        pdf_variant=variant,
        pdf_tags=True,
        pdf_identifier=hashlib.sha256(identity.encode()).digest()[:16],
        attachments=attachments,
    )
    return made


def paper_class() -> str:
    """The paper of the society's country: `us-letter`, or A4."""
    return "" if getattr(settings, "PAPER", "letter") == "a4" else "us-letter"


def _fetcher(files: dict[str, bytes]) -> Any:
    """Knows the project's own static files and what it is handed, and no other address."""
    from weasyprint.urls import (  # noqa: PLC0415
        FatalURLFetchingError,
        URLFetcher,
        URLFetcherResponse,
    )

    class OwnFiles(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            name = unquote(urlsplit(url).path).lstrip("/")
            kind = SERVED.get(PurePosixPath(name).suffix)
            if kind is None or not url.startswith(BASE):
                raise FatalURLFetchingError(f"not a file of this project: {url}")
            content = files[name] if name in files else _logo(name) or _static(name)
            if content is None:
                raise FatalURLFetchingError(f"not a file of this project: {url}")
            return URLFetcherResponse(url, content, {"Content-Type": kind})

    return OwnFiles()


def logo_of(society: Society) -> str:
    """The name by which a paper calls the logo of now, and finds it as long as it is set anew."""
    return f"logo-{society.logo.digest}.png" if society.logo else ""


def _logo(name: str) -> bytes | None:
    """A logo, also an earlier one; on white, because archival paper knows no transparency."""
    found = LOGO.fullmatch(name)
    logo = Logo.objects.filter(digest=found[1]).first() if found else None
    if logo is None:
        return None
    with Image.open(io.BytesIO(bytes(logo.content))) as picture:
        ground = Image.new("RGBA", picture.size, "white")
        ground.alpha_composite(picture.convert("RGBA"))
    on_white = io.BytesIO()
    ground.convert("RGB").save(on_white, "PNG")
    return on_white.getvalue()


def _static(name: str) -> bytes | None:
    if ".." in PurePosixPath(name).parts:
        return None
    found = finders.find(name)
    return Path(found).read_bytes() if isinstance(found, str) else None
