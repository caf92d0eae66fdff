"""What can happen in supervision. Each lock, check, write, record, promise, in that order."""

from supervision.operations.approvals import (
    approve_supervisor,
    end_approval,
    keep_availability,
)
from supervision.operations.attestations import (
    answer_sessions,
    ask_again,
    ask_for_sessions,
    enter_paper_sessions,
    remind,
    send_new_link,
)
from supervision.operations.confirmations import (
    Remembered,
    Verdict,
    accept_forgotten,
    add_forgotten,
    confirm_sessions,
    decline_forgotten,
    decline_session,
)
from supervision.operations.reports import release_report, save_report
from supervision.operations.sessions import (
    correct_session,
    log_session,
    restore_session,
    withdraw_session,
)
from supervision.operations.supervisions import (
    accept_supervision,
    ask_supervisor,
    decline_supervision,
    end_supervision,
)

__all__ = [
    "Remembered",
    "Verdict",
    "accept_forgotten",
    "accept_supervision",
    "add_forgotten",
    "answer_sessions",
    "approve_supervisor",
    "ask_again",
    "ask_for_sessions",
    "ask_supervisor",
    "confirm_sessions",
    "correct_session",
    "decline_forgotten",
    "decline_session",
    "decline_supervision",
    "end_approval",
    "end_supervision",
    "enter_paper_sessions",
    "keep_availability",
    "log_session",
    "release_report",
    "remind",
    "restore_session",
    "save_report",
    "send_new_link",
    "withdraw_session",
]
