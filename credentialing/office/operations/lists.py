"""Lists that the office brings in: kept, matched, looked at, and then carried out as a whole."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from credentialing.office.queries import lists as asked
from credentialing.people.models import Person, TableFile
from credentialing.records import audit
from credentialing.records.jobs import Outcome
from credentialing.records.models import Job
from credentialing.records.refusals import Refused


@transaction.atomic
def bring(
    kind: str,
    *,
    name: str,
    content: bytes,
    matching: dict[str, str],
    choices: dict[str, str],
    by: Person,
    at: datetime,
) -> TableFile:
    """Keep a list, to be looked at. Nothing of it is done yet."""
    file = TableFile.objects.create(
        kind=kind,
        name=name[:200],
        content=content,
        matching=matching,
        choices=choices,
        by=by,
        at=at,
    )
    audit.record("list.brought", by=by, record=f"list {file.pk}", after={"kind": kind})
    return file


@transaction.atomic
def match(file: TableFile, matching: dict[str, str], *, by: Person) -> TableFile:
    """Say which column says what; the next list with these columns begins with it."""
    file = TableFile.objects.select_for_update().get(pk=file.pk)
    if file.done_at:
        raise Refused(_("This list was carried out already. Bring it again to look at it anew."))
    file.matching = matching
    file.save(update_fields=["matching"])
    return file


@transaction.atomic
def carry_out(
    file: TableFile, *, digest: str, without_problems: bool, by: Person, at: datetime
) -> str:
    """Do everything that the list would do, or nothing; what came of it in a sentence.

    `digest` is of what was looked at: where the record has changed since, it is looked at anew.
    With rows that have problems, whoever acts says that those are left out. Done once; the same
    list brought again finds everything on record.
    """
    file = TableFile.objects.select_for_update().get(pk=file.pk)
    if file.done_at:
        return file.outcome
    planned = asked.plan(file, by=by, day=timezone.localdate(at))
    if planned.digest != digest:
        raise Refused(_("The record has changed since you looked. Look at the list again."))
    if planned.problems and not without_problems:
        raise Refused(
            _("Say whether the rows with problems are left out, or correct them in the file.")
        )
    try:
        with transaction.atomic():
            planned.kind.carry_out(planned.acting, source=file, by=by, at=at)
    except IntegrityError as clash:
        raise Refused(_("The record has changed meanwhile. Look at the list again.")) from clash
    done, left = len(planned.acting), len(planned.problems)
    file.done_at, file.content = at, b""  # the names in it are where they belong by now
    file.outcome = ngettext("One row was brought in", "%(n)s rows were brought in", done) % {
        "n": done
    } + (_(", %(left)s with problems left out.") % {"left": left} if left else ".")
    file.save(update_fields=["done_at", "outcome", "content"])
    audit.record(
        "list.carried-out",
        by=by,
        record=f"list {file.pk}",
        after={"kind": file.kind, "done": done, "left_out": left},
    )
    return file.outcome


def bring_in_list(job: Job, progress: Any) -> Outcome:
    """A long list, in the background. Begun again, it is done once."""
    said = job.parameters
    file = TableFile.objects.get(pk=said["file"])
    progress(0, 1, _("Reading the list and bringing its rows in"))
    outcome = carry_out(
        file,
        digest=said["digest"],
        without_problems=said["without_problems"],
        by=job.by,
        at=timezone.now(),
    )
    return Outcome(text=outcome)
