"""A placement for all at once, from plain values, held against every placement that there is."""

import random
from collections.abc import Iterator
from dataclasses import astuple, replace
from itertools import product
from pathlib import Path

import intensives
from intensives.proposal import How, Proposal, Reason, Task, Way, Why, merits
from intensives.proposal.solving import all_reasons, solve

ANN, BEN, CEM = 1, 2, 3
FAY, FLO, GUS, GIL, EVE, ELI = range(101, 107)
GROUPS = {1: frozenset({FAY, FLO}), 2: frozenset({GUS, GIL})}
SMALL = 200


def task(candidates, **changes) -> Task:
    values = {"groups": GROUPS, "barred": {}, "evaluators": [EVE, ELI]}
    return Task(candidates=candidates, **(values | changes))


# --- Every placement that there is -----------------------------------------------------------


def drawn(seed: int) -> Task:
    """A small task, about a third of which can't be solved."""
    draw = random.Random(seed)
    people = list(range(101, 101 + draw.randint(4, 6)))
    groups = {
        number: frozenset(draw.sample(people, 2)) for number in range(1, draw.randint(2, 3) + 1)
    }
    candidates = list(range(1, draw.randint(1, 3) + 1))
    evaluators = sorted(draw.sample([*people, 201, 202], draw.randint(1, 3)))
    placed = {9: draw.choice(list(groups))} if draw.random() < 0.3 else {}
    return Task(
        candidates=candidates,
        groups=groups,
        barred={c: frozenset(draw.sample(people, draw.randint(0, 2))) for c in candidates},
        room={group: draw.randint(0, 2) for group in groups if draw.random() < 0.6},
        participants={group: draw.randint(0, 4) for group in groups},
        evaluators=evaluators,
        related={c: frozenset(draw.sample(evaluators, 1)) for c in candidates},
        officers=frozenset(draw.sample(evaluators, 1)),
        placed=placed,
        evaluated_by=dict.fromkeys(placed, evaluators[0]),
        wishes={c: draw.choice(list(groups)) for c in candidates if draw.random() < 0.4},
        avoids={c: draw.choice(list(groups)) for c in candidates if draw.random() < 0.4},
    )


def allowed(task: Task, reasons: frozenset[Reason]) -> Iterator[dict[int, tuple[int, int]]]:
    """Every placement, also of a part of the candidates, that goes against none of the reasons.

    Where no evaluator is asked for, 0 stands in the evaluator's place.
    """
    choices = []
    for candidate in task.candidates:
        needs = Reason(why=Why.EVALUATOR, candidate=candidate) in reasons
        groups = [
            group
            for group, faculty in task.groups.items()
            if not any(
                Reason(why=Why.BARRED, candidate=candidate, person=person) in reasons
                for person in faculty
                if person in task.barred[candidate]
            )
        ]
        pairs = [
            (group, evaluator)
            for group in groups
            for evaluator in (task.evaluators if needs else [0])
            if evaluator not in task.groups[group]
        ]
        choices.append([None, *pairs])
    for chosen in product(*choices):
        places = {c: place for c, place in zip(task.candidates, chosen, strict=True) if place}
        if not any(
            Reason(why=Why.ROOM, group=group) in reasons
            and sum(each[0] == group for each in places.values())
            > max(room - list(task.placed.values()).count(group), 0)
            for group, room in task.room.items()
        ):
            yield places


def all_can_be_placed(task: Task, reasons: frozenset[Reason]) -> bool:
    return any(len(places) == len(task.candidates) for places in allowed(task, reasons))


def changed(task: Task, way: Way) -> Task:
    """The task after one change, made here independently of the solver's own."""
    if way.how == How.EVALUATOR:
        return replace(task, evaluators=[*task.evaluators, 999])
    if way.how == How.ROOM:
        return replace(task, room={**task.room, way.group: task.room[way.group] + 1})
    if way.how == How.MOVE:
        return replace(
            task,
            candidates=[*task.candidates, way.person],
            barred={**task.barred, way.person: frozenset()},
            placed={},
            evaluated_by={},
        )
    [mine] = [group for group in task.groups if group == way.group]
    [theirs] = [group for group in task.groups if group == way.into]
    swapped = dict(task.groups)
    swapped[mine] = task.groups[mine] - {way.person} | {way.other}
    swapped[theirs] = task.groups[theirs] - {way.other} | {way.person}
    return replace(task, groups=swapped)


