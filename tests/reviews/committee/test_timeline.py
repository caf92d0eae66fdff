"""Further work: negotiated in versions, agreed by both sides, done activity by activity."""

from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from credentialing import reminders
from credentialing.people.models import Relation
from credentialing.records.models import Letter
from credentialing.records.refusals import Refused
from credentialing.records.reminders import sweep
from reviews import operations
from reviews.models import Progress, Timeline
from reviews.queries import timelines
from tests import factories
from tests.reviews.committee import made

pytestmark = pytest.mark.django_db


def now():
    return timezone.now()


@pytest.fixture
def chair():
    return factories.person("chair")


def test_a_version_is_agreed_once_both_sides_have_consented_to_it(chair):
    case = factories.ApplicationFactory(stage="under-review")

    version = operations.ask_further_work(
        case, activities=[made.work()], note="", by=chair, at=now()
    )
    before = Timeline.objects.get().agreed
    operations.consent(version, by=case.applicant, at=now())

    case.refresh_from_db()
    assert case.stage == "further-work"
    assert (before, Timeline.objects.get().agreed) == (None, version)
    assert Letter.objects.filter(kind="timeline-proposed", to=case.applicant).count() == 1
    assert Letter.objects.filter(kind="timeline-agreed").count() == 2


def test_only_the_newest_version_can_be_agreed_to_and_only_once_by_a_side(chair):
    case = factories.ApplicationFactory(stage="under-review")
    asked = operations.ask_further_work(case, activities=[made.work()], note="", by=chair, at=now())
    later = made.work(due=made.today() + timedelta(days=90))

    proposed = operations.propose_timeline(
        asked.timeline, activities=[later], note="I move house.", by=case.applicant, at=now()
    )

    with pytest.raises(Refused, match="newer version"):
        operations.consent(asked, by=case.applicant, at=now())
    with pytest.raises(Refused, match="already"):
        operations.consent(proposed, by=case.applicant, at=now())
    operations.consent(proposed, by=chair, at=now())
    assert Timeline.objects.get().agreed == proposed


def test_what_is_agreed_holds_until_both_have_agreed_to_another_version(chair):
    case = factories.ApplicationFactory(stage="further-work")
    activity = made.agreed(case, chair)

    proposed = operations.propose_timeline(
        activity.version.timeline, activities=[made.work()], note="", by=chair, at=now()
    )

    assert Timeline.objects.get().agreed == activity.version
    assert proposed.number == 2
    with pytest.raises(Refused):
        operations.complete_activity(
            proposed.activities.get(), note="Done.", by=case.applicant, at=now()
        )


def test_nobody_but_the_applicant_and_the_chair_negotiates(chair):
    case = factories.ApplicationFactory(stage="further-work")
    activity = made.agreed(case, chair)
    related = factories.person("chair")
    Relation.objects.create(
        person=related, applicant=case.applicant, kind="supervisor", since="2020-01-01", source="t"
    )
    others = [factories.person(kind) for kind in ("committee", "council", "administrator")]

    for other in [*others, related, factories.person()]:
        with pytest.raises(Http404):
            operations.propose_timeline(
                activity.version.timeline, activities=[made.work()], note="", by=other, at=now()
            )
        with pytest.raises(Http404):
            operations.consent(activity.version, by=other, at=now())
    with pytest.raises(Http404):
        operations.complete_activity(activity, note="Done.", by=chair, at=now())


def test_the_last_activity_done_returns_the_case_to_review_with_a_new_snapshot(chair):
    case = factories.ApplicationFactory(stage="further-work")
    first = made.agreed(case, chair)
    second = first.version.activities.create(**made.work(area="Pace"))

    operations.complete_activity(first, note="Six groups led.", by=case.applicant, at=now())
    case.refresh_from_db()
    between = case.stage, case.snapshots.count()
    operations.complete_activity(second, note="Slower now.", by=case.applicant, at=now())

    case.refresh_from_db()
    assert between == ("further-work", 0)
    assert (case.stage, case.snapshots.count()) == ("under-review", 1)
    assert Timeline.objects.get().closed_at
    assert case.moves.get().by == case.applicant
    assert Letter.objects.filter(kind="back-in-review", to=chair).count() == 1


