"""What an applicant logs: meetings of a group and their debriefings."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from applicants.models import BalintGroup, Debriefing, Evidence, GroupLeader, LogAct, Meeting
from applicants.operations.groups import LONGEST
from applicants.queries import reference_of
from credentialing.people.models import Person
from credentialing.records import audit
from credentialing.records.refusals import Refused

Item = TypeVar("Item", bound=Evidence)

MOST_CASES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """What took place on a day in a group: that it met, that it was debriefed, or both."""

    group: BalintGroup
    date: date
    met: bool = True
    minutes: int | None = None
    cases: int = 1
    debriefed: int | None = None
    partners: tuple[Person, ...] = ()


@transaction.atomic
def log_evenings(
    evenings: Iterable[Evening], *, kind: str = LogAct.Kind.RECORDED, by: Person, at: datetime
) -> LogAct:
    """Evenings of one person's groups, all of them or none, in one act that can be undone."""
    evenings = list(evenings)
    if not evenings:
        raise Refused(_("Choose at least one day."))
    groups = locked_groups(evening.group for evening in evenings)
    leading = leading_beside(groups)
    meetings, debriefings, partners = [], [], []
    for said in evenings:
        group = groups[said.group.pk]
        check_day(group, said.date, at)
        if not said.met and said.debriefed is None:
            raise Refused(_("Say what took place: a meeting, a debriefing, or both."))
        logged = {"group": group, "date": said.date, "recorded_at": at, "recorded_by": by}
        if said.met:
            _check_meeting(said.minutes, said.cases)
            meetings.append(Meeting(**logged, minutes=said.minutes, cases=said.cases))
        if said.debriefed is not None:
            partners.append(check_debriefing(leading[group.pk], said.debriefed, said.partners))
            debriefings.append(Debriefing(**logged, minutes=said.debriefed))
    Meeting.objects.bulk_create(meetings)
    Debriefing.objects.bulk_create(debriefings)
    through = Debriefing.partners.through
    through.objects.bulk_create(
        through(debriefing_id=debriefing.pk, person_id=person.pk)
        for debriefing, people in zip(debriefings, partners, strict=True)
        for person in people
    )
    owner = next(iter(groups.values())).applicant_id
    return keep_act(owner, kind, [*meetings, *debriefings], by=by, at=at)


def log_evening(
    group: BalintGroup,
    *,
    date: date,
    minutes: int | None,
    cases: int = 1,
    debriefed: int | None = None,
    partners: Iterable[Person] = (),
    by: Person,
    at: datetime,
    met: bool = True,
) -> LogAct:
    """One evening: that the group met, for how long, and that it was debriefed, with whom."""
    evening = Evening(
        group=group,
        date=date,
        met=met,
        minutes=minutes,
        cases=cases,
        debriefed=debriefed,
        partners=tuple(partners),
    )
    return log_evenings([evening], by=by, at=at)


def keep_act(
    owner: int,
    kind: str,
    items: Iterable[Meeting | Debriefing],
    *,
    by: Person,
    at: datetime,
    changes: dict[str, dict[str, Any]] | None = None,
) -> LogAct:
    """The act as a row, and as one entry of the audit trail with the keys of what it touched."""
    entries = [
        {"kind": kind_of(item), "key": item.pk, **(changes or {}).get(item.key, {})}
        for item in items
    ]
    act = LogAct.objects.create(
        applicant_id=owner, kind=kind, entries=audit.plain({"all": entries})["all"], by=by, at=at
    )
    audit.record(
        f"log.{kind}",
        reference_of(owner),
        by=by,
        record=f"act {act.pk}",
        after=keys_of(entries),
    )
    return act


def keys_of(entries: Iterable[dict[str, Any]]) -> dict[str, list[int]]:
    """The keys of the entries of an act, by their kind."""
    found: dict[str, list[int]] = {}
    for entry in entries:
        found.setdefault(entry["kind"], []).append(entry["key"])
    return found


@transaction.atomic
def correct_meeting(
    meeting: Meeting, *, date: date, minutes: int | None, cases: int, by: Person, at: datetime
) -> Meeting:
    """Put a meeting right; what it said before stands in the audit trail."""
    group = _locked_group(meeting.group)
    meeting = _locked(meeting)
    check_standing(meeting)
    check_day(group, date, at)
    _check_meeting(minutes, cases)
    before = _facts(meeting)
    meeting.date, meeting.minutes, meeting.cases = date, minutes, cases
    meeting.save(update_fields=["date", "minutes", "cases"])
    _record("meeting.corrected", meeting, by=by, before=before)
    return meeting


