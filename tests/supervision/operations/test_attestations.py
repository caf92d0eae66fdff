"""Asking through a link: sent, answered, sent again."""

from datetime import timedelta

import pytest
from django.http import Http404

from applicants.models import Attestation
from applicants.operations import attestation_behind, withdraw_attestation
from credentialing.records.links import token_digest
from credentialing.records.models import Letter
from credentialing.records.refusals import Refused
from supervision import operations, queries
from supervision.models import Confirmation
from tests.factories import ApplicationFactory, person, session
from tests.supervision.made import NOW, TODAY, held, letters, running, so

pytestmark = pytest.mark.django_db


def link_to(of, *rows):
    """Ask for sessions, and the token of the letter."""
    attestation = operations.ask_for_sessions(of, rows, by=of.applicant, at=NOW)
    letter = Letter.objects.filter(kind="attestation-asked").latest("pk")
    return attestation, letter.link.rstrip("/").rpartition("/")[2]


def test_asking_writes_one_letter_with_a_link_that_is_stored_as_a_digest():
    of = running()
    rows = [held(of, days_ago=days) for days in (1, 8)]

    attestation, token = link_to(of, *rows)

    letter = Letter.objects.get(kind="attestation-asked")
    assert (letter.to, letter.link_is_secret) == (of.supervisor, True)
    assert attestation_behind(token_digest(token)) == attestation
    assert token not in str(Attestation.objects.values().get())
    assert attestation.sessions.count() == 2


def test_an_answer_confirms_what_is_ticked_and_records_why_the_rest_is_not():
    of = running()
    right, wrong = held(of, days_ago=1), held(of, days_ago=8)
    attestation, token = link_to(of, right, wrong)

    answer = operations.answer_sessions(
        attestation,
        so(right) + so(wrong, given=False, reason="That was in May."),
        [],
        name="Sue S.",
        role="Supervisor",
        at=NOW,
    )

    standings = {row.session: row.standing for row in queries.logged([of], at=NOW)[of.pk]}
    assert standings == {right: "confirmed", wrong: "declined"}
    assert (answer.name, answer.given, answer.by_link) == ("Sue S.", True, True)
    assert set(Confirmation.objects.values_list("attestation", flat=True)) == {attestation.pk}
    assert attestation_behind(token_digest(token)) is None


def test_an_answer_is_taken_once():
    of = running()
    row = held(of)
    attestation, _token = link_to(of, row)
    words = {"name": "Sue", "role": "", "at": NOW}

    operations.answer_sessions(attestation, so(row), [], **words)
    with pytest.raises(Refused, match="no longer works"):
        operations.answer_sessions(attestation, so(row), [], **words)

    assert Confirmation.objects.count() == 1


def test_what_is_taken_off_needs_a_reason_or_nothing_is_recorded():
    of = running()
    one, two = held(of, days_ago=1), held(of, days_ago=8)
    attestation, token = link_to(of, one, two)

    with pytest.raises(Refused, match="Say what is not right"):
        operations.answer_sessions(
            attestation, so(one) + so(two, given=False), [], name="Sue", role="", at=NOW
        )

    assert not Confirmation.objects.exists()
    assert attestation_behind(token_digest(token)) == attestation


def test_what_changed_since_it_was_asked_is_not_asked_any_more():
    of = running()
    same, changed = held(of, days_ago=1), held(of, days_ago=8)
    attestation, _token = link_to(of, same, changed)
    operations.correct_session(
        changed, date=changed.date, minutes=30, state="held", by=of.applicant, at=NOW
    )
    words = {"name": "Sue", "role": "", "at": NOW}

    with pytest.raises(Refused, match="has changed meanwhile"):
        operations.answer_sessions(attestation, so(same, changed), [], **words)
    operations.answer_sessions(attestation, so(same), [], **words)

    assert list(Confirmation.objects.values_list("session", flat=True)) == [same.pk]


