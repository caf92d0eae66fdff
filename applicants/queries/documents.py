"""The documents of a case: the newest version of each, with its earlier ones."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from applicants.models import Application, Document
from credentialing.rules import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document as it is now, and what it replaced, the newest first."""

    document: Document
    earlier: list[Document] = field(default_factory=list)

    @property
    def is_the_applicant_s(self) -> bool:
        """Handed in by the applicant, and not entered by the office."""
        return self.document.uploaded_by_id == self.document.application.applicant_id

    @property
    def belongs_to(self) -> str:
        """The claim or the question for which it was handed in, in words."""
        if self.document.claim:
            return words.name(self.document.claim.credit)
        return self.document.question.text if self.document.question else ""


def papers(application: Application, **of: Any) -> list[Paper]:
    """The documents that stand in a case, or with one claim or question; the newest first."""
    rows = Document.objects.filter(application=application, withdrawn_at__isnull=True, **of)
    return chained(
        rows.select_related("application", "claim", "question").order_by("-uploaded_at", "-pk")
    )


def chained(documents: Iterable[Document]) -> list[Paper]:
    """These documents, each with its earlier versions; in their order."""
    by_key = {document.pk: document for document in documents}
    replaced = {document.replaces_id for document in by_key.values()}
    return [
        Paper(document=document, earlier=_earlier(document, by_key))
        for document in by_key.values()
        if document.pk not in replaced
    ]


def _earlier(document: Document, by_key: dict[int, Document]) -> list[Document]:
    found = []
    while document.replaces_id in by_key:
        document = by_key[document.replaces_id]
        found.append(document)
    return found


def withdrawn(application: Application) -> list[Document]:
    """What was taken out of a case, the newest first."""
    rows = application.documents.filter(withdrawn_at__isnull=False)
    return list(rows.order_by("-withdrawn_at", "-pk"))
