"""An applicant and a supervisor: asked, accepted, declined, ended."""

import pytest
from django.http import Http404

from applicants import access
from applicants.access import Can
from credentialing.people.models import Relation
from credentialing.records.refusals import Refused
from supervision import operations, queries
from supervision.models import Supervision
from tests.factories import ApplicationFactory, balint_group, person
from tests.supervision.made import NOW, TODAY, approved, asked, letters

pytestmark = pytest.mark.django_db


def test_the_last_free_place_goes_to_one():
    sue = approved(places=1)
    first, second = (asked(ApplicationFactory(), sue) for _ in range(2))

    operations.accept_supervision(first, by=sue, at=NOW)
    with pytest.raises(Refused, match="no free place"):
        operations.accept_supervision(second, by=sue, at=NOW)
    with pytest.raises(Refused, match="no free place"):
        asked(ApplicationFactory(), sue)

    assert Supervision.objects.filter(state="active").count() == 1


def test_the_same_supervisor_is_asked_once():
    case, sue = ApplicationFactory(), approved()
    asked(case, sue)

    with pytest.raises(Refused, match="already asked"):
        asked(case, sue)

    assert Supervision.objects.count() == 1


def test_only_the_applicant_asks_and_only_for_their_own_group():
    case, sue = ApplicationFactory(), approved()
    stranger, theirs = person(), balint_group(person())

    with pytest.raises(Http404):
        operations.ask_supervisor(case, sue, group=None, by=stranger, at=NOW)
    with pytest.raises(Http404):
        operations.ask_supervisor(case, sue, group=theirs, by=case.applicant, at=NOW)

    assert not Supervision.objects.exists()


def test_accepting_begins_today_relates_and_shows_what_remains():
    case, sue = ApplicationFactory(), approved()
    request = asked(case, sue)
    before = access.may(sue, Can.FOLLOW, case, day=TODAY)

    begun = operations.accept_supervision(request, by=sue, at=NOW)

    relation = Relation.objects.get()
    assert (begun.state, begun.began) == ("active", TODAY)
    assert (relation.person, relation.applicant) == (sue, case.applicant)
    assert (relation.kind, relation.since) == ("supervisor", TODAY)
    assert (before, access.may(sue, Can.FOLLOW, case, day=TODAY)) == (False, True)
    assert not access.may(sue, Can.READ_CASE, case, day=TODAY)
    assert letters("supervision-answered", case.applicant) == 1


def test_what_accepting_stores_is_what_the_record_gives():
    case, sue = ApplicationFactory(stage="withdrawn"), approved()
    again = ApplicationFactory(applicant=case.applicant)
    request = asked(again, sue)

    operations.accept_supervision(request, by=sue, at=NOW)

    assert set(queries.permissions()) == {
        (sue.pk, "supervisor", case.pk),
        (sue.pk, "supervisor", again.pk),
    }
    assert all(access.may(sue, Can.FOLLOW, one, day=TODAY) for one in (case, again))


def test_only_the_one_who_was_asked_answers_and_only_once():
    case, sue, stranger = ApplicationFactory(), approved(), person()
    request = asked(case, sue)

    with pytest.raises(Http404):
        operations.accept_supervision(request, by=stranger, at=NOW)
    operations.decline_supervision(request, reason="Too far away.", by=sue, at=NOW)
    with pytest.raises(Refused, match="declined now"):
        operations.accept_supervision(request, by=sue, at=NOW)

    assert not Relation.objects.exists()


def test_declining_needs_a_reason():
    request = asked(ApplicationFactory(), sue := approved())

    with pytest.raises(Refused, match="Give a reason"):
        operations.decline_supervision(request, reason=" ", by=sue, at=NOW)

    request.refresh_from_db()
    assert request.state == "requested"


def test_ending_takes_away_the_sight_and_never_the_relation():
    case, sue = ApplicationFactory(), approved()
    begun = operations.accept_supervision(asked(case, sue), by=sue, at=NOW)

    operations.end_supervision(begun, reason="Done.", by=case.applicant, at=NOW)

    assert not access.may(sue, Can.FOLLOW, case, day=TODAY)
    assert Relation.objects.filter(person=sue, kind="supervisor").exists()
    assert letters("supervision-ended", sue) == 1


def test_losing_the_supervision_keeps_what_another_relation_gives():
    case, sue = ApplicationFactory(), approved()
    begun = operations.accept_supervision(asked(case, sue), by=sue, at=NOW)
    access.give(sue, "evaluator", case)

    operations.end_supervision(begun, reason="Done.", by=sue, at=NOW)

    assert access.may(sue, Can.FOLLOW, case, day=TODAY)


def test_a_request_can_be_taken_back_by_the_applicant_alone():
    case, sue = ApplicationFactory(), approved()
    request = asked(case, sue)

    with pytest.raises(Refused):
        operations.end_supervision(request, reason="No.", by=sue, at=NOW)
    operations.end_supervision(request, reason="Found another.", by=case.applicant, at=NOW)

    assert Supervision.objects.get().state == "declined"
    asked(case, sue)
