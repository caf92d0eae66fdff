"""A table that becomes entries of a log: begun, matched, imported once."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applicants.models import BalintGroup, LogAct, LogImport
from applicants.operations.logs import Evening, locked_groups, log_evenings
from applicants.queries import guessed_columns, read_import
from credentialing.people.models import Person
from credentialing.records.jobs import Outcome, Progress
from credentialing.records.models import Job
from credentialing.records.refusals import Refused
from credentialing.records.tables import Table

KEPT = timedelta(days=2)
MOST_SIGNS = 300  # of a cell: nothing that a log needs is longer


@transaction.atomic
def begin_import(person: Person, table: Table, *, name: str, by: Person, at: datetime) -> LogImport:
    """Keep the rows of a table until they are imported; those of an earlier one are dropped."""
    if not table.rows:
        raise Refused(_("Below its heading %(name)s is empty.") % {"name": name}, field="file")
    earlier = LogImport.objects.filter(applicant=person)
    earlier.update(rows=[])
    last = earlier.exclude(columns={}).order_by("-pk").first()
    groups = list(BalintGroup.objects.filter(applicant=person).order_by("-start", "-pk")[:2])
    return LogImport.objects.create(
        applicant=person,
        name=name[:200],
        heading=list(table.columns),
        rows=[
            [row.line, [row.cells[column][:MOST_SIGNS] for column in table.columns]]
            for row in table.rows
        ],
        columns=guessed_columns(table.columns, last.columns if last else {}),
        group=groups[0] if len(groups) == 1 else None,
        uploaded_at=at,
    )


@transaction.atomic
def match_import(
    load: LogImport,
    columns: dict[str, str],
    *,
    group: BalintGroup | None,
    day_first: bool | None,
    by: Person,
    at: datetime,
) -> LogImport:
    """Say which column holds what, which group is meant where none is said, how days are meant."""
    load = LogImport.objects.select_for_update().get(pk=load.pk)
    load.columns = {name: column for name, column in columns.items() if column in load.heading}
    load.group, load.day_first = group, day_first
    load.save(update_fields=["columns", "group", "day_first"])
    return load


@transaction.atomic
def drop_import(load: LogImport, *, by: Person, at: datetime) -> None:
    """Import nothing: the rows are forgotten."""
    LogImport.objects.filter(pk=load.pk).update(rows=[])


@transaction.atomic
def forget_imports(*, at: datetime) -> int:
    """Forget the rows of tables that were looked at and left; how many tables that were."""
    left = LogImport.objects.filter(uploaded_at__lt=at - KEPT).exclude(rows=[])
    return left.update(rows=[])


def work_import(job: Job, progress: Progress) -> Outcome:
    """The import that a job asks for; asked again, it is the same act."""
    act = import_log(
        LogImport.objects.get(pk=job.parameters["load"]),
        by=job.by,
        at=timezone.now(),
        told=lambda done, total: progress(done, total, _("Reading the rows")),
    )
    if act is None:
        return Outcome(text=_("Everything in this file was in your log already."))
    how_many = len(act.entries)
    said = ngettext("%(n)d entry is in your log.", "%(n)d entries are in your log.", how_many)
    return Outcome(text=said % {"n": how_many})


def import_log(
    load: LogImport,
    *,
    by: Person,
    at: datetime,
    told: Callable[[int, int], None] = lambda done, total: None,
) -> LogAct | None:
    """Import every good row of a table, in one act; None where all of it is there already.

    Done again, it is what was done the first time. `told` hears how many rows are looked at.
    """
    if load.act_id is None:
        read_import(load, today=timezone.localdate(at), told=told)
    return _import(load, by=by, at=at)


@transaction.atomic
def _import(load: LogImport, *, by: Person, at: datetime) -> LogAct | None:
    load = LogImport.objects.select_for_update(of=("self",)).select_related("act").get(pk=load.pk)
    if load.act or not load.rows:
        return load.act
    locked_groups(load.applicant.balint_groups.all())  # nobody logs an evening in between
    reading = read_import(load, today=timezone.localdate(at))
    if reading.new:
        evenings = (
            Evening(
                group=new.group,
                date=new.date,
                met=new.met,
                minutes=new.minutes,
                cases=new.cases,
                debriefed=new.debriefed,
                partners=new.partners,
            )
            for new in reading.new
        )
        load.act = log_evenings(evenings, kind=LogAct.Kind.IMPORTED, by=by, at=at)
    load.rows = []
    load.save(update_fields=["act", "rows"])
    return load.act
