"""All cases as a file: asked for on the page, made in the worker, told to the Chair."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applicants import access
from credentialing.people.models import Person
from credentialing.people.operations import tell_chair
from credentialing.people.queries import roles_of
from credentialing.records import audit, jobs, tables
from credentialing.records.jobs import Outcome, Progress
from credentialing.records.letters import words
from credentialing.records.models import Job
from credentialing.records.refusals import Refused
from reviews.queries import cases as all_cases
from reviews.queries import listing

AT_ONCE = 100
WRITERS = {"csv": tables.write_csv, "xlsx": tables.write_xlsx}


@transaction.atomic
def ask_listing(*, chosen: Mapping[str, str], file: str, by: Person, at: datetime) -> Job:
    """Ask for the cases that a member reads as a file; the Chair is told that it was asked for."""
    if file not in WRITERS:
        raise Refused(_("Choose CSV or Excel."), field="file")
    job = jobs.ask("cases-export", by=by, page=reverse("cases"), chosen=dict(chosen), file=file)
    audit.record("cases.exported", by=by, record=f"job {job.pk}", after={"file": file})
    if not roles_of(by, timezone.localdate(at)) & access.CHAIR:
        tell_chair(
            "cases-exported",
            occasion=f"job {job.pk}",
            subject=gettext_lazy("The table of cases was taken out as a file"),
            text=words(gettext_lazy("%(name)s has asked for the cases that they read, as a file."))
            % {"name": by.name},
            link=reverse("cases"),
        )
    return job


def work_listing(job: Job, progress: Progress) -> Outcome:
    """The cases that the person who asked reads today, filtered as they asked."""
    day = timezone.localdate()
    found = all_cases.table(job.by, day=day, **job.parameters["chosen"])
    total, standings = found.count(), []
    for run in listing.chunks(found, AT_ONCE):
        progress(len(standings), total, _("Asking the rules about each case"))
        standings += all_cases.stands(run, day)
    drawn, heads = listing.heads(standings)
    rows = (listing.record(now, drawn) for now in standings)
    file = job.parameters["file"]
    said = ngettext("%(n)d case.", "%(n)d cases.", len(standings)) % {"n": len(standings)}
    return Outcome(
        text=said,
        name=f"cases-{day.isoformat()}.{file}",
        content=WRITERS[file](heads, rows),
        cases=[now.application.reference for now in standings],
    )
