"""Sessions: logged, corrected, withdrawn."""

from datetime import timedelta

import pytest
from django.http import Http404

from credentialing.records.models import AuditEntry, Letter
from credentialing.records.refusals import Refused
from supervision import operations, queries
from supervision.models import Session
from tests.factories import person, session
from tests.supervision.made import NOW, TODAY, held, letters, running

pytestmark = pytest.mark.django_db


def test_the_applicant_logs_sessions_and_nobody_else():
    of = running()

    held(of)
    for by in (of.supervisor, person()):
        with pytest.raises(Http404):
            held(of, days_ago=8, by=by)

    assert Session.objects.count() == 1


def test_a_day_ahead_is_planned_and_a_day_past_is_not():
    of = running()
    terms = {"minutes": 60, "by": of.applicant, "at": NOW}
    tomorrow, yesterday = TODAY + timedelta(days=1), TODAY - timedelta(days=1)

    operations.log_session(of, date=tomorrow, state="planned", **terms)
    operations.log_session(of, date=TODAY, state="held", **terms)
    with pytest.raises(Refused, match="lies ahead"):
        operations.log_session(of, date=tomorrow, state="held", **terms)
    with pytest.raises(Refused, match="has passed"):
        operations.log_session(of, date=yesterday, state="planned", **terms)

    assert Session.objects.count() == 2


def test_an_unusual_session_is_a_question_and_no_refusal():
    of = running(began=TODAY - timedelta(days=10))
    held(of, days_ago=2)

    held(of, days_ago=2)
    held(of, days_ago=20)

    assert Session.objects.count() == 3
    assert len(queries.doubts(of, day=TODAY - timedelta(days=2))) == 1
    assert len(queries.doubts(of, day=TODAY - timedelta(days=20))) == 2
    assert queries.doubts(of, day=TODAY - timedelta(days=3)) == []


def test_a_correction_makes_the_confirmation_stale_and_tells_both():
    of = running()
    made = session(of, TODAY - timedelta(days=3))

    operations.correct_session(
        made, date=made.date, minutes=45, state="held", by=of.applicant, at=NOW
    )

    made.refresh_from_db()
    assert queries.confirmation(made) is None
    assert letters("session-out-of-date", of.applicant) == 1
    assert letters("session-out-of-date", of.supervisor) == 1


def test_correcting_back_makes_the_confirmation_hold_again():
    of = running()
    made = session(of, TODAY - timedelta(days=3))
    for minutes in (45, 60):
        operations.correct_session(
            made, date=made.date, minutes=minutes, state="held", by=of.applicant, at=NOW
        )

    made.refresh_from_db()
    assert queries.confirmation(made) is not None


def test_saving_a_session_as_it_is_changes_nothing():
    of = running()
    made = session(of, TODAY - timedelta(days=3))

    operations.correct_session(
        made, date=made.date, minutes=60, state="held", by=of.applicant, at=NOW
    )

    assert not AuditEntry.objects.filter(act="session.corrected").exists()
    assert not Letter.objects.filter(kind="session-out-of-date").exists()


def test_a_withdrawn_session_stays_on_record_and_comes_back_confirmed():
    of = running()
    made = session(of, TODAY - timedelta(days=3))

    operations.withdraw_session(made, reason="Wrong group.", by=of.applicant, at=NOW)
    gone = queries.facts([of.applicant.applications.get()])[of.applicant_id]["supervision"]
    operations.restore_session(made, by=of.applicant, at=NOW)
    back = queries.facts([of.applicant.applications.get()])[of.applicant_id]["supervision"]

    assert gone == []
    assert [row["confirmed"] for row in back] == [made.date]


def test_a_withdrawal_needs_a_reason_and_one_of_the_two():
    of = running()
    made = session(of, TODAY - timedelta(days=3))

    with pytest.raises(Refused, match="Give a reason"):
        operations.withdraw_session(made, reason="", by=of.applicant, at=NOW)
    with pytest.raises(Http404):
        operations.withdraw_session(made, reason="No.", by=person(), at=NOW)

    made.refresh_from_db()
    assert made.withdrawn_at is None
