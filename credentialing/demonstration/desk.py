"""The Committee's desk in the demonstration: meetings, who took what, advice, progress."""

from datetime import timedelta

import reviews.operations as reviewing
from applicants.models import Application
from applicants.models import Stage as At
from credentialing.demonstration.evidence import moment
from credentialing.demonstration.stories import Stage
from reviews.models import Activity, Advice, CommitteeMeeting
from reviews.queries import queue


def desk(stage: Stage) -> None:
    """A meeting that was held, one that is prepared, and matters in several hands."""
    chair, members = stage.cast.chair, stage.cast.committee
    yesterday = moment(stage.cast.ago(days=1))
    CommitteeMeeting.objects.create(
        day=stage.cast.ago(days=33),
        place="By video",
        planned_by=chair,
        planned_at=moment(stage.cast.ago(days=60)),
        present=stage.committee,
        closed_at=moment(stage.cast.ago(days=32)),
    )
    coming = reviewing.plan_meeting(
        day=stage.today + timedelta(days=12), place="By video", by=chair, at=yesterday
    )
    reviewing.fill_agenda(coming, by=chair, at=yesterday)
    waiting = queue.matters(chair, day=stage.today)
    for number, matter in enumerate(each for each in waiting if not each.item.for_anybody):
        if number % 3 == 0:
            reviewing.assign(
                matter.item.case,
                matter=matter.item.matter,
                to=(chair, *members)[number % 2 + 1],
                due=stage.today + timedelta(days=4 + number),
                by=chair,
                at=yesterday,
            )
    for case in Application.objects.filter(stage=At.UNDER_REVIEW, snapshots__isnull=False):
        reviewing.advise(
            case,
            leaning=Advice.Leaning.FOR,
            text="Two seasons of steady leading, and a supervisor who is convinced. I am, too.",
            by=members[0],
            at=yesterday,
        )
    agreed = Activity.objects.filter(version__timeline__agreed__isnull=False, done_on__isnull=True)
    for activity in agreed.select_related("version__timeline__application__applicant")[:1]:
        reviewing.note_progress(
            activity,
            text="Two of the four sessions are held; the third is on the 9th.",
            by=activity.version.timeline.application.applicant,
            at=yesterday,
        )
