"""Questions about applications, logs and claims, for many applicants at once."""

from applicants.queries.applications import (
    Missing,
    answers,
    as_it_stands,
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
from applicants.queries.differences import (
    Change,
    Submission,
    pieces,
    shown,
    submissions,
    unsent,
)
from applicants.queries.groups import Advice, pairing_advice, possible_matches
from applicants.queries.logs import found_people, log, partners, usual_evening
from applicants.queries.portfolio import Facts, claim_facts, facts, key, revoked_on, ruled
from applicants.queries.schedules import every, first_on, planned_days, schedule_in_words

__all__ = [
    "Advice",
    "Change",
    "Credit",
    "Facts",
    "Missing",
    "Submission",
    "answers",
    "as_it_stands",
    "claim_facts",
    "claim_standing",
    "credits_of",
    "current_application",
    "current_applications",
    "every",
    "exception_standing",
    "facts",
    "first_on",
    "found_people",
    "is_member",
    "key",
    "last_ruling",
    "log",
    "missing",
    "pairing_advice",
    "partners",
    "pieces",
    "planned_days",
    "possible_matches",
    "procedure_of",
    "reference_of",
    "revoked_on",
    "ruled",
    "schedule_in_words",
    "shortfalls",
    "shown",
    "submissions",
    "unsent",
    "usual_evening",
]
