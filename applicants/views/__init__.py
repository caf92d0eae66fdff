"""The applicant's pages."""

from applicants.views.applications import application, submissions, submit, withdraw
from applicants.views.claims import (
    ask_leader,
    claim_credit,
    claim_document,
    claims,
    withdraw_claim,
)
from applicants.views.documents import (
    document,
    documents,
    preview,
    replace_document,
    restore_document,
    withdraw_document,
)
from applicants.views.groups import (
    add_leader,
    group,
    groups,
    leader_advice,
    new_group,
    person_search,
)
from applicants.views.log_acts import repeat_evenings, several_entries, undo_act
from applicants.views.log_files import (
    import_faults,
    import_log,
    log_csv,
    log_xlsx,
    match_import,
    template_csv,
    template_xlsx,
)
from applicants.views.logs import (
    edit_debriefing,
    edit_meeting,
    log_evening,
    logs,
    restore_debriefing,
    restore_meeting,
    withdraw_debriefing,
    withdraw_meeting,
)
from applicants.views.questions import answer_procedure, answer_question, questions
from applicants.views.sections import section

__all__ = [
    "add_leader",
    "answer_procedure",
    "answer_question",
    "application",
    "ask_leader",
    "claim_credit",
    "claim_document",
    "claims",
    "document",
    "documents",
    "edit_debriefing",
    "edit_meeting",
    "group",
    "groups",
    "import_faults",
    "import_log",
    "leader_advice",
    "log_csv",
    "log_evening",
    "log_xlsx",
    "logs",
    "match_import",
    "new_group",
    "person_search",
    "preview",
    "questions",
    "repeat_evenings",
    "replace_document",
    "restore_debriefing",
    "restore_document",
    "restore_meeting",
    "section",
    "several_entries",
    "submissions",
    "submit",
    "template_csv",
    "template_xlsx",
    "undo_act",
    "withdraw",
    "withdraw_claim",
    "withdraw_debriefing",
    "withdraw_document",
    "withdraw_meeting",
]
