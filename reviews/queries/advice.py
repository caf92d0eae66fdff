"""What the members of the Committee advise on a case under review, and who may read it yet."""

from dataclasses import dataclass
from datetime import date, datetime

from applicants import access
from applicants.models import Application, Stage, StageMove
from credentialing.people.models import Person, Relation
from reviews.models import Advice


@dataclass(frozen=True, slots=True, kw_only=True)
class Advised:
    """The advice of a review: one's own, and that of the others once one has given one's own."""

    own: Advice | None
    others: list[Advice]
    given: list[str]  # who has advised
    awaited: list[str]  # who has not
    aside: list[str]  # who stepped aside
    is_open: bool

    @property
    def readable(self) -> bool:
        return self.own is not None or not self.is_open


def opened_at(application: Application) -> datetime | None:
    """When the present or last review of a case began."""
    moves = StageMove.objects.filter(application=application, to_stage=Stage.UNDER_REVIEW)
    return moves.order_by("-number").values_list("at", flat=True).first()


def advised(application: Application, reader: Person, *, day: date) -> Advised:
    """What was advised in the present or last review, as a member of the Committee may read it."""
    given = Advice.objects.filter(application=application)
    began = opened_at(application)
    if began:
        given = given.filter(at__gte=began)
    newest = {each.by_id: each for each in given.select_related("by", "snapshot").order_by("pk")}
    members = list(access.committee(application, day=day))
    own = newest.get(reader.pk)
    is_open = application.stage == Stage.UNDER_REVIEW
    others = sorted(
        (each for each in newest.values() if each.by_id != reader.pk), key=lambda each: each.pk
    )
    aside = Relation.objects.filter(
        applicant=application.applicant_id, kind=Relation.Kind.RECUSED
    ).select_related("person")
    return Advised(
        own=own,
        others=others if own or not is_open else [],
        given=sorted(each.by.name for each in newest.values()),
        awaited=[each.name for each in members if each.pk not in newest] if is_open else [],
        aside=[each.person.name for each in aside.order_by("person__name", "pk")],
        is_open=is_open,
    )
