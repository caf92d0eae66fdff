"""Groups, their leaders and what was logged in them; and people to choose from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Prefetch, Q, QuerySet, Value

from applicants.models import (
    AttestationAnswer,
    BalintGroup,
    Debriefing,
    GroupLeader,
    LogAct,
    Meeting,
    Ruling,
    Stage,
    StageMove,
)
from applicants.queries.schedules import planned_days
from credentialing.people.models import Person

MOST_FOUND = 10


def partners(group: BalintGroup) -> QuerySet[Person]:
    """Everybody who leads or led a group beside the applicant, by name."""
    leading = GroupLeader.objects.filter(group=group).values("person")
    return (
        Person.objects.filter(pk__in=leading).exclude(pk=group.applicant_id).order_by("name", "pk")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LogChoice:
    """Which part of a person's log is meant: of one group or all, of one kind or both, a month."""

    group: BalintGroup | None = None
    kind: str = ""
    month: date | None = None

    def of(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of this part; none where they are of the other kind."""
        if self.kind and self.kind != rows.model._meta.model_name:
            return rows.none()
        if self.group:
            rows = rows.filter(group=self.group)
        if self.month:
            rows = rows.filter(date__year=self.month.year, date__month=self.month.month)
        return rows


class Log(Sequence[Meeting | Debriefing]):
    """A person's log, the newest first, counted and sliced in the database: two queries a slice
    and one for the partners. What stands, or with `withdrawn` what was withdrawn with a reason.

    Of one day the meeting comes above its debriefing.
    """

    def __init__(
        self, person: Person, choice: LogChoice | None = None, *, withdrawn: bool = False
    ) -> None:
        self._choice, self._person, self._withdrawn = choice or LogChoice(), person, withdrawn

    def _rows(self, model: Any) -> QuerySet[Any]:
        rows = self._choice.of(model.objects.filter(group__applicant=self._person))
        if self._withdrawn:
            return rows.filter(withdrawn_at__isnull=False).exclude(withdrawn_because="")
        return rows.standing()

    def _keys(self) -> QuerySet[Any]:
        parts = [
            self._rows(model)
            .annotate(above=Value(above))
            .values_list("date", "group_id", "above", "pk")
            for model, above in ((Meeting, 1), (Debriefing, 0))
        ]
        return parts[0].union(parts[1], all=True).order_by("-date", "-group_id", "-above", "-pk")

    def __len__(self) -> int:
        return self._keys().count()

    def __getitem__(self, where: Any) -> Any:
        if not isinstance(where, slice):
            return self[where : where + 1][0]
        keys = list(self._keys()[where])
        meetings, debriefings = (
            [pk for _date, _group, above, pk in keys if above == wanted] for wanted in (1, 0)
        )
        people = Prefetch("partners", Person.objects.order_by("name", "pk"))
        found: dict[tuple[int, int], Meeting | Debriefing] = {
            (1, entry.pk): entry
            for entry in Meeting.objects.filter(pk__in=meetings).select_related("group")
        }
        found |= {
            (0, entry.pk): entry
            for entry in Debriefing.objects.filter(pk__in=debriefings)
            .select_related("group")
            .prefetch_related(people)
        }
        return [found[above, pk] for _date, _group, above, pk in keys]


def log_months(person: Person) -> list[date]:
    """The months in which a person logged something that stands, the newest first."""
    months: set[date] = set()
    for model in (Meeting, Debriefing):
        mine = model.objects.standing().filter(group__applicant=person)
        months |= set(mine.dates("date", "month"))
    return sorted(months, reverse=True)


def entries(person: Person, keys: Iterable[str]) -> list[Meeting | Debriefing]:
    """A person's own entries that stand, by keys such as `m12` and `d7`; what is not there is not
    in it. The newest first."""
    chosen: dict[str, list[int]] = {"m": [], "d": []}
    for key in keys:
        kind, number = key[:1], key[1:]
        if kind in chosen and number.isascii() and number.isdigit() and len(number) <= 18:
            chosen[kind].append(int(number))
    people = Prefetch("partners", Person.objects.order_by("name", "pk"))
    found: list[Meeting | Debriefing] = []
    for kind, rows in (("m", Meeting.objects), ("d", Debriefing.objects.prefetch_related(people))):
        mine = rows.filter(group__applicant=person, withdrawn_at__isnull=True)
        found += mine.filter(pk__in=chosen[kind]).select_related("group")
    return sorted(found, key=lambda entry: (entry.date, entry.key), reverse=True)


def relied_on(owner: Person | int, items: Iterable[Meeting | Debriefing]) -> set[str]:
    """The keys of the entries that somebody has relied on, in three queries.

    A review froze them, a leader of the group attested it later, or a ruling names them.
    """
    items = list(items)
    reviewed = StageMove.objects.filter(
        application__applicant=owner, to_stage=Stage.UNDER_REVIEW
    ).aggregate(last=Max("at"))["last"]
    attested = dict(
        AttestationAnswer.objects.filter(
            given=True, attestation__group__in={item.group_id for item in items}
        )
        .values("attestation__group")
        .values_list("attestation__group", Max("at"))
    )
    named: set[str] = set()
    for terms in Ruling.objects.filter(
        application__applicant=owner, kind=Ruling.Kind.COUNT
    ).values_list("terms", flat=True):
        named |= set(terms["count"])
    return {
        item.key
        for item in items
        if item.key in named
        or (reviewed and item.recorded_at <= reviewed)
        or (item.group_id in attested and item.recorded_at <= attested[item.group_id])
    }


def last_act(person: Person, *, since: datetime) -> LogAct | None:
    """What a person last did to their log, where it is not undone and not long ago."""
    done = LogAct.objects.filter(applicant=person, by=person).order_by("-at", "-pk").first()
    return done if done and done.undone_at is None and done.at >= since else None


def usual_evening(group: BalintGroup, *, day: date) -> dict[str, Any]:
    """How an evening of this group is filled in beforehand.

    By its schedule: the last day on which it was to meet; else today, and else as the last time.
    """
    meeting = Meeting.objects.standing().filter(group=group).order_by("-date", "-pk").first()
    debriefing = Debriefing.objects.standing().filter(group=group).order_by("-date", "-pk").first()
    with_whom = [person.pk for person in debriefing.partners.all()] if debriefing else []
    others = list(partners(group).values_list("pk", flat=True))
    last_day = meeting.date if meeting else date.min
    planned = planned_days([group], after=last_day, until=day).get(group)
    return {
        "date": planned[-1] if planned else day,
        "met": True,
        "minutes": group.usual_minutes or (meeting.minutes if meeting else 90),
        "cases": meeting.cases if meeting else 1,
        "debriefed": group.usual_debriefing is not None or debriefing is not None,
        "debriefed_minutes": group.usual_debriefing or (debriefing and debriefing.minutes),
        "partners": [pk for pk in with_whom if pk in others] or others[:1],
    }


def found_people(written: str) -> list[Person]:
    """People whose name holds these words, or whose whole address this is; a few, by name."""
    words = written.split()
    if len("".join(words)) < 2:
        return []
    named = Q()
    for word in words[:5]:
        named &= Q(name__icontains=word)
    people = Person.objects.filter(merged_into__isnull=True)
    return list(
        people.filter(named | Q(email__iexact=written.strip())).order_by("name", "pk")[:MOST_FOUND]
    )
