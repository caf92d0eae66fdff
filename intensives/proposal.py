"""A placement for all candidates of an intensive at once: plain values in, plain values out.

No candidate with barred faculty, groups as equal as that allows, an evaluator who is a third
person, without a relation where one can be found, then without an office that the evaluation
would take from the case, and with as few candidates as possible.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Keys = Mapping[int, frozenset[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is to be solved, by keys of persons and groups.

    `placed` are the groups of those who are placed already, `evaluating` how many each evaluator
    has; both stay as they are and are reckoned with.
    """

    candidates: Sequence[int]
    groups: Keys  # a group and its two faculty
    barred: Keys  # a candidate and who can't be their faculty
    evaluators: Sequence[int]
    related: Keys = field(default_factory=dict)  # a candidate and who has any relation to them
    officers: frozenset[int] = frozenset()  # who could not act or vote on the case any more
    placed: Mapping[int, int] = field(default_factory=dict)
    evaluating: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A group and an evaluator for each candidate who can have them, and who can't."""

    places: dict[int, tuple[int, int]]
    without_group: list[int]
    without_evaluator: list[int]


def propose(task: Task) -> Proposal:
    """The placement of all candidates; the same task gives the same proposal."""
    free = {candidate: _free(task, candidate) for candidate in task.candidates}
    possible = [candidate for candidate in task.candidates if free[candidate]]
    groups = _balanced(possible, free, Counter(task.placed.values()))
    places, without = {}, []
    load = Counter(task.evaluating)
    for candidate in sorted(possible, key=lambda each: len(_evaluators(task, each, groups))):
        choice = min(
            _evaluators(task, candidate, groups),
            key=lambda each: (
                each in task.related.get(candidate, ()),
                each in task.officers,
                load[each],
                each,
            ),
            default=None,
        )
        if choice is None:
            without.append(candidate)
            continue
        load[choice] += 1
        places[candidate] = (groups[candidate], choice)
    return Proposal(
        places={
            candidate: places[candidate] for candidate in task.candidates if candidate in places
        },
        without_group=[candidate for candidate in task.candidates if not free[candidate]],
        without_evaluator=without,
    )


def _free(task: Task, candidate: int) -> list[int]:
    barred = task.barred.get(candidate, frozenset()) | {candidate}
    return [group for group, faculty in task.groups.items() if not faculty & barred]


def _evaluators(task: Task, candidate: int, groups: Mapping[int, int]) -> list[int]:
    faculty = task.groups[groups[candidate]]
    return [each for each in task.evaluators if each not in faculty and each != candidate]


def _balanced(
    candidates: Sequence[int], free: Mapping[int, Sequence[int]], taken: Counter[int]
) -> dict[int, int]:
    """A group for each candidate, the fullest group as small as it can be.

    Every group grows by one place at a time; candidates move over where that makes room for
    another one (augmenting paths).
    """
    members: dict[int, list[int]] = defaultdict(list)

    def seat(candidate: int, size: int, tried: set[int]) -> bool:
        for group in sorted(free[candidate], key=lambda each: len(members[each]) + taken[each]):
            if group in tried:
                continue
            tried.add(group)
            if len(members[group]) + taken[group] < size:
                members[group].append(candidate)
                return True
            for other in list(members[group]):
                if seat(other, size, tried):
                    members[group].remove(other)
                    members[group].append(candidate)
                    return True
        return False

    waiting, size = list(candidates), 0
    while waiting:
        size += 1
        waiting = [candidate for candidate in waiting if not seat(candidate, size, set())]
    return {candidate: group for group, each in members.items() for candidate in each}
