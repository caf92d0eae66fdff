"""Pages of supervision: the applicant's, the supervisor's, the one behind a link, the office's."""

from supervision.views.applicant import (
    accept_forgotten,
    ask,
    decline_forgotten,
    edit_session,
    end,
    log_session,
    mine,
    restore_session,
    withdraw_session,
)
from supervision.views.attestations import (
    ask_again,
    ask_claim,
    ask_co_leader,
    ask_sessions,
    attestations,
    remind,
    withdraw_attestation,
)
from supervision.views.links import attest, attest_again, attest_link, attested
from supervision.views.office import (
    approvals,
    approve,
    end_approval,
    paper_sessions,
    paper_statement,
    papers,
)
from supervision.views.supervisor import (
    add_forgotten,
    answer,
    availability,
    decline_session,
    directory,
    report,
)

__all__ = [
    "accept_forgotten",
    "add_forgotten",
    "answer",
    "approvals",
    "approve",
    "ask",
    "ask_again",
    "ask_claim",
    "ask_co_leader",
    "ask_sessions",
    "attest",
    "attest_again",
    "attest_link",
    "attestations",
    "attested",
    "availability",
    "decline_forgotten",
    "decline_session",
    "directory",
    "edit_session",
    "end",
    "end_approval",
    "log_session",
    "mine",
    "paper_sessions",
    "paper_statement",
    "papers",
    "remind",
    "report",
    "restore_session",
    "withdraw_attestation",
    "withdraw_session",
]
