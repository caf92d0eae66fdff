"""A list that the office brings in: what its columns mean, and what each of its rows would do."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from applicants.models import Membership
from credentialing.people.models import Credential, Person, Profession
from credentialing.people.operations import change_person, enter_person
from credentialing.people.queries import Register, register
from credentialing.records.tables import BEYOND, Fault, Row, as_day

FIRST, LAST = date(1950, 1, 1), date(2100, 12, 31)
Act = Callable[..., Any]


class State(StrEnum):
    """What a row would do, in the order in which a person wants to see it."""

    BAD = "bad"
    CONFLICT = "conflict"
    ADD = "add"
    CHANGE = "change"
    END = "end"
    SAME = "same"


PROBLEMS = (State.BAD, State.CONFLICT)
WORDS: dict[State, Any] = {
    State.BAD: _lazy("can’t be read"),
    State.CONFLICT: _lazy("in conflict with the record"),
    State.ADD: _lazy("to be added"),
    State.CHANGE: _lazy("to be changed"),
    State.END: _lazy("to end earlier"),
    State.SAME: _lazy("on record already"),
}


class Problem(Exception):  # noqa: N818 - no error of ours: a row that a person has to look at
    """Why a row is not brought in, in words."""

    def __init__(self, why: str, *, state: State = State.BAD, column: str = "") -> None:
        super().__init__(why)
        self.why, self.state, self.column = why, state, column


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One thing that a row may say, and under which headings it is known."""

    key: str
    label: str | Promise
    names: tuple[str, ...] = ()
    needed: bool = False
    example: str = ""


@dataclass(slots=True, kw_only=True)
class Line:
    """What one row would do: in which state, in words, and the act itself, or the fault."""

    number: int
    state: State
    who: str = ""
    text: str = ""
    act: Act | None = None
    change: Any = None
    applicant: Person | None = None
    fault: Fault | None = None


@dataclass(slots=True)
class Reader:
    """One row, read by what its columns mean."""

    row: Row
    matching: Mapping[str, str]
    labels: Mapping[str, str]

    def text(self, key: str, *, needed: bool = False, most: int = 200) -> str:
        column = self.matching.get(key, "")
        text = " ".join(self.row.cells.get(column, "").split()) if column else ""
        if needed and not text:
            raise Problem(_("%(column)s is missing.") % {"column": self.labels[key]}, column=key)
        if len(text) > most:
            raise Problem(_("%(column)s is too long.") % {"column": self.labels[key]}, column=key)
        return text

    def day(self, key: str, *, needed: bool = False) -> date | None:
        text = self.text(key, needed=needed)
        return self._day(text, key) if text else None

    def days(self, key: str) -> list[date]:
        """Several days in one cell, parted by semicolons or commas."""
        texts = self.text(key, most=20_000).replace(",", ";").split(";")
        return sorted({self._day(text, key) for text in texts if text.strip()})

    def _day(self, text: str, key: str) -> date:
        try:
            day = as_day(text)
        except ValueError as wrong:
            raise Problem(
                _("“%(text)s” in %(column)s is not a day. Write it as 2026-11-23.")
                % {"text": text[:40], "column": self.labels[key]},
                column=key,
            ) from wrong
        if not FIRST <= day <= LAST:
            raise Problem(
                _("%(day)s in %(column)s is not between 1950 and 2100.")
                % {"day": text, "column": self.labels[key]},
                column=key,
            )
        return day

    def between(self, start: str, end: str) -> tuple[date, date | None]:
        """A first and a last day; the last may be open."""
        first, last = self.day(start, needed=True), self.day(end)
        assert first is not None  # noqa: S101 - it was needed
        if last and last < first:
            raise Problem(
                _("%(end)s lies before %(start)s.")
                % {"end": self.labels[end], "start": self.labels[start]},
                column=end,
            )
        return first, last

    def one_of(self, key: str, choices: Mapping[str, Any], *, default: str = "") -> str:
        """One of several words, by its key or by what people read."""
        text = self.text(key)
        if not text:
            return default
        for value, label in choices.items():
            if text.casefold() in (value.casefold(), str(label).casefold()):
                return value
        raise Problem(
            _("“%(text)s” in %(column)s is none of: %(choices)s.")
            % {
                "text": text[:40],
                "column": self.labels[key],
                "choices": ", ".join(map(str, choices)),
            },
            column=key,
        )

    def email(self, key: str = "email") -> str:
        text = self.text(key, most=254)
        if text:
            try:
                validate_email(text)
            except ValidationError as wrong:
                raise Problem(
                    _("“%(text)s” is not an e-mail address.") % {"text": text[:60]}, column=key
                ) from wrong
        return text


@dataclass(slots=True, kw_only=True)
class Someone:
    """A person whom a row names: on record, or to be entered with the first row that needs it.

    Of who is on record, address and profession are what the row says and the record lacks.
    """

    name: str
    email: str = ""
    profession: str = ""
    person: Person | None = None

    @property
    def is_new(self) -> bool:
        return self.person is None

    def entered(self, *, by: Person) -> Person:
        """The person, entered now where they are not on record, with what the record lacked."""
        if self.person is None:
            self.person = enter_person(
                name=self.name, email=self.email, profession=self.profession, by=by
            )
        elif self.email or self.profession:
            self.person = change_person(
                self.person,
                name=self.person.name,
                email=self.email or self.person.email,
                profession=self.profession or self.person.profession,
                by=by,
            )
            self.email = self.profession = ""
        return self.person


