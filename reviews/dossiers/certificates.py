"""The certificate of a credential: one page, with the address that verifies it."""

import io
from datetime import UTC, datetime, time

import segno
from django.conf import settings
from django.urls import reverse

from credentialing.people.models import Credential
from credentialing.records.society import current as society_now
from reviews.dossiers import paper


def address(number: str) -> str:
    """The public address that says whether a credential has this number."""
    return settings.SITE_URL + reverse("verify", args=[number])


def certificate(credential: Credential) -> bytes:
    """The certificate as a PDF that reads aloud (UA-1): the same bytes for the same credential."""
    where, society = address(credential.number), society_now()
    return paper.to_pdf(
        "reviews/print/certificate.html",
        {
            "society": society.name,
            "logo": paper.logo_of(society),
            "name": credential.person.name,
            "title": credential.title,
            "number": credential.number,
            "since": credential.since,
            "address": where,
        },
        variant="pdf/ua-1",
        created=datetime.combine(credential.since, time(12), tzinfo=UTC),
        identity=f"certificate {credential.number}",
        files={"verify.svg": code(where)},
    )


def code(text: str) -> bytes:
    """A text as the picture that a telephone reads."""
    drawn = io.BytesIO()
    segno.make(text, error="m").save(drawn, kind="svg", xmldecl=False, border=0, dark="#1c1a17")
    return drawn.getvalue()
