"""What can happen in supervision, and what is refused."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.http import Http404
from django.utils import timezone

from applicants import access
from applicants.access import Can
from applicants.models import Attestation
from applicants.operations import attestation_behind, token_digest, withdraw_attestation
from credentialing import reminders
from credentialing.people.models import Relation
from credentialing.records.models import AuditEntry, Letter
from credentialing.records.refusals import Refused
from credentialing.records.reminders import sweep
from credentialing.standing.queries import standing
from supervision import operations, queries
from supervision.models import Approval, Availability, Confirmation, Report, Session, Supervision
from tests.factories import ApplicationFactory, at, balint_group, person, session, supervision

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
NOW = timezone.now()


def approved(places=3, **fields):
    """Somebody who is an approved supervisor."""
    made = person(**fields)
    Approval.objects.create(supervisor=made, start="2010-01-01", places=places)
    return made


def asked(case, sue):
    return operations.ask_supervisor(case, sue, group=None, by=case.applicant, at=NOW)


def running(case=None, sue=None, began=None):
    case = case or ApplicationFactory()
    return supervision(case.applicant, sue or person(), began or TODAY - timedelta(days=100))


def held(of, days_ago=1, minutes=60, by=None):
    return operations.log_session(
        of,
        date=TODAY - timedelta(days=days_ago),
        minutes=minutes,
        state="held",
        by=by or of.applicant,
        at=NOW,
    )


def so(*rows, **otherwise):
    """What a supervisor says of sessions as they stand: that they are so, or otherwise."""
    return [
        operations.Verdict(
            session=row.pk, digest=queries.digest(row), **({"given": True} | otherwise)
        )
        for row in rows
    ]


def letters(kind, to):
    return Letter.objects.filter(kind=kind, to=to).count()


# --- Approvals


def test_only_an_approved_supervisor_can_be_asked():
    case, sue, tom = ApplicationFactory(), approved(), person()

    asked(case, sue)
    with pytest.raises(Refused, match="not an approved supervisor today"):
        asked(case, tom)

    assert list(Supervision.objects.values_list("supervisor", flat=True)) == [sue.pk]


def test_an_approval_holds_on_its_last_day_and_not_on_the_next():
    case, sue = ApplicationFactory(), person()
    approval = Approval.objects.create(supervisor=sue, start="2010-01-01", end=TODAY)

    asked(case, sue)
    approval.end = TODAY - timedelta(days=1)
    approval.save()
    with pytest.raises(Refused, match="not an approved supervisor today"):
        asked(ApplicationFactory(), sue)


def test_nobody_approves_themselves():
    office, sue = person("administrator"), person()
    terms = {"start": TODAY, "end": None, "places": 2, "reason": "Trained.", "at": NOW}

    operations.approve_supervisor(sue, by=office, **terms)
    with pytest.raises(Refused, match="can't approve yourself"):
        operations.approve_supervisor(office, by=office, **terms)

    assert list(Approval.objects.values_list("supervisor", flat=True)) == [sue.pk]


def test_approvals_of_one_person_never_overlap():
    office, sue = person("administrator"), person()
    terms = {"places": 2, "reason": "Trained.", "by": office, "at": NOW}
    operations.approve_supervisor(sue, start=date(2020, 1, 1), end=date(2020, 12, 31), **terms)

    operations.approve_supervisor(sue, start=date(2021, 1, 1), end=None, **terms)
    with pytest.raises(Refused, match="already approved"):
        operations.approve_supervisor(sue, start=date(2020, 12, 31), end=None, **terms)

    assert Approval.objects.count() == 2


def test_the_end_of_an_approval_is_told_to_those_who_are_supervised():
    office, sue = person("administrator"), person()
    supervised = running(sue=sue)

    operations.end_approval(
        Approval.objects.get(), on=TODAY, reason="Moved away.", by=office, at=NOW
    )

    told = Letter.objects.filter(kind="supervisor-approval-ends").values_list("to", flat=True)
    assert set(told) == {sue.pk, supervised.applicant_id}


def ending(on):
    """Somebody supervised whose supervisor's approval ends on a day, and one who only asks."""
    sue = person()
    of = running(sue=sue)
    Approval.objects.filter(supervisor=sue).update(end=on)
    asks = Supervision.objects.create(applicant=person(), supervisor=sue, asked_at=NOW)
    return sue, of, asks


