"""What happens to entries of a log that are there: changed or withdrawn together, and undone."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from applicants.models import Debriefing, LogAct, Meeting
from applicants.operations.logs import (
    check_day,
    check_debriefing,
    check_minutes,
    check_standing,
    keep_act,
    keys_of,
    kind_of,
    leading_beside,
    locked_groups,
)
from applicants.queries import reference_of, relied_on
from credentialing.people.models import Person
from credentialing.records import audit
from credentialing.records.refusals import Refused

Entry = Meeting | Debriefing
Item = TypeVar("Item", Meeting, Debriefing)
MODELS: dict[str, type[Meeting] | type[Debriefing]] = {
    "meeting": Meeting,
    "debriefing": Debriefing,
}


@transaction.atomic
def withdraw_entries(
    entries: Iterable[Entry], *, reason: str = "", by: Person, at: datetime
) -> LogAct:
    """Take entries of one person out of account; they stay on record.

    What somebody has relied on needs a reason, which stays with it.
    """
    items = _locked(entries)
    for item in items:
        check_standing(item)
    owner = items[0].group.applicant_id
    if not reason.strip() and relied_on(owner, items):
        raise Refused(
            _("Somebody has relied on this. Give a reason; it becomes part of the record."),
            field="reason",
        )
    for model in MODELS.values():
        keys = [item.pk for item in items if isinstance(item, model)]
        model.objects.filter(pk__in=keys).update(withdrawn_at=at, withdrawn_because=reason.strip())
    return keep_act(owner, LogAct.Kind.REMOVED, items, by=by, at=at)


def withdraw_evidence(item: Item, *, reason: str, by: Person, at: datetime) -> Item:
    """Take an entry out of account; see `withdraw_entries`."""
    withdraw_entries([item], reason=reason, by=by, at=at)
    item.refresh_from_db()
    return item


@transaction.atomic
def restore_evidence(item: Item, *, by: Person, at: datetime) -> Item:
    """Put a withdrawn entry back."""
    (locked,) = _locked([item])
    if locked.withdrawn_at is None:
        raise Refused(_("This entry is in your log. Nothing was changed."))
    _put_back([locked], at=at)
    audit.record(
        f"{kind_of(item)}.restored",
        reference_of(locked.group.applicant_id),
        by=by,
        record=f"{kind_of(item)} {item.pk}",
    )
    item.refresh_from_db()
    return item


@transaction.atomic
def change_entries(
    entries: Iterable[Entry],
    *,
    minutes: int | None = None,
    debriefed: int | None = None,
    partners: Sequence[Person] = (),
    by: Person,
    at: datetime,
) -> LogAct:
    """Correct many entries of one person alike: minutes of meetings and of debriefings, with whom.

    What is left out stays as it is in each of them.
    """
    items = _locked(entries)
    check_minutes(minutes, field="minutes")
    check_minutes(debriefed, field="debriefed")
    leading = leading_beside({item.group_id: item.group for item in items})
    changes = {}
    for item in items:
        check_standing(item)
        before = _facts(item)
        wanted = minutes if isinstance(item, Meeting) else debriefed
        item.minutes = wanted or item.minutes
        with_whom = before.get("with", [])
        if isinstance(item, Debriefing) and partners:
            people = check_debriefing(leading[item.group_id], item.minutes, partners)
            with_whom = sorted(person.pk for person in people)
        after = before | {"minutes": item.minutes}
        if isinstance(item, Debriefing):
            after["with"] = with_whom
        if after != before:
            changes[item.key] = {"before": before, "after": after}
    changed = [item for item in items if item.key in changes]
    if not changed:
        raise Refused(_("Say what is to be different. Nothing was changed."))
    for item in changed:
        _write(item, changes[item.key]["after"])
    owner = items[0].group.applicant_id
    return keep_act(owner, LogAct.Kind.CHANGED, changed, by=by, at=at, changes=changes)


@transaction.atomic
def undo(act: LogAct, *, by: Person, at: datetime) -> LogAct:
    """Undo a whole act: all of its entries, or Refused in words and none."""
    act = LogAct.objects.select_for_update().get(pk=act.pk)
    if act.undone_at:
        raise Refused(
            _("This was undone on %(day)s already. Nothing was changed.")
            % {"day": date_format(act.undone_at, "j F Y")}
        )
    items = _locked(_entries_of(act))
    if act.kind == LogAct.Kind.REMOVED:
        _put_back([item for item in items if item.withdrawn_at], at=at)
    elif act.kind == LogAct.Kind.CHANGED:
        _change_back(items, act.entries)
    else:
        _take_out(items, act, at=at)
    act.undone_at = at
    act.save(update_fields=["undone_at"])
    audit.record("log.undone", reference_of(act.applicant_id), by=by, record=f"act {act.pk}")
    return act


def _entries_of(act: LogAct) -> list[Entry]:
    found: list[Entry] = []
    for kind, keys in keys_of(act.entries).items():
        found += MODELS[kind].objects.filter(pk__in=keys).select_related("group")
    return found


def _take_out(items: list[Entry], act: LogAct, *, at: datetime) -> None:
    there = [item for item in items if item.withdrawn_at is None]
    if relied_on(act.applicant_id, there):
        raise Refused(
            _("Somebody has relied on some of these entries. Withdraw them with a reason instead.")
        )
    for model in MODELS.values():
        keys = [item.pk for item in there if isinstance(item, model)]
        model.objects.filter(pk__in=keys).update(withdrawn_at=at, withdrawn_because="")


def _put_back(items: list[Entry], *, at: datetime) -> None:
    for item in items:
        check_day(item.group, item.date, at)  # the group may have been corrected in between
    for model in MODELS.values():
        keys = [item.pk for item in items if isinstance(item, model)]
        model.objects.filter(pk__in=keys).update(withdrawn_at=None, withdrawn_because="")


def _change_back(items: list[Entry], entries: list[dict[str, Any]]) -> None:
    by_key = {(kind_of(item), item.pk): item for item in items}
    for entry in entries:
        item = by_key[entry["kind"], entry["key"]]
        if item.withdrawn_at or _facts(item) != entry["after"]:
            raise Refused(
                _("The entry of %(day)s was changed again since. Correct it by hand.")
                % {"day": date_format(item.date, "j F Y")}
            )
        _write(item, entry["before"])


def _write(item: Entry, facts: dict[str, Any]) -> None:
    item.minutes = facts["minutes"]
    item.save(update_fields=["minutes"])
    if isinstance(item, Debriefing):
        item.partners.set(facts["with"])


def _facts(item: Entry) -> dict[str, Any]:
    """What can be changed of many entries alike."""
    facts: dict[str, Any] = {"minutes": item.minutes}
    if isinstance(item, Debriefing):
        facts["with"] = sorted(person.pk for person in item.partners.all())
    return facts


def _locked(entries: Iterable[Entry]) -> list[Entry]:
    """The entries of one person with their groups, locked, meetings first, by date."""
    wanted = list(entries)
    if not wanted:
        raise Refused(_("Choose at least one entry."))
    locked: list[Entry] = []
    groups = locked_groups(item.group for item in wanted)
    for model in MODELS.values():
        keys = [item.pk for item in wanted if isinstance(item, model)]
        rows = model.objects.select_for_update().filter(pk__in=keys).order_by("date", "pk")
        locked += rows.prefetch_related("partners") if model is Debriefing else rows
    for item in locked:
        item.group = groups[item.group_id]
    if len({group.applicant_id for group in groups.values()}) != 1:
        raise ValueError("entries of several people")
    return locked
