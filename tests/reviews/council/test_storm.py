"""A small storm on the operations themselves, and the checker that reads nothing but tables.

The great one, over HTTP, is `python -m deploy.storm`.
"""

import random
import threading
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.http import Http404
from django.utils import timezone

from applicants.models import Membership
from credentialing.people.models import Role
from credentialing.people.operations import end_role
from credentialing.records.models import Letter
from credentialing.records.refusals import Refused
from deploy.storm import checker
from reviews import operations
from reviews.models import Ballot, Vote
from tests.reviews.council.cases import another, overdue, recommended

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("plain_paper")]
YESTERDAY = timezone.localdate() - timedelta(days=1)


def found() -> dict[str, int]:
    """What may never be, where it is."""
    connection.ensure_connection()
    return {
        name: count
        for name, count in checker.faults(connection.connection, settings.TIME_ZONE)
        if count
    }


def test_three_hundred_conflicting_acts_leave_nothing_that_may_never_be():
    society = recommended(8)
    societies = [society, another(society), another(society)]
    ballots = [each.open() for each in societies]
    closes = timezone.now() + timedelta(seconds=0.8)
    long_ago = timezone.now() - timedelta(days=5)
    Ballot.objects.update(opened_at=long_ago, closes_at=closes)
    did, broken = [], []

    def attempt(act):
        try:
            act()
        except (Refused, Http404):
            pass
        except Exception as error:  # noqa: BLE001 - it is the finding
            broken.append(repr(error))
        did.append(act)

    def voter(number):
        chance = random.Random(number)
        for _each in range(30):
            ballot, member = chance.choice(ballots), chance.choice(society.council)
            choice = chance.choice(("for", "against", "abstain"))
            attempt(
                lambda ballot=ballot, member=member, choice=choice: operations.cast(
                    ballot, choice=choice, remark="", by=member
                )
            )
        connection.close()

    def disturber():
        attempt(lambda: operations.recuse(ballots[0], reason="A friend.", by=society.council[0]))
        role = Role.objects.get(person=society.council[1])
        attempt(lambda: end_role(role, on=YESTERDAY, by=society.administrator))
        attempt(
            lambda: Membership.objects.filter(person=societies[2].applicant).update(end=YESTERDAY)
        )
        attempt(
            lambda: operations.send_back(
                societies[1].case, reason="Again.", by=society.chair, at=timezone.now()
            )
        )
        connection.close()

    def clock():
        while timezone.now() < closes + timedelta(seconds=0.3):
            attempt(operations.close_due_ballots)
            time.sleep(0.02)
        connection.close()

    threads = [threading.Thread(target=voter, args=(number,)) for number in range(8)]
    threads += [threading.Thread(target=act) for act in (disturber, clock, clock)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    time.sleep(max(0, (closes - timezone.now()).total_seconds()))
    operations.close_due_ballots()

    assert broken == []
    assert len(did) > 240
    assert found() == {}
    outcomes = dict(Ballot.objects.values_list("pk", "outcome"))
    assert outcomes[ballots[1].pk] == "withdrawn"
    assert Vote.objects.count() > 5


@pytest.fixture
def decided():
    """A ballot of five, decided by five votes."""
    society = recommended(5)
    ballot = society.open()
    society.vote(ballot, "for", "for", "for", "against", "abstain")
    Vote.objects.update(cast_at=ballot.opened_at - timedelta(days=11))  # so that it can have ended
    society.end(ballot)
    return society


@pytest.mark.parametrize(
    ("break_it", "faults"),
    [
        (lambda: None, set()),
        (
            lambda: Vote.objects.update(choice="abstain"),
            {"votes after closing", "votes counted otherwise than they stood"},
        ),
        (lambda: Ballot.objects.update(threshold="0.9"), {"decisions against the count"}),
        (
            lambda: Ballot.objects.get().electors.update(left_at=timezone.now()),
            {"votes of the recused", "decisions without quorum", "letters without their act"},
        ),
        (lambda: Letter.objects.filter(kind="decision").delete(), {"acts without their letter"}),
        (
            lambda: Letter.objects.filter(kind="ballot-closed").update(kind="ballot-withdrawn"),
            {"letters without their act"},
        ),
    ],
)
def test_the_checker_finds_what_may_never_be(decided, break_it, faults):
    break_it()

    assert set(found()) == faults


def test_the_checker_finds_a_vote_of_somebody_out_of_office():
    society = recommended(3)
    ballot = society.open()
    Role.objects.filter(person=society.council[0]).update(end=YESTERDAY)
    Vote.objects.create(
        elector=ballot.electors.get(person=society.council[0]),
        choice="for",
        cast_at=timezone.now(),
        receipt="R",
    )
    overdue(ballot)

    assert set(found()) == {
        "votes after the office ended",
        "votes after closing",
        "acts without their record",
    }
