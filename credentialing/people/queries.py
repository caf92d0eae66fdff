"""Questions about persons, their roles and what they are to each other."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from credentialing.people.models import Person, Relation, Role

# House rule: these do not act as Chair on the case, advise on it or vote on it.
RECUSING = (
    Relation.Kind.SUPERVISOR,
    Relation.Kind.CO_LEADER,
    Relation.Kind.EVALUATOR,
    Relation.Kind.FACULTY,
)
# By the text: neither has served as the candidate's supervisor or home site co-leader.
BARRING = (Relation.Kind.SUPERVISOR, Relation.Kind.CO_LEADER)


def roles_of(person: Person | None, day: date) -> frozenset[str]:
    """The roles that a person holds on a day."""
    if person is None:
        return frozenset()
    return frozenset(Role.objects.on(day).filter(person=person).values_list("kind", flat=True))


def holders(*kinds: str, day: date) -> QuerySet[Person]:
    """The persons in one of these offices on a day, by name."""
    in_office = Role.objects.on(day).filter(person=OuterRef("pk"), kind__in=kinds)
    return Person.objects.filter(Exists(in_office)).order_by("name", "pk")


def relations_to(applicant: Person) -> dict[int, list[Relation]]:
    """What everybody is to an applicant: person's key to relations, oldest first."""
    found: dict[int, list[Relation]] = defaultdict(list)
    for relation in Relation.objects.filter(applicant=applicant).order_by("since", "pk"):
        found[relation.person_id].append(relation)
    return found


def related(applicant: Person, kinds: Iterable[str]) -> dict[int, list[Relation]]:
    """As `relations_to`, of these kinds only."""
    wanted = set(kinds)
    kept = {
        person: [relation for relation in relations if relation.kind in wanted]
        for person, relations in relations_to(applicant).items()
    }
    return {person: relations for person, relations in kept.items() if relations}
