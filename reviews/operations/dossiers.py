"""Dossiers: issued once and frozen; every opening on record."""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants import access
from applicants.access import Can
from applicants.models import Application, Document, Stage
from credentialing.people.models import Person
from credentialing.records import audit, jobs
from credentialing.records.jobs import Outcome, Progress
from credentialing.records.models import Job
from credentialing.records.refusals import Refused
from reviews.dossiers import composing, paper, signing
from reviews.dossiers.contents import Attached
from reviews.letters import council as letters
from reviews.models import Ballot, Dossier, Manuscript
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
    number = _next_number(application, edition)
    made = paper.dossier(composing.compose(application, edition, number=number, at=at))
    return _keep(application, edition, number, _signed(made), by=by, at=at)


def _next_number(application: Application, edition: str) -> int:
    """The next number of an edition, for a locked application: also after what is being made."""
    taken = [application.dossiers.filter(edition=edition)]
    if edition == Dossier.Edition.COUNCIL:
        taken.append(Manuscript.objects.filter(ballot__recommendation__application=application))
    return max(rows.aggregate(last=Max("number"))["last"] or 0 for rows in taken) + 1


def _signed(content: bytes) -> bytes:
    return signing.signed(content, reason=_("Issued by the Society"))


def _keep(
    application: Application,
    edition: str,
    number: int,
    content: bytes,
    *,
    by: Person,
    at: datetime,
) -> Dossier:
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
def freeze(application: Application, ballot: Ballot, *, by: Person, at: datetime) -> Manuscript:
    """Write down what the Council's dossier says at the opening of a ballot; the worker sets it.

    For a locked application.
    """
    edition = Dossier.Edition.COUNCIL
    number = _next_number(application, edition)
    contents = composing.compose(application, edition, number=number, at=at)
    html = paper.manuscript(contents)
    attached = [
        {
            "name": each.name,
            "title": each.title,
            "relationship": each.relationship,
            "document": each.document,
            "text": "" if each.document else each.content.decode(),
        }
        for each in contents.attached
    ]
    audit.record(
        "dossier.frozen",
        application.reference,
        by=by,
        record=f"ballot {ballot.pk}",
        after={"number": number, "sha256": hashlib.sha256(html.encode()).hexdigest()},
    )
    return Manuscript.objects.create(
        ballot=ballot,
        number=number,
        html=html,
        attached=attached,
        frozen_at=at,
        job=_ask_to_set(application, ballot, by=by),
    )


def _ask_to_set(application: Application, ballot: Ballot, *, by: Person) -> Job:
    page = reverse("open-ballot", args=[application.reference])
    return jobs.ask("ballot-dossier", by=by, page=page, ballot=ballot.pk)


@transaction.atomic
def ask_again(application: Application, *, by: Person, at: datetime) -> Job:
    """Ask once more for the Council's dossier of an open ballot, where it could not be made."""
    if not access.may(by, Can.OPEN_BALLOT, application, day=timezone.localdate(at)):
        raise Http404
    share(Application.objects.filter(pk=application.pk))
    manuscript = (
        Manuscript.objects.select_for_update(of=("self",))
        .select_related("ballot", "job")
        .filter(ballot__recommendation__application=application)
        .first()
    )
    if manuscript is None:
        raise Refused(_("There is no dossier that waits to be made. Nothing was changed."))
    if not manuscript.job.is_over:
        raise Refused(_("The dossier is being made already. Nothing was changed."))
    manuscript.job = _ask_to_set(application, manuscript.ballot, by=by)
    manuscript.save(update_fields=["job"])
    return manuscript.job


def work_manuscript(job: Job, progress: Progress) -> Outcome:
    """The worker's part: set what was frozen, and keep it once, however often it is begun."""
    progress(0, 1, _("setting the pages"))
    manuscript = Manuscript.objects.filter(ballot=job.parameters["ballot"]).first()
    if manuscript is None:
        return Outcome(text=_("There is nothing left to make."))
    dossier = set_manuscript(manuscript)
    return Outcome(
        text=_("The Council's dossier no. %(number)d is there.") % {"number": dossier.number}
        if dossier
        else _("There is nothing left to make.")
    )


def set_manuscript(manuscript: Manuscript) -> Dossier | None:
    """Set a manuscript as the dossier that it is; None if another worker was first, or it is void.

    Setting takes seconds and locks nothing.
    """
    application = Application.objects.get(recommendations__ballots=manuscript.ballot_id)
    edition, number = Dossier.Edition.COUNCIL, manuscript.number
    content = _signed(
        paper.bound(
            manuscript.html,
            of=f"{application.reference} {edition} {number}",
            at=manuscript.frozen_at,
            attached=[_attached(each) for each in manuscript.attached],
        )
    )
    with transaction.atomic():
        share(Application.objects.filter(pk=application.pk))
        waiting = Manuscript.objects.select_for_update(of=("self",)).select_related("ballot")
        found = waiting.filter(pk=manuscript.pk).first()
        if found is None:
            return None
        found.delete()
        by, at = found.ballot.opened_by, found.frozen_at
        return _keep(application, edition, number, content, by=by, at=at)


def _attached(kept: dict[str, Any]) -> Attached:
    """A file as it was named when the manuscript was frozen; documents are never changed."""
    content: bytes | None = kept["text"].encode()
    if kept["document"]:
        content = composing.content_of(Document.objects.get(pk=kept["document"]))
    if content is None:
        raise Refused(
            _("“%(title)s” belongs into the dossier and can't be read any more.")
            % {"title": kept["title"]}
        )
    return Attached(
        name=kept["name"],
        title=kept["title"],
        content=content,
        relationship=kept["relationship"],
        document=kept["document"],
    )


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
