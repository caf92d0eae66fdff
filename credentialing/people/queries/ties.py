"""What the record says of two people: of each relation, and of what they declared themselves."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credentialing.people.models import Declaration, Person, Relation
from credentialing.people.queries.persons import BARRING

Pair = tuple[int, int]  # a person and an applicant
Told = Mapping[Pair, str]
Due = tuple[int, int, str, date]  # person, applicant, kind, since: as the record gives it
# The evidence of a relation lies in the apps above; each puts here what it can tell of its kind.
TELLERS: dict[str, Callable[[Iterable[int]], Told]] = {}
SAID = {
    Relation.Kind.SUPERVISOR: gettext_lazy("%(person)s supervised %(applicant)s"),
    Relation.Kind.CO_LEADER: gettext_lazy("%(person)s co-led with %(applicant)s at the home site"),
    Relation.Kind.FACULTY: gettext_lazy("%(person)s was faculty of %(applicant)s"),
    Relation.Kind.EVALUATOR: gettext_lazy("%(person)s evaluated %(applicant)s"),
    Relation.Kind.ATTESTED: gettext_lazy("%(person)s attested for %(applicant)s"),
    Relation.Kind.DECLARED: gettext_lazy("%(person)s and %(applicant)s: a declared relation"),
    Relation.Kind.RECUSED: gettext_lazy("%(person)s stepped aside from cases of %(applicant)s"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """What a person is to an applicant, as the record says it."""

    person: Person
    applicant: Person
    kind: str
    since: date
    words: str

    @property
    def bars(self) -> bool:
        """By the text this person can't be faculty of the applicant."""
        return self.kind in BARRING


def ties(applicants: Iterable[int], kinds: Iterable[str] = ()) -> dict[int, dict[int, list[Tie]]]:
    """What everybody is to these applicants, oldest first: applicant, person, ties.

    One query, and what each kind of relation needs to be told, however many they are. Somebody
    who was entered twice and merged is tied under both records.
    """
    wanted = list(applicants)
    relations = Relation.objects.filter(applicant__in=wanted)
    if kinds:
        relations = relations.filter(kind__in=kinds)
    rows = list(relations.select_related("person", "applicant").order_by("since", "pk"))
    told = {kind: TELLERS[kind](wanted) for kind in {row.kind for row in rows} if kind in TELLERS}
    found: dict[int, dict[int, list[Tie]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        tie = Tie(
            person=row.person,
            applicant=row.applicant,
            kind=row.kind,
            since=row.since,
            words=_words(row, told.get(row.kind, {})),
        )
        for key in {row.person_id, row.person.merged_into_id} - {None}:
            found[row.applicant_id][key].append(tie)
    return found


def _words(row: Relation, told: Told) -> str:
    said = SAID[Relation.Kind(row.kind)] % {
        "person": row.person.name,
        "applicant": row.applicant.name,
    }
    more = told.get((row.person_id, row.applicant_id))
    return (
        f"{said}, {more}"
        if more
        else _("%(said)s, since %(day)s")
        % {
            "said": said,
            "day": date_format(row.since),
        }
    )


def between(first: date, last: date) -> str:
    """`March 2023 to May 2024`, or one month."""
    months = [date_format(day, "F Y") for day in (first, last)]
    if months[0] == months[1]:
        return months[0]
    return _("%(first)s to %(last)s") % {"first": months[0], "last": months[1]}


def declared(applicants: Iterable[int]) -> Told:
    """What was declared of each pair and stands, in the words of who declared it."""
    keys = list(applicants)
    found: dict[Pair, list[str]] = defaultdict(list)
    for row in _standing(Q(applicant__in=keys) | Q(applicant__merged_into__in=keys)):
        found[row.person.current_id, row.applicant.current_id].append(
            _("“%(words)s” (%(name)s)") % {"words": row.words, "name": row.by.name}
        )
    return {pair: "; ".join(words) for pair, words in found.items()}


def declared_of(person: int) -> list[Declaration]:
    """What was declared of somebody, as the person or as the applicant, and stands."""
    sides = ("person", "person__merged_into", "applicant", "applicant__merged_into")
    return _standing(Q(*((side, person) for side in sides), _connector=Q.OR))


def _standing(which: Q) -> list[Declaration]:
    """The newest word of each of two people, oldest first, where it was not taken back.

    A declaration never changes: of who was merged since, it goes on naming the earlier record.
    """
    newest: dict[tuple[int, int, int], Declaration] = {}
    rows = Declaration.objects.filter(which).select_related("person", "applicant", "by")
    for row in rows.order_by("at", "pk"):
        key = (row.person.current_id, row.applicant.current_id, row.by.current_id)
        newest.pop(key, None)
        newest[key] = row
    return [row for row in newest.values() if row.words]


def declarations_of(person: Person) -> list[Declaration]:
    """What a person has declared and not taken back, oldest first."""
    return _standing(Q(by=person) | Q(by__merged_into=person))


TELLERS[Relation.Kind.DECLARED] = declared
