"""What a portfolio would be if the work went on at a stated pace: evidence added to a copy."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal

from credentialing.rules.assessment import SETTLED, Assessment, Entry
from credentialing.rules.calendar import ONE_DAY, Day, Window
from credentialing.rules.facts import (
    Application,
    Debriefing,
    Group,
    Intensive,
    Interval,
    Item,
    Leader,
    Meeting,
    Other,
    Portfolio,
    Session,
    Supervisor,
    WrittenAssessment,
)
from credentialing.rules.measures import (
    AnyOf,
    Cadence,
    Count,
    FinalIntensive,
    Measure,
    Pairing,
    PerYear,
)
from credentialing.rules.procedure import Procedure, Requirement

PACED = ("meetings", "debriefings", "supervision", "other")
# What a pace is rounded to, in days, so that it can be said; and where nothing says more.
RHYTHMS = (7, 14, 21, 28, 42, 56, 84)
USUAL = 28
# How far back the present pace is looked for, and how many days there make it one.
LOOKED_BACK = timedelta(days=182)
ENOUGH = 2

# A requirement, the role it asks for, how many intensives it needs, and what else they have to be.
Needed = tuple[str, Literal["participant", "candidate"], int, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How the work is supposed to go on.

    `every`: the days from one item to the next, by list. `kept`: the lists whose pace is the one
    on record. `offered`: the intensives that are announced. `attends`: how many intensives at the
    most, beside those signed up for; None is as many as are needed.
    """

    every: Mapping[str, int]
    kept: frozenset[str] = frozenset()
    offered: tuple[Window, ...] = ()
    attends: int | None = None


def present_pace(
    procedure: Procedure, portfolio: Portfolio, as_of: Day, offered: tuple[Window, ...] = ()
) -> Pace:
    """The pace of the last half year; of what was hardly done in it, the pace that is asked for."""
    every = dict.fromkeys(PACED, USUAL)
    for requirement in procedure.requirements:
        for measure in measures_of(requirement):
            if isinstance(measure, Cadence):
                every[measure.evidence] = _rhythm(USUAL / max(measure.ideal_per_month, 1))
            elif isinstance(measure, PerYear):
                every[measure.evidence] = _rhythm(13 * USUAL / max(measure.per_year, 1))
    kept = set()
    for name in PACED:
        days = {item.date for item in getattr(portfolio, name) if _is_recent(item, as_of)}
        if len(days) >= ENOUGH:
            every[name] = _rhythm((as_of - min(days)).days / len(days))
            kept.add(name)
    return Pace(every=every, kept=frozenset(kept), offered=offered)


def _is_recent(item: Item, as_of: Day) -> bool:
    took_place = not isinstance(item, Session) or item.state == "held"
    return took_place and as_of - LOOKED_BACK < item.date <= as_of


def _rhythm(days: float) -> int:
    """The rhythm nearest to once in so many days, by how many times longer or shorter it is."""
    return min(RHYTHMS, key=lambda rhythm: max(rhythm, days) / min(rhythm, max(days, 1)))


def measures_of(requirement: Requirement) -> tuple[Measure, ...]:
    """The measure of a requirement, or each of its ways."""
    measure = requirement.measure
    return measure.options if isinstance(measure, AnyOf) else (measure,)


def is_complete(entry: Entry) -> bool:
    """Nothing remains to be done, though the Committee may still have a question to answer."""
    return entry.status in SETTLED or (entry.remaining == 0 and entry.status != "not-started")


