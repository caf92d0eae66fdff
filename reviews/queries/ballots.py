"""Questions about ballots: who sits, how votes add up, what the clock says, who sees what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from applicants import access
from applicants.access import Can
from applicants.models import Application, Stage
from credentialing.people.models import Person, Relation, Role
from credentialing.people.queries import holders
from credentialing.rules import words
from reviews.models import Ballot, Choice, Elector, Recommendation


def clock() -> datetime:
    """What the database's clock says at this moment, not when the transaction began."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A seat of the Council as it would be on a ballot; `because` says why it is recused."""

    person: Person
    because: str


def seats(application: Application, *, day: date) -> list[Seat]:
    """The Council in office on a day, by name, with the reason of those who do not vote."""
    applicant, relations = application.applicant, access.recused(application)
    return [
        Seat(person=person, because=_because(person, applicant, relations.get(person.pk, [])))
        for person in holders(Role.Kind.COUNCIL, day=day)
    ]


def _because(person: Person, applicant: Person, relations: Iterable[Relation]) -> str:
    if person.pk == applicant.pk:
        return _("This is the member's own application.")
    kinds = [str(relation.get_kind_display()) for relation in relations]
    if not kinds:
        return ""
    return _("Is or was the applicant's %(relations)s.") % {"relations": words.listed(kinds)}


def in_office(people: Iterable[int], *, day: date) -> set[int]:
    """Those of these people who sit on the Council on a day, by key."""
    return set(
        Role.objects.on(day)
        .filter(kind=Role.Kind.COUNCIL, person__in=list(people))
        .values_list("person", flat=True)
    )


def tally(
    *,
    seated: int,
    recused: int,
    left: int,
    votes: Mapping[str, int],
    quorum: Decimal,
    threshold: Decimal,
) -> dict[str, Any]:
    """How votes add up, and the outcome: plain data that is kept as it is.

    More than `quorum` of the seats that are neither recused nor left must have voted, abstentions
    included; more than `threshold` of yes and no must be yes. A tie is not adopted.
    """
    counted = {choice: votes.get(choice, 0) for choice in Choice.values}
    cast = sum(counted.values())
    voting = seated - recused - left
    decisive = counted[Choice.FOR] + counted[Choice.AGAINST]
    if not cast > quorum * voting:
        outcome = Ballot.Outcome.NO_QUORUM
    elif counted[Choice.FOR] > threshold * decisive:
        outcome = Ballot.Outcome.ADOPTED
    else:
        outcome = Ballot.Outcome.NOT_ADOPTED
    return {
        "seated": seated,
        "recused": recused,
        "left": left,
        "cast": cast,
        **counted,
        "quorum": str(quorum),
        "threshold": str(threshold),
        "outcome": str(outcome),
    }


def recommendation_of(application: Application) -> Recommendation | None:
    """The recommendation that stands on a case: the newest, unless it was taken back."""
    newest = application.recommendations.select_related("taken_back").order_by("-pk").first()
    return None if newest is None or hasattr(newest, "taken_back") else newest


def open_on(application: Application) -> Ballot | None:
    """The ballot of a case that is not closed yet, if there is one."""
    return Ballot.objects.filter(
        recommendation__application=application, closed_at__isnull=True
    ).first()


def voting(person: Person, *, day: date, at: datetime) -> QuerySet[Ballot]:
    """The ballots on which a person may vote at a moment; not of whom they are related to."""
    mine = access.visible(person, Can.ELECT, day=day).exclude(_related_to(person))
    return Ballot.objects.filter(
        recommendation__application__in=mine.values("pk"),
        recommendation__application__stage=Stage.BEFORE_COUNCIL,
        closed_at__isnull=True,
        closes_at__gt=at,
        electors__in=Elector.objects.filter(person=person, recused_at__isnull=True),
    )


def _related_to(person: Person) -> Exists:
    """Whether a person has a relation to the applicant for which one does not vote."""
    return Exists(
        access.recusing(OuterRef("applicant"), OuterRef(OuterRef("pk"))).filter(person=person)
    )


def ended(person: Person, *, day: date, at: datetime) -> QuerySet[Ballot]:
    """The ballots whose voting is over and whose outcome a member of the Council may see.

    Who is recused, by relation or by own word, sees of the case what a stranger sees.
    """
    recused = Elector.objects.filter(
        ballot__recommendation__application=OuterRef("recommendation__application"),
        person=person,
        recused_at__isnull=False,
    )
    return Ballot.objects.filter(
        Q(closed_at__isnull=False) | Q(closes_at__lte=at),
        ~Exists(recused),
        recommendation__application__in=council_sees(person, day=day).values("pk"),
    ).exclude(outcome=Ballot.Outcome.WITHDRAWN)


def council_sees(person: Person, *, day: date) -> QuerySet[Application]:
    """The cases whose outcome a person may see as a member of the Council, without a relation."""
    return (
        access.visible(person, Can.SEE_OUTCOME, day=day)
        .exclude(applicant=person)
        .exclude(_related_to(person))
    )