def told(kind):
    rows = Letter.objects.filter(kind=kind).values_list("to", flat=True)
    assert len(rows) == len(set(rows))
    return set(rows)


def test_everybody_concerned_is_told_before_an_approval_ends_and_after_each_once():
    end = TODAY + timedelta(days=40)
    sue, of, asks = ending(end)
    concerned = {sue.pk, of.applicant_id, asks.applicant_id}
    ends, ended = [], []

    for days in (9, 10, 20, 40, 41, 55, 80):
        sweep(reminders.TABLE, at=NOW + timedelta(days=days))
        ends.append(told("supervisor-approval-ends"))
        ended.append(told("supervisor-approval-ended"))

    assert ends == [set()] + [concerned] * 6
    assert ended == [set()] * 4 + [concerned] * 3


def test_nobody_is_alarmed_where_the_next_approval_follows_at_once():
    sue, _of, _asks = ending(TODAY + timedelta(days=5))
    Approval.objects.create(supervisor=sue, start=TODAY + timedelta(days=6))

    for days in (0, 6):
        sweep(reminders.TABLE, at=NOW + timedelta(days=days))

    assert not Letter.objects.exists()


def test_an_approval_that_ends_midway_leaves_earlier_sessions_as_they_are():
    of = running()
    case = of.applicant.applications.get()
    before, after = (session(of, TODAY - timedelta(days=days)) for days in (30, 3))
    operations.end_approval(
        Approval.objects.get(),
        on=TODAY - timedelta(days=10),
        reason="Moved away.",
        by=person("administrator"),
        at=NOW,
    )

    [entry] = [
        each for each in standing(case, TODAY).data["requirements"] if each["id"] == "supervision"
    ]

    assert entry["evidence"] == [before.key]
    assert {"id": after.key, "why": "supervisor-not-approved"} in entry["uncounted"]
    assert told("supervisor-approval-ended") == {of.supervisor_id, of.applicant_id}


def test_the_supervisor_keeps_what_the_directory_says():
    sue = approved(places=3)
    terms = {"note": "Online.", "by": sue, "at": NOW}

    operations.keep_availability(sue, takes_requests=True, places=2, **terms)
    with pytest.raises(Refused, match="up to 3 applicants"):
        operations.keep_availability(sue, takes_requests=True, places=4, **terms)
    with pytest.raises(Http404):
        operations.keep_availability(person(), takes_requests=True, places=1, **terms)

    [line] = queries.approved_supervisors(TODAY)
    assert (line.given, line.free, line.note, line.can_be_asked) == (2, 2, "Online.", True)


def test_who_takes_no_requests_is_not_asked_and_still_accepts_who_asked_before():
    sue = approved()
    waiting = asked(ApplicationFactory(), sue)
    operations.keep_availability(sue, takes_requests=False, places=1, note="", by=sue, at=NOW)

    with pytest.raises(Refused, match="takes no requests"):
        asked(ApplicationFactory(), sue)
    operations.accept_supervision(waiting, by=sue, at=NOW)

    assert Availability.objects.get().takes_requests is False
    assert Supervision.objects.get().state == "active"


def test_a_second_supervisor_takes_over_midway_and_both_their_sessions_count():
    case, sue, tom = ApplicationFactory(), approved(), approved()
    first = running(case, sue, began=TODAY - timedelta(days=200))
    early = session(first, TODAY - timedelta(days=150))
    second = operations.accept_supervision(asked(case, tom), by=tom, at=NOW - timedelta(days=60))
    operations.end_supervision(first, reason="She retires.", by=case.applicant, at=NOW)
    late = session(second, TODAY - timedelta(days=20))

    entry = standing(case, TODAY).entries["supervision"]

    assert entry["evidence"] == [early.key, late.key]
    assert (access.may(sue, Can.FOLLOW, case, day=TODAY)) is False
    assert (access.may(tom, Can.FOLLOW, case, day=TODAY)) is True


# --- Asking, accepting, ending


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


# --- Sessions


