"""Who is placed where, and that no faculty ever was supervisor or co-leader of the candidate."""

import pytest
from django.db import DatabaseError
from django.http import Http404

from applicants import access
from applicants.access import Can
from credentialing.people.models import Relation
from credentialing.records.models import AuditEntry, Letter
from credentialing.records.refusals import Refused
from credentialing.relations import sync
from intensives import operations, queries
from intensives.models import (
    Disclosure,
    Enrolment,
    EvaluatorChange,
    GroupChange,
    Intensive,
    SmallGroup,
)
from tests.factories import ApplicationFactory, person
from tests.intensives.conftest import AFTER, BEFORE, DURING, END, START

DAY = BEFORE.date()


def letters(kind):
    return sorted(Letter.objects.filter(kind=kind).values_list("to__name", flat=True))


def reads(who, case):
    return access.may(who, Can.READ_CASE, case, day=DAY)


def test_a_placement_gives_the_three_sight_of_the_case(scene):
    before = [reads(who, scene.case) for who in (scene.fay, scene.flo, scene.eve, scene.gus)]

    scene.place()

    after = [reads(who, scene.case) for who in (scene.fay, scene.flo, scene.eve, scene.gus)]
    assert (before, after) == ([False] * 4, [True, True, True, False])


def test_a_placement_is_a_relation_a_letter_to_each_and_an_entry(scene):
    scene.place()

    relations = Relation.objects.values_list("person__name", "kind").order_by("person__name")
    assert list(relations) == [("Eve", "evaluator"), ("Fay", "faculty"), ("Flo", "faculty")]
    assert letters("candidate-in-group") == ["Fay", "Flo"]
    assert letters("evaluator-assigned") == ["Eve"]
    assert letters("placement") == [scene.candidate.name]
    assert AuditEntry.objects.filter(act="candidate.placed", case=scene.case.reference).count() == 1


@pytest.mark.parametrize("kind", ["supervisor", "co-leader"])
@pytest.mark.parametrize("member", ["fay", "flo"])
def test_no_faculty_was_ever_supervisor_or_co_leader_of_the_candidate(scene, kind, member):
    scene.bar(getattr(scene, member), kind)

    with pytest.raises(Refused) as refused:
        scene.place()
    allowed = scene.place(small_group=scene.other)

    assert getattr(scene, member).name in refused.value.message
    assert refused.value.field == "small_group"
    assert allowed.small_group == scene.other


def test_an_attestation_does_not_bar_and_what_was_declared_is_to_be_confirmed(scene):
    scene.bar(scene.fay, "attested")
    scene.bar(scene.flo, "declared")

    with pytest.raises(Refused) as asked:
        scene.place()
    placed = scene.place(disclosed=True)

    assert asked.value.field == "disclosed"
    assert placed.small_group == scene.group
    assert [each.person for each in Disclosure.objects.all()] == [scene.flo]


def test_a_person_entered_twice_bars_under_both_records(scene):
    double = person(name="Fay again")
    scene.bar(double)
    double.merged_into = scene.fay
    double.save()

    with pytest.raises(Refused):
        scene.place()


@pytest.mark.parametrize("field", ["first_faculty", "second_faculty"])
def test_nobody_leads_two_groups_of_one_intensive(field, scene):
    both = {"first_faculty": scene.eve, "second_faculty": scene.eli} | {field: scene.fay}
    told = {**both, "by": scene.office, "at": BEFORE}

    with pytest.raises(Refused, match="Fay leads A, which meets at the same time") as added:
        operations.add_small_group(scene.offered, name="C", **told)
    with pytest.raises(Refused, match="Fay leads A") as changed:
        operations.change_faculty(scene.other, **told)

    assert (added.value.field, changed.value.field) == (field, field)
    swapped = {"first_faculty": scene.flo, "second_faculty": scene.fay}
    operations.change_faculty(scene.group, **(told | swapped))


def test_two_swap_groups_in_one_act(scene):
    told = {"first_faculty": scene.gil, "second_faculty": scene.flo, "by": scene.office}

    with pytest.raises(Refused, match="Gil leads B"):
        operations.change_faculty(scene.group, **told, at=BEFORE)
    operations.change_faculty(scene.group, **told, swap=True, at=BEFORE)

    for group in (scene.group, scene.other):
        group.refresh_from_db()
    assert scene.group.faculty == (scene.gil, scene.flo)
    assert scene.other.faculty == (scene.gus, scene.fay)