def test_an_activity_is_done_once_and_with_a_word_on_it(chair):
    case = factories.ApplicationFactory(stage="further-work")
    activity = made.agreed(case, chair)
    activity.version.activities.create(**made.work(area="Pace"))

    with pytest.raises(Refused):
        operations.complete_activity(activity, note=" ", by=case.applicant, at=now())
    operations.complete_activity(activity, note="Led six.", by=case.applicant, at=now())
    with pytest.raises(Refused, match="already"):
        operations.complete_activity(activity, note="Again.", by=case.applicant, at=now())

    activity.refresh_from_db()
    assert (activity.done_on, activity.done_note) == (made.today(), "Led six.")


def test_what_was_done_stays_done_in_a_new_version(chair):
    case = factories.ApplicationFactory(stage="further-work")
    past = made.today() - timedelta(days=30)
    activity = made.agreed(case, chair, due=past, done=True)
    activity.version.activities.create(**made.work(area="Pace", due=past))
    kept, moved = made.work(due=past), made.work(area="Pace")

    version = operations.propose_timeline(
        activity.version.timeline, activities=[kept, moved], note="", by=chair, at=now()
    )

    done = {each.area: each.done_on for each in version.activities.all()}
    assert done == {"Holding the frame": made.today(), "Pace": None}


def test_agreeing_to_nothing_more_than_what_is_done_returns_the_case_to_review(chair):
    case = factories.ApplicationFactory(stage="further-work")
    activity = made.agreed(case, chair, done=True)
    activity.version.activities.create(**made.work(area="Pace"))
    version = operations.propose_timeline(
        activity.version.timeline, activities=[made.work()], note="", by=case.applicant, at=now()
    )

    operations.consent(version, by=chair, at=now())

    case.refresh_from_db()
    assert case.stage == "under-review"


@pytest.mark.parametrize(
    "activities",
    [
        [],
        [made.work(area=" ")],
        [made.work(activity="")],
        [made.work(due=None)],
        [made.work(due=made.today() - timedelta(days=1))],
    ],
)
def test_a_timeline_needs_an_area_a_description_and_a_deadline_to_come(chair, activities):
    case = factories.ApplicationFactory(stage="under-review")

    with pytest.raises(Refused):
        operations.ask_further_work(case, activities=activities, note="", by=chair, at=now())

    case.refresh_from_db()
    assert case.stage == "under-review"


def test_the_chair_may_go_on_without_waiting_and_the_applicant_may_not(chair):
    case = factories.ApplicationFactory(stage="further-work")
    made.agreed(case, chair)

    with pytest.raises(Refused):
        operations.back_to_review(case, by=case.applicant, at=now())
    operations.back_to_review(case, by=chair, at=now())

    case.refresh_from_db()
    assert case.stage == "under-review"


def test_a_timeline_that_has_ended_is_not_negotiated_further(chair):
    case = factories.ApplicationFactory(stage="further-work")
    activity = made.agreed(case, chair)
    operations.back_to_review(case, by=chair, at=now())

    with pytest.raises(Refused, match="ended"):
        operations.complete_activity(activity, note="Late.", by=case.applicant, at=now())
    with pytest.raises(Refused, match="ended"):
        operations.propose_timeline(
            activity.version.timeline, activities=[made.work()], note="", by=chair, at=now()
        )


