"""What happened to a case, in words."""

from typing import Any

from django.utils.translation import gettext_lazy

from applicants.models import Application, StageMove
from applicants.stages import STEPS, Move
from credentialing.records.models import AuditEntry
from reviews.models import TakenBack
from reviews.queries.readiness import CONFIDENTIAL

# The acts of the audit trail that a Chair reads on the case. What is not named here is not shown:
# votes, drafts and downloads are nobody's business on this page.
ACTS = {
    "attestation.asked": gettext_lazy("Attestation asked for"),
    "attestation.given": gettext_lazy("Attestation given"),
    "attestation.declined": gettext_lazy("Attestation declined"),
    "attestation.on-paper": gettext_lazy("Attestation entered from paper"),
    "attestation.withdrawn": gettext_lazy("Attestation withdrawn"),
    "ballot.opened": gettext_lazy("Ballot opened"),
    "ballot.closed": gettext_lazy("Ballot closed"),
    "ballot.withdrawn": gettext_lazy("Ballot ended without a result"),
    "candidate.placed": gettext_lazy("Placed at an intensive"),
    "credential.awarded": gettext_lazy("Credential awarded"),
    "credit.claimed": gettext_lazy("Credit claimed"),
    "credit.claim-withdrawn": gettext_lazy("Claim withdrawn"),
    "document.uploaded": gettext_lazy("Document handed in"),
    "document.withdrawn": gettext_lazy("Document withdrawn"),
    "dossier.issued": gettext_lazy("Dossier issued"),
    "evaluator.replaced": gettext_lazy("Evaluator replaced"),
    "group.entered": gettext_lazy("Group entered"),
    "group.corrected": gettext_lazy("Group corrected"),
    "procedure.proposed": gettext_lazy("Another procedure proposed"),
    "procedure.moved": gettext_lazy("Moved to another procedure"),
    "procedure.declined": gettext_lazy("Move to another procedure declined"),
    "question.asked": gettext_lazy("Question asked"),
    "question.answered": gettext_lazy("Question answered"),
    "recommendation.recorded": gettext_lazy("Recommendation recorded"),
    "ruling.accept": gettext_lazy("Ruling: accepted"),
    "ruling.count": gettext_lazy("Ruling: evidence counted"),
    "ruling.equivalence": gettext_lazy("Ruling: equivalent training"),
    "ruling.grant": gettext_lazy("Ruling: credit granted"),
    "ruling.refuse": gettext_lazy("Ruling: credit refused"),
    "ruling.revoked": gettext_lazy("Ruling revoked"),
    "ruling.set": gettext_lazy("Ruling: numbers changed"),
    "ruling.waive": gettext_lazy("Ruling: waived"),
    "snapshot.taken": gettext_lazy("Record frozen"),
    "supervision.accepted": gettext_lazy("Supervision accepted"),
    "supervision.asked": gettext_lazy("Supervisor asked"),
    "supervision.declined": gettext_lazy("Supervision declined"),
    "supervision.ended": gettext_lazy("Supervision ended"),
    "timeline.proposed": gettext_lazy("Timeline proposed"),
    "timeline.consented": gettext_lazy("Timeline: one side agreed"),
    "timeline.agreed": gettext_lazy("Timeline agreed"),
    "timeline.activity-done": gettext_lazy("Activity of the timeline done"),
}
CLOCK = gettext_lazy("the clock")


def entries(application: Application, *, audited: bool) -> list[dict[str, Any]]:
    """The moves of a case, newest first; with `audited`, also what the audit trail knows of it."""
    moved = StageMove.objects.filter(application=application).select_related("by")
    # Why a recommendation was taken or sent back stands beside it, not in the history that the
    # applicant reads, too.
    undone = TakenBack.objects.filter(recommendation__application=application)
    reasons = dict(undone.values_list("at", "reason"))
    found = [
        {
            "at": each.at,
            "text": _moved(each),
            "who": each.by.name if each.by else CLOCK,
            "detail": reasons.get(each.at) or each.reason.removeprefix(CONFIDENTIAL),
            "state": "done",
        }
        for each in moved.order_by("-number")
    ]
    if audited:
        kept = AuditEntry.objects.filter(case=application.reference, act__in=list(ACTS))
        found += [
            {"at": each.at, "text": ACTS[each.act], "who": each.actor.name if each.actor else CLOCK}
            for each in kept.select_related("actor").order_by("-pk")
        ]
        found.sort(key=lambda entry: entry["at"], reverse=True)
    return found


def _moved(move: StageMove) -> str:
    done = str(STEPS[Move(move.move)].done)
    return done[:1].upper() + done[1:]
