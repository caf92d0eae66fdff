"""A log as a table: what each row of a file means in a person's log, and the log as rows."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from applicants.models import BalintGroup, Debriefing, GroupLeader, LogImport, Meeting
from applicants.queries.logs import Log, LogChoice
from credentialing.people.models import Person
from credentialing.records.tables import Fault, as_day, match_columns

MOST_ROWS = 5_000
MOST_MINUTES, MOST_CASES = 600, 20
# Each field with the names under which people keep it, best first.
NAMES: dict[str, tuple[str, ...]] = {
    "date": ("Date", "Day", "Meeting date", "Date of meeting", "When"),
    "group": ("Group", "Balint group", "Group name", "Name of group"),
    "kind": ("Kind", "Type", "What", "Activity", "Entry"),
    "minutes": ("Minutes", "Meeting minutes", "Length", "Duration", "Minutes of meeting"),
    "cases": ("Cases", "Cases presented", "Number of cases"),
    "debriefed": ("Debriefing minutes", "Debriefing", "Minutes of debriefing", "Debriefed"),
    "partners": ("With", "Co-leader", "Co-leaders", "Debriefed with", "Partner", "Partners"),
}
MEETING = {"meeting", "met", "group", "group meeting"}
DEBRIEFING = {"debriefing", "debrief", "debriefed", "review"}
BOTH = {"both", "evening", "meeting and debriefing"}
SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})")
MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ].*")
IN_WORDS = ("%d %B %Y", "%B %d, %Y", "%B %d %Y", "%d %b %Y", "%b %d, %Y", "%d-%b-%Y", "%d. %B %Y")
PARTED = re.compile(r"\s*(?:[;,/&+]|\band\b)\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvening:
    """What a row adds to the log: a meeting, a debriefing, or both."""

    line: int
    group: BalintGroup
    date: date
    met: bool
    minutes: int | None
    cases: int
    debriefed: int | None
    partners: tuple[Person, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """What a row says that is in the log already, or in an earlier row: it adds nothing."""

    line: int
    group: BalintGroup
    date: date
    kind: str


@dataclass(slots=True, kw_only=True)
class Reading:
    """What a table means: what is new, what is there already, what is wrong in which row."""

    new: list[NewEvening] = field(default_factory=list)
    there: list[There] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def entries(self) -> int:
        """How many meetings and debriefings are new."""
        return sum(each.met + (each.debriefed is not None) for each in self.new)

    @property
    def bad_rows(self) -> int:
        return len({fault.line for fault in self.faults})


class Wrong(Exception):  # noqa: N818 - it is an answer about a cell
    """Why a cell can't be read, and what would be right."""

    def __init__(self, wrong: str, right: str) -> None:
        super().__init__(wrong)
        self.wrong, self.right = wrong, right


def guessed_columns(heading: Iterable[str], remembered: Mapping[str, str]) -> dict[str, str]:
    """Which column holds which field: as the person matched them last, else by their names."""
    heading = list(heading)
    known = {name: column for name, column in remembered.items() if column in heading}
    left = [column for column in heading if column not in known.values()]
    missing = {name: names for name, names in NAMES.items() if name not in known}
    return known | match_columns(left, missing)


def day_order(values: Iterable[str]) -> str:
    """How days such as 3/4/2026 are meant in a column: `month`, `day`, or `` where nothing tells.

    Where nothing in the column is written so, it does not matter: `month`.
    """
    slashed = [found for value in values if (found := SLASHED.fullmatch(value.strip()))]
    if not slashed or any(int(found[2]) > 12 for found in slashed):
        return "month"
    return "day" if any(int(found[1]) > 12 for found in slashed) else ""


def is_ambiguous(load: LogImport) -> bool:
    """Nothing in the file tells whether the day or the month comes first, and nobody has said."""
    column = load.columns.get("date")
    if load.day_first is not None or column not in load.heading:
        return False
    place = load.heading.index(column)
    return day_order(cells[place] for _line, cells in load.rows) == ""


def read_import(
    load: LogImport, *, today: date, told: Callable[[int, int], None] = lambda done, total: None
) -> Reading:
    """What the rows of an import mean in the person's log as it now is, in five queries."""
    reader = Reader(load, today=today)
    reading = Reading()
    for number, (line, cells) in enumerate(load.rows):
        if number % 100 == 0:
            told(number, len(load.rows))
        reader.read(line, cells, reading)
    return reading


