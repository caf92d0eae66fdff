"""What the Council's pages show of ballots: those that wait, the voting page, the result."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from applicants.models import Application
from credentialing.people.models import Person
from credentialing.rules import words
from reviews.models import Ballot, CastVote, Dossier, Vote
from reviews.queries import ballots, frozen


def with_case(rows: QuerySet[Ballot]) -> QuerySet[Ballot]:
    """Ballots with the recommendation, the case and the applicant at hand."""
    return rows.select_related("recommendation__application__applicant", "recommendation__snapshot")


def voting_table(person: Person, *, day: date, at: datetime) -> QuerySet[Ballot]:
    """The ballots that wait for a person, the first to close first, each with `has_voted`."""
    mine = Vote.objects.filter(elector__ballot=OuterRef("pk"), elector__person=person)
    return (
        with_case(ballots.voting(person, day=day, at=at))
        .annotate(has_voted=Exists(mine))
        .order_by("closes_at", "pk")
    )


def ended_table(person: Person, *, day: date, at: datetime) -> QuerySet[Ballot]:
    """The ballots that are over, the last one first."""
    over = with_case(ballots.ended(person, day=day, at=at))
    return over.order_by("-closes_at", "-pk")


def own_vote(ballot: Ballot, person: Person) -> Vote | None:
    """The person's own vote as it stands now."""
    return Vote.objects.filter(elector__ballot=ballot, elector__person=person).first()


def seats(ballot: Ballot) -> list[dict[str, Any]]:
    """Each seat of an open ballot: recused and why, voted or not yet; never what was voted."""
    rows = []
    voted = Vote.objects.filter(elector=OuterRef("pk"))
    for seat in (
        ballot.electors.select_related("person")
        .annotate(has_voted=Exists(voted))
        .order_by("person__name", "pk")
    ):
        if seat.recused_at:
            state, word = "idle", _("Recused")
        elif seat.has_voted:
            state, word = "done", _("Has voted")
        else:
            state, word = "needs", _("Has not voted yet")
        rows.append(
            {
                "name": seat.person.name,
                "state": state,
                "word": word,
                "because": seat.recused_because if seat.recused_at else "",
            }
        )
    return rows


def voting_page(ballot: Ballot, person: Person) -> dict[str, Any]:
    """What an elector reads before voting: the case as it was frozen, and who has a seat."""
    recommendation = ballot.recommendation
    case: Application = recommendation.application
    stood = frozen.standing_of(recommendation.snapshot)
    dossier = (
        Dossier.objects.filter(
            application=case, edition=Dossier.Edition.COUNCIL, issued_at__gte=ballot.opened_at
        )
        .order_by("-number")
        .first()
        or Dossier.objects.filter(application=case, edition=Dossier.Edition.COUNCIL)
        .order_by("-number")
        .first()
    )
    return {
        "case": case,
        "ballot": ballot,
        "recommendation": recommendation,
        "summary": words.summary(stood.data, stood.procedure),
        "lines": frozen.lines(stood),
        "stood": stood,
        "dossier": dossier,
        "vote": own_vote(ballot, person),
        "seats": seats(ballot),
        "names": ballot.publish == "names",
        "house_rules": list(stood.procedure.council.house_rules) if stood.procedure.council else [],
    }


def result(ballot: Ballot, *, names: bool) -> dict[str, Any]:
    """What a closed ballot came to; with the votes by name only where the procedure says so."""
    case = ballot.recommendation.application
    shown = {"case": case, "ballot": ballot, "waits": ballot.closed_at is None}
    if ballot.closed_at is None:
        return shown
    return shown | {
        "outcome": ballot.get_outcome_display(),
        "state": "done" if ballot.outcome == Ballot.Outcome.ADOPTED else "idle",
        "sums": sums(ballot.arithmetic or {}),
        "votes": _votes_by_name(ballot) if names and ballot.kind == Ballot.Kind.BALLOT else [],
        "absent": _absent(ballot),
    }


def sums(arithmetic: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The arithmetic of a ballot in the order in which it is read."""
    if not arithmetic:
        return []
    return [
        (_("Seats when the ballot opened"), arithmetic["seated"]),
        (_("Recused"), arithmetic["recused"]),
        (_("No longer in office"), arithmetic["left"]),
        (_("Votes cast"), arithmetic["cast"]),
        (_("For"), arithmetic["for"]),
        (_("Against"), arithmetic["against"]),
        (_("Abstained"), arithmetic["abstain"]),
        (
            _("Quorum"),
            _("more than %(share)s of the seats that vote")
            % {"share": share(arithmetic["quorum"])},
        ),
        (
            _("Majority"),
            _("more than %(share)s of yes and no together")
            % {"share": share(arithmetic["threshold"])},
        ),
    ]


def share(written: str) -> str:
    """A share in words where there is a word for it: `half`, `66.7 %`."""
    value = Decimal(written)
    if value == Decimal("0.5"):
        return _("half")
    return f"{(value * 100).normalize():f} %"


def _votes_by_name(ballot: Ballot) -> list[CastVote]:
    return list(
        CastVote.objects.filter(elector__ballot=ballot)
        .select_related("elector__person")
        .order_by("elector__person__name", "pk")
    )


def _absent(ballot: Ballot) -> list[dict[str, str]]:
    """The seats that did not count, with the reason, by name."""
    return [
        {
            "name": seat.person.name,
            "because": seat.recused_because if seat.recused_at else _("No longer in office."),
        }
        for seat in ballot.electors.select_related("person").order_by("person__name", "pk")
        if seat.recused_at or seat.left_at
    ]
