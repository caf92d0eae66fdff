"""Who can be in which group, who can evaluate, and what the record says of it."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.models import Application
from credentialing.people.models import Person, Relation, Role
from credentialing.people.queries import BARRING, Tie, holders, possible_matches, ties
from intensives.models import (
    Enrolment,
    EvaluatorChange,
    GroupChange,
    Intensive,
    ProposedPlacement,
    SmallGroup,
)
from intensives.proposal import Task
from intensives.queries.cases import placed
from intensives.queries.offering import groups_of, leaders

# Whoever evaluates does not act or vote on the case in one of these offices.
DECIDING = (Role.Kind.CHAIR, Role.Kind.DEPUTY, Role.Kind.COMMITTEE, Role.Kind.COUNCIL)
# A house rule: who evaluates, or leads with somebody, with such a relation is confirmed.
TO_CONFIRM = {
    "evaluator": (*BARRING, Relation.Kind.DECLARED),
    "faculty": (Relation.Kind.DECLARED,),
}

Ties = Mapping[int, Mapping[int, list[Tie]]]


def barred(applicants: Iterable[int]) -> Ties:
    """Who can't be faculty of whom: the applicant's key, the person's key, the relations."""
    return ties(applicants, BARRING)


def disclosed(applicants: Iterable[int]) -> Ties:
    """Every relation to these applicants, for showing beside a name."""
    return ties(applicants)


def in_words(found: Iterable[Tie]) -> str:
    """What the record says: `Sue supervised Ann, 14 sessions, March 2023 to May 2024`."""
    return "; ".join(tie.words for tie in found)


def conflicts(applicant: Person | int, faculty: Iterable[Person], known: Ties) -> list[str]:
    """Why these two can't be the faculty of an applicant, in words; empty where they can."""
    applicant_id = getattr(applicant, "pk", applicant)
    relations = known.get(applicant_id, {})
    found = []
    for person in faculty:
        bars = [tie for tie in relations.get(person.pk, []) if tie.bars]
        if person.pk == applicant_id:
            found.append(_("%(name)s is the candidate") % {"name": person.name})
        elif bars:
            found.append(in_words(bars))
    return found


def leads_two(groups: Iterable[SmallGroup]) -> dict[int, list[str]]:
    """Who is faculty of two of these groups of one intensive, which meet at once: group, words."""
    led: dict[int, list[SmallGroup]] = defaultdict(list)
    people: dict[int, Person] = {}
    for group in groups:
        for person in group.faculty:
            led[person.pk].append(group)
            people[person.pk] = person
    found: dict[int, list[str]] = defaultdict(list)
    for key, theirs in led.items():
        for group in theirs if len(theirs) > 1 else ():
            words = _("%(name)s leads %(groups)s, which meet at the same time") % {
                "name": people[key].name,
                "groups": _(" and ").join(each.name for each in theirs),
            }
            found[group.pk].append(words)
    return found


Doubts = Mapping[int, Mapping[int, list[str]]]


def doubts(applicants: Iterable[int], people: Iterable[Person], known: Ties) -> Doubts:
    """Who may be entered twice, and under the other record be barred: applicant, person, words.

    A possible match bars nobody: the office finds out. Until then who decides is told.
    """
    found: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    matches = possible_matches(people)
    for applicant in applicants:
        relations = known.get(applicant, {})
        for person, alike in matches.items():
            for match in alike:
                told = in_words(tie for tie in relations.get(match.person.pk, []) if tie.bars)
                if match.person.pk == applicant:
                    told = _("the candidate")
                if told:
                    found[applicant][person].append(
                        _("may be on record twice (%(why)s): %(words)s")
                        % {"why": match.because, "words": told}
                    )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """A relation that bars nobody, and is known to who places the candidate all the same."""

    person: Person
    words: str


