"""The earliest day on which each requirement could be complete, if the work goes on at a pace.

Nothing is worked out a second way: hypothetical evidence is added to a copy of the portfolio, and
the day is the first on which the assessment of that copy has nothing left to do.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from credentialing.rules.assessment import Assessment, assess
from credentialing.rules.calendar import Day
from credentialing.rules.facts import Application, Portfolio
from credentialing.rules.hypothesis import PACED, Hypothesis, Pace, is_complete, measures_of
from credentialing.rules.measures import Covered, Measure
from credentialing.rules.procedure import Procedure

# How far ahead is looked, in days: what most need, and the most.
HORIZONS = (1024, 4096)
# Questions that the three at the final intensive settle, and not the Committee.
OF_THE_ASSESSMENT = frozenset({"assessment-not-presented", "no-meeting"})


class Dependence(NamedTuple):
    """On whom or what a day depends beside the applicant; the detail says how many, or until when.

    `acceptance`, `assessment`, `attestation`, `co-leader`, `group`, `intensive`, `membership`,
    `ruling`, `submission`, `supervisor`.
    """

    on: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """When a requirement could be complete: a day not before `as_of`, or None where none is seen.

    `paced`: the lists of evidence whose pace the day was worked out by.
    """

    id: str
    day: Day | None
    complete: bool
    paced: tuple[str, ...]
    depends: tuple[Dependence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Earliest:
    """When everything that must be there could be, and each requirement for itself.

    `portfolio` is the copy that is complete on that day, with all that was supposed.
    """

    as_of: Day
    day: Day | None
    pace: Pace
    requirements: tuple[Forecast, ...]
    depends: tuple[Dependence, ...]
    portfolio: Portfolio

    def requirement(self, id: str) -> Forecast:  # noqa: A002
        """The forecast of the requirement with this id, which the procedure has."""
        return next(each for each in self.requirements if each.id == id)

    @property
    def paced(self) -> tuple[str, ...]:
        """The lists of evidence that the day depends on, in the procedure's order."""
        return tuple(dict.fromkeys(name for each in self.requirements for name in each.paced))


def earliest(procedure: Procedure, portfolio: Portfolio, as_of: Day, pace: Pace) -> Earliest:
    """The earliest days under the procedure, if from the next day on the work goes on at this pace.

    A case that was decided stays as it was: what was open then has no day.
    """
    now = assess(procedure, portfolio, as_of)
    hypothesis = Hypothesis(procedure, portfolio, now, pace)
    search = Search(procedure, hypothesis)
    days = search.days([entry.id for entry in now.requirements])
    forecasts = tuple(
        _forecast(each.id, measures_of(each), days, search) for each in procedure.requirements
    )
    needed = [
        forecast
        for forecast, requirement in zip(forecasts, procedure.requirements, strict=True)
        if requirement.strength == "must"
    ]
    known = [forecast.day for forecast in needed if forecast.day]
    last = max([now.as_of, *known]) if len(known) == len(needed) else None
    return Earliest(
        as_of=now.as_of,
        day=last,
        pace=pace,
        requirements=forecasts,
        depends=(
            *_of_the_whole(procedure, portfolio, now.as_of, last),
            *dict.fromkeys(each for forecast in needed for each in forecast.depends),
        ),
        portfolio=search.portfolio,
    )


class Search:
    """Looks for the days on which the requirements of a hypothesis become complete."""

    def __init__(self, procedure: Procedure, hypothesis: Hypothesis) -> None:
        self.procedure = procedure
        self.hypothesis = hypothesis
        self.portfolio = hypothesis.begun
        self.assessed: dict[Day, Assessment] = {}

    def at(self, day: Day) -> Assessment:
        """What the copy is on a day; each day is assessed once."""
        if day not in self.assessed:
            self.assessed[day] = assess(self.procedure, self.portfolio, day)
        return self.assessed[day]

    def complete(self, ids: Iterable[str], day: Day) -> list[str]:
        """Which of these requirements are complete on a day."""
        wanted = set(ids)
        entries = self.at(day).requirements
        return [entry.id for entry in entries if entry.id in wanted and is_complete(entry)]

    def days(self, ids: list[str]) -> dict[str, Day]:
        """The first day of each requirement that has one; what is complete now has today."""
        today = self.hypothesis.as_of
        found = {
            entry.id: today for entry in self.hypothesis.now.requirements if is_complete(entry)
        }
        for days_ahead in HORIZONS:
            last = today + timedelta(days=days_ahead)
            self.portfolio, self.assessed = self.hypothesis.until(last), {}
            found |= dict.fromkeys(self.complete(set(ids) - set(found), today), today)
            open_ = [id_ for id_ in ids if id_ not in found]
            self._halve(self.complete(open_, last), today, last, found)
            if len(found) == len(ids):
                break
        return found

    def _halve(self, ids: list[str], before: Day, by: Day, found: dict[str, Day]) -> None:
        """Find the days of what was not complete on the day `before` and is on the day `by`."""
        if not ids:
            return
        between = (by - before).days // 2
        if between == 0:
            found |= dict.fromkeys(ids, by)
            return
        middle = before + timedelta(days=between)
        early = self.complete(ids, middle)
        self._halve(early, before, middle, found)
        self._halve([id_ for id_ in ids if id_ not in early], middle, by, found)


def _forecast(
    id_: str, measures: Iterable[Measure], days: dict[str, Day], search: Search
) -> Forecast:
    """The forecast of one requirement: its day, and on whom it depends."""
    hypothesis = search.hypothesis
    now, day = hypothesis.now.requirement(id_), days.get(id_)
    complete = is_complete(now)
    depends = []
    if not complete:
        depends = [Dependence(whom) for whom in sorted(hypothesis.whom.get(id_, ()))]
        unconfirmed = sum(why == "unconfirmed" for _item, why in now.uncounted)
        if unconfirmed:
            depends.append(Dependence("attestation", str(unconfirmed)))
        if id_ in hypothesis.unscheduled:
            depends.append(Dependence("intensive", str(hypothesis.unscheduled[id_])))
    then = now if complete or day is None else search.at(day).requirement(id_)
    if then.decision_due and is_complete(then):
        codes = {issue.code for issue in then.issues}
        if codes & OF_THE_ASSESSMENT:
            depends.append(Dependence("assessment"))
        if codes - OF_THE_ASSESSMENT:
            depends.append(Dependence("ruling", id_))
    names = (getattr(measure, "evidence", "") for measure in measures)
    ahead = not complete and day != hypothesis.as_of
    return Forecast(
        id=id_,
        day=day,
        complete=complete,
        paced=tuple(dict.fromkeys(name for name in names if ahead and name in PACED)),
        depends=tuple(depends),
    )


def _of_the_whole(
    procedure: Procedure, portfolio: Portfolio, as_of: Day, last: Day | None
) -> list[Dependence]:
    """What the day of the whole depends on beside what each requirement does."""
    application = portfolio.application or Application()
    depends = []
    if application.submitted is None or application.submitted > as_of:
        depends.append(Dependence("submission"))
    if application.accepted is None or application.accepted > as_of:
        depends.append(Dependence("acceptance"))
    asked = any(isinstance(each.measure, Covered) for each in procedure.requirements)
    ends = [membership.end or Day.max for membership in portfolio.memberships]
    until = max(ends, default=None)
    if asked and last and (until is None or until < last):
        depends.append(Dependence("membership", until.isoformat() if until else ""))
    return depends
