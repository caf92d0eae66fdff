"""Questions about reviews, ballots and decisions."""

from collections.abc import Iterator

from reviews.models import Elector


def permissions() -> Iterator[tuple[int, str, int]]:
    """Every (person, relation, application) that this app gives, as it should stand now."""
    seats = Elector.objects.filter(
        ballot__closed_at__isnull=True, recused_at__isnull=True
    ).select_related("ballot__recommendation")
    for seat in seats:
        yield seat.person_id, "elector", seat.ballot.recommendation.application_id
