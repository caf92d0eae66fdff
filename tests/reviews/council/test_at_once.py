"""What two do at the same moment, on connections of their own."""

import threading
import time

import pytest
from django.db import connection, transaction
from django.utils import timezone

from credentialing.people.models import Credential, Role
from credentialing.people.operations import end_role
from credentialing.records.refusals import Refused
from reviews import operations
from reviews.models import Ballot, CastVote, Decision, Vote
from tests.reviews.council.cases import overdue, recommended

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("plain_paper")]


def at_once(*acts):
    """Do these acts at the same moment; each one's answer, or what it raised, in their order."""
    start, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        try:
            start.wait()
            answers[place] = act()
        except Exception as raised:  # noqa: BLE001 - it is the answer
            answers[place] = raised
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_closers_at_the_same_moment_decide_once():
    society = recommended(3)
    ballot = society.open()
    society.vote(ballot, "for", "for", "for")
    overdue(ballot)

    answers = at_once(
        lambda: operations.close_ballot(ballot),
        operations.close_due_ballots,
        lambda: operations.close_ballot(ballot),
        operations.close_due_ballots,
    )

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert (Decision.objects.count(), Credential.objects.count(), CastVote.objects.count()) == (
        1,
        1,
        3,
    )


def test_votes_of_one_member_at_the_same_moment_are_one_row():
    society = recommended(3)
    ballot = society.open()
    member = society.council[0]

    answers = at_once(
        *(
            lambda choice=choice: operations.cast(ballot, choice=choice, remark="", by=member)
            for choice in ("for", "against", "abstain", "for")
        )
    )

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert Vote.objects.count() == 1


def test_a_vote_that_waited_for_the_lock_is_judged_by_the_clock_after_it():
    society = recommended(3)
    ballot = society.open()
    locked = threading.Event()

    def end_meanwhile():
        with transaction.atomic():
            Ballot.objects.select_for_update().get(pk=ballot.pk)
            locked.set()
            time.sleep(0.4)
            overdue(ballot)

    def vote():
        locked.wait()
        return operations.cast(ballot, choice="for", remark="", by=society.council[0])

    _ended, answer = at_once(end_meanwhile, vote)

    assert isinstance(answer, Refused)
    assert not Vote.objects.exists()


def test_a_vote_that_waited_for_the_end_of_the_role_is_refused():
    society = recommended(3)
    ballot = society.open()
    role = Role.objects.get(person=society.council[0])
    locked = threading.Event()

    def end_meanwhile():
        with transaction.atomic():
            yesterday = timezone.localdate() - timezone.timedelta(days=1)
            end_role(role, on=yesterday, by=society.administrator)
            locked.set()
            time.sleep(0.4)

    def vote():
        locked.wait()
        return operations.cast(ballot, choice="for", remark="", by=society.council[0])

    _ended, answer = at_once(end_meanwhile, vote)

    assert isinstance(answer, Refused)
    assert not Vote.objects.exists()


def test_a_second_opening_at_the_same_moment_is_refused_in_words():
    society = recommended(3)

    answers = at_once(society.open, society.open)

    assert sorted(type(answer).__name__ for answer in answers) == ["Ballot", "Refused"]
