"""The assessment: for each requirement what is needed, what is done, what remains, and why."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from credentialing.rules.adjustments import Adjustments, ClaimStanding, ExceptionStanding
from credentialing.rules.calendar import Day
from credentialing.rules.case import Case, Issue
from credentialing.rules.facts import Portfolio
from credentialing.rules.procedure import Procedure, Requirement

SETTLED = frozenset({"met", "waived", "not-applicable"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One requirement as it stands: counts in `unit`, ids of evidence, questions, rulings."""

    id: str
    clause: str
    status: str
    decision_due: bool
    unit: str | None
    required: int | None
    done: int | None
    remaining: int
    evidence: tuple[str, ...]
    uncounted: tuple[tuple[str, str], ...]
    issues: tuple[Issue, ...]
    advisories: tuple[Issue, ...]
    adjusted_by: tuple[str, ...]
    detail: Mapping[str, Any]

    def as_data(self) -> dict[str, Any]:
        """The entry as plain data."""
        return {
            "id": self.id,
            "clause": self.clause,
            "status": self.status,
            "decision_due": self.decision_due,
            "unit": self.unit,
            "required": self.required,
            "done": self.done,
            "remaining": self.remaining,
            "evidence": list(self.evidence),
            "uncounted": [{"id": id_, "why": why} for id_, why in self.uncounted],
            "issues": [issue._asdict() for issue in self.issues],
            "advisories": [advisory._asdict() for advisory in self.advisories],
            "adjusted_by": list(self.adjusted_by),
            "detail": dict(self.detail),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Where one applicant stands on the day `as_of` under one procedure."""

    applicant: str
    procedure: str
    as_of: Day
    ready_for_review: bool
    requirements: tuple[Entry, ...]
    claims: tuple[ClaimStanding, ...]
    exceptions: tuple[ExceptionStanding, ...]

    def requirement(self, id: str) -> Entry:  # noqa: A002
        """The entry of the requirement with this id, which the procedure has."""
        return next(entry for entry in self.requirements if entry.id == id)

    def as_data(self) -> dict[str, Any]:
        """The assessment as plain data, ready for JSON."""
        return {
            "applicant": self.applicant,
            "procedure": self.procedure,
            "as_of": self.as_of.isoformat(),
            "ready_for_review": self.ready_for_review,
            "requirements": [entry.as_data() for entry in self.requirements],
            "claims": [
                {
                    "id": claim.id,
                    "credit": claim.credit,
                    "state": claim.state,
                    "shortfalls": list(claim.shortfalls),
                }
                for claim in self.claims
            ],
            "exceptions": [
                {
                    "id": ruling.id,
                    "requirement": ruling.requirement,
                    "state": ruling.state,
                    "why": ruling.why,
                }
                for ruling in self.exceptions
            ],
        }

    def as_json(self, *, indent: int | None = None) -> str:
        """The assessment as JSON: one compact line, or indented."""
        separators = (",", ":") if indent is None else None
        return json.dumps(self.as_data(), indent=indent, separators=separators)


def assess(procedure: Procedure, portfolio: Portfolio, as_of: Day) -> Assessment:
    """The assessment of the portfolio under the procedure, as of this day.

    A case that was decided earlier is assessed as of that day.
    """
    application = portfolio.application
    if application and application.decided:
        as_of = min(as_of, application.decided)
    case = Case(portfolio, as_of)
    adjustments = Adjustments(procedure, case)
    entries = tuple(_entry(each, case, adjustments) for each in procedure.requirements)
    accepted = case.holds(application.accepted if application else None)
    return Assessment(
        applicant=portfolio.applicant,
        procedure=procedure.id,
        as_of=as_of,
        ready_for_review=accepted
        and all(
            entry.status in SETTLED
            for entry, requirement in zip(entries, procedure.requirements, strict=True)
            if requirement.strength == "must"
        ),
        requirements=entries,
        claims=tuple(adjustments.claims),
        exceptions=tuple(adjustments.exceptions),
    )


def _entry(requirement: Requirement, case: Case, adjustments: Adjustments) -> Entry:
    rulings = adjustments.rulings(requirement)
    finding = adjustments.measure(requirement).measure(case, rulings)
    standing = set(rulings.standing(finding.issues))
    settled = [issue for issue in finding.issues if issue not in standing]
    return Entry(
        id=requirement.id,
        clause=requirement.clause,
        status="waived" if rulings.waived else finding.status(rulings),
        decision_due=bool(standing) and not rulings.waived,
        unit=finding.unit,
        required=finding.required,
        done=finding.done,
        remaining=finding.remaining,
        evidence=tuple(finding.evidence),
        uncounted=tuple(finding.uncounted),
        issues=tuple(sorted(standing)),
        advisories=tuple(sorted(finding.advisories + settled)),
        adjusted_by=tuple(adjustments.adjusted_by(requirement)),
        detail=finding.detail,
    )
