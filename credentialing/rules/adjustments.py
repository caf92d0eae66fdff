"""What the rulings change: the standing of each claim and exception, and their effect."""

from dataclasses import dataclass, replace
from typing import Any

from credentialing.rules.calendar import Day
from credentialing.rules.case import Case, Rulings, Substitute
from credentialing.rules.credits import Credit
from credentialing.rules.facts import Claim, ExceptionRuling
from credentialing.rules.measures import Count, FinalIntensive, Measure
from credentialing.rules.procedure import Procedure, Requirement

NEVER_ACCEPTED = "assessment-not-presented"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimStanding:
    """Where a claim stands, and what the text needs that its facts do not show."""

    id: str
    credit: str
    state: str
    shortfalls: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionStanding:
    """Where an exception stands, and why it can have no effect."""

    id: str
    requirement: str
    state: str
    why: str | None


def standing_of_claim(claim: Claim, procedure: Procedure, as_of: Day) -> ClaimStanding:
    """Where the claim stands on this day under this procedure."""
    credit = procedure.credit(claim.credit)
    shortfalls: tuple[str, ...] = ()
    if credit is None:
        state = "not-applicable"
    else:
        shortfalls = credit.shortfalls(claim, as_of, procedure.most_in_lieu(credit))
        if claim.revoked and claim.revoked <= as_of:
            state = "revoked"
        elif claim.refused and claim.refused <= as_of:
            state = "refused"
        elif claim.granted is None or claim.granted > as_of:
            state = "pending"
        else:
            state = "unsupported" if shortfalls else "granted"
    return ClaimStanding(id=claim.id, credit=claim.credit, state=state, shortfalls=shortfalls)


def standing_of_exception(
    ruling: ExceptionRuling, procedure: Procedure, as_of: Day
) -> ExceptionStanding:
    """Where the exception stands on this day under this procedure."""
    requirement = procedure.requirement(ruling.requirement)
    why = None
    if requirement is None:
        state, why = "not-applicable", "no-such-requirement"
    elif ruling.revoked and ruling.revoked <= as_of:
        state = "revoked"
    elif ruling.granted > as_of:
        state = "not-yet"
    else:
        why = _refusal(ruling, requirement)
        state = "refused" if why else "in-force"
    return ExceptionStanding(id=ruling.id, requirement=ruling.requirement, state=state, why=why)


def _refusal(ruling: ExceptionRuling, requirement: Requirement) -> str | None:
    """Why no exception of this kind is possible for the requirement."""
    if ruling.waive and not requirement.may_waive:
        return "not-waivable"
    if any(acceptance.code == NEVER_ACCEPTED for acceptance in ruling.accept or ()):
        return "not-acceptable"
    if not set(ruling.set or ()).issubset(requirement.adjustable):
        return "not-adjustable"
    return None


class Adjustments:
    """The rulings that have an effect on the day of a case, requirement by requirement."""

    def __init__(self, procedure: Procedure, case: Case) -> None:
        self.procedure = procedure
        self.case = case
        portfolio, as_of = case.portfolio, case.as_of
        self.claims = [standing_of_claim(each, procedure, as_of) for each in portfolio.claims]
        self.exceptions = [
            standing_of_exception(each, procedure, as_of) for each in portfolio.exceptions
        ]
        self.granted = [
            (claim, credit)
            for claim, standing in zip(portfolio.claims, self.claims, strict=True)
            if standing.state == "granted" and (credit := procedure.credit(claim.credit))
        ]
        self.in_force = [
            ruling
            for ruling, standing in zip(portfolio.exceptions, self.exceptions, strict=True)
            if standing.state == "in-force"
        ]

    def measure(self, requirement: Requirement) -> Measure:
        """The requirement's measure with the parameters as they are set: the last one wins."""
        parameters: dict[str, Any] = {}
        for _, credit in self._by_grant():
            if credit.sets and credit.sets.requirement == requirement.id:
                parameters |= credit.sets.parameters
        for ruling in sorted(self.in_force, key=lambda each: each.granted):
            if ruling.requirement == requirement.id:
                parameters |= ruling.set or {}
        return replace(requirement.measure, **parameters) if parameters else requirement.measure

    def rulings(self, requirement: Requirement) -> Rulings:
        """What is ruled about the requirement."""
        rulings = Rulings(ideal=requirement.strength == "ideal")
        for ruling in self.in_force:
            if ruling.requirement == requirement.id:
                rulings.waived |= ruling.waive
                rulings.counted |= set(ruling.count or ())
                rulings.accepted |= {(each.code, each.detail) for each in ruling.accept or ()}
        for claim, credit in self._by_grant():
            if credit.in_lieu and credit.in_lieu.requirement == requirement.id:
                leader = claim.facts.leader if claim.facts else None
                debriefings = credit.in_lieu.with_leader(self.case, rulings.counted, leader or "")
                rulings.substitutes.append(Substitute(debriefings, claim.in_lieu_per_year or 0))
        if isinstance(requirement.measure, FinalIntensive):
            rulings.participations = self._participations(requirement.measure.participant)
        return rulings

    def adjusted_by(self, requirement: Requirement) -> list[str]:
        """The granted claims and the exceptions in force that name the requirement."""
        claims = [
            claim.id for claim, credit in self.granted if requirement.id in credit.requirements
        ]
        return claims + [each.id for each in self.in_force if each.requirement == requirement.id]

    def _by_grant(self) -> list[tuple[Claim, Credit]]:
        """The granted claims in the order of their grants, each with its credit."""
        return sorted(self.granted, key=lambda each: each[0].granted or Day.max)

    def _participations(self, participant: str) -> int:
        """How many intensives as a participant are needed before the final one."""
        requirement = self.procedure.requirement(participant)
        if requirement is None or self.rulings(requirement).waived:
            return 0
        measure = self.measure(requirement)
        return measure.count if isinstance(measure, Count) else 0
