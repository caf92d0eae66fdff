"""Intensives are offered, people sign up, wait, cancel, and are recorded as having been there."""

from datetime import timedelta

import pytest
from django.http import Http404

from applicants.models import Application
from credentialing.people.models import Relation
from credentialing.records.models import Letter
from credentialing.records.refusals import Refused
from intensives import operations, queries
from intensives.models import Enrolment, Intensive
from tests.factories import ApplicationFactory, at, person, took_part
from tests.intensives.conftest import AFTER, BEFORE, DURING, END, LAST_DAY, START

PAST = {
    "title": "Oxford",
    "organiser": "Balint Society",
    "place": "Oxford",
    "start": START - timedelta(days=400),
    "end": START - timedelta(days=397),
    "document": None,
}


def create(scene, **changes):
    values = {
        "title": "Winter",
        "organiser": "ABS",
        "place": "",
        "start": START,
        "end": END,
        "capacity": 1,
        "price_note": "",
    }
    return operations.create_intensive(**(values | changes), by=scene.office, at=BEFORE)


def test_an_intensive_is_published_once(scene):
    made = create(scene)
    operations.publish_intensive(made, by=scene.office, at=BEFORE)

    with pytest.raises(Refused):
        operations.publish_intensive(made, by=scene.office, at=BEFORE)
    with pytest.raises(Refused) as backwards:
        create(scene, end=START - timedelta(days=1))
    assert backwards.value.field == "end"


def test_nobody_signs_up_for_what_is_not_published(scene):
    made = create(scene)
    who = person()

    with pytest.raises(Http404):
        operations.enrol(made, who, role="participant", by=who, at=BEFORE)
    operations.publish_intensive(made, by=scene.office, at=BEFORE)

    assert operations.enrol(made, who, role="participant", by=who, at=BEFORE).state == "signed-up"


def test_one_person_is_enrolled_once_and_again_after_cancelling(scene):
    with pytest.raises(Refused):
        scene.sign_up(scene.candidate, "participant")
    operations.cancel_enrolment(scene.enrolment, by=scene.candidate, at=BEFORE)

    assert scene.sign_up(scene.candidate, "participant").role == "participant"


def test_the_sign_up_closes_when_the_intensive_begins(scene):
    assert scene.sign_up(person(), "participant", at(START - timedelta(days=1))).pk

    with pytest.raises(Refused):
        scene.sign_up(person(), "participant", at(START))


@pytest.mark.parametrize(
    ("stage", "may"),
    [
        ("draft", False),
        ("submitted", False),
        ("returned", False),
        ("accepted", True),
        ("under-review", True),
        ("further-work", True),
        ("decided", False),
    ],
)
def test_a_candidate_has_an_accepted_application_that_runs(scene, stage, may):
    applicant = ApplicationFactory(stage=stage).applicant

    said = queries.why_no_candidate(applicant)

    assert (said == "") is may
    if may:
        assert scene.sign_up(applicant).role == "candidate"
    else:
        with pytest.raises(Refused):
            scene.sign_up(applicant)
        assert scene.sign_up(applicant, "participant").role == "participant"


def test_without_an_application_one_comes_as_a_participant(scene):
    with pytest.raises(Refused):
        scene.sign_up(person())
    assert scene.sign_up(person(), "participant").pk


def test_faculty_do_not_sign_up_and_nobody_signs_up_others(scene):
    with pytest.raises(Refused):
        scene.sign_up(scene.fay, "participant")
    with pytest.raises(Http404):
        operations.enrol(scene.offered, person(), role="participant", by=scene.fay, at=BEFORE)


def test_a_full_intensive_has_a_waiting_list_that_moves_up(scene):
    Intensive.objects.filter(pk=scene.offered.pk).update(capacity=2)
    last, first_waiting, second_waiting = (
        scene.sign_up(person(), "participant", BEFORE + timedelta(hours=n)) for n in range(3)
    )

    operations.cancel_enrolment(last, by=last.person, at=BEFORE)

    states = [Enrolment.objects.get(pk=row.pk).state for row in (first_waiting, second_waiting)]
    assert (last.state, first_waiting.state) == ("signed-up", "waiting")
    assert states == ["signed-up", "waiting"]
    assert list(Letter.objects.filter(kind="intensive-moved-up").values_list("to", flat=True)) == [
        first_waiting.person_id
    ]


def test_more_places_are_filled_from_the_waiting_list(scene):
    Intensive.objects.filter(pk=scene.offered.pk).update(capacity=1)
    waiting = scene.sign_up(person(), "participant")
    fields = ("title", "organiser", "place", "start", "end", "price_note")
    values = {name: getattr(scene.offered, name) for name in fields}

    operations.change_intensive(scene.offered, **values, capacity=2, by=scene.office, at=BEFORE)

    waiting.refresh_from_db()
    assert waiting.state == "signed-up"


