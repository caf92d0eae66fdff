"""Where applicants stand: portfolios gathered from every app below, and the rules asked.

Everything that shows a requirement, a remainder or a reason comes from here.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils import timezone

import applicants.queries
import intensives.queries
import supervision.queries
from applicants.models import Application, BalintGroup, Stage
from credentialing import rules
from credentialing.people.models import Person
from credentialing.records.audit import plain
from credentialing.rules import (
    Assessment,
    Earliest,
    Pace,
    Plan,
    Portfolio,
    Procedure,
    assess,
    earliest,
    load_procedure,
    present_pace,
    read_portfolio,
    words,
)
from credentialing.rules.calendar import Window
from credentialing.rules.facts import EVIDENCE
from credentialing.rules.measures import PerYear
from credentialing.standing.models import Tour

KEY = re.compile(r"\b[gp]\d+\b")


@dataclass(frozen=True)
class Standing:
    """One application with its portfolio, its procedure and what the rules make of them."""

    application: Application
    procedure: Procedure
    portfolio: dict[str, Any]
    as_of: date
    names: dict[str, str]

    @cached_property
    def facts(self) -> Portfolio:
        """The portfolio as the rules read it."""
        return read_portfolio(self.portfolio)

    @cached_property
    def assessment(self) -> Assessment:
        return assess(self.procedure, self.facts, self.as_of)

    @cached_property
    def data(self) -> dict[str, Any]:
        """The assessment as plain data, in the shape that `manage.py assess` prints."""
        return self.assessment.as_data()

    @cached_property
    def entries(self) -> dict[str, dict[str, Any]]:
        """Each requirement's entry, by its id, in the procedure's order."""
        return {entry["id"]: entry for entry in self.data["requirements"]}

    @property
    def ready_for_review(self) -> bool:
        return bool(self.data["ready_for_review"])

    def issue(self, said: Mapping[str, Any]) -> str:
        """An issue or an advisory in a sentence, with people and groups by their names."""
        return KEY.sub(lambda found: self.names.get(found[0], found[0]), words.issue(said))


@dataclass(frozen=True)
class Supposed(Standing):
    """Where an application would stand, by a copy of its portfolio with more in it."""

    copy: Portfolio

    @cached_property
    def facts(self) -> Portfolio:
        return self.copy


def portfolios(applications: Iterable[Application]) -> dict[int, dict[str, Any]]:
    """The portfolio of each application as plain data, by the application's key.

    The number of queries is the same for one application and for a thousand.
    """
    cases = list(applications)
    parts = [app.queries.facts(cases) for app in (applicants, supervision, intensives)]
    return {
        case.pk: plain(
            _consistent(
                {name: value for part in parts for name, value in part[case.applicant_id].items()}
            )
        )
        for case in cases
    }


def _consistent(portfolio: dict[str, Any]) -> dict[str, Any]:
    """The portfolio, where a ruling counts only evidence that has not been withdrawn since."""
    there = {item["id"] for name in EVIDENCE for item in portfolio[name]}
    exceptions = []
    for exception in portfolio["exceptions"]:
        counted = [key for key in exception.get("count", ()) if key in there]
        if counted:
            exceptions.append({**exception, "count": counted})
        elif "count" not in exception:
            exceptions.append(exception)
    return {**portfolio, "exceptions": exceptions}


def procedure_of(application: Application) -> Procedure:
    """The procedure that a case is pinned to; before submission, the one in force here."""
    return load_procedure(application.procedure or settings.PROCEDURE)


def standings(applications: Iterable[Application], as_of: date) -> list[Standing]:
    """Where each of these applications stands on a day, in their order."""
    cases = list(applications)
    gathered = portfolios(cases)
    named = _names(gathered.values())
    return [
        Standing(
            application=case,
            procedure=procedure_of(case),
            portfolio=gathered[case.pk],
            as_of=as_of,
            names=named,
        )
        for case in cases
    ]


def _names(gathered: Iterable[dict[str, Any]]) -> dict[str, str]:
    """The names behind the keys of persons and groups in these portfolios."""
    people, groups = set(), set()
    for portfolio in gathered:
        for group in portfolio["groups"]:
            groups.add(group["id"])
            people.update(leader["person"] for leader in group["leaders"])
        people.update(session["supervisor"] for session in portfolio["supervision"])
        for attended in portfolio["intensives"]:
            people.update([*attended["co_led_with"], attended["evaluator"] or ""])
    people.discard("")
    known = Person.objects.filter(pk__in=[int(key[1:]) for key in people])
    led = BalintGroup.objects.filter(pk__in=[int(key[1:]) for key in groups])
    return {row.key: row.name for row in (*known, *led)}


def standing(application: Application, as_of: date) -> Standing:
    """Where one application stands on a day."""
    return standings([application], as_of)[0]


def announced(after: date) -> tuple[Window, ...]:
    """The intensives that this Society has published and that begin after a day."""
    offered = intensives.queries.offered(timezone.now()).filter(start__gt=after)
    return tuple(
        Window(*dates) for dates in offered.order_by("start", "pk").values_list("start", "end")
    )


def suppose(now: Standing, plan: Plan, *, until: date) -> Supposed:
    """Where the case would stand on a later day, were the plan followed from now on."""
    return Supposed(
        application=now.application,
        procedure=now.procedure,
        portfolio=now.portfolio,
        as_of=until,
        names=now.names,
        copy=rules.suppose(now.procedure, now.facts, now.as_of, plan, until),
    )


def pace_of(now: Standing) -> Pace:
    """How one applicant goes on at present, with what is announced."""
    return present_pace(now.procedure, now.facts, now.as_of, announced(now.as_of))


def toured(person: Person) -> bool:
    """Whether a person has put the tour away."""
    return Tour.objects.filter(person=person).exists()


def foresee(stand: Iterable[Standing]) -> list[Earliest]:
    """When each could be ready at its present pace, in their order, in one query for all."""
    cases = list(stand)
    offered = announced(min(now.as_of for now in cases)) if cases else ()
    return [
        earliest(
            now.procedure,
            now.facts,
            now.as_of,
            present_pace(now.procedure, now.facts, now.as_of, offered),
        )
        for now in cases
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortYear:
    """A supervision year that runs and is not full."""

    application: Application
    requirement: str
    end: date


def short_years(at: datetime) -> list[tuple[date, ShortYear]]:
    """The years under way that are not full, of accepted cases, each with its last day."""
    today = timezone.localdate(at)
    cases = Application.objects.filter(stage__in=(Stage.ACCEPTED, Stage.FURTHER_WORK))
    found = []
    for now in standings(cases.select_related("applicant").order_by("pk"), today):
        for requirement in now.procedure.requirements:
            measure, entry = requirement.measure, now.entries[requirement.id]
            years = entry["detail"].get("years")
            if not isinstance(measure, PerYear) or not years or not entry["remaining"]:
                continue
            running = years[-1]
            end = date.fromisoformat(running["end"])
            if running["sessions"] + running["in_lieu"] < measure.per_year:
                year = ShortYear(application=now.application, requirement=requirement.id, end=end)
                found.append((end, year))
    return found


def portfolio_by_reference(reference: str) -> tuple[dict[str, Any], str]:
    """The portfolio of a case and the id of its procedure. LookupError if there is none."""
    try:
        application = Application.objects.get(reference=reference)
    except Application.DoesNotExist as unknown:
        raise LookupError(reference) from unknown
    return portfolios([application])[application.pk], application.procedure or settings.PROCEDURE
