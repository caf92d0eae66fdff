"""What the applicants of the demonstration write into their forms."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import applicants.operations as applying
from applicants.models import Application, GroupLeader
from applicants.sections import PARTS
from intensives.competencies import COMPETENCIES

ANSWERS: dict[str, dict[str, Any]] = {
    "practice": {
        "institution": "County Family Medicine Residency",
        "place": "A town of forty thousand",
        "description": "I see patients three days a week and teach residents on the other two.",
    },
    "membership": {},
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
    shared = GroupLeader.objects.filter(group__applicant=person).exclude(person=person).exists()
    number = person.memberships.values_list("number", flat=True).first() or ""
    own = {
        "person": {"name": person.name, "profession": person.profession},
        "membership": {"number": number},
        "groups": {} if shared else {"alone": "Nobody else here leads groups; I am looking."},
    }
    for key in only:
        answers = {**ANSWERS.get(key, {}), **own.get(key, {})}
        applying.save_section(case, key, answers, revision=0, by=person, at=at)


def assessment() -> dict[str, Any]:
    """What the evaluators of the demonstration write."""
    return {
        "competencies": {each.key: "sound" for each in COMPETENCIES} | {"safety": "strength"},
        "narrative": "Led two sessions with a quiet presence, and let the group find its own way "
        "to the patient. In the second session a silence of some minutes was held well.",
        "strengths": "Protects the presenter without a word too many.",
        "needs": "Could bring the clinician's own feelings into the work a little earlier.",
    }
