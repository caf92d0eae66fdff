"""What a placement for all candidates of an intensive is asked of, and what is answered.

Plain values, by keys of persons and groups. `solving` works them out and is imported by the worker
alone: the solver it uses is large.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

Keys = Mapping[int, frozenset[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is to be solved.

    Who is `placed` already stays there, with the evaluator that `evaluated_by` names. A group that
    `room` does not name takes any number of candidates; `room` counts those placed, too.
    """

    candidates: Sequence[int]
    groups: Keys  # a group and its two faculty
    barred: Keys = field(default_factory=dict)  # a candidate and who can't be their faculty
    room: Mapping[int, int] = field(default_factory=dict)  # the candidates that a group can take
    participants: Mapping[int, int] = field(default_factory=dict)  # how many a group has
    evaluators: Sequence[int] = ()
    related: Keys = field(default_factory=dict)  # a candidate and who has any relation to them
    officers: frozenset[int] = frozenset()  # who could not act or vote on the case any more
    placed: Mapping[int, int] = field(default_factory=dict)
    evaluated_by: Mapping[int, int] = field(default_factory=dict)
    wishes: Mapping[int, int] = field(default_factory=dict)  # a candidate and the group preferred
    avoids: Mapping[int, int] = field(default_factory=dict)  # a candidate and the group not wanted

    def bars(self, candidate: int, group: int) -> frozenset[int]:
        """Which of the group's faculty can't be a candidate's, themselves included."""
        return self.groups[group] & (self.barred.get(candidate, frozenset()) | {candidate})

    def unwished(self, candidate: int, group: int) -> int:
        """How many of a candidate's preferences a group goes against."""
        wish = self.wishes.get(candidate, group)
        # A relation that was declared bars nobody; where it can be avoided, it is.
        near = self.groups[group] & self.related.get(candidate, frozenset())
        return (wish != group) + (self.avoids.get(candidate) == group) + bool(near)


class Step(StrEnum):
    """What the solver is doing: the first seven in the order of `Merits`."""

    EVERYBODY = "everybody"
    FULLEST = "fullest"
    RELATED = "related"
    LOAD = "load"
    UNWISHED = "unwished"
    SPREAD = "spread"
    OFFICERS = "officers"
    REASONS = "reasons"
    WAYS = "ways"


class Why(StrEnum):
    """What can stand in the way of a placement."""

    BARRED = "barred"  # a candidate and one faculty member
    ROOM = "room"  # a group and the sessions that it has
    EVALUATOR = "evaluator"  # nobody is free to evaluate a candidate


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Reason:
    """One thing that stands in the way; without any one of them there would be a placement."""

    why: Why
    candidate: int = 0
    person: int = 0
    group: int = 0


class How(StrEnum):
    """What would free a placement."""

    SWAP = "swap"  # two faculty members change groups
    ROOM = "room"  # a group takes one candidate more
    MOVE = "move"  # somebody who is placed already is placed anew
    EVALUATOR = "evaluator"  # one further evaluator


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One change with which every candidate could be placed; found by solving it.

    In a swap `person` leaves `group` for `into`, and `other` comes from there.
    """

    how: How
    person: int = 0
    other: int = 0
    group: int = 0
    into: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A group and an evaluator for each candidate who can have them, and why not for the others.

    `reasons` are minimal: they rule out a placement of all, and without any one of them they would
    not. `proven` says that there is no better placement, not only that none was found in time.
    """

    places: Mapping[int, tuple[int, int]]
    left_out: Sequence[int] = ()
    reasons: Sequence[Reason] = ()
    ways: Sequence[Way] = ()
    proven: bool = True

    def plain(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {**asdict(self), "places": [[key, *place] for key, place in self.places.items()]}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Proposal":
        """What `plain` gave."""
        return cls(
            places={key: (group, evaluator) for key, group, evaluator in kept["places"]},
            left_out=kept["left_out"],
            reasons=[Reason(**{**each, "why": Why(each["why"])}) for each in kept["reasons"]],
            ways=[Way(**{**each, "how": How(each["how"])}) for each in kept["ways"]],
            proven=kept["proven"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Merits:
    """What makes a placement better than another: the first that differs decides, less is better.

    Fewest candidates without a place; the fullest group; evaluators with a relation; the most
    candidates of one evaluator; preferences gone against; the difference in size between the
    largest and the smallest group; evaluators who would be taken from an office.
    """

    left_out: int
    fullest: int
    related: int
    most: int
    unwished: int
    spread: int
    officers: int


def merits(task: Task, places: Mapping[int, tuple[int, int]]) -> Merits:
    """How good a placement is."""
    everybody = {**task.placed, **{candidate: place[0] for candidate, place in places.items()}}
    candidates = Counter(everybody.values())
    sizes = [candidates[group] + task.participants.get(group, 0) for group in task.groups]
    evaluating = Counter([*task.evaluated_by.values(), *(place[1] for place in places.values())])
    return Merits(
        left_out=len(task.candidates) - len(places),
        fullest=max((candidates[group] for group in task.groups), default=0),
        related=sum(place[1] in task.related.get(key, ()) for key, place in places.items()),
        most=max(evaluating.values(), default=0),
        unwished=sum(task.unwished(candidate, place[0]) for candidate, place in places.items()),
        spread=max(sizes, default=0) - min(sizes, default=0),
        officers=sum(place[1] in task.officers for place in places.values()),
    )
