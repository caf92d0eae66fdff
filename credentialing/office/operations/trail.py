"""The audit trail as a file: asked for by the office, told to the Chair, written by the worker."""

from collections.abc import Iterator, Mapping

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from credentialing.office.forms import TrailFilter
from credentialing.office.queries import trail
from credentialing.people.models import Person
from credentialing.people.operations import tell_chair
from credentialing.records import audit, jobs
from credentialing.records.jobs import Outcome, Progress
from credentialing.records.models import AuditEntry, Job
from credentialing.records.refusals import Refused
from credentialing.records.tables import write_csv

COLUMNS = ("Entry", "When", "What", "Act", "By", "Person", "Case", "Record")


@transaction.atomic
def ask_trail(chosen: Mapping[str, str], *, by: Person) -> Job:
    """Ask for the entries that fit as a file; the Chair is told that it was asked for."""
    form = TrailFilter(chosen)
    if not form.is_valid():
        raise Refused(_("One of the filters isn’t known. Choose again on the page of the trail."))
    told = form.told()
    job = jobs.ask("audit-export", by=by, page=reverse("audit"), chosen=told)
    audit.record("audit.exported", by=by, record=f"job {job.pk}", after={"filters": sorted(told)})
    tell_chair(
        "audit-exported",
        occasion=f"job {job.pk}",
        subject=_("The audit trail was taken out as a file"),
        text=_("%(name)s, of the office, has asked for entries of the audit trail as a file.")
        % {"name": by.name},
        link="/",
    )
    return job


def work_trail(job: Job, progress: Progress) -> Outcome:
    """The entries that fit, as the page shows them, and no more of them: no content."""
    form = TrailFilter(job.parameters["chosen"])
    form.full_clean()
    found = trail.entries(job.by, **form.cleaned_data)
    total = found.count()

    def rows() -> Iterator[tuple[object, ...]]:
        for done, entry in enumerate(found.iterator(chunk_size=2000)):
            progress(done, total, _("Writing the entries"))
            yield _row(entry)

    content = write_csv(COLUMNS, rows())
    said = ngettext("One entry.", "%(n)d entries.", total) % {"n": total}
    day = timezone.localdate(job.asked_at)
    return Outcome(text=said, name=f"audit-trail-{day.isoformat()}.csv", content=content)


def _row(entry: AuditEntry) -> tuple[object, ...]:
    return (
        entry.pk,
        timezone.localtime(entry.at).isoformat(timespec="seconds"),
        trail.said(entry.act),
        entry.act,
        entry.actor.name if entry.actor else "",
        entry.actor_id or "",
        entry.case,
        entry.record,
    )
