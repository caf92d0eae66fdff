"""A placement for all candidates at once, by constraints: the same task, the same answer.

A pure function of plain values. One worker, one seed and a limit in the solver's own count of
steps, not in seconds, so that a busy machine gives no other placement than an idle one.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ortools.sat.python import cp_model

from intensives.proposal import How, Proposal, Reason, Step, Task, Way, Why

STEPS = 6.0  # of the solver's deterministic time, for each thing to be improved
WAYS = 3  # as many as anybody reads
TRIES = 200  # changes that are tried in search of a way

Progress = Callable[[int, int, Step], None]
Choices = dict[int, cp_model.IntVar]
Term = tuple[cp_model.LinearExprT, int]
# Solved together: the first of each before the second. In the order of `Merits`.
STAGES = (
    (Step.EVERYBODY, Step.FULLEST),
    (Step.RELATED, Step.LOAD),
    (Step.UNWISHED, Step.SPREAD),
    (Step.OFFICERS,),
)


def solve(task: Task, progress: Progress = lambda done, total, step: None) -> Proposal:
    """The best placement by `Merits`; where somebody is left out, why, and what would free it."""
    total = len(STAGES) + 2
    model, places, proven = _Model(task), {}, True
    terms = model.terms()
    for done, steps in enumerate(STAGES):
        progress(done, total, steps[0])
        found = model.improve([terms[step] for step in steps])
        if found is None:
            proven = False
            break
        places, best = found
        proven &= best
    left_out = [candidate for candidate in task.candidates if candidate not in places]
    if not left_out:
        return Proposal(places=places, proven=proven)
    progress(total - 2, total, Step.REASONS)
    reasons = minimal_reasons(task)
    progress(total - 1, total, Step.WAYS)
    ways = list(_ways(task, reasons))
    return Proposal(places=places, left_out=left_out, reasons=reasons, ways=ways, proven=proven)


def _solver() -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.max_deterministic_time = STEPS
    return solver


class _Model:
    """Who sits where and who evaluates whom; a candidate may be left without both.

    Where `reasons` are named only these hold, and nobody may be left out.
    """

    def __init__(self, task: Task, *, reasons: Iterable[Reason] | None = None) -> None:
        self.task, self.model = task, cp_model.CpModel()
        self.demanded = reasons is not None
        self.held = set(all_reasons(task) if reasons is None else reasons)
        self.sits: dict[int, Choices] = {
            candidate: {
                group: self.model.new_bool_var(f"{candidate} in {group}")
                for group in task.groups
                if not self._is_barred(candidate, group)
            }
            for candidate in task.candidates
        }
        self.evaluates: dict[int, Choices] = {
            candidate: {
                evaluator: self.model.new_bool_var(f"{evaluator} for {candidate}")
                for evaluator in task.evaluators
                if evaluator != candidate
            }
            for candidate in task.candidates
            if not self.demanded or self._needs_thought(candidate)
        }
        self._say()

    def _is_barred(self, candidate: int, group: int) -> bool:
        return any(
            Reason(why=Why.BARRED, candidate=candidate, person=person) in self.held
            for person in self.task.bars(candidate, group)
        )

    def _needs_thought(self, candidate: int) -> bool:
        """Whether it may fail on the evaluator: where anybody is free of all groups, it can't."""
        faculty = frozenset().union(*self.task.groups.values())
        return Reason(why=Why.EVALUATOR, candidate=candidate) in self.held and not any(
            each != candidate and each not in faculty for each in self.task.evaluators
        )

    def _say(self) -> None:
        task, model = self.task, self.model
        for places in self.sits.values():
            if self.demanded:
                model.add_exactly_one(places.values())
            else:
                model.add_at_most_one(places.values())
        for candidate, others in self.evaluates.items():
            places = self.sits[candidate]
            model.add(sum(others.values()) == (1 if self.demanded else sum(places.values())))
            for evaluator, chosen in others.items():
                for group, seat in places.items():
                    if evaluator in task.groups[group]:
                        model.add_at_most_one(chosen, seat)
        there = Counter(task.placed.values())
        for group, room in task.room.items():
            if Reason(why=Why.ROOM, group=group) in self.held:
                model.add(sum(self._in(group)) <= max(room - there[group], 0))

    def _in(self, group: int) -> list[cp_model.IntVar]:
        return [places[group] for places in self.sits.values() if group in places]

    def is_possible(self) -> bool:
        """Whether everybody can be placed under the reasons that hold."""
        return _solver().solve(self.model) in (cp_model.OPTIMAL, cp_model.FEASIBLE)

    # --- What makes it better --------------------------------------------------------------

    def terms(self) -> dict[Step, tuple[cp_model.LinearExprT, int]]:
        """What is made small at each step, and more than it can ever be."""
        task, model, many = self.task, self.model, len(self.task.candidates)
        there = Counter(task.placed.values())
        load = Counter(task.evaluated_by.values())
        already = len(task.placed) + len(task.evaluated_by) + sum(task.participants.values())
        most = many + already
        names = ("fullest", "load", "largest", "smallest")
        fullest, heaviest, largest, smallest = (model.new_int_var(0, most, name) for name in names)
        for group in task.groups:
            candidates = sum(self._in(group)) + there[group]
            model.add(fullest >= candidates)
            model.add(largest >= candidates + task.participants.get(group, 0))
            model.add(smallest <= candidates + task.participants.get(group, 0))
        for evaluator in {*task.evaluators, *load}:
            mine = [others[evaluator] for others in self.evaluates.values() if evaluator in others]
            model.add(heaviest >= sum(mine) + load[evaluator])
        seats = [(c, g, seat) for c, places in self.sits.items() for g, seat in places.items()]
        chosen = [
            (c, e, each) for c, others in self.evaluates.items() for e, each in others.items()
        ]
        related = [each for c, e, each in chosen if e in task.related.get(c, ())]
        officers = [each for _c, e, each in chosen if e in task.officers]
        return {
            Step.EVERYBODY: (many - sum(seat for _c, _g, seat in seats), many + 1),
            Step.FULLEST: (fullest, most + 1),
            Step.RELATED: (sum(related), many + 1),
            Step.LOAD: (heaviest, most + 1),
            Step.UNWISHED: (sum(task.unwished(c, g) * seat for c, g, seat in seats), 3 * many + 1),
            Step.SPREAD: (largest - smallest if task.groups else 0, most + 1),
            Step.OFFICERS: (sum(officers), many + 1),
        }

    def improve(self, terms: Sequence[Term]) -> tuple[dict[int, tuple[int, int]], bool] | None:
        """The placement that is best in these terms, the first before the second, and so on.

        What was gained before is kept. None where nothing was found in time; else also whether it
        is proven that there is no better one.
        """
        weighed: cp_model.LinearExprT = 0
        for term, bound in terms:
            weighed = weighed * bound + term
        self.model.minimize(weighed)
        solver = _solver()
        status = solver.solve(self.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        self.model.clear_objective()
        self.model.clear_hints()
        for choices in (*self.sits.values(), *self.evaluates.values()):
            for variable in choices.values():
                self.model.add_hint(variable, solver.value(variable))
        for term, _bound in terms:
            self.model.add(term <= solver.value(term))
        return self._places(solver), status == cp_model.OPTIMAL

    def _places(self, solver: cp_model.CpSolver) -> dict[int, tuple[int, int]]:
        def one(choices: Choices) -> int | None:
            return next((key for key, each in choices.items() if solver.boolean_value(each)), None)

        found = {}
        for candidate, places in self.sits.items():
            group, evaluator = one(places), one(self.evaluates[candidate])
            if group is not None and evaluator is not None:
                found[candidate] = (group, evaluator)
        return found


# --- Why not ---------------------------------------------------------------------------------


def all_reasons(task: Task) -> list[Reason]:
    """Everything that could stand in the way, in a fixed order."""
    barring = [
        Reason(why=Why.BARRED, candidate=candidate, person=person)
        for candidate in task.candidates
        for person in sorted({p for group in task.groups for p in task.bars(candidate, group)})
    ]
    rooms = [Reason(why=Why.ROOM, group=group) for group in task.room if group in task.groups]
    alone = [Reason(why=Why.EVALUATOR, candidate=candidate) for candidate in task.candidates]
    return [*alone, *rooms, *barring]


def is_possible(task: Task, reasons: Iterable[Reason] | None = None) -> bool:
    """Whether everybody can be placed where only these reasons hold (all, unless said)."""
    held = all_reasons(task) if reasons is None else reasons
    return _Model(task, reasons=held).is_possible()


def minimal_reasons(task: Task) -> list[Reason]:
    """Reasons that together rule out a placement of all, and without any one of them do not.

    Halves are taken off while what is left still rules it out, then one after the other. Without
    a group there is nothing that could be otherwise, and the list is empty.
    """
    kept = all_reasons(task)
    size = len(kept)
    while size:
        start = 0
        while start < len(kept):
            fewer = kept[:start] + kept[start + size :]
            if is_possible(task, fewer):
                start += size
            else:
                kept = fewer
        size //= 2
    return sorted(kept)


# --- What would free it ------------------------------------------------------------------------


def _ways(task: Task, reasons: Iterable[Reason]) -> Iterator[Way]:
    """Single changes after which everybody has a place, each tried by solving it again."""
    found, tried = 0, 0
    for way, changed in _changes(task, list(reasons)):
        if found == WAYS or tried == TRIES:
            return
        if not _looks_possible(changed):
            continue
        tried += 1
        if is_possible(changed):
            found += 1
            yield way


def _changes(task: Task, reasons: list[Reason]) -> Iterator[tuple[Way, Task]]:
    rooms = sorted({each.group for each in reasons if each.why == Why.ROOM})
    if any(each.why == Why.EVALUATOR for each in reasons):
        nobody = min((*task.evaluators, *task.candidates, 0)) - 1
        yield Way(how=How.EVALUATOR), replace(task, evaluators=[*task.evaluators, nobody])
    people = sorted({each.person for each in reasons if each.why == Why.BARRED})
    for person in people:
        yield from _swaps(task, person)
    for group in rooms:
        yield (
            Way(how=How.ROOM, group=group),
            replace(task, room={**task.room, group: task.room[group] + 1}),
        )
    for candidate, group in sorted(task.placed.items()):
        if group in rooms:
            placed = {key: value for key, value in task.placed.items() if key != candidate}
            by = {key: value for key, value in task.evaluated_by.items() if key != candidate}
            yield (
                Way(how=How.MOVE, person=candidate),
                replace(
                    task, candidates=[*task.candidates, candidate], placed=placed, evaluated_by=by
                ),
            )


def _swaps(task: Task, person: int) -> Iterator[tuple[Way, Task]]:
    """A faculty member changes places with one of another group, where who is placed allows it."""
    for mine, faculty in sorted(task.groups.items()):
        if person not in faculty:
            continue
        for theirs, others in sorted(task.groups.items()):
            for other in sorted(others - faculty):
                if theirs == mine or person in others:
                    continue
                changed = replace(
                    task,
                    groups={
                        **task.groups,
                        mine: faculty - {person} | {other},
                        theirs: others - {other} | {person},
                    },
                )
                if _holds(changed):
                    yield (
                        Way(how=How.SWAP, person=person, other=other, group=mine, into=theirs),
                        changed,
                    )


def _holds(task: Task) -> bool:
    """Nobody who is placed is with barred faculty, or evaluated by their own."""
    return not any(
        task.bars(candidate, group) or task.evaluated_by.get(candidate) in task.groups[group]
        for candidate, group in task.placed.items()
        if group in task.groups
    )


def _looks_possible(task: Task) -> bool:
    """Quick to see: every candidate has a group that is not barred and not full."""
    there: Mapping[int, int] = Counter(task.placed.values())
    return all(
        any(
            not task.bars(candidate, group)
            and task.room.get(group, there[group] + 1) > there[group]
            for group in task.groups
        )
        for candidate in task.candidates
    )