def test_a_question_of_which_everything_changed_is_out_of_date():
    of = running()
    row = held(of)
    attestation, _token = link_to(of, row)
    before = queries.out_of_date(attestation)

    operations.withdraw_session(row, reason="Not held.", by=of.applicant, at=NOW)

    assert (before, queries.out_of_date(attestation)) == (False, True)
    with pytest.raises(Refused, match="has changed meanwhile"):
        operations.answer_sessions(
            attestation, so(row, given=False, reason="x"), [], name="Sue", role="", at=NOW
        )


def test_a_session_is_asked_about_in_one_open_letter_at_a_time():
    of = running()
    row = held(of)
    attestation, _token = link_to(of, row)

    with pytest.raises(Refused, match="already asked"):
        operations.ask_for_sessions(of, [row], by=of.applicant, at=NOW)
    withdraw_attestation(attestation, by=of.applicant, at=NOW)
    operations.ask_for_sessions(of, [row], by=of.applicant, at=NOW)

    assert Attestation.objects.count() == 2


def test_only_own_sessions_that_were_held_and_wait_can_be_asked_about():
    of, other = running(), running()
    planned = operations.log_session(
        of, date=TODAY + timedelta(days=3), minutes=None, state="planned", by=of.applicant, at=NOW
    )
    confirmed = session(of, TODAY - timedelta(days=3))

    with pytest.raises(Http404):
        operations.ask_for_sessions(of, [held(other)], by=of.applicant, at=NOW)
    with pytest.raises(Http404):
        operations.ask_for_sessions(of, [held(of)], by=of.supervisor, at=NOW)
    for row in (planned, confirmed):
        with pytest.raises(Refused):
            operations.ask_for_sessions(of, [row], by=of.applicant, at=NOW)
    with pytest.raises(Refused, match="at least one"):
        operations.ask_for_sessions(of, [], by=of.applicant, at=NOW)

    assert not Attestation.objects.exists()


def test_a_reminder_is_a_new_link_and_the_old_one_is_void():
    of = running()
    row = held(of)
    attestation, old = link_to(of, row)

    with pytest.raises(Refused, match="less than an hour"):
        operations.remind(attestation, by=of.applicant, at=NOW)
    fresh = operations.remind(attestation, by=of.applicant, at=NOW + timedelta(hours=2))

    assert attestation_behind(token_digest(old)) is None
    assert list(fresh.sessions.values_list("session", flat=True)) == [row.pk]
    assert letters("attestation-asked", of.supervisor) == 2


def test_an_old_link_brings_a_new_one_to_the_same_address_while_something_is_open():
    of = running()
    attestation, _token = link_to(of, held(of))
    later = NOW + timedelta(days=31)

    first = operations.send_new_link(attestation.token_digest, at=later)
    again_at_once = operations.send_new_link(attestation.token_digest, at=later)
    again_later = operations.send_new_link(attestation.token_digest, at=later + timedelta(days=1))
    unknown = operations.send_new_link("0" * 64, at=later)

    assert first.address == again_later.address == of.supervisor.email
    assert (again_at_once, unknown) == (None, None)
    assert Attestation.objects.filter(void_at=None).get() == again_later


def test_an_old_link_brings_nothing_once_answered_or_taken_back():
    of = running()
    row, other = held(of, days_ago=1), held(of, days_ago=8)
    answered, _token = link_to(of, row)
    taken_back, _token = link_to(of, other)
    operations.answer_sessions(answered, so(row), [], name="Sue", role="", at=NOW)
    withdraw_attestation(taken_back, by=of.applicant, at=NOW)

    later = NOW + timedelta(days=2)
    sent = [operations.send_new_link(one.token_digest, at=later) for one in (answered, taken_back)]

    assert sent == [None, None]


def test_the_applicants_own_address_in_disguise_is_refused():
    case = ApplicationFactory()
    case.applicant.email = "ann@example.org"
    case.applicant.save()
    of = running(case, sue=person(email="ann+sue@example.org"))

    with pytest.raises(Refused, match="address of your own"):
        operations.ask_for_sessions(of, [held(of)], by=of.applicant, at=NOW)

    assert not Letter.objects.filter(kind="attestation-asked").exists()
