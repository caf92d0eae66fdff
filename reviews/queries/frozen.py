"""A case as a snapshot froze it, in the shape that pages and papers draw."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from applicants.models import BalintGroup
from credentialing.people.models import Person
from credentialing.rules import load_procedure, words
from credentialing.standing.models import Snapshot
from credentialing.standing.queries import Standing
from reviews.queries import lines as drawn

KEYS = re.compile(r'"([gp])(\d+)"')


@dataclass(frozen=True)
class Frozen(Standing):
    """A standing whose assessment is the one that was kept, not one made anew."""

    kept: Mapping[str, Any] = field(default_factory=dict)

    @property
    def data(self) -> dict[str, Any]:  # type: ignore[override]
        return dict(self.kept)


def standing_of(snapshot: Snapshot) -> Frozen:
    """Where a case stood when the snapshot was taken."""
    return Frozen(
        application=snapshot.application,
        procedure=load_procedure(snapshot.procedure),
        portfolio=snapshot.portfolio,
        as_of=snapshot.as_of,
        names=names(snapshot.portfolio),
        kept=snapshot.assessment,
    )


def names(portfolio: Mapping[str, Any]) -> dict[str, str]:
    """The names behind the keys of persons and groups that a portfolio mentions."""
    found = KEYS.findall(json.dumps(portfolio))
    people = Person.objects.filter(pk__in=_keys(found, "p"))
    groups = BalintGroup.objects.filter(pk__in=_keys(found, "g"))
    return {row.key: row.name for row in (*people, *groups)}


def _keys(found: Iterable[tuple[str, str]], kind: str) -> set[int]:
    return {int(number) for which, number in found if which == kind and len(number) < 19}


def lines(stood: Standing) -> list[dict[str, Any]]:
    """Each requirement as it is drawn for somebody who can't follow the Committee's links."""
    return [
        {**line, "rulings": [], "evidence": [], "uncounted": [], "action": None}
        for line in drawn.lines(stood, rulings=dict.fromkeys(_adjusters(stood), ""))
    ]


def _adjusters(stood: Standing) -> set[str]:
    return {key for entry in stood.entries.values() for key in entry["adjusted_by"]}


def summary(stood: Standing) -> str:
    """The whole standing in one sentence."""
    return words.summary(stood.data, stood.procedure)