class Reader:
    """Reads the rows of one file against the groups and the log of its person."""

    def __init__(self, load: LogImport, *, today: date) -> None:
        self.load, self.today = load, today
        leaders = Prefetch("leaders", GroupLeader.objects.select_related("person").order_by("pk"))
        groups = BalintGroup.objects.filter(applicant=load.applicant_id).prefetch_related(leaders)
        self.groups = list(groups.order_by("pk"))
        self.by_name: dict[str, list[BalintGroup]] = {}
        for group in self.groups:
            self.by_name.setdefault(_plain(group.name), []).append(group)
        self.default = next((each for each in self.groups if each.pk == load.group_id), None)
        self.places = {
            name: load.heading.index(column)
            for name, column in load.columns.items()
            if column in load.heading
        }
        place = self.places.get("date")
        column = [cells[place] for _line, cells in load.rows] if place is not None else []
        self.day_first = day_order(column) == "day" if load.day_first is None else load.day_first
        self.there = {
            (model._meta.model_name, *row)
            for model in (Meeting, Debriefing)
            for row in model.objects.standing()
            .filter(group__in=self.groups)
            .values_list("group_id", "date")
        }

    def read(self, line: int, cells: list[str], reading: Reading) -> None:
        """Add what a row means to the reading: as new, as there already, or what is wrong in it."""
        said = {name: cells[place] for name, place in self.places.items()}
        found: dict[str, Any] = {}
        faults = []
        for name in ("date", "group", "kind", "minutes", "cases", "debriefed", "partners"):
            try:
                found[name] = getattr(self, f"_{name}")(said.get(name, ""), found)
            except Wrong as wrong:
                faults.append(
                    Fault(
                        line=line,
                        column=self.load.columns.get(name, ""),
                        written=said.get(name, "")[:80],
                        wrong=wrong.wrong,
                        right=wrong.right,
                    )
                )
                found[name] = None
        if faults:
            reading.faults += faults
        else:
            self._add(line, found, reading)

    def _add(self, line: int, found: dict[str, Any], reading: Reading) -> None:
        group, day = found["group"], found["date"]
        wanted = {
            "meeting": found["kind"] != "debriefing",
            "debriefing": found["debriefed"] is not None,
        }
        new = {
            kind: asked and (kind, group.pk, day) not in self.there
            for kind, asked in wanted.items()
        }
        reading.there += [
            There(line=line, group=group, date=day, kind=kind)
            for kind, asked in wanted.items()
            if asked and not new[kind]
        ]
        if not any(new.values()):
            return
        self.there |= {(kind, group.pk, day) for kind, is_new in new.items() if is_new}
        reading.new.append(
            NewEvening(
                line=line,
                group=group,
                date=day,
                met=new["meeting"],
                minutes=found["minutes"] if new["meeting"] else None,
                cases=found["cases"],
                debriefed=found["debriefed"] if new["debriefing"] else None,
                partners=found["partners"] if new["debriefing"] else (),
            )
        )

    def _date(self, said: str, _found: dict[str, Any]) -> date:
        right = _("Write it as in 2026-11-23.")
        if not said:
            raise Wrong(_("There is no day."), right)
        try:
            day = read_day(said, day_first=self.day_first)
        except ValueError as unreadable:
            raise Wrong(_("This is no day of the calendar."), right) from unreadable
        if day > self.today:
            raise Wrong(
                _("This day is to come; only what has taken place is logged."),
                _("A day until %(today)s.") % {"today": date_format(self.today)},
            )
        return day

    def _group(self, said: str, found: dict[str, Any]) -> BalintGroup:
        known = _("One of your groups: %(names)s.") % {
            "names": ", ".join(f"“{group.name}”" for group in self.groups)
        }
        alike = self.by_name.get(_plain(said), []) if said else []
        group = alike[0] if alike else self.default if not said else None
        if group is None:
            wrong = _("No group of yours is called so.") if said else _("There is no group.")
            raise Wrong(wrong, known)
        day = found["date"]
        alike = [each for each in alike if day and _meets_on(each, day)] or [group]
        group = alike[0]
        if day and day < group.start:
            raise Wrong(
                _("The group had not started on %(day)s.") % {"day": date_format(day)},
                _("A day from %(start)s on.") % {"start": date_format(group.start)},
            )
        if day and not _meets_on(group, day):
            raise Wrong(
                _("The group had ended on %(day)s.") % {"day": date_format(day)},
                _("A day until %(end)s.") % {"end": date_format(group.end)},
            )
        return group

    def _kind(self, said: str, _found: dict[str, Any]) -> str:
        plain = _plain(said)
        if not plain or plain in BOTH:
            return "both" if plain else ""
        if plain in MEETING:
            return "meeting"
        if plain in DEBRIEFING:
            return "debriefing"
        raise Wrong(
            _("This kind is not known."), _("“meeting”, “debriefing”, or “both” for one evening.")
        )

    def _minutes(self, said: str, _found: dict[str, Any]) -> int | None:
        return _number(said, 1, MOST_MINUTES)

    def _cases(self, said: str, _found: dict[str, Any]) -> int:
        cases = _number(said, 0, MOST_CASES)
        return 1 if cases is None else cases

    def _debriefed(self, said: str, found: dict[str, Any]) -> int | None:
        """The minutes of the debriefing; None where there was none."""
        if found["kind"] == "meeting":
            return None
        minutes = _number(said, 1, MOST_MINUTES)
        if found["kind"] == "debriefing":
            minutes = minutes or found["minutes"]
        if minutes is None and found["kind"] in ("debriefing", "both"):
            raise Wrong(
                _("It is not said how long the debriefing was."), _("Its minutes, such as 40.")
            )
        return minutes

    def _partners(self, said: str, found: dict[str, Any]) -> tuple[Person, ...]:
        group, day = found["group"], found["date"]
        if found["debriefed"] is None or group is None:
            return ()
        others = {
            leader.person: leader
            for leader in group.leaders.all()
            if leader.person_id != group.applicant_id
        }
        known = ", ".join(person.name for person in others) or _("nobody yet")
        right = _("Who leads the group beside you: %(names)s.") % {"names": known}
        if not said:
            leading = [who for who, led in others.items() if day and _leads_on(led, group, day)]
            if len(leading) != 1:
                raise Wrong(_("It is not said with whom you debriefed."), right)
            return tuple(leading)
        whole = [who for who in others if _plain(who.name) == _plain(said)]
        if whole:
            return tuple(whole[:1])
        chosen = []
        for name in filter(None, PARTED.split(said)):
            words = set(_plain(name).split())
            alike = [who for who in others if words <= set(_plain(who.name).split())]
            if len(alike) != 1:
                raise Wrong(_("“%(name)s” does not lead this group.") % {"name": name[:80]}, right)
            chosen += alike
        return tuple(dict.fromkeys(chosen))


