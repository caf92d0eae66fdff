"""Questions about persons, their roles and what they are to each other."""

from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Lower

from credentialing.people.models import Absence, Person, Relation, Role

# House rule: these do not act as Chair on the case, advise on it or vote on it, unless the Chair
# records why not; `access.recusing` knows of whom.
RECUSING = (
    Relation.Kind.SUPERVISOR,
    Relation.Kind.CO_LEADER,
    Relation.Kind.EVALUATOR,
    Relation.Kind.FACULTY,
    Relation.Kind.RECUSED,  # by their own word
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


def absence(person: Person, day: date) -> Absence | None:
    """The absence of a person that a day falls into, or the next one that is to come."""
    return Absence.objects.filter(person=person, until__gte=day).order_by("start", "pk").first()


def directory(words: str, *, day: date) -> QuerySet[Person]:
    """Everybody whose name or address holds all the words, with `offices` held on the day."""
    found = Person.objects.filter(merged_into__isnull=True).select_related("user")
    for word in words.split()[:6]:
        found = found.filter(Q(name__icontains=word) | Q(email__icontains=word))
    offices = Prefetch("roles", Role.objects.on(day).order_by("start", "pk"), to_attr="offices")
    return found.prefetch_related(offices).order_by(Lower("name"), "pk")


def by_address(email: str) -> Person | None:
    """The person known by an address."""
    if not email:
        return None
    return Person.objects.filter(email__iexact=email, merged_into__isnull=True).first()


def resembling(name: str, *, besides: Person | None = None) -> list[Person]:
    """People of the same name, who may be the same person; a few of them, by key."""
    alike = Person.objects.filter(name__iexact=name.strip(), merged_into__isnull=True)
    if besides:
        alike = alike.exclude(pk=besides.pk)
    return list(alike.order_by("pk")[:5])


def relations_shown(person: Person, *, to: Person) -> list[Relation]:
    """What a person is to applicants and others are to them, oldest first, for one reader.

    What anybody is to the reader as an applicant is left out: the own case shows nothing.
    """
    both = Relation.objects.filter(Q(person=person) | Q(applicant=person)).exclude(applicant=to)
    return list(both.select_related("person", "applicant").order_by("since", "pk"))
