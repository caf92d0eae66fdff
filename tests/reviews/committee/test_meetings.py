"""Meetings of the Committee: an agenda from the queue, decisions recorded, papers by reader."""

import io
from datetime import timedelta

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from credentialing.people.models import Relation
from credentialing.records import jobs
from credentialing.records.models import Job
from credentialing.records.refusals import Refused
from credentialing.work import KINDS
from reviews import operations
from reviews.models import AgendaItem, CommitteeMeeting
from reviews.queries.meetings import agenda
from tests import factories
from tests.reviews.committee import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def chair():
    return factories.person("chair", name="Carla Chair")


def plan(chair, days=0):
    day = made.today() + timedelta(days=days)
    return operations.plan_meeting(day=day, place="By video", by=chair, at=timezone.now())


def lapsed(name):
    """A case with one question for the Committee."""
    return factories.ApplicationFactory(applicant=factories.person(name=name))


def by(person):
    return {"by": person, "at": timezone.now()}


def pdf(job):
    """The words of the paper that a job made."""
    jobs.run_next(KINDS)
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.outcome
    with job.file.open("rb") as kept:
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(kept.read())).pages)


def test_one_meeting_is_planned_for_a_day_that_is_still_to_come(chair):
    plan(chair, days=3)

    with pytest.raises(Refused, match="planned for this day"):
        plan(chair, days=3)
    with pytest.raises(Refused, match="later day"):
        plan(chair, days=-1)
    with pytest.raises(Http404):
        plan(factories.person("committee"), days=5)
    operations.cancel_meeting(CommitteeMeeting.objects.get(), **by(chair))

    assert plan(chair, days=3).pk


def test_the_agenda_takes_what_the_committee_meets_on_once_and_leaves_the_rest(chair):
    case = lapsed("Ann Ample")
    new = factories.ApplicationFactory(stage="submitted")
    factories.membership(new.applicant)
    meeting = plan(chair)

    counts = [operations.fill_agenda(meeting, **by(chair)) for _each in range(2)]

    (item,) = meeting.items.all()
    assert counts == [1, 0]
    assert (item.application, item.matter) == (case, "issue:membership")
    assert item.text.startswith("The applicant, membership: Membership lapsed: ")
    operations.drop_from_agenda(item, **by(chair))
    assert operations.fill_agenda(meeting, **by(chair)) == 1


def test_decisions_are_recorded_from_the_day_on_and_stand_once_the_meeting_is_closed(chair):
    lapsed("Ann Ample")
    member = factories.person("committee")
    meeting, later = plan(chair), plan(chair, days=4)
    operations.fill_agenda(meeting, **by(chair))
    item = AgendaItem.objects.get()
    said = {"present": [chair.pk, member.pk], "decisions": {item.pk: "Accepted as it stands."}}

    with pytest.raises(Refused, match="on the day of the meeting"):
        operations.record_minutes(later, **said, **by(chair))
    with pytest.raises(Refused, match="who was there"):
        operations.close_meeting(meeting, **by(chair))
    with pytest.raises(Refused) as refused:
        operations.record_minutes(
            meeting, **(said | {"present": [factories.person().pk]}), **by(chair)
        )
    operations.record_minutes(meeting, **said, **by(chair))
    with pytest.raises(Refused, match="stays in the minutes"):
        operations.drop_from_agenda(item, **by(chair))
    operations.close_meeting(meeting, **by(chair))
    with pytest.raises(Refused, match="closed"):
        operations.record_minutes(meeting, **said, **by(chair))

    item.refresh_from_db()
    assert refused.value.field == "present"
    assert (item.decision, item.decided_by) == ("Accepted as it stands.", chair)


def test_a_member_finds_no_matter_of_a_case_that_is_hidden_from_them(chair, client):
    open_, hidden = lapsed("Ann Ample"), lapsed("Ben Barred")
    related = factories.person("committee", "deputy")
    Relation.objects.create(
        person=related,
        applicant=hidden.applicant,
        kind="supervisor",
        since="2020-01-01",
        source="test",
    )
    meeting = plan(chair)
    operations.fill_agenda(meeting, **by(chair))
    secret = AgendaItem.objects.get(application=hidden)
    client.force_login(related.user)

    page = client.get(reverse("committee-meeting", args=[meeting.pk])).content.decode()
    client.post(reverse("meeting-papers", args=[meeting.pk, "packet"]))
    paper = pdf(Job.objects.get())
    operations.record_minutes(
        meeting, present=[related.pk], decisions={secret.pk: "Mine."}, **by(related)
    )

    assert ("Ann Ample" in page, "Ben Barred" in page) == (True, False)
    assert ("Ann Ample" in paper, "Ben Barred" in paper) == (True, False)
    assert [row["case"] for row in agenda(meeting, chair, day=made.today())] == [open_, hidden]
    secret.refresh_from_db()
    assert secret.decision == ""


def test_the_minutes_say_who_was_there_and_what_was_decided(chair, client):
    lapsed("Ann Ample")
    lapsed("Ben Barred")
    meeting = plan(chair)
    operations.fill_agenda(meeting, **by(chair))
    first, second = AgendaItem.objects.order_by("pk")
    client.force_login(chair.user)
    address = reverse("committee-meeting", args=[meeting.pk])

    sent = {"present": [chair.pk], f"decision_{first.pk}": "Accepted as it stands."}
    client.post(address, sent)
    kept = client.get(address).content.decode()
    client.post(address, sent | {"close": "1"})
    client.post(reverse("meeting-papers", args=[meeting.pk, "minutes"]))
    paper = " ".join(pdf(Job.objects.get()).split())

    assert "Accepted as it stands." in kept
    meeting.refresh_from_db()
    assert meeting.closed_at
    assert "Carla Chair" in paper
    assert "Accepted as it stands." in paper
    assert "Not dealt with; it stays in the queue." in paper
    assert second.decision == ""


def test_a_ruling_begins_with_the_meeting_that_was_just_held(chair, client):
    case = factories.ApplicationFactory()
    member = factories.person("committee")
    meeting = plan(chair)
    operations.record_minutes(meeting, present=[member.pk], decisions={}, **by(chair))
    client.force_login(chair.user)

    form = client.get(reverse("rule", args=[case.reference, "membership"])).context["form"]

    assert form["met_on"].initial == meeting.day
    assert form["took_part"].initial == [member.pk]


def test_a_member_plans_and_records_nothing(chair, client):
    meeting = plan(chair)
    client.force_login(factories.person("committee").user)
    address = reverse("committee-meeting", args=[meeting.pk])

    answers = {
        client.post(reverse("committee-meetings"), {"day": made.today()}).status_code,
        client.post(address, {"present": []}).status_code,
        client.post(reverse("fill-agenda", args=[meeting.pk])).status_code,
        client.post(reverse("cancel-meeting", args=[meeting.pk])).status_code,
    }

    assert (answers, client.get(address).status_code) == ({404}, 200)
    meeting.refresh_from_db()
    assert not meeting.cancelled_at


@pytest.mark.parametrize(
    "sent", [{"present": "x"}, {"present": "99999999999999999999"}, {"close": "1"}]
)
def test_minutes_that_can_not_be_read_are_asked_again(chair, client, sent):
    meeting = plan(chair)
    client.force_login(chair.user)

    page = client.post(reverse("committee-meeting", args=[meeting.pk]), sent)

    assert (page.status_code, page.context["form"].is_valid()) == (200, False)
