"""Who can be in which group, and who can evaluate."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from applicants.models import Application
from credentialing.people.models import Person, Relation, Role
from credentialing.people.queries import BARRING, holders
from intensives.models import Enrolment, Intensive, SmallGroup
from intensives.proposal import Task
from intensives.queries.cases import placed
from intensives.queries.offering import groups_of, leaders

# Whoever evaluates does not act or vote on the case in one of these offices.
DECIDING = (Role.Kind.CHAIR, Role.Kind.DEPUTY, Role.Kind.COMMITTEE, Role.Kind.COUNCIL)

Barred = Mapping[int, Mapping[int, list[Relation]]]


def barred(applicants: Iterable[int]) -> Barred:
    """Who can't be faculty of whom: the applicant's key, the person's key, the relations.

    A person entered twice and merged bars under both records.
    """
    found: dict[int, dict[int, list[Relation]]] = defaultdict(lambda: defaultdict(list))
    relations = Relation.objects.filter(applicant__in=list(applicants), kind__in=BARRING)
    for relation in relations.select_related("person").order_by("since", "pk"):
        same = {relation.person_id, relation.person.merged_into_id} - {None}
        for person in same:
            found[relation.applicant_id][person].append(relation)
    return found


def in_words(person: Person, relations: Iterable[Relation]) -> str:
    """What a person is to the candidate: `Sue: supervisor since 3 May 2024`."""
    parts = [
        _("%(kind)s since %(day)s")
        % {"kind": relation.get_kind_display(), "day": date_format(relation.since)}
        for relation in relations
    ]
    return _("%(name)s: %(relations)s") % {"name": person.name, "relations": ", ".join(parts)}


def conflicts(applicant: Person | int, faculty: Iterable[Person], known: Barred) -> list[str]:
    """Why these two can't be the faculty of an applicant, in words; empty where they can."""
    applicant_id = getattr(applicant, "pk", applicant)
    relations = known.get(applicant_id, {})
    found = []
    for person in faculty:
        if person.pk == applicant_id:
            found.append(_("%(name)s is the candidate.") % {"name": person.name})
        elif relations.get(person.pk):
            found.append(in_words(person, relations[person.pk]))
    return found


def disclosed(applicants: Iterable[int]) -> dict[int, dict[int, list[Relation]]]:
    """Every relation to these applicants, for showing beside a name."""
    found: dict[int, dict[int, list[Relation]]] = defaultdict(lambda: defaultdict(list))
    relations = Relation.objects.filter(applicant__in=list(applicants))
    for relation in relations.order_by("since", "pk"):
        found[relation.applicant_id][relation.person_id].append(relation)
    return found


def candidates_without_evaluator(
    applications: QuerySet[Application] | None = None,
) -> list[Enrolment]:
    """Candidates of intensives to come that have no evaluator, soonest first.

    With `applications` only those of their applicants, as `access.visible` gives them.
    """
    found = placed().filter(
        evaluator__isnull=True,
        intensive__elsewhere=False,
        intensive__start__gt=timezone.localdate(),
    )
    if applications is not None:
        found = found.filter(person__in=applications.values("applicant"))
    return list(found.order_by("intensive__start", "enrolled_at", "pk"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One candidate in one possible group: free, or why not."""

    group: SmallGroup
    conflicts: list[str]
    taken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """A candidate with every possible group."""

    enrolment: Enrolment
    seats: list[Seat]
    evaluator_relation: str

    @property
    def has_conflict(self) -> bool:
        """The record has changed since the placement."""
        return any(seat.taken and seat.conflicts for seat in self.seats)


def placings(intensive: Intensive, applications: QuerySet[Application]) -> list[Placing]:
    """Each candidate of these applicants × each group of the intensive, by name."""
    candidates = list(
        placed()
        .filter(intensive=intensive, person__in=applications.values("applicant"))
        .order_by("person__name", "pk")
    )
    groups = groups_of(intensive)
    people = [candidate.person_id for candidate in candidates]
    known, related = barred(people), disclosed(people)
    found = []
    for candidate in candidates:
        evaluator = candidate.evaluator
        relations = related[candidate.person_id][evaluator.pk] if evaluator else []
        told = [each for each in relations if each.kind != Relation.Kind.EVALUATOR]
        found.append(
            Placing(
                enrolment=candidate,
                seats=[
                    Seat(
                        group=group,
                        conflicts=conflicts(candidate.person_id, group.faculty, known),
                        taken=candidate.small_group_id == group.pk,
                    )
                    for group in groups
                ],
                evaluator_relation=in_words(evaluator, told) if evaluator and told else "",
            )
        )
    return found


def unplaced(intensive: Intensive, applications: QuerySet[Application]) -> list[Enrolment]:
    """The candidates of these applicants who are not placed yet, by name."""
    waiting = placed().filter(
        intensive=intensive, small_group__isnull=True, person__in=applications.values("applicant")
    )
    return list(waiting.order_by("person__name", "pk"))


def to_solve(intensive: Intensive, candidates: Iterable[Enrolment], *, day: date) -> Task:
    """What is to be proposed for these candidates, with all who are placed already."""
    people = [candidate.person_id for candidate in candidates]
    there = list(placed().filter(intensive=intensive).exclude(person__in=people))
    taking_part = {row.person_id for row in there} | set(people)
    groups = {group.pk: frozenset(group.faculty_ids) for group in groups_of(intensive)}
    faculty = frozenset().union(*groups.values())
    related = disclosed(people)
    return Task(
        candidates=people,
        groups=groups,
        barred={person: frozenset(known) for person, known in barred(people).items()},
        evaluators=[
            person.pk
            for person in leaders()
            if person.pk not in faculty and person.pk not in taking_part
        ],
        officers=frozenset(holders(*DECIDING, day=day).values_list("pk", flat=True)),
        related={person: frozenset(known) for person, known in related.items()},
        placed={row.person_id: row.small_group_id for row in there if row.small_group_id},
        evaluating=Counter(row.evaluator_id for row in there if row.evaluator_id),
    )
