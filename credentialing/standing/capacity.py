"""Who is likely to be ready for a final intensive, by quarter, and whether leaders suffice."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import intensives.queries
from applicants.models import Application, Stage
from credentialing.drawing import Line, Unit
from credentialing.people.models import Person
from credentialing.rules import Earliest
from credentialing.rules.measures import FinalIntensive
from credentialing.standing.queries import Standing, foresee, standings
from intensives.models import Intensive

PER_GROUP = 2  # faculty members of a small group; beside them each candidate has an evaluator
QUARTERS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who will need a final intensive: from when on, and at which they are signed up."""

    application: Application
    day: date
    signed_up: str = ""
    after_another: bool = False  # an intensive as a participant is needed first, and not announced


@dataclass(slots=True, kw_only=True)
class Quarter:
    """Three months: who is ready in them, whom faculty could be found for, what is announced."""

    start: date
    candidates: list[Candidate] = field(default_factory=list)
    placeable: set[int] = field(default_factory=set)
    offered: list[Intensive] = field(default_factory=list)

    @property
    def name(self) -> str:
        """`First quarter of 2027`, short."""
        return _("%(year)d, quarter %(n)d") % {
            "year": self.start.year,
            "n": (self.start.month - 1) // 3 + 1,
        }

    @property
    def short(self) -> int:
        """For how many candidates two faculty members and an evaluator are not found."""
        return len(self.candidates) - len(self.placeable)

    @property
    def room(self) -> int | None:
        """How many candidates the small groups announced can take; None where they are not told.

        Each candidate leads two sessions of a group, one with each of its faculty.
        """
        rooms = [each.groups * each.room for each in self.offered if each.groups and each.room]
        told = all(each.room is not None for each in self.offered if each.groups)
        return sum(rooms) if rooms and told else None

    @property
    def crowded(self) -> bool:
        """More candidates than the small groups announced can take."""
        return self.room is not None and len(self.candidates) > self.room

    @property
    def line(self) -> Line:
        """The quarter drawn: a seat for each candidate, set apart where faculty are missing."""
        units = [
            Unit(
                "counted" if each.application.applicant_id in self.placeable else "set-aside",
                label=each.application.applicant.name,
            )
            for each in self.candidates
        ]
        ready = ngettext("%(n)d likely to be ready", "%(n)d likely to be ready", len(units))
        lacking = ngettext(
            "faculty without conflict or an evaluator lack for %(n)d",
            "faculty without conflict or an evaluator lack for %(n)d",
            self.short,
        )
        return Line(
            "seat",
            tuple(units),
            ready % {"n": len(units)},
            lacking % {"n": self.short}
            if self.short
            else _("faculty and evaluators suffice for all of them"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """The quarters to come, who comes later, and for whom no day is seen at the present pace."""

    quarters: list[Quarter]
    later: list[Candidate]
    unseen: list[Application]
    faculty: int


def forecast(*, by: Person, day: date) -> Forecast:
    """The final intensives to come, in a fixed number of queries; nothing of the own case."""
    running = Application.objects.filter(stage__in=(Stage.ACCEPTED, Stage.FURTHER_WORK)).exclude(
        applicant=by
    )
    stand = standings(running.select_related("applicant").order_by("reference"), day)
    found, unseen = [], []
    for now, foreseen in zip(stand, foresee(stand), strict=True):
        final = _final(now)
        if final is None:
            continue
        candidate = _signed_up(now) or _ready(now, foreseen, final)
        if candidate:
            found.append(candidate)
        else:
            unseen.append(now.application)
    starts = quarters_from(day, QUARTERS + 1)
    known = intensives.queries.barred([each.application.applicant_id for each in found])
    faculty = set(intensives.queries.leaders().values_list("pk", flat=True))
    offered = list(
        intensives.queries.offered(timezone.now())
        .filter(end__gte=day, start__lt=starts[-1])
        .annotate(groups=Count("small_groups"))
        .order_by("start", "pk")
    )
    quarters = []
    for start, end in pairwise(starts):
        mine = [each for each in found if start <= max(each.day, starts[0]) < end]
        bars = {
            each.application.applicant_id: {
                person
                for person, ties in known.get(each.application.applicant_id, {}).items()
                if any(tie.bars for tie in ties)
            }
            for each in mine
        }
        quarters.append(
            Quarter(
                start=start,
                candidates=mine,
                placeable=placeable(bars, faculty),
                offered=[each for each in offered if start <= max(each.start, starts[0]) < end],
            )
        )
    later = [each for each in found if each.day >= starts[-1]]
    return Forecast(quarters=quarters, later=later, unseen=unseen, faculty=len(faculty))


def _final(now: Standing) -> str | None:
    """The requirement of a final intensive that is still open, if there is one."""
    for requirement in now.procedure.requirements:
        open_ = now.entries[requirement.id]["remaining"] > 0
        if isinstance(requirement.measure, FinalIntensive) and open_:
            return requirement.id
    return None


def _signed_up(now: Standing) -> Candidate | None:
    """At the intensive for which they are signed up as a candidate."""
    for attended in now.portfolio["intensives"]:
        end = date.fromisoformat(attended["end"])
        if attended["role"] == "candidate" and end > now.as_of:
            return Candidate(
                application=now.application, day=end, signed_up=attended["organiser"] or ""
            )
    return None


def _ready(now: Standing, foreseen: Earliest, final: str) -> Candidate | None:
    """When everything but the final intensive could be complete at the present pace."""
    before = [each for each in foreseen.requirements if each.id != final]
    days = [each.day for each in before]
    if None in days:
        return None
    return Candidate(
        application=now.application,
        day=max(each for each in days if each),
        after_another=any(on.on == "intensive" for each in before for on in each.depends),
    )


def quarters_from(day: date, number: int) -> list[date]:
    """The first days of so many quarters, from the one that holds a day."""
    first = (day.year * 12 + day.month - 1) // 3
    return [date((first + n) * 3 // 12, (first + n) * 3 % 12 + 1, 1) for n in range(number)]


def placeable(bars: Mapping[int, Collection[int]], faculty: Iterable[int]) -> set[int]:
    """The candidates who can have two faculty members and an evaluator of their own at once.

    `bars`: who cannot be faculty of each candidate; of the evaluator the text asks nothing. All of
    them are in it whenever that is possible at all; otherwise as many as are found beginning with
    those who have the fewest to choose from.
    """
    leaders = set(faculty)
    free = {
        candidate: sorted(leaders - set(barred) - {candidate}) for candidate, barred in bars.items()
    }
    evaluators = {candidate: sorted(leaders - {candidate}) for candidate in bars}
    taken: dict[int, tuple[int, int]] = {}  # faculty member: the candidate's seat
    may: dict[tuple[int, int], list[int]] = {}  # a candidate's seat: who can take it
    placed = set()
    for candidate in sorted(free, key=lambda each: (len(free[each]), each)):
        before = dict(taken)
        seats = [free[candidate]] * PER_GROUP + [evaluators[candidate]]
        may |= {(candidate, number): people for number, people in enumerate(seats)}
        if all(_seat((candidate, number), may, taken, set()) for number in range(len(seats))):
            placed.add(candidate)
        else:
            taken = before
    return placed


def _seat(
    seat: tuple[int, int],
    may: Mapping[tuple[int, int], list[int]],
    taken: dict[int, tuple[int, int]],
    tried: set[int],
) -> bool:
    """Find somebody for a seat, moving others where that helps."""
    for person in may[seat]:
        if person in tried:
            continue
        tried.add(person)
        if person not in taken or _seat(taken[person], may, taken, tried):
            taken[person] = seat
            return True
    return False
