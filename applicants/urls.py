"""The applicant's pages."""

from applicants import views
from credentialing.people.access import Who, page

BOTH = "GET POST"
APPLICANT = [Who.APPLICANT]
READERS = [Who.APPLICANT, Who.FACULTY, Who.EVALUATOR, Who.COMMITTEE, Who.CHAIR]

urlpatterns = [
    page(
        "application/",
        views.application,
        name="application",
        who=[Who.ACCOUNT],  # anyone may apply
        methods=BOTH,
    ),
    page(
        "application/submit/",
        views.submit,
        name="submit-application",
        who=APPLICANT,
        methods=BOTH,
    ),
    page("application/changes/", views.submissions, name="submissions", who=APPLICANT),
    page(
        "application/withdraw/",
        views.withdraw,
        name="withdraw-application",
        who=APPLICANT,
        methods=BOTH,
    ),
    page(
        "application/procedure/",
        views.answer_procedure,
        name="answer-procedure",
        who=APPLICANT,
        methods=BOTH,
    ),
    page("application/questions/", views.questions, name="questions", who=APPLICANT),
    page(
        "application/questions/<int:question>/",
        views.answer_question,
        name="answer-question",
        who=APPLICANT,
        methods=BOTH,
    ),
    page("application/<slug:key>/", views.section, name="section", who=APPLICANT, methods=BOTH),
    page("groups/", views.groups, name="groups", who=APPLICANT),
    page("groups/new/", views.new_group, name="new-group", who=APPLICANT, methods=BOTH),
    page("groups/<int:group>/", views.group, name="group", who=APPLICANT, methods=BOTH),
    page(
        "groups/<int:group>/leaders/",
        views.add_leader,
        name="add-leader",
        who=APPLICANT,
        methods=BOTH,
    ),
    page("groups/<int:group>/advice/", views.leader_advice, name="leader-advice", who=APPLICANT),
    page("logs/", views.logs, name="logs", who=APPLICANT),
    page("logs/evening/", views.log_evening, name="log-evening", who=APPLICANT, methods=BOTH),
    page(
        "logs/repeat/", views.repeat_evenings, name="repeat-evenings", who=APPLICANT, methods=BOTH
    ),
    page(
        "logs/several/", views.several_entries, name="several-entries", who=APPLICANT, methods=BOTH
    ),
    page(
        "logs/acts/<int:log_act>/undo/",
        views.undo_act,
        name="undo-act",
        who=APPLICANT,
        methods="POST",
    ),
    page("logs/import/", views.import_log, name="import-log", who=APPLICANT, methods=BOTH),
    page(
        "logs/import/<int:load>/",
        views.match_import,
        name="match-import",
        who=APPLICANT,
        methods=BOTH,
    ),
    page(
        "logs/import/<int:load>/faults.csv",
        views.import_faults,
        name="import-faults",
        who=APPLICANT,
    ),
    page("logs/log.csv", views.log_csv, name="log-csv", who=APPLICANT),
    page("logs/log.xlsx", views.log_xlsx, name="log-xlsx", who=APPLICANT),
    page("logs/template.csv", views.template_csv, name="template-csv", who=APPLICANT),
    page("logs/template.xlsx", views.template_xlsx, name="template-xlsx", who=APPLICANT),
    page(
        "logs/meetings/<int:meeting>/",
        views.edit_meeting,
        name="edit-meeting",
        who=APPLICANT,
        methods=BOTH,
    ),
    page(
        "logs/meetings/<int:meeting>/withdraw/",
        views.withdraw_meeting,
        name="withdraw-meeting",
        who=APPLICANT,
        methods=BOTH,
    ),
    page(
        "logs/meetings/<int:meeting>/restore/",
        views.restore_meeting,
        name="restore-meeting",
        who=APPLICANT,
        methods="POST",
    ),
    page(
        "logs/debriefings/<int:debriefing>/",
        views.edit_debriefing,
        name="edit-debriefing",
        who=APPLICANT,
        methods=BOTH,
    ),
    page(
        "logs/debriefings/<int:debriefing>/withdraw/",
        views.withdraw_debriefing,
        name="withdraw-debriefing",
        who=APPLICANT,
        methods=BOTH,
    ),
    page(
        "logs/debriefings/<int:debriefing>/restore/",
        views.restore_debriefing,
        name="restore-debriefing",
        who=APPLICANT,
        methods="POST",
    ),
    page("claims/", views.claims, name="claims", who=APPLICANT),
    page(
        "claims/<slug:credit>/",
        views.claim_credit,
        name="claim-credit",
        who=APPLICANT,
        methods=BOTH,
    ),
    page(
        "claims/<int:claim>/document/",
        views.claim_document,
        name="claim-document",
        who=APPLICANT,
        methods=BOTH,
    ),
    page(
        "claims/<int:claim>/withdraw/",
        views.withdraw_claim,
        name="withdraw-claim",
        who=APPLICANT,
        methods="POST",
    ),
    page(
        "claims/<int:claim>/ask/",
        views.ask_leader,
        name="ask-leader",
        who=APPLICANT,
        methods="POST",
    ),
    page("documents/", views.documents, name="documents", who=APPLICANT, methods=BOTH),
    page("documents/<int:document>/", views.document, name="document", who=READERS),
    page("documents/<int:document>/preview/", views.preview, name="preview", who=READERS),
    page(
        "documents/<int:document>/replace/",
        views.replace_document,
        name="replace-document",
        who=APPLICANT,
        methods=BOTH,
    ),
    page(
        "documents/<int:document>/withdraw/",
        views.withdraw_document,
        name="withdraw-document",
        who=APPLICANT,
        methods=BOTH,
    ),
    page(
        "documents/<int:document>/restore/",
        views.restore_document,
        name="restore-document",
        who=APPLICANT,
        methods="POST",
    ),
    page("people/search/", views.person_search, name="person-search", who=[Who.ACCOUNT]),
]
