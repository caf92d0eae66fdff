"""What a list that the office has brought would do, before it does anything."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone

from applicants.models import ENDED as OVER
from applicants.models import Application
from credentialing.office.lists import KINDS, PROBLEMS, WORDS, Kind, Line, State
from credentialing.people.models import Person, TableFile
from credentialing.records.refusals import Refused
from credentialing.records.tables import Table, read_table
from credentialing.rules import words
from credentialing.standing.lines import title
from credentialing.standing.queries import standings


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What every row of a list would do."""

    kind: Kind
    table: Table
    lines: list[Line]

    @property
    def problems(self) -> list[Line]:
        return [line for line in self.lines if line.state in PROBLEMS]

    @property
    def acting(self) -> list[Line]:
        return [line for line in self.lines if line.state not in (*PROBLEMS, State.SAME)]

    @property
    def counts(self) -> list[tuple[Any, int, str]]:
        """How many rows do what: words, number, state."""
        found = Counter(line.state for line in self.lines)
        return [(WORDS[state], found[state], state.value) for state in State if found[state]]

    @property
    def digest(self) -> str:
        """What was looked at; something else is not done."""
        said = [(line.number, line.state, line.who, line.text) for line in self.lines]
        return sha256(repr(said).encode()).hexdigest()


def plan(file: TableFile, *, by: Person, day: date) -> Plan:
    """What the list would do now."""
    kind, table = KINDS[file.kind](), read_table(bytes(file.content), file.name)
    lines = kind.lines(table.rows, file.matching, day=day, by=by)
    return Plan(kind=kind, table=table, lines=lines)


def effects(planned: Plan, file: TableFile, *, by: Person) -> list[dict[str, Any]]:
    """What would change for running cases, from the rules: before and after, requirement by one.

    The rows of their applicants are carried out and undone again at once.
    """
    touched = [line for line in planned.acting if line.applicant]
    running = Application.objects.exclude(stage__in=OVER).filter(
        applicant__in={line.applicant.pk for line in touched}, submitted_on__isnull=False
    )
    cases = list(running.select_related("applicant").order_by("applicant__name", "pk"))
    if not cases:
        return []
    concerned = {case.applicant_id for case in cases}
    lines = [line for line in touched if line.applicant.pk in concerned]
    at = timezone.now()
    today = timezone.localdate(at)
    before = standings(cases, today)
    with transaction.atomic():
        try:
            planned.kind.carry_out(lines, source=file, by=by, at=at)
            after = standings(cases, today)
        except Refused:
            after = before
        transaction.set_rollback(True)
    return [
        {"case": one.application, "rows": rows}
        for one, other in zip(before, after, strict=True)
        if (rows := _changed(one, other))
    ]


def _changed(one: Any, other: Any) -> list[dict[str, Any]]:
    rows = []
    for key, before in one.entries.items():
        after = other.entries[key]
        said = [_says(standing, entry) for standing, entry in ((one, before), (other, after))]
        if said[0] != said[1]:
            rows.append({"label": title(key), "before": said[0], "after": said[1], "changed": True})
    return rows


def _says(standing: Any, entry: dict[str, Any]) -> str:
    issues = [standing.issue(issue) for issue in entry["issues"]]
    return " ".join([*issues, words.remains(entry)])
