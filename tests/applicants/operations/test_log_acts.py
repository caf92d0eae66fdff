from datetime import date, timedelta

import pytest
from django.utils import timezone

from applicants import operations
from applicants.models import AttestationAnswer, Debriefing, LogAct, Meeting, Ruling
from applicants.queries import Log, planned_days, relied_on
from credentialing.records.models import AuditEntry
from credentialing.records.refusals import Refused
from tests.applicants import cases
from tests.factories import ApplicationFactory, person

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate()


def now():
    return timezone.now()


@pytest.fixture
def led():
    """A group with three evenings in one act, its applicant and the co-leader."""
    ann, bob = ApplicationFactory().applicant, person(profession="psychologist")
    group = cases.group(ann, bob)
    days = [today() - timedelta(days=14 * number) for number in range(3)]
    act = operations.log_evenings(
        [
            operations.Evening(group=group, date=day, minutes=90, debriefed=40, partners=(bob,))
            for day in days
        ],
        by=ann,
        at=now(),
    )
    return group, ann, bob, act


def standing():
    return Meeting.objects.standing().count(), Debriefing.objects.standing().count()


def audited(act):
    return AuditEntry.objects.filter(act=act).count()


def test_many_evenings_are_one_act_with_one_entry_of_the_trail_and_undone_as_one(led):
    _group, ann, _bob, act = led
    assert (standing(), len(act.entries)) == ((3, 3), 6)
    assert sum(map(len, AuditEntry.objects.get(act="log.recorded").after.values())) == 6

    operations.undo(act, by=ann, at=now())

    assert (standing(), audited("log.undone")) == ((0, 0), 1)
    with pytest.raises(Refused, match="already"):
        operations.undo(act, by=ann, at=now())


def test_of_many_evenings_all_are_kept_or_none(led):
    group, ann, bob, _act = led
    good = operations.Evening(group=group, date=today(), minutes=90, partners=(bob,))

    for bad in (
        {"date": today() + timedelta(days=1)},
        {"date": group.start - timedelta(days=1)},
        {"date": today(), "minutes": 601},
        {"date": today(), "debriefed": 30},
        {"date": today(), "debriefed": 30, "partners": (person(),)},
        {"date": today(), "met": False},
    ):
        with pytest.raises(Refused):
            operations.log_evenings(
                [good, operations.Evening(group=group, **bad)], by=ann, at=now()
            )

    assert (standing(), LogAct.objects.count()) == ((3, 3), 1)


def test_entries_are_changed_alike_and_changed_back(led):
    group, ann, bob, _act = led
    cleo = person(profession="nurse")
    cases.add_leader(group, cleo)
    chosen = list(Log(ann))

    act = operations.change_entries(chosen, minutes=75, partners=[bob, cleo], by=ann, at=now())

    assert set(Meeting.objects.values_list("minutes", flat=True)) == {75}
    assert set(Debriefing.objects.values_list("minutes", flat=True)) == {40}
    assert all(each.partners.count() == 2 for each in Debriefing.objects.all())
    operations.undo(act, by=ann, at=now())
    assert set(Meeting.objects.values_list("minutes", flat=True)) == {90}
    assert all(list(each.partners.all()) == [bob] for each in Debriefing.objects.all())


def test_a_change_is_not_undone_over_a_later_one(led):
    _group, ann, _bob, _act = led
    act = operations.change_entries(list(Log(ann)), minutes=75, by=ann, at=now())
    meeting = Meeting.objects.order_by("date").last()
    operations.correct_meeting(meeting, date=today(), minutes=60, cases=1, by=ann, at=now())

    with pytest.raises(Refused, match="changed again"):
        operations.undo(act, by=ann, at=now())

    assert sorted(Meeting.objects.values_list("minutes", flat=True)) == [60, 75, 75]


def test_what_nobody_relied_on_goes_without_a_reason_and_comes_back(led):
    _group, ann, _bob, _act = led

    act = operations.withdraw_entries(list(Log(ann)), by=ann, at=now())
    assert (standing(), len(Log(ann, withdrawn=True))) == ((0, 0), 0)

    operations.undo(act, by=ann, at=now())
    assert standing() == (3, 3)


def attested(group, ann, bob):
    asked, _token = operations.new_attestation(
        kind="co-leading",
        applicant=ann,
        attestor=bob,
        text="We led together.",
        digest="0" * 64,
        group=group,
        by=ann,
        at=now(),
    )
    AttestationAnswer.objects.create(
        attestation=asked, given=True, name="Bob", text="-", digest="0" * 64, by_link=True, at=now()
    )


def reviewed(group, ann, bob):
    ann.applications.get().moves.create(
        number=1, move="open-review", from_stage="accepted", to_stage="under-review", at=now()
    )


def ruled_on(group, ann, bob):
    Ruling.objects.create(
        application=ann.applications.get(),
        kind="count",
        requirement="leading",
        terms={"count": [meeting.key for meeting in Meeting.objects.all()]},
        reason="Counts.",
        ruled_on=today(),
        by=bob,
        at=now(),
    )


@pytest.mark.parametrize(("rely", "how_many"), [(attested, 6), (reviewed, 6), (ruled_on, 3)])
def test_what_somebody_relied_on_is_only_withdrawn_with_a_reason(led, rely, how_many):
    group, ann, bob, act = led
    assert relied_on(ann, list(Log(ann))) == set()
    rely(group, ann, bob)
    operations.log_evening(group, date=today(), minutes=60, by=ann, at=now())
    chosen = list(Log(ann))

    assert len(relied_on(ann, chosen)) == how_many
    with pytest.raises(Refused, match="relied"):
        operations.undo(act, by=ann, at=now())
    with pytest.raises(Refused, match="reason"):
        operations.withdraw_entries(chosen, reason=" ", by=ann, at=now())
    assert standing() == (4, 3)

    operations.withdraw_entries(chosen, reason="Another group.", by=ann, at=now())
    assert (standing(), len(Log(ann, withdrawn=True))) == ((0, 0), 7)


def test_planned_days_go_on_from_the_last_meeting_on_the_weekday_until_the_group_ends(led):
    group, ann, _bob, _act = led
    operations.plan_group(group, {"weekday": today().weekday(), "every_weeks": 2}, by=ann)
    group.refresh_from_db()
    group.end = today() + timedelta(days=40)

    days = planned_days([group], after=today(), until=date(2100, 1, 1))

    assert days == {group: [today() + timedelta(days=14), today() + timedelta(days=28)]}
