"""Files that belong to a case: stored under names that tell nothing, replaced by newer versions."""

import hashlib
import secrets
from datetime import datetime
from typing import IO

from django.core.files.base import ContentFile
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants import stages
from applicants.models import Application, Claim, Document, Question
from applicants.operations.applications import locked, only_the_applicant
from applicants.operations.files import EXTENSIONS, read, remove_files
from credentialing.people.models import Person
from credentialing.records import audit
from credentialing.records.models import AuditEntry
from credentialing.records.refusals import Refused


@transaction.atomic
def upload_document(
    application: Application,
    *,
    kind: str,
    title: str,
    file: IO[bytes],
    replaces: Document | None = None,
    claim: Claim | None = None,
    question: Question | None = None,
    by: Person,
    at: datetime,
) -> Document:
    """Take in a file: PDF, PNG, JPEG or DOCX of at most 20 MB, told by its content.

    It may be a newer version of another document, which stays readable, and belong to a claim
    or to the answer to a question.
    """
    application = locked(application)
    only_the_applicant(application, by, at)
    if not application.is_live:
        raise Refused(stages.already(application))
    if claim and (claim.withdrawn_at or claim.application_id != application.pk):
        raise Refused(_("You have withdrawn this claim."))
    if replaces:
        replaces = _replaceable(replaces, application)
        claim, question = replaces.claim, replaces.question
    belongs_to = {"replaces": replaces, "claim": claim, "question": question}
    return take_in(application, kind=kind, title=title, file=file, **belongs_to, by=by, at=at)


def take_in(
    application: Application,
    *,
    kind: str,
    title: str,
    file: IO[bytes],
    replaces: Document | None = None,
    claim: Claim | None = None,
    question: Question | None = None,
    by: Person,
    at: datetime,
) -> Document:
    """Store a file with a case, told by its content. Who may add it, the caller has asked."""
    content, content_type, page = read(file)
    document = Document(
        application=application,
        kind=kind,
        title=title.strip()[:200],
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        content_type=content_type,
        replaces=replaces,
        claim=claim,
        question=question,
        uploaded_at=at,
        uploaded_by=by,
    )
    name = secrets.token_hex(16)
    document.file.save(f"{name}{EXTENSIONS[content_type]}", ContentFile(content), save=False)
    if page:
        document.preview.save(f"{name}.png", ContentFile(page), save=False)
    try:
        document.save()
        audit.record(
            "document.uploaded",
            application.reference,
            by=by,
            record=f"document {document.pk}",
            after={
                "kind": kind,
                "sha256": document.sha256,
                "size": document.size,
                "replaces": replaces.pk if replaces else None,
            },
        )
    except BaseException:
        remove_files(document)
        raise
    return document


def _replaceable(document: Document, application: Application) -> Document:
    """The document, held until the transaction ends, where a newer version may follow it."""
    found = (
        Document.objects.select_for_update(of=("self",))
        .filter(application=application, pk=document.pk)
        .select_related("claim", "question", "replaced_by")
        .first()
    )
    if found is None:
        raise Http404
    if found.withdrawn_at:
        raise Refused(_("You have withdrawn this document. Add the new one for itself."))
    if hasattr(found, "replaced_by"):
        raise Refused(_("There is a newer version already. Nothing was changed."))
    return found


@transaction.atomic
def open_document(document: Document, *, by: Person) -> bytes:
    """The bytes of a document, of 20 MB at most; that it was opened goes on record."""
    audit.record(
        "document.opened", document.application.reference, by=by, record=f"document {document.pk}"
    )
    with document.file.open("rb") as kept:
        content: bytes = kept.read()
    return content


@transaction.atomic
def open_preview(document: Document, *, by: Person, at: datetime) -> bytes:
    """The picture of a document's first page. Who sees somebody else's goes on record once a day.

    Lists show these pictures by themselves, each time anew.
    """
    case, record = document.application, f"document {document.pk}"
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    noted = AuditEntry.objects.filter(
        case=case.reference, act="document.previewed", record=record, actor=by, at__gte=midnight
    )
    if by.pk != case.applicant_id and not noted.exists():
        audit.record("document.previewed", case.reference, by=by, record=record)
    with document.preview.open("rb") as kept:
        content: bytes = kept.read()
    return content


@transaction.atomic
def withdraw_document(
    document: Document, *, reason: str = "", by: Person, at: datetime
) -> Document:
    """Take a document out of the case. Before the first submission it can be taken back.

    Afterwards a reason is given, and stays on record with the file.
    """
    application = locked(document.application)
    only_the_applicant(application, by, at)
    document = Document.objects.select_for_update().get(pk=document.pk)
    if document.withdrawn_at:
        raise Refused(_("You have withdrawn this document already. Nothing was changed."))
    if application.submitted_on and not reason.strip():
        raise Refused(_("Give a reason; it becomes part of the record."), field="reason")
    document.withdrawn_at, document.withdrawn_because = at, reason.strip()
    document.save(update_fields=["withdrawn_at", "withdrawn_because"])
    audit.record(
        "document.withdrawn", application.reference, by=by, record=f"document {document.pk}"
    )
    return document


@transaction.atomic
def restore_document(document: Document, *, by: Person, at: datetime) -> Document:
    """Put back what was deleted while nobody else had seen it."""
    application = locked(document.application)
    only_the_applicant(application, by, at)
    document = Document.objects.select_for_update().get(pk=document.pk)
    if document.withdrawn_at is None:
        raise Refused(_("This document is there already. Nothing was changed."))
    if application.submitted_on:
        raise Refused(_("The application has been submitted since; add the document anew."))
    document.withdrawn_at = None
    document.save(update_fields=["withdrawn_at"])
    audit.record(
        "document.restored", application.reference, by=by, record=f"document {document.pk}"
    )
    return document
