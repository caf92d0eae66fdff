"""Reminders: each letter in time, none twice, however the sweep comes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

import applicants.operations as applying
from applicants.models import MembershipImport
from credentialing import reminders
from credentialing.management.commands.simulate_reminders import sweeps
from credentialing.records.models import Letter
from credentialing.records.reminders import Reminder, days, step_due, sweep
from tests.factories import ApplicationFactory, at, membership, person, session, supervision

TODAY = date(2028, 2, 29)
STEPS = days(-60, -30, -7, 1)


@pytest.mark.parametrize(
    ("when", "due"),
    [
        (date(2028, 4, 30), None),
        (date(2028, 4, 29), -60),
        (date(2028, 4, 1), -60),
        (date(2028, 3, 30), -30),
        (date(2028, 3, 7), -7),
        (date(2028, 2, 29), -7),
        (date(2028, 2, 28), 1),
        (date(2028, 1, 29), 1),
        (date(2028, 1, 28), None),
    ],
)
def test_the_step_of_a_day_is_the_last_that_was_reached(when, due):
    found = step_due(when, STEPS, at(TODAY))

    assert found == (None if due is None else timedelta(days=due))


@pytest.mark.parametrize(
    ("moment", "reached"),
    [
        # New York goes to summer time at 2 on 14 March 2027, and back at 2 on 7 November.
        (datetime(2027, 3, 14, 4, 59, tzinfo=UTC), False),
        (datetime(2027, 3, 14, 5, 0, tzinfo=UTC), True),
        (datetime(2027, 11, 7, 3, 59, tzinfo=UTC), False),
        (datetime(2027, 11, 7, 4, 0, tzinfo=UTC), True),
    ],
)
def test_a_day_begins_at_the_societys_midnight(moment, reached, settings):
    settings.TIME_ZONE = "America/New_York"
    day = date(2027, 3, 14) if moment.month == 3 else date(2027, 11, 7)

    with timezone.override("America/New_York"):
        assert (step_due(day, days(0), moment) is not None) is reached


def test_two_days_before_a_ballot_closes_are_48_hours_over_a_clock_change():
    closes = datetime(2027, 3, 15, 13, 0, tzinfo=UTC)
    steps = (timedelta(hours=-48),)

    assert step_due(closes, steps, closes - timedelta(hours=48, seconds=1)) is None
    assert step_due(closes, steps, closes - timedelta(hours=48)) == steps[0]


def test_two_years_of_sweeps_write_every_letter_once_and_in_time(capsys):
    call_command("simulate_reminders", "--days", "731")

    said = capsys.readouterr().out
    assert said.count(" 0 faults") == len(reminders.TABLE)
    moments = sweeps(date(2027, 3, 1), 731, seed=1)
    assert moments[0].date() < date(2027, 3, 1) < date(2028, 2, 29) < moments[-1].date()


@pytest.mark.django_db
def test_what_cannot_be_written_keeps_no_other_from_being(caplog):
    told = []

    def breaks(thing, step, at):
        raise RuntimeError(f"a {'secret'}")

    table = [
        Reminder(name="one", steps=days(0), things=lambda at: [(TODAY, 1)], write=breaks),
        Reminder(
            name="two",
            steps=days(0),
            things=lambda at: [(TODAY, 2)],
            write=lambda thing, step, at: told.append(thing),
        ),
    ]

    assert sweep(table, at=at(TODAY)) == {"one": 1, "two": 1}
    assert told == [2]
    assert "a secret" not in caplog.text


def swept(*moments):
    """The kinds of the letters that stand after each sweep, sorted."""
    kinds = []
    for moment in moments:
        sweep(reminders.TABLE, at=moment)
        kinds.append(sorted(Letter.objects.values_list("kind", flat=True)))
    return kinds


def today():
    return timezone.localdate()


@pytest.mark.django_db
def test_a_membership_that_ends_is_told_three_times_and_then_that_it_has():
    case = ApplicationFactory()
    end = today() + timedelta(days=60)
    membership(case.applicant, end=end)
    ended = ApplicationFactory(stage="withdrawn")
    membership(ended.applicant, end=end)

    found = swept(*(at(end + timedelta(days=n)) for n in (-61, -60, -60, -30, -7, 0, 1, 2)))

    before = ["membership-ends"]
    assert found == [
        [],
        before,
        before,
        before * 2,
        before * 3,
        before * 3,
        before * 3 + ["membership-lapsed"],
        before * 3 + ["membership-lapsed"],
    ]
    assert not Letter.objects.filter(to=ended.applicant).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("complete", "kinds"), [(-1, []), (0, []), (1, ["membership-lapsed"])])
def test_nobody_lapses_beyond_the_day_up_to_which_the_list_is_complete(complete, kinds):
    case = ApplicationFactory()
    end = today() - timedelta(days=2)
    term = membership(case.applicant, end=end)
    listed = MembershipImport.objects.create(
        complete_to=end + timedelta(days=complete), imported_at=timezone.now(), by=person()
    )
    type(term).objects.update(source=listed)

    assert swept(timezone.now()) == [kinds]


@pytest.mark.django_db
def test_a_membership_that_goes_on_is_not_spoken_of():
    case = ApplicationFactory()
    membership(case.applicant, "2020-01-01", today() + timedelta(days=20))
    membership(case.applicant, today() + timedelta(days=21), None)

    assert swept(timezone.now()) == [[]]


@pytest.mark.django_db
def test_a_question_is_reminded_until_it_is_answered():
    case, chair = ApplicationFactory(), person("chair")
    due = today() + timedelta(days=7)
    question = applying.ask(case, text="In summer?", due=due, by=chair, at=timezone.now())
    Letter.objects.all().delete()

    found = swept(*(at(due + timedelta(days=n)) for n in (-7, -2, 1)))
    question.answered_at = timezone.now()
    question.save()
    Letter.objects.all().delete()

    assert found == [
        ["question-due"],
        ["question-due"] * 2,
        ["question-due"] * 2 + ["question-overdue"],
    ]
    assert swept(at(due + timedelta(days=1))) == [[]]


@pytest.mark.django_db
def test_who_waits_for_a_confirmation_is_told_that_it_was_not_given():
    case = ApplicationFactory()
    asked, _token = applying.new_attestation(
        kind="co-leading",
        applicant=case.applicant,
        attestor=person(name="Kim"),
        text="Kim co-led.",
        digest="0" * 64,
        by=case.applicant,
        at=timezone.now(),
    )
    Letter.objects.all().delete()

    found = swept(*(asked.asked_at + timedelta(days=n) for n in (6, 7, 8, 21, 31)))

    told = ["attestation-unanswered"]
    assert found == [[], told, told, told * 2, told * 2]
    assert set(Letter.objects.values_list("to__name", flat=True)) == {case.applicant.name}


@pytest.mark.django_db
@pytest.mark.parametrize(("held", "kinds"), [(5, ["supervision-year-short"]), (6, [])])
def test_a_supervision_year_that_ends_short_is_told_sixty_days_before(held, kinds):
    case = ApplicationFactory()
    supervised = supervision(case.applicant, person(), today() - timedelta(days=310))
    for number in range(held):
        session(supervised, today() - timedelta(days=300 - 10 * number))

    assert swept(timezone.now(), timezone.now()) == [kinds, kinds]


@pytest.mark.django_db
def test_a_sweep_over_thirty_cases_takes_the_queries_of_three(
    django_assert_num_queries, django_assert_max_num_queries
):
    for _each in range(3):
        ApplicationFactory()
    with django_assert_max_num_queries(30) as few:
        sweep(reminders.TABLE, at=timezone.now())
    for _each in range(27):
        ApplicationFactory()

    with django_assert_num_queries(len(few)):
        sweep(reminders.TABLE, at=timezone.now())
