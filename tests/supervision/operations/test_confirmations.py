"""The supervisor's word on sessions, and those that were forgotten."""

from datetime import timedelta

import pytest
from django.http import Http404

from credentialing.records.refusals import Refused
from supervision import operations, queries
from supervision.models import Confirmation, Session
from tests.factories import person, session
from tests.supervision.made import NOW, TODAY, held, letters, running, so

pytestmark = pytest.mark.django_db


def remembered(of, days_ago=4, **changes):
    words = {"by": of.supervisor, "at": NOW} | changes
    what = operations.Remembered(date=TODAY - timedelta(days=days_ago), minutes=50)
    return operations.add_forgotten(of, what, **words)


def test_what_the_supervisor_remembers_counts_once_the_applicant_accepts_it():
    of = running()
    case = of.applicant.applications.get()

    added = remembered(of)
    before = queries.facts([case])[of.applicant_id]["supervision"]
    accepted = operations.accept_forgotten(added, by=of.applicant, at=NOW)
    [after] = queries.facts([case])[of.applicant_id]["supervision"]

    assert before == []
    assert (after["date"], after["minutes"], after["confirmed"]) == (added.date, 50, TODAY)
    assert queries.confirmation(accepted).by == of.supervisor
    assert letters("session-remembered", of.applicant) == 1


def test_what_is_not_accepted_never_becomes_a_session_and_the_supervisor_is_told_why():
    of = running()
    added = remembered(of)

    with pytest.raises(Refused, match="Give a reason"):
        operations.decline_forgotten(added, reason=" ", by=of.applicant, at=NOW)
    operations.decline_forgotten(added, reason="I was ill.", by=of.applicant, at=NOW)
    with pytest.raises(Refused, match="answered this"):
        operations.accept_forgotten(added, by=of.applicant, at=NOW)

    assert not Session.objects.exists()
    assert letters("session-not-accepted", of.supervisor) == 1


def test_the_supervisor_alone_remembers_and_the_applicant_alone_accepts():
    of = running()
    added = remembered(of)

    for by in (of.applicant, person()):
        with pytest.raises(Http404):
            remembered(of, days_ago=9, by=by)
    for by in (of.supervisor, person()):
        with pytest.raises(Http404):
            operations.accept_forgotten(added, by=by, at=NOW)

    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("days_ago", "why"), [(2, "already logged"), (4, "added a session"), (-1, "lies ahead")]
)
def test_what_stands_already_is_not_remembered_twice(days_ago, why):
    of = running()
    held(of, days_ago=2)
    remembered(of, days_ago=4)

    with pytest.raises(Refused, match=why):
        remembered(of, days_ago=days_ago)

    assert of.forgotten.count() == 1


def test_the_supervisor_confirms_many_at_once():
    of = running()
    rows = [held(of, days_ago=days) for days in (1, 8, 15)]

    operations.confirm_sessions(so(*rows), by=of.supervisor, at=NOW)

    assert all(queries.confirmation(row) for row in rows)
    assert letters("sessions-answered", of.applicant) == 1


def test_confirming_twice_writes_once_and_says_so():
    of = running()
    rows = [held(of)]
    operations.confirm_sessions(so(*rows), by=of.supervisor, at=NOW)

    with pytest.raises(Refused, match="already confirmed"):
        operations.confirm_sessions(so(*rows), by=of.supervisor, at=NOW)

    assert Confirmation.objects.count() == 1


def test_a_session_that_changed_since_it_was_shown_is_not_confirmed():
    of = running()
    shown = held(of)
    operations.correct_session(
        shown, date=shown.date, minutes=10, state="held", by=of.applicant, at=NOW
    )

    with pytest.raises(Refused, match="changed while you were looking"):
        operations.confirm_sessions(so(shown), by=of.supervisor, at=NOW)

    assert not Confirmation.objects.exists()


def test_only_the_supervisor_of_these_sessions_confirms_them():
    of, other = running(), running()
    rows = [held(of), held(other)]

    for by in (of.applicant, of.supervisor, person()):
        with pytest.raises(Http404):
            operations.confirm_sessions(so(*rows), by=by, at=NOW)

    assert not Confirmation.objects.exists()


def test_what_was_not_held_is_not_confirmed():
    of = running()
    missed = operations.log_session(
        of, date=TODAY, minutes=60, state="no-show", by=of.applicant, at=NOW
    )

    with pytest.raises(Refused, match="only one that was held"):
        operations.confirm_sessions(so(missed), by=of.supervisor, at=NOW)

    assert not Confirmation.objects.exists()


def test_declining_a_session_takes_an_earlier_confirmation_back():
    of = running()
    made = session(of, TODAY - timedelta(days=3))

    operations.decline_session(made, reason="We met in May.", by=of.supervisor, at=NOW)

    [row] = queries.logged([of], at=NOW)[of.pk]
    assert (row.standing, row.word.reason) == ("declined", "We met in May.")
    assert letters("sessions-answered", of.applicant) == 1
