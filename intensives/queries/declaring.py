"""Of whom a person can declare what they are to each other."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from applicants import access
from applicants.access import Can
from applicants.models import Application
from credentialing.people.models import Person, Relation, Role
from credentialing.people.queries import Tie, ties
from intensives.models import SmallGroup
from intensives.queries.offering import everybody, leaders

# What an applicant reads of others; what others declared is for who decides on the case.
KNOWN_TO_BOTH = (
    Relation.Kind.SUPERVISOR,
    Relation.Kind.CO_LEADER,
    Relation.Kind.FACULTY,
    Relation.Kind.EVALUATOR,
    Relation.Kind.ATTESTED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declarable:
    """Who may act on one's own case, and whose cases one may see."""

    acting: list[Person]
    applicants: list[Person]


def declarable(person: Person, *, day: date) -> Declarable:
    """By name. Nobody learns from the list who applies: those are seen already, or not listed."""
    cases = access.visible(person, Can.FOLLOW, day=day) | access.visible(person, Can.ELECT, day=day)
    acting = Person.objects.none()
    if Application.objects.filter(applicant=person).exists():
        groups = SmallGroup.objects.filter(intensive__published_at__isnull=False)
        acting = everybody().filter(
            Q(pk__in=leaders().values("pk"))
            | Q(pk__in=Role.objects.on(day).values("person"))
            | Q(pk__in=groups.values("first_faculty"))
            | Q(pk__in=groups.values("second_faculty"))
        )
    return Declarable(
        acting=list(acting.exclude(pk=person.pk)),
        applicants=list(everybody().filter(pk__in=cases.values("applicant")).exclude(pk=person.pk)),
    )


def known_to(applicant: Person) -> list[Tie]:
    """What the record says others are to an applicant, by name."""
    found = ties([applicant.pk], KNOWN_TO_BOTH).get(applicant.pk, {})
    return sorted(
        (tie for each in found.values() for tie in each),
        key=lambda tie: (tie.person.name, tie.kind),
    )
