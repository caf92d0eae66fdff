"""What a list that the office has brought would do, before it does anything."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.utils import timezone

from credentialing.office.lists import KINDS, PROBLEMS, WORDS, Kind, Line, State
from credentialing.office.queries.effects import before_and_after, changes, running
from credentialing.people.models import Person, TableFile
from credentialing.records.refusals import Refused
from credentialing.records.tables import Fault, Table, read_table


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
    def faults(self) -> list[Fault]:
        return [line.fault for line in self.lines if line.fault]

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
    at = timezone.now()
    cases = running({line.applicant for line in touched}, to=by, at=at)
    if not cases:
        return []
    concerned = {case.applicant_id for case in cases}
    lines = [line for line in touched if line.applicant.pk in concerned]
    try:
        found = before_and_after(
            cases, lambda: planned.kind.carry_out(lines, source=file, by=by, at=at), at=at
        )
    except Refused:
        return []
    compared = [(before.application, changes(before, after)) for before, after in found]
    return [{"case": case, "rows": rows} for case, rows in compared if rows]