class Hypothesis:
    """A portfolio that goes on at a pace from the day after an assessment, in what is open then.

    `whom` says, for each requirement, on whom it depends beside the applicant; `unscheduled`, how
    many intensives are supposed that nobody has announced.
    """

    def __init__(
        self, procedure: Procedure, portfolio: Portfolio, now: Assessment, pace: Pace
    ) -> None:
        self.now = now
        self.pace = pace
        self.as_of = now.as_of
        self.tomorrow = now.as_of + ONE_DAY
        self.whom: dict[str, set[str]] = {}
        self.unscheduled: dict[str, int] = {}
        self.faculty = max(
            (
                measure.faculty
                for requirement in procedure.requirements
                for measure in measures_of(requirement)
                if isinstance(measure, FinalIntensive)
            ),
            default=0,
        )
        self.open = {
            requirement.id: measures_of(requirement)
            for requirement, entry in zip(procedure.requirements, now.requirements, strict=True)
            if not is_complete(entry)
        }
        self.begun = self._with_intensives(self._with_people(self._begun(portfolio)))

    def until(self, last: Day) -> Portfolio:
        """The copy with what is supposed up to this day."""
        added: dict[str, dict[Any, list[Item]]] = {name: {} for name in PACED}
        for measures in self.open.values():
            for measure in measures:
                name = getattr(measure, "evidence", "")
                if name in added and name in self.pace.every:
                    kind = _kind(measure)
                    if kind not in added[name]:
                        added[name][kind] = self._series(measure, name, last, len(added[name]))
        longer: dict[str, Any] = {
            name: (
                *getattr(self.begun, name),
                *(item for items in kinds.values() for item in items),
            )
            for name, kinds in added.items()
            if kinds
        }
        return replace(self.begun, **longer)

    def _begun(self, portfolio: Portfolio) -> Portfolio:
        """Submitted and accepted at once, a member from now on, what was held confirmed today."""
        application = portfolio.application or Application()
        submitted = application.submitted or self.as_of
        return replace(
            portfolio,
            application=replace(
                application,
                submitted=submitted,
                accepted=application.accepted or max(submitted, self.as_of),
            ),
            memberships=(*portfolio.memberships, Interval(start=self.tomorrow)),
            supervision=tuple(
                replace(session, confirmed=self.as_of) if self._waits(session) else session
                for session in portfolio.supervision
            ),
        )

    def _waits(self, session: Session) -> bool:
        held = session.state == "held" and session.date <= self.as_of
        return held and (session.confirmed is None or session.confirmed > self.as_of)

    def _with_people(self, portfolio: Portfolio) -> Portfolio:
        """With a group, a co-leader and a supervisor, where one is needed and not there."""
        self.group, self.partner = co_led(portfolio, self.tomorrow)
        self.supervisor = _supervisor(portfolio, self.tomorrow)
        lacks: dict[str, str] = {}
        if not self.group:
            lacks = dict.fromkeys(("meetings", "debriefings"), "group")
        elif not self.partner:
            lacks["debriefings"] = "co-leader"
        if not self.supervisor:
            lacks["supervision"] = "supervisor"
        for id_, measures in self.open.items():
            for measure in measures:
                # Whoever leads a group at all is asked with whom.
                led = isinstance(measure, Pairing)
                name = "meetings" if led else getattr(measure, "evidence", "")
                if name in lacks and name in self.pace.every:
                    self.whom.setdefault(id_, set()).add(lacks[name])
        wanted = set().union(*self.whom.values())
        if "supervisor" in wanted:
            self.supervisor = "~supervisor"
            approved = (Interval(start=self.tomorrow),)
            supposed = Supervisor(person=self.supervisor, approved=approved)
            portfolio = replace(portfolio, supervisors=(*portfolio.supervisors, supposed))
        if wanted & {"group", "co-leader"}:
            self.partner = "~co-leader"
            leaders = (
                Leader(person=person, profession="other")
                for person in (portfolio.applicant, self.partner)
            )
            group = Group(id="~group", setting="other", start=self.tomorrow, leaders=tuple(leaders))
            self.group = group.id
            portfolio = replace(portfolio, groups=(*portfolio.groups, group))
        return portfolio

    def _series(self, measure: Measure, name: str, last: Day, number: int) -> list[Item]:
        """One item at every step of the pace up to a day, as the measure selects them."""
        days = range(0, (last - self.as_of).days, self.pace.every[name])
        items = [
            self._item(name, f"~{name}{number}.{after}", self.tomorrow + timedelta(days=after))
            for after in days
        ]
        if isinstance(measure, Count):
            items = [_fitted(item, measure) for item in items]
        return items

    def _item(self, name: str, id_: str, day: Day) -> Item:
        if name == "meetings":
            return Meeting(id=id_, group=self.group, date=day)
        if name == "debriefings":
            return Debriefing(id=id_, group=self.group, date=day, partners=(self.partner,))
        if name == "supervision":
            return Session(
                id=id_, date=day, supervisor=self.supervisor, state="held", confirmed=day
            )
        return Other(id=id_, date=day)

    def _with_intensives(self, portfolio: Portfolio) -> Portfolio:
        """With the intensives that are still needed: signed up for, announced, or supposed."""
        there = [
            _accomplished(each, self.faculty) if each.end > self.as_of else each
            for each in portfolio.intensives
        ]
        ahead = [each for each in there if each.end > self.as_of]
        taken = {Window(each.start, each.end) for each in ahead}
        offered = [each for each in sorted(self.pace.offered) if each not in taken]
        after = max([self.as_of, *(each.end for each in ahead if each.role == "participant")])
        left = self.pace.attends
        for id_, role, needed, where in sorted(self._intensives_needed(), key=_candidacy_last):
            missing = max(0, needed - sum(each.role == role for each in ahead))
            attended = missing if left is None else min(missing, left)
            left = None if left is None else left - attended
            for _each in range(attended):
                chosen = next((each for each in offered if each.start > after), None)
                if chosen is None:
                    chosen = Window(after + ONE_DAY, after + ONE_DAY)
                    self.unscheduled[id_] = self.unscheduled.get(id_, 0) + 1
                after = chosen.end
                supposed = Intensive(
                    id=f"~intensive{len(there)}", start=chosen.start, end=after, role=role
                )
                there.append(replace(_accomplished(supposed, self.faculty), **where))
        return replace(portfolio, intensives=tuple(there))

    def _intensives_needed(self) -> Iterator[Needed]:
        for id_, measures in self.open.items():
            for measure in measures:
                if isinstance(measure, FinalIntensive):
                    yield id_, "candidate", 1, {}
                elif isinstance(measure, Count) and measure.evidence == "intensives":
                    remaining = self.now.requirement(id_).remaining
                    role = measure.where.get("role", "participant")
                    yield id_, role, remaining, measure.where