def test_the_applicant_logs_sessions_and_nobody_else():
    of = running()

    held(of)
    for by in (of.supervisor, person()):
        with pytest.raises(Http404):
            held(of, days_ago=8, by=by)

    assert Session.objects.count() == 1


# --- What the supervisor remembers


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


# --- The link


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


# --- Reports


def written(of, text, year=1, by=None, **ratings):
    return operations.save_report(
        of, year=year, text=text, ratings=ratings, by=by or of.supervisor, at=NOW
    )


def test_a_report_is_a_draft_until_it_is_released_and_then_stands():
    of = running()

    written(of, "First.")
    report = written(of, "Second.", frame=("sound", "On time."))
    draft = queries.reports([of], released=True)[of.pk]
    operations.release_report(report, by=of.supervisor, at=NOW)
    with pytest.raises(Refused, match="stands as it is"):
        written(of, "Third.")
    with pytest.raises(Refused, match="stands as it is"):
        operations.release_report(report, by=of.supervisor, at=NOW)

    [released] = queries.reports([of], released=True)[of.pk]
    [rated] = released.rated
    assert draft == []
    assert released.text == "Second."
    assert (rated["label"], rated["rated"], rated["remark"]) == (
        "Holds the frame",
        "sound",
        "On time.",
    )
    assert letters("supervision-report", of.applicant) == 1


def test_the_database_itself_keeps_a_released_report():
    of = running()
    report = operations.release_report(written(of, "Well led."), by=of.supervisor, at=NOW)

    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(text="Badly led.")

    assert Report.objects.get().text == "Well led."


def test_an_empty_report_is_saved_but_never_released():
    of = running()
    empty = written(of, " ")

    with pytest.raises(Refused, match="Write the report first"):
        operations.release_report(empty, by=of.supervisor, at=NOW)

    assert Report.objects.get().released_at is None


@pytest.mark.parametrize("ratings", [{"charm": ("sound", "")}, {"frame": ("superb", "")}])
def test_what_is_not_in_the_instrument_is_not_rated(ratings):
    of = running()

    with pytest.raises(Refused, match="not part of the instrument"):
        written(of, "Text.", **ratings)

    assert not Report.objects.exists()


def test_there_is_one_final_report_and_only_the_supervisor_writes():
    of = running()

    written(of, "All.", year=None)
    report = written(of, "All.", year=None)
    for by in (of.applicant, person()):
        with pytest.raises(Http404):
            written(of, "All.", year=None, by=by)
        with pytest.raises(Http404):
            operations.release_report(report, by=by, at=NOW)

    assert of.reports.count() == 1


# --- The record


def test_every_act_leaves_an_entry_that_names_the_case():
    case, sue, office = ApplicationFactory(), person(), person("administrator")
    operations.approve_supervisor(
        sue, start=TODAY, end=None, places=1, reason="Trained.", by=office, at=NOW
    )
    of = operations.accept_supervision(asked(case, sue), by=sue, at=NOW)
    row = held(of, days_ago=0)
    operations.confirm_sessions(so(row), by=sue, at=NOW)
    operations.withdraw_session(row, reason="x", by=sue, at=NOW)
    operations.restore_session(row, by=sue, at=NOW)
    operations.end_supervision(of, reason="x", by=sue, at=NOW)

    entries = AuditEntry.objects.order_by("pk").values_list("act", "case")
    assert list(entries) == [
        ("supervisor.approved", ""),
        ("supervision.asked", case.reference),
        ("supervision.accepted", case.reference),
        ("session.logged", case.reference),
        ("session.confirmed", case.reference),
        ("session.withdrawn", case.reference),
        ("session.restored", case.reference),
        ("supervision.ended", case.reference),
    ]


def test_letters_of_supervision_carry_no_name_and_no_date():
    of = running(sue=person(name="Sue Secret"))
    row = held(of)
    operations.confirm_sessions(so(row), by=of.supervisor, at=at(TODAY))
    operations.correct_session(row, date=row.date, minutes=5, state="held", by=of.applicant, at=NOW)

    for letter in Letter.objects.exclude(kind="attestation-asked"):
        assert "Sue Secret" not in letter.subject + letter.text
        assert of.applicant.name not in letter.subject + letter.text
