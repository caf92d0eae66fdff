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
    attestation_by_token,
    new_attestation,
    withdraw_attestation,
)
from applicants.operations.claims import ask_credentialed_leader, claim_credit, withdraw_claim
from applicants.operations.documents import upload_document, withdraw_document
from applicants.operations.groups import create_group, plan_group, update_group
from applicants.operations.logs import (
    correct_debriefing,
    correct_meeting,
    log_evening,
    restore_evidence,
    withdraw_evidence,
)
from applicants.operations.memberships import change_membership, record_membership
from applicants.operations.questions import answer, answer_procedure, ask, propose_procedure
from applicants.operations.rulings import grant, refuse, revoke, rule

__all__ = [
    "Clash",
    "accept",
    "answer",
    "answer_attestation",
    "answer_procedure",
    "ask",
    "ask_credentialed_leader",
    "attestation_by_token",
    "change_membership",
    "claim_credit",
    "close",
    "correct_debriefing",
    "correct_meeting",
    "create_group",
    "grant",
    "log_evening",
    "new_attestation",
    "plan_group",
    "propose_procedure",
    "record_membership",
    "refuse",
    "reopen",
    "restore_evidence",
    "return_application",
    "revoke",
    "rule",
    "save_section",
    "start_application",
    "submit",
    "update_group",
    "upload_document",
    "withdraw",
    "withdraw_attestation",
    "withdraw_claim",
    "withdraw_document",
    "withdraw_evidence",
]
