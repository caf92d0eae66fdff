"""The Committee's moves of a case: into review, a recommendation, back; and what it freezes."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

import applicants.operations
from applicants import access, stages
from applicants.access import Can
from applicants.models import Application, Ruling, Stage
from applicants.stages import Move
from credentialing.people.models import Person
from credentialing.records import audit
from credentialing.records.refusals import Refused
from credentialing.rules import words
from credentialing.standing.models import Snapshot
from credentialing.standing.operations import freeze
from credentialing.standing.queries import standing
from reviews import queries
from reviews.letters import committee as letters
from reviews.models import Recommendation, Remark, TakenBack, Timeline
from reviews.operations import ballots
from reviews.queries import readiness


def locked(application: Application) -> Application:
    """The application as it stands now, locked: the first lock of every act on a case."""
    return Application.objects.select_for_update().get(pk=application.pk)


@transaction.atomic
def close(application: Application, *, by: Person, at: datetime, reason: str = "") -> Application:
    """Close a case with a reason; an open ballot is withdrawn and an open timeline ends with it."""
    application = locked(application)
    stages.check(application, Move.CLOSE, by=by, at=at)
    if application.stage == Stage.BEFORE_COUNCIL:
        ballots.withdraw_ballot(application, by=by, at=at)
    end_timelines(application, at=at)
    return applicants.operations.close(application, by=by, at=at, reason=reason)


@transaction.atomic
def open_review(
    application: Application, *, by: Person, at: datetime, equivalence: dict[str, Any] | None = None
) -> Snapshot:
    """Take a case into review, its record frozen as a numbered snapshot.

    The rules must call it ready, or one ruling of equivalent training name every unmet requirement.
    `equivalence` makes that ruling now: requirements, reason, met_on, took_part.
    """
    application = locked(application)
    stages.check(application, Move.OPEN_REVIEW, by=by, at=at)
    if equivalence:
        applicants.operations.rule(
            application,
            kind=Ruling.Kind.EQUIVALENCE,
            requirement="",
            terms={"requirements": list(equivalence["requirements"])},
            reason=equivalence["reason"],
            met_on=equivalence["met_on"],
            took_part=equivalence["took_part"],
            by=by,
            at=at,
        )
    day = timezone.localdate(at)
    now = standing(application, day)
    missing = [] if now.ready_for_review else readiness.unmet(now)
    left = readiness.not_named(application, missing, day=day) if missing else []
    if left:
        raise Refused(
            _(
                "This case is not ready for review, and no ruling of equivalent training names "
                "these requirements: %(missing)s."
            )
            % {"missing": words.listed([words.name(each) for each in left])},
            field="requirements",
        )
    stages.take(application, Move.OPEN_REVIEW, by=by, at=at)
    snapshot = freeze(application, now, by=by, at=at)
    letters.review_opened(application, snapshot)
    return snapshot


@transaction.atomic
def take_snapshot(application: Application, *, by: Person, at: datetime) -> Snapshot:
    """Freeze the record of a case under review anew; earlier snapshots stay."""
    application = locked(application)
    if not access.may(by, Can.CHAIR, application, day=timezone.localdate(at)):
        raise Http404
    if application.stage != Stage.UNDER_REVIEW:
        raise Refused(_("A snapshot is taken while a case is under review."))
    return freeze(application, standing(application, timezone.localdate(at)), by=by, at=at)


@transaction.atomic
def remark(application: Application, *, text: str, by: Person, at: datetime) -> Remark:
    """Add to the Committee's discussion of a case."""
    application = locked(application)
    if not access.may(by, Can.DISCUSS, application, day=timezone.localdate(at)):
        raise Http404
    if not text.strip():
        raise Refused(_("Write something first."), field="text")
    said = Remark.objects.create(application=application, text=text.strip(), by=by, at=at)
    audit.record("remark.made", application.reference, by=by, record=f"remark {said.pk}")
    return said


@transaction.atomic
def back_to_review(
    application: Application, *, by: Person, at: datetime, reason: str = ""
) -> Application:
    """Return a case from further work to review, with a new snapshot.

    The applicant does so by completing the last activity; the Chair may go on without waiting.
    """
    application = locked(application)
    stages.check(application, Move.BACK_TO_REVIEW, by=by, at=at)
    if by.pk == application.applicant_id and not _all_done(application):
        raise Refused(_("Some activities of your timeline are not done yet."))
    end_timelines(application, at=at)
    stages.take(application, Move.BACK_TO_REVIEW, by=by, at=at, reason=reason)
    snapshot = freeze(application, standing(application, timezone.localdate(at)), by=by, at=at)
    letters.back_in_review(application, snapshot, by=by)
    return application


def _all_done(application: Application) -> bool:
    timeline = application.timelines.filter(closed_at__isnull=True).select_related("agreed").first()
    return bool(
        timeline
        and timeline.agreed
        and not timeline.agreed.activities.filter(done_on__isnull=True).exists()
    )


def end_timelines(application: Application, *, at: datetime) -> None:
    """End what further work is open on a locked case."""
    Timeline.objects.filter(application=application, closed_at__isnull=True).update(closed_at=at)


