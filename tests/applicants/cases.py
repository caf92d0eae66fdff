"""Set-ups that several tests of this room share."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from applicants import operations
from applicants.models import Application, BalintGroup
from credentialing.people.models import Person
from tests.factories import membership, person

ANSWERS: dict[str, dict[str, Any]] = {
    "person": {"name": "Ann Example", "profession": "physician"},
    "practice": {"institution": "Town clinic", "place": "Boston", "description": "Families."},
    "membership": {"number": "M-17"},
    "groups": {"alone": "I look for a co-leader."},
    "experience": {"description": "Three years as a member of a group."},
    "training": {"description": "None."},
    "co-leading": {"description": "None."},
    "statement": {"statement": "I want to lead groups.", "consent": True},
}


def draft(applicant: Person | None = None) -> Application:
    return operations.start_application(applicant or person(), at=timezone.now())


def filled(applicant: Person | None = None, *, leave_out: str = "") -> Application:
    """A draft with every part answered but one."""
    application = draft(applicant)
    for key, answers in ANSWERS.items():
        if key != leave_out:
            operations.save_section(
                application,
                key,
                dict(answers),
                revision=0,
                by=application.applicant,
                at=timezone.now(),
            )
    return application


def submitted(applicant: Person | None = None) -> Application:
    """A case that waits for the Chair, of a member."""
    application = filled(applicant)
    membership(application.applicant)
    return operations.submit(application, by=application.applicant, at=timezone.now())


def accepted(applicant: Person | None = None) -> tuple[Application, Person]:
    """A case that runs, and the Chair who accepted it."""
    chair = person("chair")
    return operations.accept(submitted(applicant), by=chair, at=timezone.now()), chair


def group(applicant: Person, partner: Person | None = None) -> BalintGroup:
    """A group of the last hundred days, entered by the applicant."""
    leaders = [{"person": partner, "profession": "psychologist"}] if partner else []
    return operations.create_group(
        applicant,
        name="Tuesday group",
        setting="medical",
        start=timezone.localdate() - timedelta(days=100),
        end=None,
        leaders=leaders,
        by=applicant,
        at=timezone.now(),
    )


def add_leader(group: BalintGroup, partner: Person) -> None:
    """One leader more, from the group's start on."""
    rows = group.leaders.order_by("pk").values("person", "profession")
    present = [{**row, "person": Person.objects.get(pk=row["person"])} for row in rows]
    operations.update_group(
        group,
        name=group.name,
        setting=group.setting,
        start=group.start,
        end=group.end,
        leaders=[*present, {"person": partner, "profession": partner.profession}],
        by=group.applicant,
        at=timezone.now(),
    )