def read_day(said: str, *, day_first: bool) -> date:
    """A day as people write it, 3/4/2026 by what comes first in its column. Raises ValueError."""
    said = " ".join(said.split())
    if moment := MOMENT.fullmatch(said):
        said = moment[1]
    if slashed := SLASHED.fullmatch(said):
        first, second, year = (int(part) for part in slashed.groups())
        day, month = (first, second) if day_first else (second, first)
        return date(year if year > 99 else 2000 + year, month, day)
    try:
        return as_day(said)
    except ValueError:
        if not any(sign.isalpha() for sign in said):
            raise
    for form in IN_WORDS:
        try:
            return datetime.strptime(said, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise ValueError(said)


def _number(said: str, least: int, most: int) -> int | None:
    if not said:
        return None
    plain = re.sub(r"\s*(min|mins|minutes|min\.)$", "", said.strip().casefold())
    if not plain.isascii() or not plain.isdigit() or not least <= int(plain[:9]) <= most:
        right = _("A whole number from %(least)d to %(most)d.") % {"least": least, "most": most}
        raise Wrong(_("This is no such number."), right)
    return int(plain)


def _plain(said: str) -> str:
    return " ".join(said.casefold().split())


def _meets_on(group: BalintGroup, day: date) -> bool:
    return group.start <= day and (group.end is None or day <= group.end)


def _leads_on(leader: GroupLeader, group: BalintGroup, day: date) -> bool:
    start, end = leader.start or group.start, leader.end or group.end
    return start <= day and (end is None or day <= end)


HEADING = ("Date", "Group", "Kind", "Minutes", "Cases", "With")
TEMPLATE = ("Date", "Group", "Minutes", "Cases", "Debriefing minutes", "With")


def log_rows(person: Person, choice: LogChoice) -> Iterator[tuple[Any, ...]]:
    """A person's log as rows under `HEADING`, the earliest first; the same file can be imported."""
    for entry in sorted(Log(person, choice)[:], key=lambda entry: (entry.date, entry.group_id)):
        meeting = isinstance(entry, Meeting)
        yield (
            entry.date,
            entry.group.name,
            "meeting" if meeting else "debriefing",
            entry.minutes,
            entry.cases if meeting else "",
            "" if meeting else "; ".join(partner.name for partner in entry.partners.all()),
        )
