"""A file handed out: saved by the browser, never shown as a page of this site. And pictures."""

from django.core.files import File
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

# A file loads nothing, is framed nowhere and runs nothing, wherever a browser shows it after all.
SEALED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"


def attachment(content: bytes | File, *, name: str, content_type: str) -> HttpResponseBase:
    """Bytes, or an open file to be streamed, as an attachment; sandboxed wherever it is shown."""
    response: HttpResponseBase = (
        HttpResponse(content, content_type=content_type)
        if isinstance(content, bytes)
        else FileResponse(content, content_type=content_type)
    )
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["Content-Security-Policy"] = SEALED
    response["X-Content-Type-Options"] = "nosniff"
    return response


def picture(content: bytes) -> HttpResponse:
    """A picture that was drawn here, as PNG, to be shown on a page."""
    response = HttpResponse(content, content_type="image/png")
    response["Content-Security-Policy"] = SEALED
    response["X-Content-Type-Options"] = "nosniff"
    return response