def test_both_faculty_of_two_groups_swap(scene):
    told = {"first_faculty": scene.gus, "second_faculty": scene.gil, "by": scene.office}

    operations.change_faculty(scene.group, **told, swap=True, at=BEFORE)

    scene.other.refresh_from_db()
    assert scene.other.faculty == (scene.fay, scene.flo)


def test_a_swap_is_refused_where_it_bars_a_candidate_of_the_other_group(scene):
    scene.place()
    scene.bar(scene.gil)

    with pytest.raises(Refused):
        operations.change_faculty(
            scene.other,
            first_faculty=scene.gus,
            second_faculty=scene.fay,
            swap=True,
            by=scene.office,
            at=BEFORE,
        )

    for group, faculty in (
        (scene.group, (scene.fay, scene.flo)),
        (scene.other, (scene.gus, scene.gil)),
    ):
        group.refresh_from_db()
        assert group.faculty == faculty


def test_in_a_group_whose_faculty_lead_another_nobody_is_placed_or_proposed(scene):
    SmallGroup.objects.filter(pk=scene.other.pk).update(second_faculty=scene.flo)

    with pytest.raises(Refused, match="Flo leads A and B, which meet at the same time") as placed:
        scene.place()
    with pytest.raises(Refused, match="Flo leads A and B"):
        operations.ask_for_proposal(scene.offered, by=scene.chair, at=BEFORE)
    groups = queries.groups_of(scene.offered)
    shown = queries.seats(scene.enrolment, groups, {}, {})

    assert placed.value.field == "small_group"
    assert [seat.conflicts for seat in shown] == [
        ["Flo leads A and B, which meet at the same time"]
    ] * 2


def test_nobody_is_faculty_or_evaluator_of_themselves(scene):
    own = SmallGroup.objects.create(
        intensive=scene.offered,
        name="Own",
        first_faculty=scene.candidate,
        second_faculty=scene.gus,
    )

    for wrong in ({"small_group": own}, {"evaluator": scene.candidate}):
        with pytest.raises(Refused):
            scene.place(**wrong)
    assert Enrolment.objects.get(pk=scene.enrolment.pk).small_group is None


def test_the_evaluator_is_a_third_person(scene):
    with pytest.raises(Refused) as refused:
        scene.place(evaluator=scene.flo)

    assert refused.value.field == "evaluator"


def test_an_evaluator_with_a_relation_is_allowed(scene):
    scene.bar(scene.eve)

    with pytest.raises(Refused) as asked:
        scene.place()
    placed = scene.place(disclosed=True)

    assert asked.value.field == "disclosed"
    assert placed.evaluator == scene.eve
    assert [each.person for each in Disclosure.objects.all()] == [scene.eve]


def test_only_who_acts_as_chair_on_the_case_places(scene):
    deputy = person("deputy")
    scene.bar(scene.chair)
    someone = (scene.chair, scene.office, scene.fay, scene.candidate, person("committee"))

    for nobody in someone:
        with pytest.raises(Http404):
            scene.place(by=nobody)
    assert scene.place(by=deputy).small_group == scene.group


def test_the_group_is_one_of_the_same_intensive(scene):
    from tests.factories import intensive

    elsewhere = SmallGroup.objects.create(
        intensive=intensive(END), name="C", first_faculty=scene.gus, second_faculty=scene.gil
    )

    with pytest.raises(Refused):
        scene.place(small_group=elsewhere)


def test_a_placement_changes_until_the_intensive_begins(placed):
    with pytest.raises(Refused) as silent:
        placed.place(small_group=placed.other)
    placed.place(small_group=placed.other, reason="Gil asked for it.")
    with pytest.raises(Refused) as locked:
        placed.place(at=DURING)
    placed.place(at=DURING, reason="Gil fell ill.")

    kept = GroupChange.objects.order_by("pk").values_list("before__name", "after__name", "reason")
    assert list(kept) == [("A", "B", "Gil asked for it."), ("B", "A", "Gil fell ill.")]
    assert (silent.value.field, locked.value.field) == ("reason", "reason")
    assert "begun" in locked.value.message
    with pytest.raises(DatabaseError, match="permission denied"):
        GroupChange.objects.update(reason="")


