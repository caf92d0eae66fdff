from datetime import timedelta

import pytest
from django.utils import timezone

from applicants import operations
from applicants.models import Debriefing, Meeting
from credentialing.people.models import Relation
from credentialing.records.models import AuditEntry
from credentialing.records.refusals import Refused
from tests.applicants import cases
from tests.factories import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def led():
    """A group, its applicant and the co-leader."""
    ann, bob = person(), person(profession="psychologist")
    return cases.group(ann, bob), ann, bob


def today():
    return timezone.localdate()


def now():
    return timezone.now()


def evening(group, by, **said):
    """The meeting and the debriefing that an evening left in the log, None where there is none."""
    said = {"date": today(), "minutes": 90, "cases": 1} | said
    act = operations.log_evening(group, **said, by=by, at=now())
    made = {entry["kind"]: entry["key"] for entry in act.entries}
    return (
        Meeting.objects.filter(pk=made.get("meeting")).first(),
        Debriefing.objects.filter(pk=made.get("debriefing")).first(),
    )


def test_a_group_makes_its_other_leaders_co_leaders_of_the_applicant(led):
    group, ann, bob = led

    relations = Relation.objects.values_list("person", "applicant", "kind")

    assert list(relations) == [(bob.pk, ann.pk, "co-leader")]
    assert set(group.leaders.values_list("person", flat=True)) == {ann.pk, bob.pk}


def test_one_evening_is_a_meeting_and_its_debriefing(led):
    group, ann, bob = led

    meeting, debriefing = evening(group, ann, debriefed=40, partners=[bob])

    assert (meeting.minutes, debriefing.minutes) == (90, 40)
    assert list(debriefing.partners.all()) == [bob]


def test_an_evening_may_be_a_debriefing_alone(led):
    group, ann, bob = led

    meeting, debriefing = evening(group, ann, debriefed=40, partners=[bob], met=False)

    assert meeting is None
    assert debriefing.date == today()


@pytest.mark.parametrize(
    "said",
    [
        {"date_in": 1},
        {"date_in": -101},
        {"minutes": 0},
        {"minutes": 601},
        {"debriefed": 40},
        {"met": False},
    ],
)
def test_what_cannot_have_been_is_refused(led, said):
    group, ann, _bob = led
    shift = said.pop("date_in", 0)

    with pytest.raises(Refused):
        evening(group, ann, date=today() + timedelta(days=shift), **said)

    assert (Meeting.objects.count(), Debriefing.objects.count()) == (0, 0)


def test_a_debriefing_is_with_a_leader_of_the_group(led):
    group, ann, bob = led

    for stranger in (person(), ann):
        with pytest.raises(Refused):
            evening(group, ann, debriefed=40, partners=[stranger])

    assert evening(group, ann, debriefed=40, partners=[bob])[1]


def test_a_correction_keeps_what_was_said_before(led):
    group, ann, _bob = led
    meeting, _none = evening(group, ann)

    operations.correct_meeting(meeting, date=today(), minutes=75, cases=2, by=ann, at=now())

    entry = AuditEntry.objects.get(act="meeting.corrected")
    assert (entry.before["minutes"], entry.after["minutes"]) == (90, 75)


def test_an_entry_is_withdrawn_with_a_reason_and_put_back(led):
    group, ann, _bob = led
    meeting, _none = evening(group, ann)

    operations.withdraw_evidence(meeting, reason="Wrong group.", by=ann, at=now())
    assert not Meeting.objects.standing().exists()

    operations.restore_evidence(meeting, by=ann, at=now())
    assert Meeting.objects.standing().get() == meeting


def test_a_withdrawn_entry_is_not_corrected(led):
    group, ann, _bob = led
    meeting, _none = evening(group, ann)
    operations.withdraw_evidence(meeting, reason="Wrong group.", by=ann, at=now())

    with pytest.raises(Refused, match="withdrawn"):
        operations.correct_meeting(meeting, date=today(), minutes=75, cases=2, by=ann, at=now())


def test_a_group_does_not_start_after_what_was_logged_in_it(led):
    group, ann, bob = led
    evening(group, ann, date=today() - timedelta(days=50))
    said = {
        "name": "Tuesday group",
        "setting": "medical",
        "end": None,
        "leaders": [{"person": bob, "profession": "psychologist"}],
        "by": ann,
        "at": now(),
    }

    with pytest.raises(Refused, match="in the log"):
        operations.update_group(group, start=today() - timedelta(days=49), **said)

    moved = operations.update_group(group, start=today() - timedelta(days=50), **said)
    assert moved.start == today() - timedelta(days=50)


def test_a_leader_leads_within_the_groups_days():
    ann, bob = person(), person()
    said = {"name": "G", "setting": "other", "end": None, "by": ann, "at": now()}
    start = today() - timedelta(days=10)

    for row in (
        {"person": bob, "profession": "nurse", "start": start - timedelta(days=1)},
        {"person": bob, "profession": "nurse", "start": today(), "end": start},
        {"person": bob, "profession": "sailor"},
    ):
        with pytest.raises(Refused):
            operations.create_group(ann, start=start, leaders=[row], **said)

    assert not ann.balint_groups.exists()
