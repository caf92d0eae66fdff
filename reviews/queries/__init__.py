"""Questions about reviews, ballots and decisions."""

from collections.abc import Iterator

from applicants.models import Application
from reviews.models import Elector, Recommendation


def permissions() -> Iterator[tuple[int, str, int]]:
    """Every (person, relation, application) that this app gives, as it should stand now."""
    seats = Elector.objects.filter(
        ballot__closed_at__isnull=True,
        ballot__arithmetic__isnull=True,  # once the votes are counted the seats see no more
        recused_at__isnull=True,
    ).select_related("ballot__recommendation")
    for seat in seats:
        yield seat.person_id, "elector", seat.ballot.recommendation.application_id


def current_recommendation(application: Application) -> Recommendation | None:
    """The newest recommendation on a case that was neither taken nor sent back."""
    standing = application.recommendations.filter(taken_back__isnull=True)
    return standing.select_related("snapshot").order_by("-pk").first()
