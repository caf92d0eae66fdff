"""The papers of a Committee meeting: the packet beforehand, the minutes afterwards.

Each is made for the member who asks, and holds no case that is hidden from them.
"""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from applicants.models import Question
from credentialing.records.jobs import Outcome, Progress
from credentialing.records.models import Job
from credentialing.records.refusals import Refused
from credentialing.records.society import current as society_now
from credentialing.rules import words
from reviews.dossiers import paper
from reviews.models import CommitteeMeeting
from reviews.queries import between, frozen, meetings
from reviews.queries.cases import stands
from reviews.queries.files import stage


def packet(job: Job, progress: Progress) -> Outcome:
    """The agenda with where each of its cases stands, as a PDF for who asked."""
    meeting, groups, day = _asked(job)
    standings = {each.application.pk: each for each in stands((row["case"] for row in groups), day)}
    since = between.last_meeting(meeting.day)
    cases = []
    for place, row in enumerate(groups):
        case = row["case"]
        progress(place, len(groups), case.applicant.name)
        now = standings[case.pk]
        earlier = stands([case], since.day)[0] if since and since.day <= day else None
        asked = Question.objects.filter(application=case, answered_at__isnull=True)
        cases.append(
            {
                "case": case,
                "stage": stage(case)["word"],
                "summary": words.summary(now.data, now.procedure),
                "lines": frozen.lines(now),
                "items": row["items"],
                "changes": between.changes(earlier, now) if earlier else None,
                "questions": [each.text for each in asked.order_by("due", "pk")],
            }
        )
    context = {"cases": cases, "since": since and since.day}
    return _paper("packet", meeting, groups, context, job, at=timezone.now())


def minutes(job: Job, progress: Progress) -> Outcome:
    """What was decided at a meeting and who was there, as a PDF for who asked."""
    meeting, groups, _day = _asked(job)
    progress(0, 1, _("Setting the minutes"))
    if meeting.closed_at is None:
        raise Refused(_("The minutes stand once the meeting is closed."))
    context = {"groups": groups, "present": meetings.present(meeting)}
    return _paper("minutes", meeting, groups, context, job, at=meeting.closed_at)


def _asked(job: Job) -> tuple[CommitteeMeeting, list[dict[str, Any]], Any]:
    """The meeting of a job and its agenda, as the person who asked may read it today."""
    day = timezone.localdate()
    meeting = CommitteeMeeting.objects.filter(pk=job.parameters["meeting"]).first()
    if meeting is None:
        raise Refused(_("This meeting is no longer on record."))
    return meeting, meetings.agenda(meeting, job.by, day=day), day


def _paper(
    kind: str,
    meeting: CommitteeMeeting,
    groups: list[dict[str, Any]],
    context: dict[str, Any],
    job: Job,
    *,
    at: datetime,
) -> Outcome:
    held = date_format(meeting.day, "j F Y")
    content = paper.to_pdf(
        f"reviews/print/{kind}.html",
        {
            **context,
            "meeting": meeting,
            "reader": job.by.name,
            "society": society_now().name,
            "made": at,
        },
        variant="pdf/ua-1",
        created=at,
        identity=f"{kind} {meeting.pk} {job.by_id} {at.isoformat()}",
    )
    said = {
        "packet": _("The packet for the meeting of %(day)s is ready."),
        "minutes": _("The minutes of the meeting of %(day)s are ready."),
    }[kind] % {"day": held}
    return Outcome(
        text=said,
        name=f"{kind}-{meeting.day.isoformat()}.pdf",
        content=content,
        cases=[row["case"].reference for row in groups],
    )