def test_who_comes_late_is_placed_with_a_reason(scene):
    with pytest.raises(Refused) as refused:
        scene.place(at=DURING)

    assert refused.value.field == "reason"
    assert scene.place(at=DURING, reason="Came a day late.").small_group == scene.group


def test_a_placement_stands_for_who_has_led_with_its_faculty_or_was_presented(placed):
    operations.record_co_led(
        placed.enrolment, faculty=placed.flo, date=START, by=placed.flo, at=DURING
    )

    with pytest.raises(Refused) as led:
        placed.place(small_group=placed.other, reason="Gil asked for it.", at=DURING)
    operations.present(placed.agreed(), to="candidate", by=placed.eve, at=AFTER)
    with pytest.raises(Refused) as final:
        placed.place(evaluator=placed.eli, reason="Fell ill.", at=AFTER)

    assert "already led a session with Flo" in led.value.message
    assert "presented" in final.value.message


def test_a_group_takes_as_many_candidates_as_its_sessions_allow(placed):
    Intensive.objects.update(sessions=3)
    another = placed.sign_up(ApplicationFactory().applicant)

    with pytest.raises(Refused) as full:
        placed.place(another)
    elsewhere = placed.place(another, small_group=placed.other)

    assert "A is full: it has 3 sessions" in full.value.message
    assert elsewhere.small_group == placed.other


def test_a_change_takes_away_what_no_longer_holds(placed):
    placed.place(small_group=placed.other, evaluator=placed.eli, reason="Both fell ill.")

    now = {name: reads(getattr(placed, name), placed.case) for name in ("fay", "flo", "eve")}
    then = {name: reads(getattr(placed, name), placed.case) for name in ("gus", "gil", "eli")}
    kept = set(Relation.objects.values_list("person__name", flat=True))
    assert (set(now.values()), set(then.values())) == ({False}, {True})
    assert kept == {"Gus", "Gil", "Eli"}
    assert letters("candidate-released") == ["Eve", "Fay", "Flo"]


def test_the_same_placement_again_changes_nothing(placed):
    before = Letter.objects.count(), AuditEntry.objects.count()

    placed.place()

    assert (Letter.objects.count(), AuditEntry.objects.count()) == before


def test_what_is_given_is_what_is_due(placed):
    given, taken = sync()
    assert (given, taken) == (set(), set())

    placed.place(small_group=placed.other, reason="Flo fell ill.")
    given, taken = sync()

    assert (given, taken) == (set(), set())


def test_a_participant_or_who_waits_is_not_placed(scene):
    participant = scene.sign_up(ApplicationFactory().applicant, "participant")
    waiting = scene.sign_up(ApplicationFactory().applicant)
    Enrolment.objects.filter(pk=waiting.pk).update(state="waiting")

    for enrolment in (participant, waiting):
        with pytest.raises(Refused):
            scene.place(enrolment)


# --- The evaluator is replaced ---------------------------------------------------------------


def replace(scene, who, **changes):
    values = {"evaluator": who, "reason": "Fell ill.", "by": scene.chair, "at": DURING}
    return operations.replace_evaluator(scene.enrolment, **(values | changes))


def test_an_evaluator_is_replaced_with_a_reason_also_under_way(placed):
    with pytest.raises(Refused) as refused:
        replace(placed, placed.eli, reason=" ")
    replace(placed, placed.eli)

    change = EvaluatorChange.objects.get()
    assert refused.value.field == "reason"
    assert (change.before, change.after, change.reason) == (placed.eve, placed.eli, "Fell ill.")
    assert [reads(who, placed.case) for who in (placed.eve, placed.eli)] == [False, True]


def test_who_evaluated_while_it_ran_stays_on_record_and_sees_nothing_more(placed):
    replace(placed, placed.eli)

    kept = Relation.objects.filter(kind="evaluator").values_list("person__name", flat=True)
    assert sorted(kept) == ["Eli", "Eve"]
    assert list(queries.assessed_by(placed.eve)) == []