@transaction.atomic
def correct_debriefing(
    debriefing: Debriefing,
    *,
    date: date,
    minutes: int | None,
    partners: Iterable[Person],
    by: Person,
    at: datetime,
) -> Debriefing:
    """Put a debriefing right; what it said before stands in the audit trail."""
    group = _locked_group(debriefing.group)
    debriefing = _locked(debriefing)
    check_standing(debriefing)
    check_day(group, date, at)
    people = check_debriefing(leading_beside({group.pk: group})[group.pk], minutes, partners)
    before = _facts(debriefing)
    debriefing.date, debriefing.minutes = date, minutes
    debriefing.save(update_fields=["date", "minutes"])
    debriefing.partners.set(people)
    _record("debriefing.corrected", debriefing, by=by, before=before)
    return debriefing


def _locked(item: Item) -> Item:
    return type(item).objects.select_for_update().get(pk=item.pk)


def _locked_group(group: BalintGroup) -> BalintGroup:
    """The group with its row shared, so that its days stay until the entry is written."""
    return BalintGroup.objects.select_for_update(no_key=True).get(pk=group.pk)


def locked_groups(groups: Iterable[BalintGroup]) -> dict[int, BalintGroup]:
    """Several groups, locked alike and always in the same order, by their keys."""
    keys = {group.pk for group in groups}
    locked = BalintGroup.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    return {group.pk: group for group in locked}


def leading_beside(groups: dict[int, BalintGroup]) -> dict[int, set[int]]:
    """Who leads or led each group beside the applicant."""
    found: dict[int, set[int]] = {key: set() for key in groups}
    for key, person in GroupLeader.objects.filter(group__in=groups).values_list("group", "person"):
        if person != groups[key].applicant_id:
            found[key].add(person)
    return found


def check_standing(item: Evidence) -> None:
    """Refused where the entry has been withdrawn."""
    if item.withdrawn_at:
        raise Refused(
            _("This entry was withdrawn on %(day)s. Nothing was changed.")
            % {"day": date_format(timezone.localtime(item.withdrawn_at), "j F Y")}
        )


def check_day(group: BalintGroup, day: date, at: datetime) -> None:
    """Refused where the day is to come, or outside of the days of the group."""
    if day > timezone.localdate(at):
        raise Refused(_("Only what has taken place is logged: this day is to come."), field="date")
    if day < group.start:
        raise Refused(
            _("This is before the group started, on %(day)s.")
            % {"day": date_format(group.start, "j F Y")},
            field="date",
        )
    if group.end and day > group.end:
        raise Refused(
            _("This is after the group ended, on %(day)s.")
            % {"day": date_format(group.end, "j F Y")},
            field="date",
        )


def _check_meeting(minutes: int | None, cases: int) -> None:
    check_minutes(minutes, field="minutes")
    if not 0 <= cases <= MOST_CASES:
        raise Refused(_("Give the number of cases, from 0 to %d.") % MOST_CASES, field="cases")


def check_debriefing(
    leading: Collection[int], minutes: int | None, partners: Iterable[Person]
) -> list[Person]:
    """The partners, all among `leading`, the keys of the group's other leaders; else Refused."""
    check_minutes(minutes, field="debriefed")
    people = list(partners)
    if not people:
        raise Refused(_("Say with whom you debriefed."), field="partners")
    if not {person.pk for person in people} <= set(leading):
        raise Refused(_("A debriefing is with another leader of the group."), field="partners")
    return people


def check_minutes(minutes: int | None, *, field: str) -> None:
    """Refused where nobody meets that long."""
    if minutes is not None and not 1 <= minutes <= LONGEST:
        raise Refused(_("Give the minutes, from 1 to %d.") % LONGEST, field=field)


def kind_of(item: Evidence) -> str:
    """`meeting` or `debriefing` (or another kind of evidence)."""
    return item._meta.model_name or ""


def _facts(item: Evidence) -> dict[str, object]:
    """The entry for the audit trail: keys and numbers, no names."""
    facts: dict[str, object] = {"date": item.date, "minutes": item.minutes}
    if isinstance(item, Meeting):
        facts |= {"group": item.group_id, "cases": item.cases}
    if isinstance(item, Debriefing):
        with_whom = item.partners.order_by("pk").values_list("pk", flat=True)
        facts |= {"group": item.group_id, "with": list(with_whom)}
    return facts


def _record(
    act: str, item: Evidence, *, by: Person, before: dict[str, object] | None = None
) -> None:
    owner = item.group.applicant_id if hasattr(item, "group") else item.applicant_id
    audit.record(
        act,
        reference_of(owner),
        by=by,
        record=f"{kind_of(item)} {item.pk}",
        before=before,
        after=_facts(item),
    )