def test_who_cancels_before_it_begins_and_the_office_after(scene):
    with pytest.raises(Refused):
        operations.cancel_enrolment(scene.enrolment, by=scene.candidate, at=DURING)
    with pytest.raises(Http404):
        operations.cancel_enrolment(scene.enrolment, by=scene.fay, at=BEFORE)

    cancelled = operations.cancel_enrolment(scene.enrolment, by=scene.office, at=DURING)

    assert cancelled.state == "cancelled"


def test_a_cancelled_candidate_is_nobodys_candidate(placed):
    operations.cancel_enrolment(placed.enrolment, by=placed.candidate, at=BEFORE)

    assert list(queries.assessed_by(placed.fay)) == []
    assert list(queries.permissions()) == []
    assert Relation.objects.count() == 0


# --- What would be missing, and what is wished for -----------------------------------------------


def test_the_rules_say_what_a_candidacy_would_lack_and_it_is_confirmed(scene):
    took_part(scene.candidate, START - timedelta(days=300))
    operations.cancel_enrolment(scene.enrolment, by=scene.candidate, at=BEFORE)

    [question] = queries.questions_of_candidacy(scene.candidate, scene.offered)
    with pytest.raises(Refused) as asked:
        operations.enrol(
            scene.offered,
            scene.candidate,
            role="candidate",
            asked=False,
            by=scene.candidate,
            at=BEFORE,
        )
    took_part(scene.candidate, START - timedelta(days=200))

    assert "1 of 2" in question
    assert (asked.value.field, question in asked.value.message) == ("asked", True)
    assert queries.questions_of_candidacy(scene.candidate, scene.offered) == []


def test_an_intensive_completed_only_after_this_one_does_not_come_before_it(scene):
    for days in (-300, 60):
        took_part(scene.candidate, END + timedelta(days=days))

    assert len(queries.questions_of_candidacy(scene.candidate, scene.offered)) == 1


def test_a_candidate_names_a_group_to_be_in_and_one_not_to_be_in(scene):
    def enrol(who, role="candidate", **wishes):
        return operations.enrol(scene.offered, who, role=role, by=who, at=BEFORE, **wishes)

    wishes = {"wished_group": scene.other, "avoided_group": scene.group}
    with pytest.raises(Refused) as same:
        enrol(ApplicationFactory().applicant, **(wishes | {"avoided_group": scene.other}))
    row = enrol(ApplicationFactory().applicant, **wishes)
    participant = enrol(person(), "participant", **wishes)

    task = queries.to_solve(scene.offered, [row], day=BEFORE.date())
    assert same.value.field == "avoided_group"
    assert task.wishes == {row.person_id: scene.other.pk}
    assert task.avoids == {row.person_id: scene.group.pk}
    assert participant.wished_group is None


def test_the_whole_is_called_off_once_and_everybody_is_told(placed):
    waiting = placed.sign_up(person(), "participant")
    Enrolment.objects.filter(pk=waiting.pk).update(state="waiting")

    def call_off(by, when, reason="The house burnt down."):
        return operations.cancel_intensive(placed.offered, reason=reason, by=by, at=when)

    with pytest.raises(Http404):
        call_off(placed.chair, BEFORE)
    for when, reason in ((DURING, "Late."), (BEFORE, " ")):
        with pytest.raises(Refused):
            call_off(placed.office, when, reason)
    call_off(placed.office, BEFORE)
    with pytest.raises(Refused) as twice:
        call_off(placed.office, BEFORE)
    with pytest.raises(Refused):
        placed.sign_up(person(), "participant")

    told = Letter.objects.filter(kind="intensive-called-off").values_list("to", flat=True)
    assert "already" in twice.value.message
    assert set(told) == {placed.candidate.pk, waiting.person_id}
    assert list(queries.permissions()) == []


def test_participants_are_spread_where_the_fewest_are(placed):
    rows = [placed.sign_up(person(), "participant") for _ in range(4)]

    moved = operations.spread_participants(placed.offered, by=placed.office, at=BEFORE)
    with pytest.raises(Refused):
        operations.spread_participants(placed.offered, by=placed.office, at=BEFORE)

    assert [row.small_group for row in moved] == [
        placed.other,
        placed.group,
        placed.other,
        placed.group,
    ]
    assert [row.pk for row in moved] == [row.pk for row in rows]


def test_sessions_leave_room_for_who_is_placed_already(placed):
    fields = ("title", "organiser", "place", "start", "end", "price_note", "capacity")
    values = {name: getattr(placed.offered, name) for name in fields}

    def change(sessions):
        operations.change_intensive(
            placed.offered, **values, sessions=sessions, by=placed.office, at=BEFORE
        )

    with pytest.raises(Refused) as refused:
        change(1)
    change(2)

    assert refused.value.field == "sessions"


# --- Attendance ------------------------------------------------------------------------------


