"""Further work: a timeline negotiated in versions, agreed by both sides, and done."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import IO, Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

import applicants.operations
from applicants import access, stages
from applicants.access import Can
from applicants.models import Application, Document, Stage
from applicants.stages import Move
from credentialing.people.models import Person
from credentialing.records import audit
from credentialing.records.refusals import Refused
from reviews.letters import committee as letters
from reviews.models import Activity, Consent, Progress, Timeline, TimelineVersion
from reviews.operations.review import back_to_review, end_timelines, locked

Asked = Sequence[Mapping[str, Any]]


@transaction.atomic
def ask_further_work(
    application: Application, *, activities: Asked, note: str, by: Person, at: datetime
) -> TimelineVersion:
    """Ask the applicant for further work: the Committee's first version of a timeline."""
    application = locked(application)
    stages.check(application, Move.ASK_FURTHER_WORK, by=by, at=at)
    end_timelines(application, at=at)
    timeline = Timeline.objects.create(application=application, opened_at=at)
    version = _propose(timeline, Consent.Side.COMMITTEE, activities, note, by=by, at=at)
    stages.take(application, Move.ASK_FURTHER_WORK, by=by, at=at)
    letters.timeline_proposed(application, version, Consent.Side.COMMITTEE)
    return version


@transaction.atomic
def propose_timeline(
    timeline: Timeline, *, activities: Asked, note: str, by: Person, at: datetime
) -> TimelineVersion:
    """Propose another version of an open timeline, from either side; the proposer consents to it.

    What was agreed holds until both sides have agreed to the new version.
    """
    application, timeline, side = _open(timeline, by=by, at=at)
    version = _propose(timeline, side, activities, note, by=by, at=at)
    letters.timeline_proposed(application, version, side)
    return version


@transaction.atomic
def consent(version: TimelineVersion, *, by: Person, at: datetime) -> Consent:
    """Consent to the newest version for one's side; the second consent makes it agreed."""
    application, timeline, side = _open(version.timeline, by=by, at=at)
    newest = timeline.versions.order_by("-number")[0]
    if newest.pk != version.pk:
        raise Refused(
            _("A newer version (%(number)d) has been proposed. Read that one.")
            % {"number": newest.number}
        )
    if version.consents.filter(side=side).exists():
        raise Refused(_("Your side has already consented to this version."))
    given = Consent.objects.create(version=version, side=side, by=by, at=at)
    audit.record(
        "timeline.consented",
        application.reference,
        by=by,
        record=f"timeline version {version.number}",
        after={"side": side},
    )
    if version.consents.count() == len(Consent.Side.values):
        timeline.agreed = version
        timeline.save(update_fields=["agreed"])
        audit.record(
            "timeline.agreed",
            application.reference,
            by=by,
            record=f"timeline version {version.number}",
        )
        letters.timeline_agreed(application, given)
        if not version.activities.filter(done_on__isnull=True).exists():
            back_to_review(application, by=by, at=at)
    return given


@transaction.atomic
def note_progress(
    activity: Activity, *, text: str, file: IO[bytes] | None = None, by: Person, at: datetime
) -> Progress:
    """Note, as the applicant, how far an agreed activity is, with a document where there is one."""
    application, _timeline, activity = _agreed(activity, by=by, at=at)
    if not text.strip():
        raise Refused(_("Say in a sentence what you did."), field="note")
    document = None
    if file:
        title = _("Further work: %(area)s") % {"area": activity.area}
        document = applicants.operations.upload_document(
            application, kind=Document.Kind.OTHER, title=title, file=file, by=by, at=at
        )
    noted = Progress.objects.create(
        activity=activity, text=text.strip(), document=document, by=by, at=at
    )
    audit.record(
        "timeline.progress",
        application.reference,
        by=by,
        record=f"activity {activity.pk}",
        after={"document": document and document.pk},
    )
    return noted


