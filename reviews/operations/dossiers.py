"""Dossiers: issued once and frozen; every opening on record."""

import hashlib
import secrets
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants import access
from applicants.access import Can
from applicants.models import Application, Stage
from credentialing.people.models import Person
from credentialing.records import audit, jobs
from credentialing.records.jobs import Outcome, Progress
from credentialing.records.models import Job
from credentialing.records.refusals import Refused
from reviews.dossiers import composing, paper, signing
from reviews.letters import council as letters
from reviews.models import Dossier
from reviews.operations.locking import share


@transaction.atomic
def ask_dossier(application: Application, *, edition: str, by: Person, at: datetime) -> Job:
    """Ask for an edition of a case's dossier, as the office; the worker issues it."""
    if not access.may(by, Can.OPERATE, application, day=timezone.localdate(at)):
        raise Http404
    check_edition(edition)
    if application.stage == Stage.DRAFT or not application.submitted_on:
        raise Refused(_("A dossier can be issued once the application was submitted."))
    page = reverse("office-case", args=[application.reference])
    return jobs.ask("dossier", by=by, page=page, application=application.pk, edition=edition)


def work_dossier(job: Job, progress: Progress) -> Outcome:
    """The worker's part: issue it, once, however often the work is begun."""
    progress(0, 1, _("setting the pages"))
    day = timezone.localdate()
    found = access.visible(job.by, Can.OPERATE, day=day)
    case = found.filter(pk=job.parameters["application"]).first()
    if case is None:
        raise Refused(_("This case is no longer yours to operate."))
    edition = job.parameters["edition"]
    dossier = issued_since(case, edition, job) or issue_dossier(
        case, edition=edition, by=job.by, at=timezone.now()
    )
    return Outcome(
        text=_("Issued: %(edition)s, no. %(number)d. The Chair is told.")
        % {"edition": dossier.get_edition_display(), "number": dossier.number}
    )


def issued_since(application: Application, edition: str, job: Job) -> Dossier | None:
    """What a job that is begun again has already issued of a case."""
    issued = application.dossiers.filter(
        edition=edition, issued_by=job.by, issued_at__gte=job.asked_at
    )
    return issued.order_by("-number").first()


def check_edition(edition: str) -> None:
    """Refuse an edition that is none."""
    if edition not in Dossier.Edition.values:
        raise Refused(_("Choose whose edition you want to issue."), field="edition")


@transaction.atomic
def issue_dossier(application: Application, *, edition: str, by: Person, at: datetime) -> Dossier:
    """Issue an edition of a case's dossier, as the office; Chair and reader are told."""
    dossier = issue_quietly(application, edition=edition, by=by, at=at)
    letters.dossier_issued(application, dossier, day=timezone.localdate(at))
    return dossier


@transaction.atomic
def issue_quietly(application: Application, *, edition: str, by: Person, at: datetime) -> Dossier:
    """Issue an edition, as the office; the Chairs are told by the caller, of one or of many.

    The case may not move meanwhile; whoever votes on it need not wait.
    """
    share(Application.objects.filter(pk=application.pk))
    application = Application.objects.select_related("applicant").get(pk=application.pk)
    if not access.may(by, Can.OPERATE, application, day=timezone.localdate(at)):
        raise Http404
    check_edition(edition)
    if application.stage == Stage.DRAFT or not application.submitted_on:
        raise Refused(_("A dossier can be issued once the application was submitted."))
    try:
        with transaction.atomic():
            dossier = issue(application, edition, by=by, at=at)
    except IntegrityError:
        raise Refused(_("Another dossier was issued at the same moment. Try again.")) from None
    if edition == Dossier.Edition.APPLICANT:
        letters.dossier_of_yours(application, dossier)
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