def test_deadlines_are_reminded_once_in_each_span_and_once_when_missed(chair):
    case = factories.ApplicationFactory(stage="further-work")
    due = made.today() + timedelta(days=10)
    activity = made.agreed(case, chair, due=due)
    kinds = Letter.objects.filter(kind__startswith="activity")

    counts = []
    for days in (-20, 0, 1, 8, 11, 12):
        sweep(reminders.TABLE, at=now() + timedelta(days=days))
        counts.append(kinds.count())

    assert counts == [0, 1, 1, 2, 4, 4]
    assert set(kinds.filter(to=chair).values_list("kind", flat=True)) == {"activity-missed"}
    operations.complete_activity(activity, note="Done.", by=case.applicant, at=now())
    assert sweep(reminders.TABLE, at=now() + timedelta(days=20))["an activity is due"] == 0


def test_progress_is_noted_with_a_document_and_stays_with_the_activity_in_a_new_version(chair):
    case = factories.ApplicationFactory(stage="further-work")
    activity = made.agreed(case, chair)
    by = {"by": case.applicant, "at": now()}

    noted = operations.note_progress(
        activity, text="Two of six led.", file=ContentFile(factories.PDF), **by
    )
    later = made.work(due=made.today() + timedelta(days=90))
    operations.propose_timeline(activity.version.timeline, activities=[later], note="", **by)

    newest = timelines.timeline(case, today=made.today()).newest
    assert [each.text for each in newest["activities"][0]["progress"]] == ["Two of six led."]
    assert noted.document.title == "Further work: Holding the frame"
    activity.refresh_from_db()
    assert activity.done_on is None


def test_progress_is_the_applicants_on_what_is_agreed_and_not_done(chair):
    case = factories.ApplicationFactory(stage="further-work")
    activity = made.agreed(case, chair)
    proposed = operations.propose_timeline(
        activity.version.timeline, activities=[made.work()], note="", by=chair, at=now()
    )
    said = {"text": "Two of six.", "at": now()}

    for other in (chair, factories.person("committee"), factories.person()):
        with pytest.raises(Http404):
            operations.note_progress(activity, by=other, **said)
    with pytest.raises(Refused, match="does not belong"):
        operations.note_progress(proposed.activities.get(), by=case.applicant, **said)
    with pytest.raises(Refused):
        operations.note_progress(activity, by=case.applicant, text=" ", at=now())

    assert not Progress.objects.exists()


def test_a_version_says_what_it_changes_against_the_one_before(chair):
    case = factories.ApplicationFactory(stage="further-work")
    activity = made.agreed(case, chair, due=date(2030, 1, 31))
    activity.version.activities.create(**made.work(area="Pace"))

    operations.propose_timeline(
        activity.version.timeline,
        activities=[
            made.work(due=date(2030, 3, 31), measure="Four reviews."),
            made.work(area="Silence"),
        ],
        note="",
        by=case.applicant,
        at=now(),
    )

    found = timelines.timeline(case, today=made.today())
    assert found.newest["changes"] == [
        "“Silence” is new.",
        "“Pace” is dropped.",
        "“Holding the frame” is due on 31 March 2030, before on 31 January 2030.",
        "How “Holding the frame” is measured is changed.",
    ]
    assert [each["number"] for each in found.earlier] == []


def test_the_page_of_an_activity_takes_a_note_and_a_file_or_says_that_it_is_done(chair, client):
    case = factories.ApplicationFactory(stage="further-work")
    activity = made.agreed(case, chair)
    client.force_login(case.applicant.user)
    address = reverse("complete-activity", args=[activity.pk])
    wrong = SimpleUploadedFile("letter.exe", b"MZ\x90\x00" * 50)

    refused = client.post(address, {"note": "See there.", "file": wrong, "progress": "1"})
    client.post(address, {"note": "Two of six.", "progress": "1"})
    page = client.get(address).content.decode()
    client.post(address, {"note": "All six."})

    assert (refused.status_code, Progress.objects.count()) == (200, 1)
    assert "Two of six." in page
    case.refresh_from_db()
    assert case.stage == "under-review"
    client.force_login(chair.user)
    read = client.get(reverse("case", args=[case.reference])).content.decode()
    assert "Two of six." in read
