"""The table of letters: what each kind is about, and whether it may wait for a daily one.

Deadlines, decisions, whatever asks for a day or a journey, and every letter with a secret link
come at once. What tells the Chair of an act of the office comes even while all letters are held:
whoever holds them can't silence it.
"""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Comes(TextChoices):
    """When a letter leaves, as its reader or the office may choose."""

    ALWAYS = "always", _("at once, even while all letters are held")
    AT_ONCE = "at-once", _("at once")
    MAY_WAIT = "may-wait", _("at once or once a day, as its reader chose")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of letter: its name for people, and when it comes."""

    label: Promise
    comes: Comes


_ALWAYS = {
    "account-changed": _("An account opened or closed"),
    "audit-exported": _("The audit trail taken out"),
    "cases-exported": _("The table of cases taken out"),
    "dossier-opened": _("A dossier opened by the office"),
    "dossiers-exported": _("Dossiers of many cases taken out"),
    "letters-held": _("All letters held"),
    "letters-released": _("All letters leave again"),
    "people-merged": _("Two records made one"),
    "person-erased": _("A record erased"),
    "role-changed": _("A role changed"),
    "sign-in-changed": _("How somebody signs in has changed"),
    "trail-broken": _("The audit trail is broken"),
    "trail-seal": _("The newest seal of the audit trail"),
}
_AT_ONCE = {
    "accepted": _("Application accepted"),
    "activity-due": _("An activity of a timeline is due"),
    "activity-missed": _("An activity of a timeline was missed"),
    "appeal": _("An appeal waits for its answer"),
    "appeal-answered": _("An appeal answered"),
    "attestation-asked": _("An attestation asked for"),
    "ballot-closed": _("A ballot closed: to the Council"),
    "ballot-closed-chair": _("A ballot closed: to the Chair"),
    "ballot-closed-office": _("A ballot closed: to the office"),
    "ballot-closes-soon": _("A ballot closes soon"),
    "ballot-opened": _("A ballot opened"),
    "ballot-withdrawn": _("A ballot withdrawn"),
    "brought-again": _("A case taken up again"),
    "candidate-in-group": _("A candidate in a small group"),
    # That one waits would tell the office of what only its reader may know; so none is gathered.
    "candidate-waits": _("A candidate waits"),
    "closed": _("Case closed"),
    "credential-status": _("The status of a credential changed"),
    "decision": _("The Council’s decision"),
    "decision-held": _("A decision waits for a ruling"),
    "digest": _("What one day brought"),
    "evaluator-assigned": _("An evaluator assigned"),
    "intensive-called-off": _("An intensive called off"),
    "intensive-cancelled": _("An enrolment cancelled"),
    "intensive-moved-up": _("A place at an intensive became free"),
    "invitation": _("An invitation to set up an account"),
    "job-ended": _("Work in the background ended"),
    "matter-assigned": _("A matter given to a member"),
    "matter-due": _("A matter is due"),
    "meeting-vote-entered": _("A meeting’s vote to confirm"),
    "membership-ends": _("A membership ends"),
    "membership-lapsed": _("A membership has ended"),
    "placement": _("A placement at an intensive"),
    "placement-in-conflict": _("A placement in conflict"),
    "procedure-proposed": _("Another procedure proposed"),
    "question": _("A question of the Committee"),
    "question-due": _("A question is due"),
    "question-overdue": _("A question is overdue"),
    "receipt": _("Application received"),
    "recommendation": _("A recommendation made"),
    "recusal-changed": _("A recusal lifted or back"),
    "reopened": _("Case open again"),
    "returned": _("Application returned"),
    "review-again": _("Under review again"),
    "revocation": _("A ruling taken back"),
    "ruling": _("A ruling made"),
    "standing-in": _("Standing in for the Chair"),
    "status-change-entered": _("A change of a credential to confirm"),
    "supervision-year-short": _("A supervision year ends and is short"),
    "supervisor-approval-ended": _("An approval as a supervisor has ended"),
    "supervisor-approval-ends": _("An approval as a supervisor ends"),
    "supervisor-approved": _("A supervisor approved"),
    "timeline-agreed": _("A timeline agreed"),
    "timeline-proposed": _("A timeline proposed"),
    "withdrawn-receipt": _("Withdrawal received"),
}
_MAY_WAIT = {
    "activity-done": _("An activity of a timeline is done"),
    "answer": _("A question answered"),
    "assessment-corrected": _("An addition to a joint assessment"),
    "assessment-presented": _("A joint assessment presented"),
    "attended-partly": _("An intensive attended in part"),
    "attestation-declined": _("An attestation declined"),
    "attestation-given": _("An attestation given"),
    "attestation-out-of-date": _("An attestation out of date"),
    "attestation-unanswered": _("An attestation not answered"),
    "back-in-review": _("Back in review"),
    "candidate-released": _("A candidate released"),
    "dossier-issued": _("A dossier issued"),
    "dossier-of-yours": _("A dossier for the applicant"),
    "intensive-completed": _("An intensive completed"),
    "intensive-signed-up": _("Signed up for an intensive"),
    "procedure-answered": _("A proposed procedure answered"),
    "review-opened": _("A review opened"),
    "session-corrected": _("A session corrected"),
    "session-not-accepted": _("An added session not accepted"),
    "session-out-of-date": _("A confirmed session changed"),
    "session-remembered": _("A session added by the supervisor"),
    "sessions-answered": _("Sessions confirmed or declined"),
    "stepped-aside": _("A member stepped aside"),
    "submitted": _("An application submitted"),
    "supervision-answered": _("A request for supervision answered"),
    "supervision-asked": _("Supervision asked for"),
    "supervision-ended": _("A supervision ended"),
    "supervision-report": _("A supervision report released"),
    "withdrawn": _("An application withdrawn"),
}
KINDS = {
    name: Kind(label, comes)
    for comes, kinds in (
        (Comes.ALWAYS, _ALWAYS),
        (Comes.AT_ONCE, _AT_ONCE),
        (Comes.MAY_WAIT, _MAY_WAIT),
    )
    for name, label in kinds.items()
}


def label(kind: str) -> str:
    """The name of a kind for people; of one that is not written any more, what it was called."""
    return str(KINDS[kind].label) if kind in KINDS else kind


def kinds_that_come(comes: Comes) -> list[str]:
    """The kinds of letters that come so."""
    return [name for name, kind in KINDS.items() if kind.comes is comes]