def test_a_new_evaluator_is_held_to_the_same_rules(placed):
    for wrong in (placed.candidate, placed.fay, placed.eve):
        with pytest.raises(Refused):
            replace(placed, wrong)
    for nobody in (placed.office, placed.eve, placed.candidate):
        with pytest.raises(Http404):
            replace(placed, placed.eli, by=nobody)


def test_replacing_the_evaluator_leaves_no_pair_that_the_text_forbids(placed):
    placed.bar(placed.flo)

    with pytest.raises(Refused):
        replace(placed, placed.eli)


def test_a_draft_goes_on_under_the_new_evaluator_and_is_answered_again(placed):
    placed.agreed()

    replace(placed, placed.eli, at=AFTER)

    [mine] = queries.assessed_by(placed.eli)
    assert [each.name for each in queries.lacking(mine, mine.assessment)] == ["Fay", "Flo"]
    assert mine.assessment.body["narrative"] == "Held the group well."


# --- The faculty of a group change -----------------------------------------------------------


def change(scene, first, second, when=BEFORE):
    return operations.change_faculty(
        scene.group, first_faculty=first, second_faculty=second, by=scene.office, at=when
    )


@pytest.mark.parametrize("kind", ["supervisor", "co-leader"])
def test_a_changed_faculty_is_checked_against_every_candidate_of_the_group(placed, kind):
    placed.bar(placed.eli, kind)

    with pytest.raises(Refused) as refused:
        change(placed, placed.fay, placed.eli)
    group = SmallGroup.objects.get(pk=placed.group.pk)

    assert "Eli" in refused.value.message
    assert group.faculty == (placed.fay, placed.flo)


def test_a_changed_faculty_sees_the_case_and_the_former_does_not(placed):
    change(placed, placed.fay, placed.eli)

    assert [reads(who, placed.case) for who in (placed.fay, placed.eli, placed.flo)] == [
        True,
        True,
        False,
    ]
    assert sync() == (set(), set())


@pytest.mark.parametrize(
    ("first", "second"), [("fay", "fay"), ("fay", "candidate"), ("fay", "eve")]
)
def test_faculty_are_two_people_neither_enrolled_nor_evaluating(placed, first, second):
    with pytest.raises(Refused):
        change(placed, getattr(placed, first), getattr(placed, second))


def test_who_has_led_with_the_candidate_stays_faculty(placed):
    operations.record_co_led(
        placed.enrolment, faculty=placed.flo, date=START, by=placed.flo, at=DURING
    )

    with pytest.raises(Refused):
        change(placed, placed.fay, placed.eli, DURING)


def test_a_group_is_not_made_of_one_person_or_of_who_takes_part(scene):
    for first, second in ((scene.eve, scene.eve), (scene.eve, scene.candidate)):
        with pytest.raises(Refused):
            scene.add_group("C", first, second)
    with pytest.raises(Refused) as named:
        scene.add_group("A", scene.eve, scene.eli)
    assert named.value.field == "name"


# --- What the Chair sees ---------------------------------------------------------------------


def test_every_group_is_free_or_says_why_not(scene):
    scene.bar(scene.fay, "co-leader", START)
    applications = access.visible(scene.chair, Can.CHAIR, day=DAY)

    [placing] = queries.placings(scene.offered, applications)

    seats = {seat.group.name: seat.conflicts for seat in placing.seats}
    words = f"Fay co-led with {scene.candidate.name} at the home site, since 10 June 2026"
    assert seats == {"A": [words], "B": []}


def test_a_conflict_that_appears_after_the_placement_is_shown(placed):
    placed.bar(placed.fay)
    applications = access.visible(placed.chair, Can.CHAIR, day=DAY)

    [placing] = queries.placings(placed.offered, applications)

    assert placing.has_conflict


def test_a_candidate_of_a_recused_chair_is_not_listed(scene):
    scene.bar(scene.chair)
    other = scene.sign_up(ApplicationFactory().applicant)
    applications = access.visible(scene.chair, Can.CHAIR, day=DAY)

    shown = [each.enrolment for each in queries.placings(scene.offered, applications)]

    assert shown == [other]
