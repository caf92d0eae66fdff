"""What can happen to a case in review: the Committee's acts, further work, ballots, decisions."""

from reviews.operations.advice import advise, step_aside
from reviews.operations.appeals import answer_appeal, appeal
from reviews.operations.ballots import (
    cast,
    close_ballot,
    close_due_ballots,
    open_ballot,
    recuse,
    withdraw_ballot,
)
from reviews.operations.bench import ask_bench, work_bench
from reviews.operations.committee_meetings import (
    cancel_meeting,
    close_meeting,
    drop_from_agenda,
    fill_agenda,
    plan_meeting,
    record_minutes,
)
from reviews.operations.decisions import certificate, set_listing
from reviews.operations.desk import assign
from reviews.operations.dossiers import (
    ask_again,
    ask_dossier,
    issue_dossier,
    open_dossier,
    set_manuscript,
    work_dossier,
    work_manuscript,
)
from reviews.operations.exports import ask_export, work_export
from reviews.operations.listing import ask_listing, work_listing
from reviews.operations.meetings import (
    confirm_meeting_vote,
    record_meeting_vote,
    refuse_meeting_vote,
)
from reviews.operations.recusals import lift_recusal, restore_recusal
from reviews.operations.review import (
    back_to_review,
    bring_again,
    close,
    open_review,
    recommend,
    remark,
    send_back,
    take_back,
    take_snapshot,
)
from reviews.operations.statuses import (
    confirm_status_change,
    refuse_status_change,
    set_credential_status,
)
from reviews.operations.timeline import (
    ask_further_work,
    complete_activity,
    consent,
    note_progress,
    propose_timeline,
)

__all__ = [
    "advise",
    "answer_appeal",
    "appeal",
    "ask_again",
    "ask_bench",
    "ask_dossier",
    "ask_export",
    "ask_further_work",
    "ask_listing",
    "assign",
    "back_to_review",
    "bring_again",
    "cancel_meeting",
    "cast",
    "certificate",
    "close",
    "close_ballot",
    "close_due_ballots",
    "close_meeting",
    "complete_activity",
    "confirm_meeting_vote",
    "confirm_status_change",
    "consent",
    "drop_from_agenda",
    "fill_agenda",
    "issue_dossier",
    "lift_recusal",
    "note_progress",
    "open_ballot",
    "open_dossier",
    "open_review",
    "plan_meeting",
    "propose_timeline",
    "recommend",
    "record_meeting_vote",
    "record_minutes",
    "recuse",
    "refuse_meeting_vote",
    "refuse_status_change",
    "remark",
    "restore_recusal",
    "send_back",
    "set_credential_status",
    "set_listing",
    "set_manuscript",
    "step_aside",
    "take_back",
    "take_snapshot",
    "withdraw_ballot",
    "work_bench",
    "work_dossier",
    "work_export",
    "work_listing",
    "work_manuscript",
]
