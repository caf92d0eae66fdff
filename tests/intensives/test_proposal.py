"""A placement for all at once, from plain values."""

from intensives.proposal import Task, propose

FAY, FLO, GUS, GIL, EVE, ELI = range(101, 107)
GROUPS = {1: frozenset({FAY, FLO}), 2: frozenset({GUS, GIL})}


def task(candidates, **changes):
    values = {"groups": GROUPS, "barred": {}, "evaluators": [EVE, ELI]}
    return Task(candidates=candidates, **(values | changes))


def sizes(proposal):
    groups = [group for group, _evaluator in proposal.places.values()]
    return sorted(groups.count(group) for group in GROUPS)


def test_groups_are_balanced_and_evaluators_share_the_load():
    proposal = propose(task([1, 2, 3, 4]))

    evaluators = [evaluator for _group, evaluator in proposal.places.values()]
    assert sizes(proposal) == [2, 2]
    assert (evaluators.count(EVE), evaluators.count(ELI)) == (2, 2)


def test_nobody_is_placed_with_barred_faculty_and_others_make_room():
    barred = {3: frozenset({FLO}), 4: frozenset({FAY})}

    proposal = propose(task([1, 2, 3, 4], barred=barred))

    assert [proposal.places[each][0] for each in (1, 2, 3, 4)] == [1, 1, 2, 2]


def test_an_uneven_placement_is_better_than_none():
    barred = dict.fromkeys((1, 2, 3), frozenset({FLO}))

    proposal = propose(task([1, 2, 3], barred=barred))

    assert sizes(proposal) == [0, 3]


def test_who_is_placed_already_is_reckoned_with():
    proposal = propose(task([1], placed={8: 1, 9: 1}, evaluating={EVE: 2}))

    assert proposal.places == {1: (2, ELI)}


def test_an_evaluator_with_a_relation_comes_last():
    related = {1: frozenset({EVE})}

    with_choice = propose(task([1], related=related, evaluating={ELI: 5}))
    without_choice = propose(task([1], related=related, evaluators=[EVE]))

    assert (with_choice.places[1][1], without_choice.places[1][1]) == (ELI, EVE)


def test_who_would_be_recused_from_an_office_comes_after_who_has_none():
    proposal = propose(task([1, 2], officers=frozenset({EVE})))

    assert {evaluator for _group, evaluator in proposal.places.values()} == {ELI}


def test_a_candidate_without_a_free_group_is_named():
    proposal = propose(task([1, 2], barred={1: frozenset({FLO, GUS})}))

    assert proposal.without_group == [1]
    assert list(proposal.places) == [2]


def test_an_evaluator_is_neither_faculty_of_the_group_nor_the_candidate():
    proposal = propose(task([EVE], groups={1: GROUPS[1]}, evaluators=[FAY, EVE]))

    assert proposal.without_evaluator == [EVE]


def test_no_groups_place_nobody():
    assert propose(task([1], groups={})).without_group == [1]
