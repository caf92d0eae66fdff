"""Groups and who leads them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from applicants.models import BalintGroup, Debriefing, GroupLeader, Meeting
from applicants.queries import reference_of
from credentialing.people.models import Person, Profession, Relation
from credentialing.people.operations import relate
from credentialing.records import audit
from credentialing.records.refusals import Refused

Leaders = list[dict[str, Any]]
Schedule = dict[str, Any]
SCHEDULE = ("weekday", "every_weeks", "meets_at", "usual_minutes", "usual_debriefing")
LONGEST = 600  # minutes: nobody leads a group for more than ten hours


@transaction.atomic
def create_group(
    applicant: Person,
    *,
    name: str,
    setting: str,
    start: date,
    end: date | None,
    leaders: Leaders,
    by: Person,
    at: datetime,
    schedule: Schedule | None = None,
) -> BalintGroup:
    """Enter a group that the applicant leads, with those who lead it too.

    `leaders` are dicts of person, profession, start and end; the applicant is added where absent.
    `schedule` is how it usually meets, a dict of `SCHEDULE`; without one the group has none.
    """
    group = BalintGroup(
        applicant=applicant, name=name.strip(), setting=setting, start=start, end=end
    )
    rows = _leaders(group, leaders)
    _plan(group, schedule)
    group.save()
    _write(group, rows, at=at)
    audit.record(
        "group.entered",
        reference_of(applicant),
        by=by,
        record=f"group {group.pk}",
        after=_facts(group, rows),
    )
    return group


@transaction.atomic
def update_group(
    group: BalintGroup,
    *,
    name: str,
    setting: str,
    start: date,
    end: date | None,
    leaders: Leaders,
    by: Person,
    at: datetime,
    schedule: Schedule | None = None,
) -> BalintGroup:
    """Correct a group or who leads it. Nothing that was logged may fall outside its days.

    Without a `schedule` it meets as before.
    """
    group = (
        BalintGroup.objects.select_for_update(of=("self",))
        .select_related("applicant")
        .get(pk=group.pk)
    )
    before = _facts(group, group.leaders.order_by("pk"))
    group.name, group.setting, group.start, group.end = name.strip(), setting, start, end
    rows = _leaders(group, leaders)
    _plan(group, schedule)
    _check_logged(group)
    group.save()
    group.leaders.all().delete()
    _write(group, rows, at=at)
    audit.record(
        "group.corrected",
        reference_of(group.applicant_id),
        by=by,
        record=f"group {group.pk}",
        before=before,
        after=_facts(group, rows),
    )
    return group


@transaction.atomic
def plan_group(group: BalintGroup, schedule: Schedule, *, by: Person) -> BalintGroup:
    """Say how a group usually meets; what the schedule leaves out stays as it is."""
    group = BalintGroup.objects.select_for_update().get(pk=group.pk)
    before = _scheduled(group)
    _plan(group, schedule)
    if _scheduled(group) == before:
        return group
    group.save(update_fields=SCHEDULE)
    audit.record(
        "group.planned",
        reference_of(group.applicant_id),
        by=by,
        record=f"group {group.pk}",
        before=before,
        after=_scheduled(group),
    )
    return group


def _plan(group: BalintGroup, schedule: Schedule | None) -> None:
    """Write how it usually meets onto the group; Refused in words where it makes no sense."""
    for name, value in (schedule or {}).items():
        if name not in SCHEDULE:
            raise TypeError(name)
        setattr(group, name, value)
    if (group.weekday is None) != (group.every_weeks is None):
        missing = "weekday" if group.weekday is None else "every_weeks"
        raise Refused(_("Say both on which weekday it meets and how often."), field=missing)
    if group.weekday is not None and not (0 <= group.weekday <= 6 and 1 <= group.every_weeks <= 4):
        raise Refused(
            _("Choose a weekday, and how often among every first to fourth week."), field="weekday"
        )
    for field in ("usual_minutes", "usual_debriefing"):
        minutes = getattr(group, field)
        if minutes is not None and not 1 <= minutes <= LONGEST:
            raise Refused(_("Give the minutes, from 1 to %d.") % LONGEST, field=field)


def _scheduled(group: BalintGroup) -> dict[str, Any]:
    return {name: getattr(group, name) for name in SCHEDULE}


def _leaders(group: BalintGroup, leaders: Leaders) -> list[GroupLeader]:
    """The rows to be written, the applicant's first; Refused in words where they don't fit."""
    if not group.name:
        raise Refused(_("Give the group a name."), field="name")
    if group.setting not in BalintGroup.Setting.values:
        raise Refused(_("Say where the group meets."), field="setting")
    if group.end and group.end < group.start:
        raise Refused(_("The group ends before it starts."), field="end")
    said = [{"start": None, "end": None, "profession": "", **each} for each in leaders]
    own = [each for each in said if each["person"] == group.applicant]
    others = [each for each in said if each["person"] != group.applicant]
    own = own or [{"person": group.applicant, "profession": "", "start": None, "end": None}]
    rows = [
        GroupLeader(
            group=group,
            person=each["person"],
            profession=each["profession"] or each["person"].profession,
            start=each["start"],
            end=each["end"],
        )
        for each in own + others
    ]
    for row in rows:
        _check_leader(group, row)
    _check_overlaps(rows)
    return rows


def _check_leader(group: BalintGroup, row: GroupLeader) -> None:
    who = {"name": row.person.name}
    start, end = row.start or group.start, row.end or group.end
    if row.profession not in Profession.values:
        raise Refused(_("Say the profession of %(name)s.") % who, field="profession")
    if row.start and row.start < group.start:
        raise Refused(_("%(name)s can't have led the group before it started.") % who)
    if group.end and row.end and row.end > group.end:
        raise Refused(_("%(name)s can't have led the group after it ended.") % who)
    if end and end < start:
        raise Refused(_("The time of %(name)s ends before it starts.") % who)


def _check_overlaps(rows: Iterable[GroupLeader]) -> None:
    """Nobody is listed twice for the same days."""
    seen: dict[int, list[tuple[date, date]]] = {}
    for row in rows:
        term = (row.start or date.min, row.end or date.max)
        for start, end in seen.setdefault(row.person_id, []):
            if start <= term[1] and term[0] <= end:
                raise Refused(
                    _("%(name)s is listed twice for the same time.") % {"name": row.person.name}
                )
        seen[row.person_id].append(term)


def _check_logged(group: BalintGroup) -> None:
    for logged in (Meeting, Debriefing):
        entries = logged.objects.standing().filter(group=group)
        first = entries.filter(date__lt=group.start).order_by("date").first()
        if first:
            raise Refused(
                _("There is an entry of %(day)s in the log, before this day.")
                % {"day": date_format(first.date, "j F Y")},
                field="start",
            )
        last = group.end and entries.filter(date__gt=group.end).order_by("-date").first()
        if last:
            raise Refused(
                _("There is an entry of %(day)s in the log, after this day.")
                % {"day": date_format(last.date, "j F Y")},
                field="end",
            )


def _write(group: BalintGroup, rows: list[GroupLeader], *, at: datetime) -> None:
    """The leaders, and what each now is to the applicant, ever after."""
    GroupLeader.objects.bulk_create(rows)
    today = timezone.localdate(at)
    for row in rows:
        relate(
            row.person,
            group.applicant_id,
            Relation.Kind.CO_LEADER,
            since=min(row.start or group.start, today),
            source=f"group {group.pk}",
        )


def _facts(group: BalintGroup, rows: Iterable[GroupLeader]) -> dict[str, Any]:
    """The group for the audit trail: keys and dates, no names."""
    return {
        "setting": group.setting,
        "start": group.start,
        "end": group.end,
        **{name: value for name, value in _scheduled(group).items() if value is not None},
        "leaders": [[row.person_id, row.profession, row.start, row.end] for row in rows],
    }