def to_confirm(
    applicant: int, group: SmallGroup, evaluator: Person, known: Ties, doubted: Doubts
) -> list[Confirmed]:
    """The relations of evaluator and faculty that a house rule asks to be confirmed."""
    relations, twice = known.get(applicant, {}), doubted.get(applicant, {})
    acting = [(evaluator, TO_CONFIRM["evaluator"])]
    acting += [(person, TO_CONFIRM["faculty"]) for person in group.faculty]
    found = []
    for person, kinds in acting:
        told = [tie.words for tie in relations.get(person.pk, []) if tie.kind in kinds]
        told += [f"{person.name} {words}" for words in twice.get(person.pk, [])]
        if told:
            found.append(Confirmed(person=person, words="; ".join(told)))
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


def in_conflict(applications: QuerySet[Application] | None = None) -> QuerySet[Enrolment]:
    """Placements with faculty who had supervised or co-led by the end of the intensive.

    They were free of it when they were made: the record has changed since. Each has `since`, the
    day of the oldest such relation, the newest intensive first.
    """
    bars = Relation.objects.filter(
        Q(person=OuterRef("small_group__first_faculty"))
        | Q(person=OuterRef("small_group__second_faculty")),
        applicant=OuterRef("person"),
        kind__in=BARRING,
        since__lte=OuterRef("intensive__end"),
    )
    found = placed().annotate(since=Subquery(bars.order_by("since").values("since")[:1]))
    found = found.filter(since__isnull=False)
    if applications is not None:
        found = found.filter(person__in=applications.values("applicant"))
    return found.select_related(
        "small_group__first_faculty", "small_group__second_faculty"
    ).order_by(F("intensive__start").desc(), "person__name", "pk")


# --- Candidates × groups -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One candidate in one possible group: free, full, or why not."""

    group: SmallGroup
    conflicts: list[str]
    near: list[str]  # relations that bar nobody
    taken: bool
    full: bool


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

    @property
    def told(self) -> list[Seat]:
        """The groups of which there is something to say."""
        return [seat for seat in self.seats if seat.conflicts or seat.near]

    @property
    def free(self) -> int:
        """How many groups are possible."""
        return sum(not seat.conflicts for seat in self.seats)


def seats(
    enrolment: Enrolment, groups: Sequence[SmallGroup], known: Ties, doubted: Doubts
) -> list[Seat]:
    """One candidate in each group of the intensive, as `groups_of` gives them."""
    near = known.get(enrolment.person_id, {})
    twice = doubted.get(enrolment.person_id, {})
    room = enrolment.intensive.room
    twice_at_once = leads_two(groups)
    return [
        Seat(
            group=group,
            conflicts=[
                *conflicts(enrolment.person_id, group.faculty, known),
                *twice_at_once.get(group.pk, []),
            ],
            near=[
                *(
                    tie.words
                    for person in group.faculty
                    for tie in near.get(person.pk, [])
                    if tie.kind == Relation.Kind.DECLARED
                ),
                *(
                    f"{person.name} {words}"
                    for person in group.faculty
                    for words in twice.get(person.pk, [])
                ),
            ],
            taken=enrolment.small_group_id == group.pk,
            full=room is not None
            and group.candidates >= room
            and enrolment.small_group_id != group.pk,
        )
        for group in groups
    ]


def placings(intensive: Intensive, applications: QuerySet[Application]) -> list[Placing]:
    """Each candidate of these applicants × each group of the intensive, by name."""
    candidates = list(
        placed()
        .filter(intensive=intensive, person__in=applications.values("applicant"))
        .order_by("person__name", "pk")
    )
    groups = groups_of(intensive)
    people = [candidate.person_id for candidate in candidates]
    known = disclosed(people)
    doubted = doubts(people, {person for group in groups for person in group.faculty}, known)
    return [
        Placing(
            enrolment=candidate,
            seats=seats(candidate, groups, known, doubted),
            evaluator_relation=evaluator_in_words(candidate, known),
        )
        for candidate in candidates
    ]