@transaction.atomic
def recommend(
    application: Application,
    *,
    outcome: str,
    reasons: str,
    met_on: date,
    took_part: list[int],
    by: Person,
    at: datetime,
    acknowledges_gap: bool = False,
) -> Recommendation:
    """Record what the Committee recommends to the Council, for or against, on the newest snapshot.

    The joint assessment must have been presented to candidate and Committee, and a gap of the
    membership that nobody ruled on must be acknowledged.
    """
    application = locked(application)
    stages.check(application, Move.RECOMMEND, by=by, at=at)
    day = timezone.localdate(at)
    now = standing(application, day)
    _check_recommendation(application, outcome, reasons, met_on, took_part, day=day)
    if not readiness.is_presented(now.procedure, now.data):
        raise Refused(
            _(
                "The joint assessment has not been presented to both the candidate and the "
                "Committee. The evaluator presents it; then you can record a recommendation."
            )
        )
    open_gaps = readiness.gaps(now)
    if open_gaps and not acknowledges_gap:
        raise Refused(
            " ".join(
                [*map(words.issue, open_gaps), _("Confirm that the Committee has seen this.")]
            ),
            field="acknowledges_gap",
        )
    snapshot = application.snapshots.order_by("-number").first()
    if snapshot is None or not readiness.is_presented(now.procedure, snapshot.assessment):
        snapshot = freeze(application, now, by=by, at=at)
    stages.take(application, Move.RECOMMEND, by=by, at=at, reason=readiness.CONFIDENTIAL)
    recommendation = Recommendation.objects.create(
        application=application,
        snapshot=snapshot,
        outcome=outcome,
        reasons=reasons.strip(),
        met_on=met_on,
        took_part=sorted(set(took_part)),
        by=by,
        at=at,
    )
    audit.record(
        "recommendation.recorded",
        application.reference,
        by=by,
        record=f"recommendation {recommendation.pk}",
        after={
            "snapshot": snapshot.number,
            "met_on": met_on,
            "took_part": recommendation.took_part,
            "gap_acknowledged": bool(open_gaps),
        },
    )
    letters.recommendation_recorded(application, recommendation)
    return recommendation


def _check_recommendation(
    application: Application,
    outcome: str,
    reasons: str,
    met_on: date | None,
    took_part: list[int],
    *,
    day: date,
) -> None:
    if outcome not in Recommendation.Outcome.values:
        raise Refused(_("Choose for or against."), field="outcome")
    if not reasons.strip():
        raise Refused(_("Give the Committee's reasons; the Council reads them."), field="reasons")
    check_meeting(application, met_on, took_part, day=day)


def check_meeting(
    application: Application, met_on: date | None, took_part: list[int], *, day: date
) -> None:
    """Refuse a meeting that has not been, or people who may not act on the case."""
    if met_on is None or met_on > day:
        raise Refused(_("Say when the Committee met: today or earlier."), field="met_on")
    known = set(access.committee(application, day=day).values_list("pk", flat=True))
    if not took_part:
        raise Refused(_("Say who took part."), field="took_part")
    if set(took_part) - known:
        raise Refused(
            _("Only members of the Committee without a relation to the applicant take part."),
            field="took_part",
        )


@transaction.atomic
def take_back(application: Application, *, reason: str, by: Person, at: datetime) -> Application:
    """Take a recommendation back before the Council votes on it."""
    return _undo_recommendation(application, Move.TAKE_BACK, reason=reason, by=by, at=at)


@transaction.atomic
def send_back(application: Application, *, reason: str, by: Person, at: datetime) -> Application:
    """Send a case back from the Council to review; its open ballot closes as withdrawn."""
    return _undo_recommendation(application, Move.SEND_BACK, reason=reason, by=by, at=at)


def _undo_recommendation(
    application: Application, move: Move, *, reason: str, by: Person, at: datetime
) -> Application:
    application = locked(application)
    stages.check(application, move, by=by, at=at)
    if not reason.strip():
        raise Refused(_("Give a reason; it becomes part of the record."), field="reason")
    if move is Move.SEND_BACK:
        ballots.withdraw_ballot(application, by=by, at=at)
    recommendation = queries.current_recommendation(application)
    stages.take(application, move, by=by, at=at, reason=readiness.CONFIDENTIAL)
    undone = TakenBack.objects.create(
        recommendation=recommendation, by=by, reason=reason.strip(), at=at
    )
    letters.recommendation_undone(application, undone)
    return application


@transaction.atomic
def bring_again(application: Application, *, reason: str, by: Person, at: datetime) -> Application:
    """Take a case that was decided against into review again, with a new snapshot.

    The earlier decision stays on record; "not adopted" is no permanent refusal.
    """
    application = locked(application)
    stages.check(application, Move.BRING_AGAIN, by=by, at=at)
    application.decided_on = application.credentialed = None
    stages.take(application, Move.BRING_AGAIN, by=by, at=at, reason=reason)
    snapshot = freeze(application, standing(application, timezone.localdate(at)), by=by, at=at)
    letters.brought_again(application, snapshot)
    return application
