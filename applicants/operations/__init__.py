"""What can happen to an applicant's case and evidence: one atomic function for each."""

from applicants.operations.applications import (
    Clash,
    accept,
    close,
    reopen,
    return_application,
    save_section,
    start_application,
    submit,
    withdraw,
)
from applicants.operations.attestations import (
    answer_attestation,
    ask_co_leader,
    attestation_behind,
    enter_paper,
    new_attestation,
    withdraw_attestation,
)
from applicants.operations.claims import (
    ask_credentialed_leader,
    claim_credit,
    enter_paper_of_claim,
    withdraw_claim,
)
from applicants.operations.documents import (
    open_document,
    open_preview,
    restore_document,
    upload_document,
    withdraw_document,
)
from applicants.operations.feeds import end_feed, feed_by_token, renew_feed
from applicants.operations.groups import create_group, plan_group, update_group
from applicants.operations.log_acts import (
    change_entries,
    restore_evidence,
    undo,
    withdraw_entries,
    withdraw_evidence,
)
from applicants.operations.log_imports import (
    begin_import,
    drop_import,
    forget_imports,
    import_log,
    match_import,
    work_import,
)
from applicants.operations.logs import (
    Evening,
    correct_debriefing,
    correct_meeting,
    log_evening,
    log_evenings,
)
from applicants.operations.memberships import (
    bring_in_memberships,
    change_membership,
    record_membership,
)
from applicants.operations.questions import answer, answer_procedure, ask, propose_procedure
from applicants.operations.rulings import grant, refuse, revoke, rule

__all__ = [
    "Clash",
    "Evening",
    "accept",
    "answer",
    "answer_attestation",
    "answer_procedure",
    "ask",
    "ask_co_leader",
    "ask_credentialed_leader",
    "attestation_behind",
    "begin_import",
    "bring_in_memberships",
    "change_entries",
    "change_membership",
    "claim_credit",
    "close",
    "correct_debriefing",
    "correct_meeting",
    "create_group",
    "drop_import",
    "end_feed",
    "enter_paper",
    "enter_paper_of_claim",
    "feed_by_token",
    "forget_imports",
    "grant",
    "import_log",
    "log_evening",
    "log_evenings",
    "match_import",
    "new_attestation",
    "open_document",
    "open_preview",
    "plan_group",
    "propose_procedure",
    "record_membership",
    "refuse",
    "renew_feed",
    "reopen",
    "restore_document",
    "restore_evidence",
    "return_application",
    "revoke",
    "rule",
    "save_section",
    "start_application",
    "submit",
    "undo",
    "update_group",
    "upload_document",
    "withdraw",
    "withdraw_attestation",
    "withdraw_claim",
    "withdraw_document",
    "withdraw_entries",
    "withdraw_evidence",
    "work_import",
]
