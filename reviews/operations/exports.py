"""Dossiers of many cases in one file: asked for by the office, made by the worker one by one."""

import logging
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applicants import access
from applicants.access import Can
from applicants.models import Application
from credentialing.people.models import Person, Role
from credentialing.people.queries import roles_of
from credentialing.records import audit, jobs
from credentialing.records.jobs import Outcome, Progress
from credentialing.records.models import Job
from credentialing.records.refusals import Refused
from credentialing.records.tables import write_xlsx
from reviews.letters import council as letters
from reviews.models import Dossier
from reviews.operations import dossiers
from reviews.queries import office

log = logging.getLogger(__name__)
MOST = 1000


@transaction.atomic
def ask_export(*, edition: str, stage: str, name: str, by: Person, at: datetime) -> Job:
    """Ask for an edition of the dossiers of all cases that fit; the Chairs are told."""
    day = timezone.localdate(at)
    if Role.Kind.ADMINISTRATOR not in roles_of(by, day):
        raise Http404
    dossiers.check_edition(edition)
    chosen = office.with_dossier(by, day=day, stage=stage, name=name)
    cases = list(chosen.values_list("pk", flat=True)[: MOST + 1])
    if not cases:
        raise Refused(_("No case fits of which a dossier can be issued."))
    if len(cases) > MOST:
        raise Refused(
            _("More than %(most)d cases fit. Choose fewer, and export them in parts.")
            % {"most": MOST}
        )
    page = office.cases_address({"stage": stage, "name": name})
    job = jobs.ask("dossiers", by=by, page=page, edition=edition, cases=cases)
    audit.record(
        "dossiers.export-asked",
        by=by,
        record=f"job {job.pk}",
        after={"edition": edition, "stage": stage, "cases": len(cases)},
    )
    letters.many_dossiers_asked(job, len(cases), day=day)
    return job


def work_export(job: Job, progress: Progress) -> Outcome:
    """The worker's part: each dossier issued once and put into the file, never all in memory.

    Begun again after a killed worker it takes what is already issued.
    """
    edition, keys = job.parameters["edition"], job.parameters["cases"]
    rows: list[list[object]] = []
    with tempfile.NamedTemporaryFile(suffix=".zip", delete=False) as made:
        path = Path(made.name)
    try:
        with zipfile.ZipFile(path, "w") as archive:
            for done, key in enumerate(keys):
                progress(done, len(keys), _("setting dossier %(n)d") % {"n": done + 1})
                rows.append(_add(archive, job, key, edition))
            archive.writestr("index.xlsx", write_xlsx(COLUMNS, rows))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    held = sum(bool(row[4]) for row in rows)
    text = ngettext("One dossier is in the file.", "%(n)d dossiers are in the file.", held)
    if held < len(rows):
        text += " " + _("The index says what is missing, and why.")
    day = f"{timezone.localtime(job.asked_at):%Y-%m-%d}"
    return Outcome(
        text=text % {"n": held},
        name=f"dossiers-{edition}-{day}.zip",
        content=path,
        cases=[str(row[0]) for row in rows if row[0]],
    )


COLUMNS = ("Case", "Applicant", "Stage", "Issued", "File", "SHA-256", "Remark")


def _add(archive: zipfile.ZipFile, job: Job, key: int, edition: str) -> list[object]:
    """Put one case's dossier into the file; its row of the index."""
    now = timezone.now()
    visible = access.visible(job.by, Can.OPERATE, day=timezone.localdate(now))
    case = visible.select_related("applicant").filter(pk=key).first()
    if case is None:
        return ["", "", "", "", "", "", _("No longer yours to operate.")]
    known: list[object] = [case.reference, case.applicant.name, str(case.get_stage_display())]
    try:
        dossier = dossiers.issued_since(case, edition, job) or dossiers.issue_quietly(
            case, edition=edition, by=job.by, at=now
        )
        name = f"{case.reference}-{edition}-{dossier.number}.pdf"
        _copy(archive, dossier, name)
    except Refused as refused:
        return [*known, "", "", "", refused.message]
    except Exception:  # one case that can't be set keeps no other out of the file
        log.exception("The dossier of a case could not be put into job %s.", job.pk)
        return [*known, "", "", "", _("Could not be made; tell who runs this installation.")]
    _note(case, dossier, job)
    issued_on = timezone.localdate(dossier.issued_at)
    return [*known, issued_on, name, dossier.sha256, ""]


def _copy(archive: zipfile.ZipFile, dossier: Dossier, name: str) -> None:
    """Copy the kept bytes piece by piece."""
    at = timezone.localtime(dossier.issued_at)
    entry = zipfile.ZipInfo(name, date_time=at.timetuple()[:6])
    with dossier.file.open("rb") as kept, archive.open(entry, "w") as out:
        for piece in kept.chunks():
            out.write(piece)


@transaction.atomic
def _note(case: Application, dossier: Dossier, job: Job) -> None:
    audit.record(
        "dossier.exported",
        case.reference,
        by=job.by,
        record=f"dossier {dossier.pk}",
        after={"job": job.pk},
    )
