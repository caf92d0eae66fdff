"""Which application is a person's, what its form says and lacks, by what it is judged."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from applicants import access
from applicants.access import Can
from applicants.models import Application, BalintGroup, GroupLeader, Membership
from applicants.sections import PARTS
from credentialing.people.models import Person
from credentialing.records import audit
from credentialing.rules import Procedure, load_procedure


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What a part of the form still lacks, in words."""

    part: str
    what: str


def current_applications(people: Iterable[int]) -> dict[int, Application]:
    """Each person's newest application, by the person's key."""
    found = Application.objects.filter(applicant__in=list(people)).order_by("started_at", "pk")
    return {application.applicant_id: application for application in found}


def current_application(person: Person | None, *, day: date) -> Application | None:
    """The person's newest application, live or ended."""
    mine = access.visible(person, Can.OWN, day=day)
    return mine.order_by("-started_at", "-pk").first()


def reference_of(person: Person | int) -> str:
    """The reference of a person's newest application, for the audit trail; empty without one."""
    mine = Application.objects.filter(applicant=person).order_by("-started_at", "-pk")
    return mine.values_list("reference", flat=True).first() or ""


def procedure_of(application: Application) -> Procedure:
    """The procedure that a case is pinned to; before submission, the one in force here."""
    return load_procedure(application.procedure or settings.PROCEDURE)


def answers(application: Application) -> dict[str, dict[str, Any]]:
    """What the form says, part by part. The name stands on the person, and only there."""
    said = {key: {} for key in PARTS}
    said |= {section.key: section.answers for section in application.sections.all()}
    said["person"] = {**said["person"], "name": application.applicant.name}
    return said


def as_it_stands(application: Application) -> dict[str, Any]:
    """The whole form: every part's answers, and the groups with who leads them, by key."""
    said = {section.key: section.answers for section in application.sections.order_by("key")}
    groups = BalintGroup.objects.filter(applicant=application.applicant_id)
    led = [
        {
            "group": group.key,
            "name": group.name,
            "setting": group.setting,
            "start": group.start,
            "end": group.end,
            "leaders": [
                {
                    "person": leader.person_id,
                    "profession": leader.profession,
                    "start": leader.start,
                    "end": leader.end,
                }
                for leader in group.leaders.order_by("pk")
            ],
        }
        for group in groups.order_by("start", "pk")
    ]
    return audit.plain({**said, "led": led}) or {}


def is_member(person: Person, *, day: date) -> bool:
    """Whether a membership on record covers this day."""
    return Membership.objects.filter(person=person, start__lte=day).exclude(end__lt=day).exists()


def missing(application: Application, *, day: date) -> list[Missing]:
    """What the form still lacks before it can be submitted, in the order of its parts."""
    said = answers(application)
    lacking = [
        Missing(part=part.key, what=str(what))
        for part in PARTS.values()
        for answer, what in part.needed
        if not said[part.key].get(answer)
    ]
    if not said["membership"].get("number") and not is_member(application.applicant, day=day):
        lacking.append(Missing(part="membership", what=_("your member number")))
    groups = BalintGroup.objects.filter(applicant=application.applicant_id)
    together = GroupLeader.objects.filter(group__in=groups).exclude(person=application.applicant_id)
    if not said["groups"].get("alone") and not together.exists():
        lacking.append(
            Missing(
                part="groups",
                what=_("a group with its co-leader, or a word on why there is none"),
            )
        )
    order = list(PARTS)
    return sorted(lacking, key=lambda each: order.index(each.part))
