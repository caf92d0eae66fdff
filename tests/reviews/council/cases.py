"""Cases on their way to the Council, and the people around them."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from applicants.models import Application
from credentialing.people.models import Person
from credentialing.standing.models import Snapshot
from credentialing.standing.queries import standing
from reviews import operations
from reviews.models import Ballot, Recommendation, Vote
from tests.factories import ApplicationFactory, complete_case, membership, person


@dataclass
class Society:
    """A recommended case, the officers, and a Council of some members."""

    case: Application
    chair: Person
    administrator: Person
    council: list[Person] = field(default_factory=list)

    @property
    def applicant(self) -> Person:
        return self.case.applicant

    def open(self, days: int = 4, *, made: bool = True) -> Ballot:
        """Open the ballot, to close in so many days; the Council's dossier is made, or waits."""
        now = timezone.now()
        ballot = operations.open_ballot(
            self.case, closes_at=now + timedelta(days=days), by=self.administrator, at=now
        )
        if made:
            operations.set_manuscript(ballot.manuscript)
        return ballot

    def vote(self, ballot: Ballot, *choices: str) -> list[Vote]:
        """The members vote in their order; an empty choice is no vote."""
        return [
            operations.cast(ballot, choice=choice, remark="", by=member)
            for member, choice in zip(self.council, choices, strict=False)
            if choice
        ]

    def end(self, ballot: Ballot) -> Ballot:
        """Let the clock pass the closing time, and close."""
        overdue(ballot)
        return operations.close_ballot(ballot)


def recommended(
    members: int = 3,
    *,
    outcome: str = "for",
    stage: str = "recommended",
    complete: bool = False,
    **fields: Any,
) -> Society:
    """A case that the Committee has recommended, with a Council of so many members.

    Its evidence is bare but for the membership; `complete` makes it whole.
    """
    if complete:
        case = complete_case(stage=stage, **fields)
    else:
        case = ApplicationFactory(stage=stage, **fields)
        membership(case.applicant)
    chair = person("chair", name="Carla Chair")
    recommend(case, by=chair, outcome=outcome)
    return Society(
        case=case,
        chair=chair,
        administrator=person("administrator", name="Ada Office"),
        council=[person("council", name=f"Member {letter}") for letter in "ABCDEFGH"[:members]],
    )


def another(society: Society) -> Society:
    """A second recommended case before the same officers and the same Council."""
    case = ApplicationFactory(stage="recommended")
    membership(case.applicant)
    recommend(case, by=society.chair)
    return replace(society, case=case)


def recommend(case: Application, *, by: Person, outcome: str = "for") -> Recommendation:
    """Freeze where a case stands, and recommend on it."""
    stood = standing(case, timezone.localdate())
    snapshot = Snapshot.objects.create(
        application=case,
        number=case.snapshots.count() + 1,
        as_of=stood.as_of,
        procedure=stood.procedure.id,
        portfolio=stood.portfolio,
        assessment=stood.data,
        digest="0" * 64,
        taken_at=timezone.now(),
        taken_by=by,
    )
    return Recommendation.objects.create(
        application=case,
        snapshot=snapshot,
        outcome=outcome,
        reasons="Led well under supervision.",
        met_on=date.today(),  # noqa: DTZ011 - a day in the Society's zone is as good
        took_part=[by.pk],
        by=by,
        at=timezone.now(),
    )


def overdue(ballot: Ballot) -> None:
    """Move a ballot into the past, so that its closing time has come."""
    past = timezone.now() - timedelta(days=10)
    Ballot.objects.filter(pk=ballot.pk).update(
        opened_at=past, closes_at=timezone.now() - timedelta(seconds=1)
    )