@dataclass(slots=True)
class Known:
    """Everybody on record, to be found by address, number or name, in a few queries for all."""

    register: Register = field(default_factory=register)
    by_number: dict[str, int] = field(default_factory=dict)
    new: dict[str, Someone] = field(default_factory=dict)
    told: dict[int, Someone] = field(default_factory=dict)
    given: dict[str, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for model in (Membership, Credential):
            for number, person, merged in model.objects.exclude(number="").values_list(
                "number", "person", "person__merged_into"
            ):
                self.by_number[_plain(number)] = merged or person

    def find(self, row: Reader, prefix: str = "", *, number: str = "number") -> Someone:
        """Whom a row names. Problem where the row contradicts the record, or names nobody."""
        name = row.text(f"{prefix}name")
        email = row.email(f"{prefix}email")
        numbered = row.text(number) if number else ""
        by_email = None
        if email:
            by_email = self.given.get(email.casefold()) or self.register.at_address(email)
        by_number = self.register.people.get(self.by_number.get(_plain(numbered), 0))
        if by_email and by_number and by_email != by_number:
            raise Problem(
                _("The number is of %(one)s, the address of %(other)s.")
                % {"one": by_number, "other": by_email},
                state=State.CONFLICT,
            )
        profession = row.one_of(f"{prefix}profession", dict(Profession.choices))
        if found := by_email or by_number:
            return self._on_record(found, email, profession)
        if not name:
            raise Problem(_("Neither a name nor a known address or number."))
        return self._by_name(name, email, profession)

    def _on_record(self, person: Person, email: str, profession: str) -> Someone:
        """Somebody on record, with what a row adds to that: once, by the first row that does."""
        if person.erased_at:
            raise Problem(
                _("Who this was is erased at their request, and stays so."), state=State.CONFLICT
            )
        told = self.told.setdefault(person.pk, Someone(name=person.name, person=person))
        if email and not person.email and not told.email:
            told.email, self.given[email.casefold()] = email, person
        if profession and not person.profession and not told.profession:
            told.profession = profession
        return told

    def _by_name(self, name: str, email: str, profession: str) -> Someone:
        same = [
            match.person
            for match in self.register.find(name=name, email=email)
            if {_("the same name"), _("the same mailbox")} & set(match.reasons)
        ]
        without = [person for person in same if not email or not person.email]
        if len(same) == 1 and without:
            return self._on_record(same[0], email, profession)
        if same:
            raise Problem(
                _(
                    "%(name)s is on record as %(others)s. Give the same address, or merge "
                    "them first."
                )
                % {
                    "name": name,
                    "others": ", ".join(f"{one.name} ({one.email or '–'})" for one in same[:3]),
                },
                state=State.CONFLICT,
            )
        key = email.casefold() or name.casefold()
        return self.new.setdefault(
            key,
            Someone(
                name=name,
                email=email,
                profession=profession,
            ),
        )


class Kind:
    """A kind of list. What it means is in `line`; what it may meet is gathered once in `begin`."""

    key: str
    label: Any
    lead: Any
    columns: tuple[Column, ...]
    has_complete_to = False

    def begin(self, *, day: date, by: Person) -> None:
        """Gather what the rows are held against."""
        self.day, self.by, self.known = day, by, Known()

    def line(self, row: Reader) -> Line:
        """What a row would do. Raises Problem."""
        raise NotImplementedError

    def lines(
        self, rows: Iterable[Row], matching: Mapping[str, str], *, day: date, by: Person
    ) -> list[Line]:
        """What every row would do, in the order of the file."""
        self.begin(day=day, by=by)
        labels = {column.key: str(column.label) for column in self.columns}
        found = []
        for row in rows:
            try:
                if row.cells.get(BEYOND):
                    raise Problem(_("The row has more cells than there are columns."))
                line = self.line(Reader(row, matching, labels))
            except Problem as problem:
                name = row.cells.get(matching.get("name", ""), "")
                column = matching.get(problem.column, "")
                line = Line(
                    number=row.line,
                    state=problem.state,
                    who=name[:80],
                    text=problem.why,
                    fault=Fault(
                        line=row.line,
                        column=column,
                        written=row.cells.get(column, "") if column else "",
                        wrong=problem.why,
                    ),
                )
            found.append(line)
        return found

    def carry_out(self, lines: list[Line], *, source: Any, by: Person, at: datetime) -> None:
        """Do what these rows would do; in one transaction with the caller's."""
        for line in lines:
            if line.act:
                line.act(by=by, at=at)

    def missing(self, matching: Mapping[str, str]) -> list[str]:
        """What the file lacks to be read at all."""
        return [
            str(each.label) for each in self.columns if each.needed and not matching.get(each.key)
        ]


def _plain(number: str) -> str:
    return "".join(sign for sign in number.casefold() if sign.isalnum())
