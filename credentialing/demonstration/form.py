"""What the applicants of the demonstration write into their forms."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import applicants.operations as applying
from applicants.models import Application
from applicants.sections import PARTS

ANSWERS: dict[str, dict[str, Any]] = {
    "practice": {
        "institution": "County Family Medicine Residency",
        "place": "A town of forty thousand",
        "description": "I see patients three days a week and teach residents on the other two.",
    },
    "membership": {},
    "groups": {},
    "experience": {
        "description": "I was a member of a Balint group throughout my own residency and have "
        "missed it since. Two years ago a colleague asked me to help start one for our residents."
    },
    "training": {"description": "A weekend workshop on group process; no formal training."},
    "co-leading": {"description": "None before the group that this application is about."},
    "statement": {
        "statement": "I would like to learn to lead with less talking and more trust in the group.",
        "consent": True,
    },
}


def fill(case: Application, *, at: datetime, only: Collection[str] = PARTS) -> None:
    """Save these parts of the form as the applicant."""
    person = case.applicant
    number = person.memberships.values_list("number", flat=True).first() or ""
    own = {
        "person": {"name": person.name, "profession": person.profession},
        "membership": {"number": number},
    }
    for key in only:
        answers = {**ANSWERS.get(key, {}), **own.get(key, {})}
        applying.save_section(case, key, answers, revision=0, by=person, at=at)
