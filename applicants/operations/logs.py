"""What an applicant logs: meetings of a group and their debriefings."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from applicants.models import BalintGroup, Debriefing, Evidence, Meeting
from applicants.operations.groups import LONGEST
from applicants.queries import reference_of
from credentialing.people.models import Person
from credentialing.records import audit
from credentialing.records.refusals import Refused

Item = TypeVar("Item", bound=Evidence)

MOST_CASES = 20


@transaction.atomic
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
) -> tuple[Meeting | None, Debriefing | None]:
    """One evening: that the group met, for how long, and that it was debriefed, with whom."""
    group = _locked_group(group)
    _check_day(group, date, at)
    if not met and debriefed is None:
        raise Refused(_("Say what took place: a meeting, a debriefing, or both."))
    meeting = debriefing = None
    logged = {"group": group, "date": date, "recorded_at": at, "recorded_by": by}
    if met:
        _check_meeting(minutes, cases)
        meeting = Meeting.objects.create(**logged, minutes=minutes, cases=cases)
        _record("meeting.logged", meeting, by=by)
    if debriefed is not None:
        people = _check_debriefing(group, debriefed, partners)
        debriefing = Debriefing.objects.create(**logged, minutes=debriefed)
        debriefing.partners.set(people)
        _record("debriefing.logged", debriefing, by=by)
    return meeting, debriefing


@transaction.atomic
def correct_meeting(
    meeting: Meeting, *, date: date, minutes: int | None, cases: int, by: Person, at: datetime
) -> Meeting:
    """Put a meeting right; what it said before stands in the audit trail."""
    group = _locked_group(meeting.group)
    meeting = _locked(meeting)
    _check_standing(meeting)
    _check_day(group, date, at)
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
    _check_standing(debriefing)
    _check_day(group, date, at)
    people = _check_debriefing(group, minutes, partners)
    before = _facts(debriefing)
    debriefing.date, debriefing.minutes = date, minutes
    debriefing.save(update_fields=["date", "minutes"])
    debriefing.partners.set(people)
    _record("debriefing.corrected", debriefing, by=by, before=before)
    return debriefing


@transaction.atomic
def withdraw_evidence(item: Item, *, reason: str, by: Person, at: datetime) -> Item:
    """Take an entry out of account, with a reason. It stays on record."""
    item = _locked(item)
    _check_standing(item)
    if not reason.strip():
        raise Refused(_("Give a reason; it becomes part of the record."), field="reason")
    item.withdrawn_at, item.withdrawn_because = at, reason.strip()
    item.save(update_fields=["withdrawn_at", "withdrawn_because"])
    _record(f"{_kind(item)}.withdrawn", item, by=by)
    return item


@transaction.atomic
def restore_evidence(item: Item, *, by: Person, at: datetime) -> Item:
    """Put a withdrawn entry back."""
    if not isinstance(item, Meeting | Debriefing):
        item = _locked(item)
    else:
        group = _locked_group(item.group)
        item = _locked(item)
        _check_day(group, item.date, at)  # the group may have been corrected in between
    if item.withdrawn_at is None:
        raise Refused(_("This entry is in your log. Nothing was changed."))
    item.withdrawn_at, item.withdrawn_because = None, ""
    item.save(update_fields=["withdrawn_at", "withdrawn_because"])
    _record(f"{_kind(item)}.restored", item, by=by)
    return item


def _locked(item: Item) -> Item:
    return type(item).objects.select_for_update().get(pk=item.pk)


def _locked_group(group: BalintGroup) -> BalintGroup:
    """The group with its row shared, so that its days stay until the entry is written."""
    return BalintGroup.objects.select_for_update(no_key=True).get(pk=group.pk)


def _check_standing(item: Evidence) -> None:
    if item.withdrawn_at:
        raise Refused(
            _("This entry was withdrawn on %(day)s. Nothing was changed.")
            % {"day": date_format(timezone.localtime(item.withdrawn_at), "j F Y")}
        )


def _check_day(group: BalintGroup, day: date, at: datetime) -> None:
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
    _check_minutes(minutes, field="minutes")
    if not 0 <= cases <= MOST_CASES:
        raise Refused(_("Give the number of cases, from 0 to %d.") % MOST_CASES, field="cases")


def _check_debriefing(
    group: BalintGroup, minutes: int | None, partners: Iterable[Person]
) -> list[Person]:
    _check_minutes(minutes, field="debriefed")
    people = list(partners)
    if not people:
        raise Refused(_("Say with whom you debriefed."), field="partners")
    leading = set(group.leaders.values_list("person", flat=True)) - {group.applicant_id}
    if not {person.pk for person in people} <= leading:
        raise Refused(_("A debriefing is with another leader of the group."), field="partners")
    return people


def _check_minutes(minutes: int | None, *, field: str) -> None:
    if minutes is not None and not 1 <= minutes <= LONGEST:
        raise Refused(_("Give the minutes, from 1 to %d.") % LONGEST, field=field)


def _kind(item: Evidence) -> str:
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
        record=f"{_kind(item)} {item.pk}",
        before=before,
        after=_facts(item),
    )
