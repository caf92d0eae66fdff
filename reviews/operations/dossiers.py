"""Dossiers: issued once and frozen; every opening on record."""

import hashlib
import secrets
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants import access
from applicants.access import Can
from applicants.models import Application, Stage
from credentialing.people.models import Person
from credentialing.records import audit
from credentialing.records.refusals import Refused
from reviews.dossiers import composing, paper, signing
from reviews.letters import council as letters
from reviews.models import Dossier


@transaction.atomic
def issue_dossier(application: Application, *, edition: str, by: Person, at: datetime) -> Dossier:
    """Issue an edition of a case's dossier, as the office; the Chair is told."""
    application = Application.objects.select_for_update().get(pk=application.pk)
    day = timezone.localdate(at)
    if not access.may(by, Can.OPERATE, application, day=day):
        raise Http404
    if edition not in Dossier.Edition.values:
        raise Refused(_("Choose whose edition you want to issue."), field="edition")
    if application.stage == Stage.DRAFT or not application.submitted_on:
        raise Refused(_("A dossier can be issued once the application was submitted."))
    dossier = issue(application, edition, by=by, at=at)
    letters.dossier_issued(application, dossier, day=day)
    return dossier


def issue(application: Application, edition: str, *, by: Person, at: datetime) -> Dossier:
    """Compose and keep the next dossier of an edition, for a locked application."""
    issued = application.dossiers.filter(edition=edition).aggregate(last=Max("number"))
    number = (issued["last"] or 0) + 1
    content = signing.signed(
        paper.dossier(composing.compose(application, edition, number=number, at=at)),
        reason=_("Issued by the Society"),
    )
    dossier = Dossier(
        application=application,
        edition=edition,
        number=number,
        sha256=hashlib.sha256(content).hexdigest(),
        issued_by=by,
        issued_at=at,
    )
    dossier.file.save(f"{secrets.token_hex(16)}.pdf", ContentFile(content), save=False)
    dossier.save()
    audit.record(
        "dossier.issued",
        application.reference,
        by=by,
        record=f"dossier {dossier.pk}",
        after={"edition": str(edition), "number": number, "sha256": dossier.sha256},
    )
    return dossier


@transaction.atomic
def open_dossier(dossier: Dossier, *, as_office: bool, by: Person, at: datetime) -> bytes:
    """The bytes of an issued dossier; the opening goes on record, the office's to the Chair."""
    entry = audit.record(
        "dossier.downloaded",
        dossier.application.reference,
        by=by,
        record=f"dossier {dossier.pk}",
        after={"edition": dossier.edition, "number": dossier.number},
    )
    if as_office:
        letters.dossier_opened(dossier.application, dossier, entry.pk, day=timezone.localdate(at))
    with dossier.file.open("rb") as kept:
        content = kept.read()
    if hashlib.sha256(content).hexdigest() != dossier.sha256:
        raise Refused(_("This file is not the one that was issued. Tell the office."))
    return content
