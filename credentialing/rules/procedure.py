"""A procedure: one adopted revision of a society's text, as data; read strictly, checked whole."""

import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from credentialing.rules.calendar import Day
from credentialing.rules.credits import Credit, Sets
from credentialing.rules.errors import ProcedureError
from credentialing.rules.measures import (
    MEASURES,
    Count,
    FinalIntensive,
    Measure,
    PerYear,
    measure_of,
    settable,
)
from credentialing.rules.reading import (
    UnreadableError,
    as_it_stands,
    calendar_day,
    list_of,
    object_of,
    refuse,
    shown,
    table,
)

SHIPPED = Path(__file__).parent / "procedures"


def _share(value: Any) -> float:
    """A share, from 0 to 1."""
    if type(value) not in (int, float) or not 0 <= value <= 1:
        refuse("not a share from 0 to 1", value)
    return float(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Council:
    """How the Council votes: shares of seats and of votes, and what is shown after closing."""

    quorum: Annotated[float, _share]
    threshold: Annotated[float, _share]
    publish: Literal["names", "counts"]
    house_rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One thing that the procedure asks: its clause, its text, its measure."""

    id: str
    clause: str
    text: str
    measure: Annotated[Measure, as_it_stands]
    strength: Literal["must", "ideal"] = "must"
    may_waive: bool = True
    adjustable: tuple[str, ...] = ()
    house_rules: tuple[str, ...] = ()


OWN_KEYS = frozenset(each.name for each in fields(Requirement)) - {"measure"}


def _requirement(value: Any) -> Requirement:
    """A requirement, whose table holds its own keys beside those of its measure."""
    said = table(value)
    own = {key: item for key, item in said.items() if key in OWN_KEYS}
    rest = {key: item for key, item in said.items() if key not in OWN_KEYS}
    requirement: Requirement = object_of(Requirement)(
        {**own, "measure": measure_of(rest, MEASURES)}
    )
    return requirement


def _requirements(value: Any) -> tuple[Requirement, ...]:
    """One or more requirements."""
    requirements: tuple[Requirement, ...] = list_of(_requirement)(value)
    if not requirements:
        raise UnreadableError("empty")
    return requirements


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """One revision of a society's procedure, `complete` unless its published source is partial."""

    id: str
    society: str
    title: str
    in_force: Annotated[Day, calendar_day]
    complete: bool = True
    requirements: Annotated[tuple[Requirement, ...], _requirements] = field(
        metadata={"key": "requirement"}
    )
    credits: tuple[Credit, ...] = field(default=(), metadata={"key": "credit"})
    council: Council | None = None

    def requirement(self, id: str) -> Requirement | None:  # noqa: A002
        """The requirement of this id, if there is one."""
        return next((each for each in self.requirements if each.id == id), None)

    def credit(self, id: str) -> Credit | None:  # noqa: A002
        """The credit of this id, if there is one."""
        return next((each for each in self.credits if each.id == id), None)

    def most_in_lieu(self, credit: Credit) -> int:
        """How many debriefings a year can be granted in lieu: as many as the text asks sessions."""
        asked = self.requirement(credit.in_lieu.requirement) if credit.in_lieu else None
        return asked.measure.per_year if asked and isinstance(asked.measure, PerYear) else 0


@contextmanager
def _at(*steps: str | int) -> Iterator[None]:
    """Where in the file a refusal is to be looked for."""
    try:
        yield
    except UnreadableError as refusal:
        for step in reversed(steps):
            refusal.within(step)
        raise


def _check(procedure: Procedure) -> None:
    """Refuse repeated ids, and references to what is not there."""
    _check_ids("requirement", procedure.requirements)
    _check_ids("credit", procedure.credits)
    for place, requirement in enumerate(procedure.requirements):
        known = settable(type(requirement.measure))
        for index, name in enumerate(requirement.adjustable):
            if name not in known:
                with _at("requirement", place, "adjustable", index):
                    refuse("not a parameter to be set", name)
        if isinstance(requirement.measure, FinalIntensive):
            with _at("requirement", place, "participant"):
                _refer(procedure, requirement.measure.participant, Count)
    for place, credit in enumerate(procedure.credits):
        with _at("credit", place):
            _check_credit(procedure, credit)


def _check_ids(table_name: str, entries: Sequence[Requirement | Credit]) -> None:
    ids = [entry.id for entry in entries]
    for place, id_ in enumerate(ids):
        if id_ in ids[:place]:
            with _at(table_name, place, "id"):
                refuse("duplicate", id_)


def _check_credit(procedure: Procedure, credit: Credit) -> None:
    if credit.sets is None and credit.in_lieu is None:
        raise UnreadableError("neither sets nor in_lieu")
    if credit.sets:
        _check_sets(procedure, credit.sets)
    if credit.in_lieu:
        with _at("in_lieu", "requirement"):
            _refer(procedure, credit.in_lieu.requirement, PerYear)


def _check_sets(procedure: Procedure, sets: Sets) -> None:
    with _at("sets", "requirement"):
        known = settable(type(_refer(procedure, sets.requirement, Measure).measure))
    for name, value in sets.parameters.items():
        with _at("sets", name):
            if name not in known:
                raise UnreadableError("unknown key")
            known[name](value)


def _refer(procedure: Procedure, id_: str, measure: type) -> Requirement:
    """The requirement that is referred to, which has this measure."""
    requirement = procedure.requirement(id_)
    if requirement is None:
        refuse("unknown requirement", id_)
    if not isinstance(requirement.measure, measure):
        refuse("a requirement with another measure", id_)
    return requirement


def read_procedure(source: str | Path, name: str | None = None) -> Procedure:
    """The procedure in this TOML text, or in the file of this path; `name` stands in its errors."""
    name = name or (source.name if isinstance(source, Path) else "procedure")
    try:
        said = tomllib.loads(source if isinstance(source, str) else source.read_text("utf-8"))
        procedure: Procedure = object_of(Procedure)(said)
        _check(procedure)
    except OSError as error:
        raise ProcedureError(f"{name}: cannot be read: {error.strerror}") from None
    except UnreadableError as refusal:
        raise ProcedureError(f"{name}: {refusal.line('procedure')}") from None
    except (ValueError, RecursionError) as error:
        raise ProcedureError(f"{name}: not TOML: {' '.join(str(error).split())}") from None
    return procedure


@cache
def procedures() -> dict[str, Procedure]:
    """Every procedure that is shipped, by id, oldest first."""
    shipped = [read_procedure(path) for path in SHIPPED.glob("*.toml")]
    return {each.id: each for each in sorted(shipped, key=lambda each: each.in_force)}


def load_procedure(id: str) -> Procedure:  # noqa: A002
    """The shipped procedure of this id."""
    try:
        return procedures()[id]
    except KeyError:
        raise ProcedureError(f"procedure: unknown: {shown(id)}") from None


def procedure_in_force(on: Day, society: str | None = None) -> Procedure:
    """The newest complete procedure that was in force on this day, of this society if named."""
    in_force = [
        each
        for each in procedures().values()
        if each.complete and each.in_force <= on and society in (None, each.society)
    ]
    if not in_force:
        raise ProcedureError(f"no complete procedure was in force on {on}")
    return in_force[-1]
