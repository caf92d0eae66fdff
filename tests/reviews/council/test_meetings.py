from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from applicants.models import Application, Membership
from credentialing.people.models import Credential
from credentialing.records.models import Letter
from credentialing.records.refusals import Refused
from reviews import operations
from reviews.models import Ballot, Decision, MeetingVote
from tests.factories import person
from tests.reviews.council.cases import recommended

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_paper")]


def enter(society, **changes):
    told = {
        "held_on": timezone.localdate(),
        "present": [member.pk for member in society.council],
        "votes_for": 2,
        "votes_against": 1,
        "abstained": 0,
        "minutes": "The Council voted by hand.",
    }
    by = changes.pop("by", society.administrator)
    return operations.record_meeting_vote(
        society.case, **(told | changes), by=by, at=timezone.now()
    )


def test_a_meetings_vote_decides_once_a_second_officer_confirms_it():
    society = recommended(3)
    vote = enter(society)
    assert not Ballot.objects.exists()

    operations.confirm_meeting_vote(vote, by=society.chair, at=timezone.now())

    ballot, decision = Ballot.objects.get(), Decision.objects.get()
    case = Application.objects.get(pk=society.case.pk)
    assert (ballot.kind, ballot.outcome, ballot.publish) == ("meeting", "adopted", "counts")
    assert (decision.arithmetic["for"], decision.arithmetic["seated"]) == (2, 3)
    assert (case.stage, case.credentialed, case.decided_on) == ("decided", True, vote.held_on)
    assert Credential.objects.get().since == vote.held_on


def test_who_entered_a_vote_does_not_confirm_it():
    society = recommended(3)
    vote = enter(society)

    with pytest.raises(Refused, match="Another officer"):
        operations.confirm_meeting_vote(vote, by=society.administrator, at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        MeetingVote.objects.update(confirmed_by=society.administrator, confirmed_at=timezone.now())

    second = person("administrator")
    operations.confirm_meeting_vote(vote, by=second, at=timezone.now())
    assert Decision.objects.count() == 1


def test_the_other_officers_are_told_and_the_one_who_entered_is_not():
    society = recommended(3)

    enter(society)

    told = Letter.objects.filter(kind="meeting-vote-entered").values_list("to__name", flat=True)
    assert list(told) == ["Carla Chair"]


def test_a_chair_does_not_enter_and_a_member_of_the_council_does_not_confirm():
    society = recommended(3)

    with pytest.raises(Http404):
        enter(society, by=society.chair)

    vote = enter(society)
    with pytest.raises(Http404):
        operations.confirm_meeting_vote(vote, by=society.council[0], at=timezone.now())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"held_on": timezone.localdate() + timedelta(days=1)}, "held_on"),
        ({"held_on": timezone.localdate() - timedelta(days=1)}, "held_on"),
        ({"present": []}, "present"),
        ({"present": [0]}, "present"),
        ({"votes_for": 4}, "votes_for"),
        ({"votes_for": -1}, "votes_for"),
        ({"minutes": " "}, "minutes"),
    ],
)
def test_what_cannot_have_been_is_refused_at_its_field(changes, field):
    society = recommended(3)

    with pytest.raises(Refused) as refused:
        enter(society, **changes)

    assert refused.value.field == field


def test_a_recused_member_is_not_among_the_present():
    society = recommended(3)
    society.council[0].relations.create(
        applicant=society.applicant, kind="faculty", since="2024-01-01", source="intensive"
    )

    with pytest.raises(Refused) as refused:
        enter(society)

    assert refused.value.field == "present"


def test_one_vote_waits_at_a_time_and_a_refused_one_makes_room():
    society = recommended(3)
    vote = enter(society)
    with pytest.raises(Refused, match="waits already"):
        enter(society)
    with pytest.raises(Refused, match="Confirm or refuse it first"):
        society.open()

    operations.refuse_meeting_vote(vote, by=society.administrator, at=timezone.now())

    again = enter(society, votes_for=1, votes_against=2)
    operations.confirm_meeting_vote(again, by=society.chair, at=timezone.now())
    assert Application.objects.get(pk=society.case.pk).credentialed is False


def test_a_confirmed_vote_is_not_confirmed_again():
    society = recommended(3)
    vote = enter(society)
    operations.confirm_meeting_vote(vote, by=society.chair, at=timezone.now())

    with pytest.raises(Refused, match="already answered"):
        operations.confirm_meeting_vote(vote, by=society.chair, at=timezone.now())

    assert Decision.objects.count() == 1


def test_a_meeting_without_a_quorum_decides_nothing():
    society = recommended(4)
    vote = enter(society, votes_for=2, votes_against=0)

    operations.confirm_meeting_vote(vote, by=society.chair, at=timezone.now())

    assert Ballot.objects.get().outcome == "no-quorum"
    assert Application.objects.get(pk=society.case.pk).stage == "recommended"
    assert not Decision.objects.exists()


def test_a_gap_of_membership_is_ruled_on_before_a_meetings_vote_is_confirmed():
    society = recommended(3)
    vote = enter(society)
    Membership.objects.filter(person=society.applicant).update(
        end=timezone.localdate() - timedelta(days=3)
    )

    with pytest.raises(Refused, match="Membership lapsed"):
        operations.confirm_meeting_vote(vote, by=society.chair, at=timezone.now())

    vote.refresh_from_db()
    assert vote.confirmed_at is None


def test_a_vote_on_a_recommendation_that_was_taken_back_is_not_confirmed():
    society = recommended(3)
    vote = enter(society)
    operations.take_back(society.case, reason="A page lacks.", by=society.chair, at=timezone.now())

    with pytest.raises(Refused):
        operations.confirm_meeting_vote(vote, by=society.chair, at=timezone.now())

    assert not Decision.objects.exists()