def test_faculty_record_a_whole_group_on_the_last_day_and_leave_out_who_left(placed):
    rows = [placed.sign_up(person(), "participant") for _ in range(2)]
    groups = {row.pk: placed.group for row in rows}
    operations.assign_groups(placed.offered, groups=groups, by=placed.office, at=BEFORE)

    with pytest.raises(Refused):
        operations.complete([placed.enrolment, rows[0]], by=placed.fay, at=DURING)
    operations.complete([placed.enrolment, rows[0]], by=placed.fay, at=LAST_DAY)

    done = Enrolment.objects.filter(completed=True)
    assert set(done) == {placed.enrolment, rows[0]}
    assert Letter.objects.filter(kind="intensive-completed").count() == 2


def test_attendance_recorded_twice_is_recorded_once(placed):
    operations.complete([placed.enrolment], by=placed.fay, at=LAST_DAY)

    with pytest.raises(Refused):
        operations.complete([placed.enrolment], by=placed.flo, at=AFTER)
    assert Letter.objects.filter(kind="intensive-completed").count() == 1


def test_attendance_is_recorded_by_that_groups_faculty_or_the_office(placed):
    for nobody in (placed.gus, placed.eve, placed.chair, placed.candidate):
        with pytest.raises(Http404):
            operations.complete([placed.enrolment], by=nobody, at=AFTER)

    [row] = operations.complete([placed.enrolment], by=placed.office, at=AFTER)

    assert row.completed


def test_nobody_records_their_own_attendance_or_two_groups_at_once(placed):
    office = person("administrator")
    own = placed.sign_up(office, "participant")

    with pytest.raises(Refused):
        operations.complete([own], by=office, at=AFTER)
    with pytest.raises(Refused):
        operations.complete([own, placed.enrolment], by=placed.office, at=AFTER)
    with pytest.raises(Refused):
        operations.complete([], by=placed.office, at=AFTER)


def test_candidates_are_placed_by_the_chair_and_not_put_into_groups(scene):
    with pytest.raises(Refused):
        operations.assign_groups(
            scene.offered,
            groups={scene.enrolment.pk: scene.group},
            by=scene.office,
            at=BEFORE,
        )


def test_partial_attendance_counts_nothing_by_itself_and_is_told_to_the_chair(placed):
    def partly(by, when=AFTER, part="Left on Saturday."):
        return operations.record_partly(placed.enrolment, part=part, by=by, at=when)

    for nobody in (placed.gus, placed.eve, placed.candidate):
        with pytest.raises(Http404):
            partly(nobody)
    for when, part in ((DURING, "Left."), (AFTER, " ")):
        with pytest.raises(Refused):
            partly(placed.fay, when, part)
    row = partly(placed.fay)
    partly(placed.fay)

    told = Letter.objects.filter(kind="attended-partly").values_list("to", flat=True)
    assert (row.attended_partly, row.completed) == ("Left on Saturday.", False)
    assert list(told) == [placed.chair.pk]
    operations.complete([row], by=placed.fay, at=AFTER)
    with pytest.raises(Refused):
        partly(placed.fay)
    row.refresh_from_db()
    assert (row.attended_partly, row.completed) == ("", True)


# --- Elsewhere -------------------------------------------------------------------------------


def test_an_intensive_elsewhere_counts_once_the_office_has_confirmed_it(scene):
    row = operations.record_past_intensive(scene.candidate, **PAST, by=scene.candidate, at=BEFORE)
    waiting = list(queries.recorded_elsewhere())

    operations.confirm_past_intensive(row, by=scene.office, at=BEFORE)

    assert (waiting, list(queries.recorded_elsewhere())) == ([row], [])
    facts = queries.facts([scene.case])[scene.candidate.pk]["intensives"]
    assert [each["completed"] for each in facts if each["id"] == row.key] == [True]
    with pytest.raises(Refused):
        operations.confirm_past_intensive(row, by=scene.office, at=BEFORE)


def test_nobody_confirms_their_own_or_without_the_office(scene):
    own = operations.record_past_intensive(scene.office, **PAST, by=scene.office, at=BEFORE)

    with pytest.raises(Refused):
        operations.confirm_past_intensive(own, by=scene.office, at=BEFORE)
    with pytest.raises(Http404):
        operations.confirm_past_intensive(own, by=scene.chair, at=BEFORE)


def test_only_what_is_over_is_recorded_and_only_for_oneself(scene):
    with pytest.raises(Refused) as future:
        operations.record_past_intensive(
            scene.candidate, **(PAST | {"end": END}), by=scene.candidate, at=BEFORE
        )
    with pytest.raises(Http404):
        operations.record_past_intensive(scene.candidate, **PAST, by=scene.fay, at=BEFORE)

    assert future.value.field == "end"


def test_the_case_of_a_candidacy_is_the_one_of_that_time(scene):
    Application.objects.filter(pk=scene.case.pk).update(started_at=at("2026-01-01"))
    Application.objects.filter(pk=scene.case.pk).update(stage="withdrawn")
    later = ApplicationFactory(applicant=scene.candidate)
    Application.objects.filter(pk=later.pk).update(started_at=at("2026-09-01"))

    assert queries.case_of(scene.enrolment) == scene.case
