"""What the Council's pages show of ballots: those that wait, the voting page, the result."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from applicants.models import Application
from credentialing.people.models import Person
from credentialing.records.society import current as society_now
from credentialing.rules import words
from reviews.models import Ballot, CastVote, Choice, Dossier, Elector, Manuscript, Vote
from reviews.queries import ballots, frozen

LATE = timedelta(minutes=5)  # no dossier takes as long, unless no worker is there


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
                "because": _absent(seat)["because"] if seat.recused_at else "",
            }
        )
    return rows


def voting_page(ballot: Ballot, person: Person, *, at: datetime) -> dict[str, Any]:
    """What an elector reads before voting: the case as it was frozen, and who has a seat."""
    recommendation = ballot.recommendation
    case: Application = recommendation.application
    stood = frozen.standing_of(recommendation.snapshot)
    return {
        "case": case,
        "ballot": ballot,
        "recommendation": recommendation,
        "summary": words.summary(stood.data, stood.procedure),
        "lines": frozen.lines(stood),
        "stood": stood,
        **dossier_of(ballot, at=at),
        "vote": own_vote(ballot, person),
        "seats": seats(ballot),
        "names": ballot.publish == "names",
        "house_rules": list(stood.procedure.council.house_rules) if stood.procedure.council else [],
        "earlier": others(ballot),
    }


def dossier_of(ballot: Ballot, *, at: datetime) -> dict[str, Any]:
    """The newest of the Council's dossiers of a case; or how far that of an open ballot is."""
    waiting = Manuscript.objects.filter(ballot=ballot).select_related("job").first()
    if waiting:
        late = not waiting.job.is_over and waiting.job.asked_at < at - LATE
        return {"making": {"failed": waiting.job.is_over, "late": late}}
    issued = Dossier.objects.filter(
        application=ballot.recommendation.application_id, edition=Dossier.Edition.COUNCIL
    )
    return {"dossier": issued.order_by("-number").first()}


def others(ballot: Ballot) -> list[dict[str, Any]]:
    """The other ballots of the case that were counted, the newest first."""
    found = Ballot.objects.filter(
        recommendation__application=ballot.recommendation.application_id, closed_at__isnull=False
    ).exclude(outcome=Ballot.Outcome.WITHDRAWN)
    reference = ballot.recommendation.application.reference
    return [
        {
            "url": reverse("ballot-result", args=[reference, each.pk]),
            "at": each.closed_at,
            "outcome": str(each.get_outcome_display()),
        }
        for each in found.exclude(pk=ballot.pk).order_by("-closed_at", "-pk")
    ]


def result(ballot: Ballot, person: Person) -> dict[str, Any]:
    """What a closed ballot came to: the votes by name, or by receipt, as the procedure says."""
    case = ballot.recommendation.application
    shown = {
        "case": case,
        "ballot": ballot,
        "waits": ballot.closed_at is None,
        "others": others(ballot),
    }
    if ballot.closed_at is None:
        return shown
    seats = list(
        ballot.electors.select_related("person", "cast").order_by("person__name", "pk"),
    )
    names = ballot.publish == "names"
    votes = [seat.cast for seat in seats if hasattr(seat, "cast")]
    return shown | {
        "outcome": ballot.get_outcome_display(),
        "state": "done" if ballot.outcome == Ballot.Outcome.ADOPTED else "idle",
        "sums": sums(ballot.arithmetic or {}),
        "is_tie": bool(ballot.arithmetic)
        and ballot.arithmetic["for"] == ballot.arithmetic["against"],
        "names": names,
        "votes": votes if names else sorted(votes, key=lambda vote: vote.receipt),
        "absent": [_absent(seat) for seat in seats if seat.recused_at or seat.left_at],
        "own": next((vote for vote in votes if vote.elector.person_id == person.pk), None),
        "had_a_seat": any(seat.person_id == person.pk for seat in seats),
    }


def counted_list(ballot: Ballot) -> dict[str, Any]:
    """The counted votes as data, from which anybody can count them again.

    By receipt, so that the order tells nothing; with names only where the procedure says so.
    """
    arithmetic = ballot.arithmetic or {}
    votes = CastVote.objects.filter(elector__ballot=ballot).select_related("elector__person")
    return {
        "society": society_now().name,
        "case": ballot.recommendation.application.reference,
        "ballot": ballot.pk,
        "opened": ballot.opened_at.isoformat(),
        "closes": ballot.closes_at.isoformat(),
        **{
            name: arithmetic.get(name)
            for name in ("seated", "recused", "left", "quorum", "threshold")
        },
        "votes": [
            {"receipt": vote.receipt, "choice": vote.choice}
            | ({"member": vote.elector.person.name} if ballot.publish == "names" else {})
            for vote in votes.order_by("receipt")
        ],
        "announced": {
            name: arithmetic.get(name)
            for name in ("seated", "recused", "left", "cast", *Choice.values, "outcome")
        },
    }


def sums(arithmetic: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The arithmetic of a ballot in the order in which it is read."""
    if not arithmetic:
        return []
    voting = arithmetic["seated"] - arithmetic["recused"] - arithmetic["left"]
    decisive = arithmetic["for"] + arithmetic["against"]
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
            _(
                "more than %(share)s of the %(voting)d seats that vote: %(least)d or more; "
                "%(cast)d voted"
            )
            % {
                "share": share(arithmetic["quorum"]),
                "voting": voting,
                "least": least(arithmetic["quorum"], voting),
                "cast": arithmetic["cast"],
            },
        ),
        (
            _("Majority"),
            _(
                "more than %(share)s of the %(decisive)d for and against: %(least)d or more; "
                "%(for)d were for"
            )
            % {
                "share": share(arithmetic["threshold"]),
                "decisive": decisive,
                "least": least(arithmetic["threshold"], decisive),
                "for": arithmetic["for"],
            },
        ),
    ]


def least(written: str, of: int) -> int:
    """The smallest number that is more than a share of so many."""
    return int(Decimal(written) * of) + 1


def share(written: str) -> str:
    """A share in words where there is a word for it: `half`, `66.7 %`."""
    value = Decimal(written)
    if value == Decimal("0.5"):
        return _("half")
    return f"{(value * 100).normalize():f} %"


def _absent(seat: Elector) -> dict[str, str]:
    """A seat that did not count, with the reason."""
    because = seat.recused_because if seat.recused_at else _("No longer in office.")
    void = _("The vote that had been cast is void.") if seat.vote_is_void else ""
    return {"name": seat.person.name, "because": " ".join(filter(None, [because, void]))}