def _candidacy_last(needed: Needed) -> bool:
    return needed[1] == "candidate"


def _accomplished(intensive: Intensive, faculty: int) -> Intensive:
    """The intensive as it is when all went as it should: completed, co-led, assessed, presented."""
    end = intensive.end
    if intensive.role == "participant":
        return replace(intensive, completed=True)
    missing = range(faculty - len(set(intensive.co_led_with)))
    return replace(
        intensive,
        completed=True,
        co_led_with=(*intensive.co_led_with, *(f"~faculty{number}" for number in missing)),
        evaluator=intensive.evaluator or "~evaluator",
        met_on=end,
        assessment=WrittenAssessment(to_candidate=end, to_committee=end),
    )


def _kind(measure: Measure) -> tuple[str, ...]:
    """What tells the items of one measure from those of another over the same list."""
    if not isinstance(measure, Count):
        return ()
    distinct = (measure.distinct,) if measure.distinct else ()
    return (*distinct, *(f"{key}={value}" for key, value in sorted(measure.where.items())))


def _fitted(item: Item, measure: Count) -> Item:
    """The item with the values that a count selects; where it counts values, with its own."""
    own: dict[str, Any] = {measure.distinct: item.id} if measure.distinct else {}
    return replace(item, **{**own, **measure.where})


def co_led(portfolio: Portfolio, day: Day) -> tuple[str, str]:
    """A group that goes on from this day, and another who leads it for as long; each may lack."""
    lasting = [each for each in portfolio.groups if each.start <= day and each.end is None]
    for group in reversed(lasting):
        for leader in group.leaders:
            if leader.person != portfolio.applicant and group.led_by(leader, Day.max):
                return group.id, leader.person
    return (lasting[-1].id, "") if lasting else ("", "")


def _supervisor(portfolio: Portfolio, day: Day) -> str:
    """A supervisor of the applicant whose approval lasts, the last one seen first."""
    seen = {session.supervisor: session.date for session in portfolio.supervision}
    lasting = [
        supervisor.person
        for supervisor in portfolio.supervisors
        if any(term.covers(day) and term.end is None for term in supervisor.approved)
    ]
    return max(lasting, key=lambda person: seen.get(person, Day.min), default="")