def test_two_hundred_small_tasks_are_solved_as_by_trying_everything():
    impossible = 0
    for seed in range(SMALL):
        given = drawn(seed)
        every = frozenset(all_reasons(given))
        best = min(astuple(merits(given, places)) for places in allowed(given, every))

        answer = solve(given)

        assert astuple(merits(given, answer.places)) == best, seed
        assert answer.places in list(allowed(given, every)), seed
        assert bool(answer.left_out) is not all_can_be_placed(given, every), seed
        if answer.left_out:
            impossible += 1
            named = frozenset(answer.reasons)
            assert not all_can_be_placed(given, named), seed
            for reason in named:
                assert all_can_be_placed(given, named - {reason}), (seed, reason)
            for way in answer.ways:
                after = changed(given, way)
                assert all_can_be_placed(after, frozenset(all_reasons(after))), (seed, way)
    assert impossible > SMALL / 5


# --- What it is for --------------------------------------------------------------------------


def test_the_same_task_has_the_same_answer():
    given = task([ANN, BEN, CEM], wishes={ANN: 2}, participants={1: 4, 2: 5})

    assert solve(given) == solve(given)


def test_groups_and_evaluators_share_the_candidates():
    answer = solve(task([1, 2, 3, 4]))

    groups, evaluators = zip(*answer.places.values(), strict=True)
    assert sorted(groups) == [1, 1, 2, 2]
    assert sorted(evaluators) == [EVE, EVE, ELI, ELI]
    assert answer.proven


def test_a_relation_weighs_more_than_the_load_and_a_preference_more_than_an_office():
    related = solve(task([ANN], related={ANN: frozenset({EVE})}, evaluated_by={8: ELI, 9: ELI}))
    wished = solve(task([ANN], wishes={ANN: 2}, officers=frozenset({EVE})))

    assert related.places[ANN][1] == ELI
    assert wished.places[ANN] == (2, ELI)


def test_a_declared_relation_to_faculty_is_avoided_and_bars_nobody():
    near = {ANN: frozenset({FAY})}

    with_choice = solve(task([ANN], related=near))
    without = solve(task([ANN], related=near, groups={1: GROUPS[1]}))

    assert (with_choice.places[ANN][0], without.places[ANN][0]) == (2, 1)


def test_why_not_and_what_would_free_it():
    barred = {ANN: frozenset({FAY}), BEN: frozenset({FAY})}

    answer = solve(task([ANN, BEN], barred=barred, room={1: 1, 2: 1}))

    assert answer.left_out in ([ANN], [BEN])
    assert answer.reasons == [
        Reason(why=Why.BARRED, candidate=ANN, person=FAY),
        Reason(why=Why.BARRED, candidate=BEN, person=FAY),
        Reason(why=Why.ROOM, group=2),
    ]
    assert answer.ways == [Way(how=How.ROOM, group=2)]


def test_a_swap_of_faculty_frees_who_is_barred_from_every_group():
    barred = {ANN: frozenset({FAY, GIL})}

    answer = solve(task([ANN, BEN], barred=barred))

    assert (answer.left_out, list(answer.places)) == ([ANN], [BEN])
    assert Way(how=How.SWAP, person=FAY, group=1, other=GUS, into=2) in answer.ways


def test_no_swap_puts_who_is_placed_with_barred_faculty():
    barred = {ANN: frozenset({FAY, GIL}), 9: frozenset({FAY})}

    answer = solve(task([ANN], barred=barred, placed={9: 2}, evaluated_by={9: EVE}))

    assert [way.how for way in answer.ways] == [How.SWAP]
    assert {answer.ways[0].person, answer.ways[0].other} == {GIL, FLO}


def test_without_groups_nobody_has_a_place_and_nothing_else_is_the_reason():
    answer = solve(task([ANN], groups={}))

    assert (answer.left_out, answer.reasons, answer.ways) == ([ANN], [], [])


def test_an_answer_can_be_kept_and_read():
    answer = solve(task([ANN, BEN], barred={ANN: frozenset({FAY, GIL})}))

    assert Proposal.read(answer.plain()) == answer


def test_only_the_worker_loads_the_solver():
    root = Path(intensives.__file__).parent.parent
    apps = [root / app for app in ("applicants", "credentialing", "intensives", "reviews")]
    loads = [
        path.relative_to(root).as_posix()
        for app in apps
        for path in app.rglob("*.py")
        for line in path.read_text().splitlines()
        if line.startswith(("from ortools", "import ortools", "from intensives.proposal.solving"))
    ]

    assert loads == ["intensives/proposal/solving.py"]
