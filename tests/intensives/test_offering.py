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
from tests.factories import ApplicationFactory, at, person
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
