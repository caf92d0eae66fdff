"""Questions about applications, logs and claims, for many applicants at once."""

from applicants.queries.applications import (
    Missing,
    answers,
    current_application,
    current_applications,
    is_member,
    missing,
    procedure_of,
    reference_of,
)
from applicants.queries.claims import (
    Credit,
    claim_standing,
    credits_of,
    exception_standing,
    last_ruling,
    shortfalls,
)
from applicants.queries.logs import found_people, log, partners, usual_evening
from applicants.queries.portfolio import Facts, claim_facts, facts, key, revoked_on, ruled

__all__ = [
    "Credit",
    "Facts",
    "Missing",
    "answers",
    "claim_facts",
    "claim_standing",
    "credits_of",
    "current_application",
    "current_applications",
    "exception_standing",
    "facts",
    "found_people",
    "is_member",
    "key",
    "last_ruling",
    "log",
    "missing",
    "partners",
    "procedure_of",
    "reference_of",
    "revoked_on",
    "ruled",
    "shortfalls",
    "usual_evening",
]
