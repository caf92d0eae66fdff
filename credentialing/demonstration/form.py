"""What the applicants of the demonstration write into their forms."""

from collections.abc import Collection
from datetime import datetime
from io import BytesIO
from typing import IO, Any

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


def rewrite_statement(case: Application, *, at: datetime) -> None:
    """Say more than before, as the applicant of a form that was returned."""
    said = case.sections.get(key="statement")
    text = said.answers["statement"].replace("less talking", "fewer words of my own")
    answers = {**said.answers, "statement": f"{text} My second group has no co-leader yet."}
    applying.save_section(
        case, "statement", answers, revision=said.revision, by=case.applicant, at=at
    )


def letter(*lines: str) -> IO[bytes]:
    """A letter of one page as PDF, as somebody would scan it."""
    text = " T* ".join(f"({line}) Tj" for line in lines)
    page = f"BT /F 12 Tf 18 TL 72 720 Td {text} ET"
    font = "<</Type /Font /Subtype /Type1 /BaseFont /Times-Roman>>"
    objects = [
        "<</Type /Catalog /Pages 2 0 R>>",
        "<</Type /Pages /Kids [3 0 R] /Count 1>>",
        (
            "<</Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
            f"/Resources <</Font <</F {font}>>>>>>"
        ),
        f"<</Length {len(page)}>>\nstream\n{page}\nendstream",
    ]
    body = "\n".join(f"{n} 0 obj\n{said}\nendobj" for n, said in enumerate(objects, start=1))
    return BytesIO(f"%PDF-1.4\n{body}\ntrailer <</Root 1 0 R>>\n%%EOF\n".encode("ascii"))


def assessment() -> dict[str, Any]:
    """What the evaluators of the demonstration write."""
    return {
        "competencies": {each.key: "sound" for each in COMPETENCIES} | {"safety": "strength"},
        "narrative": "Led two sessions with a quiet presence, and let the group find its own way "
        "to the patient. In the second session a silence of some minutes was held well.",
        "strengths": "Protects the presenter without a word too many.",
        "needs": "Could bring the clinician's own feelings into the work a little earlier.",
    }
