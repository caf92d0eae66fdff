"""Two presses at once end in one row and one letter. Real transactions, real threads."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from credentialing.people.models import Relation
from credentialing.records.models import Letter
from credentialing.records.refusals import Refused
from intensives import operations
from intensives.models import (
    Agreement,
    Enrolment,
    Presentation,
    SmallGroup,
    WrittenAssessment,
)
from tests.factories import ApplicationFactory, candidacy, intensive, person

pytestmark = pytest.mark.django_db(transaction=True)


def both(*acts: Callable[[], object]) -> list[object]:
    """What each act answers when all begin at the same moment, refusals included."""
    start, answers = Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            answers.append(act())
        except Refused as refused:
            answers.append(refused)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def refused(answers: list[object]) -> int:
    return sum(isinstance(answer, Refused) for answer in answers)


def test_the_last_place_goes_to_one_and_the_other_waits():
    offered = intensive(timezone.localdate() + timedelta(days=40), capacity=1)
    people = [person(), person()]

    both(
        *(
            lambda who=who: operations.enrol(
                offered, who, role="participant", by=who, at=timezone.now()
            )
            for who in people
        )
    )

    states = Enrolment.objects.values_list("state", flat=True)
    assert sorted(states) == ["signed-up", "waiting"]


def test_one_person_signing_up_twice_at_once_is_enrolled_once():
    offered = intensive(timezone.localdate() + timedelta(days=40))
    who = person()

    def sign_up():
        return operations.enrol(offered, who, role="participant", by=who, at=timezone.now())

    answers = both(sign_up, sign_up)

    assert (refused(answers), Enrolment.objects.count()) == (1, 1)
    assert Letter.objects.count() == 1


def assessed():
    end = timezone.localdate() - timedelta(days=10)
    eve, fay, flo = (person(name=name) for name in ("Eve", "Fay", "Flo"))
    chair = person("chair")
    case = ApplicationFactory()
    enrolment = candidacy(case.applicant, end, (fay, flo), eve, presented=False)
    return enrolment, eve, (fay, flo), chair


def test_presenting_twice_at_once_is_one_presentation_and_one_letter():
    enrolment, eve, faculty, _chair = assessed()
    for member in faculty:
        operations.agree(enrolment.assessment, revision=1, by=member, at=timezone.now())

    def present():
        return operations.present(enrolment.assessment, to="committee", by=eve, at=timezone.now())

    answers = both(present, present)

    assert (refused(answers), Presentation.objects.count()) == (1, 1)
    assert Letter.objects.filter(kind="assessment-presented").count() == 1


def test_an_edit_and_an_agreement_at_once_leave_no_agreement_to_other_words():
    enrolment, eve, (fay, _flo), _chair = assessed()
    body = enrolment.assessment.body | {"narrative": "Other words."}

    both(
        lambda: operations.save_assessment(
            enrolment,
            body=body,
            met_on=enrolment.assessment.met_on,
            revision=1,
            by=eve,
            at=timezone.now(),
        ),
        lambda: operations.agree(enrolment.assessment, revision=1, by=fay, at=timezone.now()),
    )

    assert WrittenAssessment.objects.get().revision == 2
    for agreement in Agreement.objects.all():
        assert (agreement.revision, agreement.content["narrative"]) == (1, "Led well.")


def test_a_placement_and_a_change_of_faculty_at_once_make_no_barred_pair():
    offered = intensive(timezone.localdate() + timedelta(days=40))
    chair, office, eve = person("chair"), person("administrator"), person()
    fay, flo, sue = person(), person(), person()
    group = SmallGroup.objects.create(
        intensive=offered, name="A", first_faculty=fay, second_faculty=flo
    )
    case = ApplicationFactory()
    who = case.applicant
    Relation.objects.create(
        person=sue, applicant=who, kind="supervisor", since=offered.start, source="test"
    )
    row = operations.enrol(offered, who, role="candidate", by=who, at=timezone.now())

    answers = both(
        lambda: operations.place(
            row, small_group=group, evaluator=eve, by=chair, at=timezone.now()
        ),
        lambda: operations.change_faculty(
            group, first_faculty=fay, second_faculty=sue, by=office, at=timezone.now()
        ),
    )

    row.refresh_from_db()
    group.refresh_from_db()
    assert refused(answers) == 1
    assert not (row.small_group == group and sue.pk in group.faculty_ids)


def test_attendance_recorded_by_both_faculty_at_once_is_one_letter_each():
    enrolment, _eve, faculty, _chair = assessed()
    Enrolment.objects.update(completed=False)

    answers = both(
        *(
            lambda by=by: operations.complete([enrolment], by=by, at=timezone.now())
            for by in faculty
        )
    )

    assert refused(answers) == 1
    assert Letter.objects.filter(kind="intensive-completed").count() == 1