def evaluator_in_words(row: Enrolment, known: Ties) -> str:
    """What the evaluator is to the candidate beside evaluating, in words."""
    told = known.get(row.person_id, {}).get(row.evaluator_id or 0, [])
    return in_words(tie for tie in told if tie.kind != Relation.Kind.EVALUATOR)


def unplaced(intensive: Intensive, applications: QuerySet[Application]) -> list[Enrolment]:
    """The candidates of these applicants who are not placed yet, by name."""
    waiting = placed().filter(
        intensive=intensive, small_group__isnull=True, person__in=applications.values("applicant")
    )
    return list(waiting.order_by("person__name", "pk"))


def changes_of(
    intensive: Intensive, applications: QuerySet[Application]
) -> list[dict[str, object]]:
    """What was changed after it had been decided, and why, newest first: in two queries."""
    mine = Q(enrolment__intensive=intensive, enrolment__person__in=applications.values("applicant"))
    related = ("enrolment__person", "before", "after", "by")
    found = []
    for kind in (GroupChange, EvaluatorChange):
        for change in kind.objects.filter(mine).select_related(*related).order_by("pk"):
            before = change.before.name if change.before else _("no group")
            found.append(
                {
                    "at": change.at,
                    "who": change.by.name,
                    "text": _("%(name)s: %(before)s → %(after)s")
                    % {
                        "name": change.enrolment.person.name,
                        "before": before,
                        "after": change.after.name,
                    },
                    "detail": change.reason,
                }
            )
    return sorted(found, key=lambda each: each["at"], reverse=True)


# --- What the solver is asked ----------------------------------------------------------------


def to_solve(intensive: Intensive, candidates: Iterable[Enrolment], *, day: date) -> Task:
    """What is to be proposed for these candidates, with all who are placed already."""
    rows = list(candidates)
    people = [candidate.person_id for candidate in rows]
    there = list(placed().filter(intensive=intensive).exclude(person__in=people))
    taking_part = {row.person_id for row in there} | set(people)
    listed = groups_of(intensive)
    groups = {group.pk: frozenset(group.faculty_ids) for group in listed}
    faculty = frozenset().union(*groups.values())
    known = disclosed(taking_part)
    able = [each for each in leaders() if each.pk not in faculty | taking_part]
    doubted = doubts(people, {*able, *(one for group in listed for one in group.faculty)}, known)
    return Task(
        candidates=people,
        groups=groups,
        barred={
            person: frozenset(
                key for key, told in known.get(person, {}).items() if any(t.bars for t in told)
            )
            for person in sorted(taking_part)
        },
        room={} if intensive.room is None else dict.fromkeys(groups, intensive.room),
        participants={group.pk: group.participants for group in listed},
        evaluators=[person.pk for person in able],
        related={
            person: frozenset(known.get(person, {})) | frozenset(doubted.get(person, {}))
            for person in people
        },
        officers=frozenset(holders(*DECIDING, day=day).values_list("pk", flat=True)),
        placed={row.person_id: row.small_group_id for row in there if row.small_group_id},
        evaluated_by={row.person_id: row.evaluator_id for row in there if row.evaluator_id},
        wishes={row.person_id: row.wished_group_id for row in rows if row.wished_group_id},
        avoids={row.person_id: row.avoided_group_id for row in rows if row.avoided_group_id},
    )


def digest_of(task: Task) -> str:
    """What tells whether the record is still what a proposal was worked out from."""
    plain = json.dumps(
        asdict(task),
        sort_keys=True,
        default=sorted,  # the sets
    )
    return hashlib.sha256(plain.encode()).hexdigest()


def newest_proposal(intensive: Intensive, by: Person) -> ProposedPlacement | None:
    """What was last worked out for who asks."""
    mine = ProposedPlacement.objects.filter(intensive=intensive, by=by)
    return mine.order_by("-at", "-pk").first()