@transaction.atomic
def complete_activity(
    activity: Activity, *, note: str, file: IO[bytes] | None = None, by: Person, at: datetime
) -> Activity:
    """Note, as the applicant, that an agreed activity is done.

    The last one returns the case to review with a new snapshot.
    """
    application, timeline, activity = _agreed(activity, by=by, at=at)
    if not note.strip():
        raise Refused(_("Say in a sentence what you did."), field="note")
    if file:
        note_progress(activity, text=note, file=file, by=by, at=at)
    activity.done_on, activity.done_note = timezone.localdate(at), note.strip()
    activity.save(update_fields=["done_on", "done_note"])
    audit.record(
        "timeline.activity-done",
        application.reference,
        by=by,
        record=f"activity {activity.pk}",
        after={"done_on": activity.done_on},
    )
    if timeline.agreed.activities.filter(done_on__isnull=True).exists():
        letters.activity_done(application, activity)
    else:
        back_to_review(application, by=by, at=at)
    return activity


def _agreed(
    activity: Activity, *, by: Person, at: datetime
) -> tuple[Application, Timeline, Activity]:
    """The applicant's own activity that holds and is not done, locked with its case."""
    application, timeline, side = _open(activity.version.timeline, by=by, at=at)
    if side != Consent.Side.APPLICANT:
        raise Http404
    activity = Activity.objects.select_for_update().get(pk=activity.pk)
    if timeline.agreed_id != activity.version_id:
        raise Refused(_("This activity does not belong to the timeline that both sides agreed to."))
    if activity.done_on:
        raise Refused(_("This activity is already marked as done."))
    return application, timeline, activity


def _open(
    timeline: Timeline, *, by: Person, at: datetime
) -> tuple[Application, Timeline, Consent.Side]:
    """The locked application and timeline, and the side on which a person acts (404 for others)."""
    application = locked(timeline.application)
    side = _side(application, by, day=timezone.localdate(at))
    timeline = Timeline.objects.select_for_update(of=("self",)).get(pk=timeline.pk)
    if timeline.closed_at or application.stage != Stage.FURTHER_WORK:
        raise Refused(_("This timeline has ended. Nothing was changed."))
    return application, timeline, side


def _side(application: Application, by: Person, *, day: date) -> Consent.Side:
    if by.pk == application.applicant_id:
        return Consent.Side.APPLICANT
    if access.may(by, Can.CHAIR, application, day=day):
        return Consent.Side.COMMITTEE
    raise Http404


def _propose(
    timeline: Timeline,
    side: Consent.Side,
    activities: Asked,
    note: str,
    *,
    by: Person,
    at: datetime,
) -> TimelineVersion:
    """The next version, with its proposer's consent; what was done of an agreed one stays done."""
    agreed = timeline.agreed.activities.all() if timeline.agreed else ()
    done = {_same(vars(each)): each for each in agreed if each.done_on}
    _check(activities, done, day=timezone.localdate(at))
    version = TimelineVersion.objects.create(
        timeline=timeline,
        number=timeline.versions.count() + 1,
        by=by,
        note=note.strip(),
        at=at,
    )
    for asked in activities:
        before = done.get(_same(asked))
        Activity.objects.create(
            version=version,
            area=asked["area"].strip(),
            activity=asked["activity"].strip(),
            measure=asked["measure"].strip(),
            due=asked["due"],
            done_on=before.done_on if before else None,
            done_note=before.done_note if before else "",
        )
    Consent.objects.create(version=version, side=side, by=by, at=at)
    audit.record(
        "timeline.proposed",
        timeline.application.reference,
        by=by,
        record=f"timeline version {version.number}",
        after={"side": side, "due": [each["due"] for each in activities]},
    )
    return version


def _same(activity: Mapping[str, Any]) -> tuple[str, str]:
    return activity["area"].strip(), activity["activity"].strip()


def _check(activities: Asked, done: Mapping[tuple[str, str], Activity], *, day: date) -> None:
    if not activities:
        raise Refused(_("Name at least one activity with an area of need and a deadline."))
    for asked in activities:
        if not all(_same(asked)):
            raise Refused(_("Each activity needs an area of need and a description."))
        if asked["due"] is None:
            raise Refused(_("Each activity needs a deadline."))
        if asked["due"] < day and _same(asked) not in done:
            raise Refused(
                _("The deadline of “%(area)s” has passed. Choose a day to come.")
                % {"area": asked["area"]}
            )
