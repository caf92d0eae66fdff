"""What changed between two texts, word by word, and between two submissions of a form."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from applicants.models import Application, BalintGroup
from applicants.queries.applications import as_it_stands
from applicants.sections import PARTS
from applicants.stages import Move
from credentialing.people.models import Person, Profession

# Comparing costs the product of both lengths. Where words would cost more than this, lines are
# compared, and where these would, too, the whole counts as replaced: right, only less fine.
MOST_COMPARED = 1_000_000
Pieces = list[tuple[str, str]]


def pieces(before: str, after: str) -> Pieces:
    """Both texts as one: what is the same, what is gone and what is new, in reading order.

    All but the new is the earlier text, all but the gone the later one, to the letter.
    """
    words = re.compile(r"\s+|[^\s]+").findall
    found: Pieces = []
    for kind, text in _compared(words(before), words(after)):
        if found and found[-1][0] == kind:
            found[-1] = (kind, found[-1][1] + text)
        else:
            found.append((kind, text))
    return found


def _compared(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, str]]:
    if len(before) * len(after) > MOST_COMPARED:
        before, after = ("".join(text).splitlines(keepends=True) for text in (before, after))
    if len(before) * len(after) > MOST_COMPARED:
        before, after = [["".join(text)] for text in (before, after)]
    for same, old, new in runs(before, after):
        if same:
            yield "same", "".join(old)
            continue
        if old:
            yield "gone", "".join(old)
        if new:
            yield "new", "".join(new)


def runs(
    before: Sequence[str], after: Sequence[str]
) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    """Both in turn: whether a run is the same in both, and what it is in each."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for operation, start, end, begin, stop in matcher.get_opcodes():
        yield operation == "equal", before[start:end], after[begin:stop]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An answer that two submissions give differently."""

    part: str
    label: str | Promise
    pieces: Pieces


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One submission of a form, what it changed, and why it was given back, if it was."""

    number: int
    at: datetime
    changes: list[Change]
    returned: str


def submissions(application: Application) -> list[Submission]:
    """Every submission of a form, the newest first, each against the one before."""
    versions = list(application.versions.order_by("number"))
    moves = application.moves.filter(move=Move.RETURN).order_by("number")
    reasons = [move.reason for move in moves]
    names = _names([version.sections for version in versions])
    earlier = [None, *(version.sections for version in versions)]
    found = [
        Submission(
            number=version.number,
            at=version.at,
            changes=[] if before is None else changes(before, version.sections, names=names),
            returned=reasons[place] if place < len(reasons) else "",
        )
        for place, (before, version) in enumerate(zip(earlier, versions, strict=False))
    ]
    return found[::-1]


def unsent(application: Application) -> list[Change]:
    """What the form says now and did not say when it was last submitted."""
    last = application.versions.order_by("-number").first()
    if last is None:
        return []
    now = as_it_stands(application)
    return changes(last.sections, now, names=_names([last.sections, now]))


def changes(
    before: Mapping[str, Any], after: Mapping[str, Any], *, names: Mapping[int, str]
) -> list[Change]:
    """The answers, and the groups, that two submissions give differently, part by part."""
    found = []
    for key, part in PARTS.items():
        said = [(each.get(key) or {}) for each in (before, after)]
        pairs = [
            (label, *(shown(each.get(name)) for each in said))
            for name, label in part.answers.items()
        ]
        if key == "groups":
            led = [_led(each.get("led") or [], names) for each in (before, after)]
            pairs.insert(0, (_("Groups"), *led))
        found += [
            Change(part=str(part.title), label=label, pieces=pieces(earlier, later))
            for label, earlier, later in pairs
            if earlier != later
        ]
    return found


def shown(value: Any) -> str:
    """An answer as people read it."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if value in Profession.values:
        return str(Profession(value).label)
    return "" if value is None else str(value)


def _names(forms: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    """The names of everybody who leads a group in any of these."""
    people = {
        leader["person"]
        for form in forms
        for group in form.get("led") or ()
        for leader in group["leaders"]
    }
    return dict(Person.objects.filter(pk__in=people).values_list("pk", "name"))


def _led(groups: Sequence[Mapping[str, Any]], names: Mapping[int, str]) -> str:
    """The groups with who leads them, a line each."""
    return "\n".join(
        _("%(group)s (%(setting)s)%(time)s: %(leaders)s")
        % {
            "group": group["name"],
            "setting": BalintGroup.Setting(group["setting"]).label,
            "time": _time(group),
            "leaders": ", ".join(
                f"{names.get(leader['person'], '')} ({shown(leader['profession'])}){_time(leader)}"
                for leader in group["leaders"]
            ),
        }
        for group in groups
    )


def _time(row: Mapping[str, Any]) -> str:
    start, end = (
        date_format(date.fromisoformat(row[name]), "j F Y") if row.get(name) else ""
        for name in ("start", "end")
    )
    since = _(" since %(day)s") % {"day": start} if start else ""
    until = _(" until %(day)s") % {"day": end} if end else ""
    return since + until
