"""Addresses of supervision: the applicant's page, the supervisor's, the link, the office's."""

from credentialing.people.access import Who, page
from supervision import views

BOTH = [Who.APPLICANT, Who.SUPERVISOR]
FORM = "GET POST"

urlpatterns = [
    page("supervision/", views.mine, name="my-supervision", who=[Who.APPLICANT]),
    page("supervision/ask/", views.ask, name="ask-supervisor", who=[Who.APPLICANT], methods=FORM),
    page(
        "supervision/<int:supervision>/end/",
        views.end,
        name="end-supervision",
        who=BOTH,
        methods=FORM,
    ),
    page(
        "supervision/<int:supervision>/sessions/",
        views.log_session,
        name="log-session",
        who=BOTH,
        methods=FORM,
    ),
    page(
        "supervision/<int:supervision>/confirmation/",
        views.ask_sessions,
        name="ask-sessions",
        who=[Who.APPLICANT],
        methods=FORM,
    ),
    page(
        "supervision/sessions/<int:session>/",
        views.edit_session,
        name="edit-session",
        who=BOTH,
        methods=FORM,
    ),
    page(
        "supervision/sessions/<int:session>/withdraw/",
        views.withdraw_session,
        name="withdraw-session",
        who=BOTH,
        methods=FORM,
    ),
    page(
        "supervision/sessions/<int:session>/restore/",
        views.restore_session,
        name="restore-session",
        who=BOTH,
        methods="POST",
    ),
    page(
        "supervision/attestations/<int:attestation>/remind/",
        views.remind,
        name="remind-attestation",
        who=[Who.APPLICANT],
        methods="POST",
    ),
    page(
        "supervision/attestations/<int:attestation>/withdraw/",
        views.withdraw_attestation,
        name="withdraw-attestation",
        who=[Who.APPLICANT],
        methods="POST",
    ),
    page("supervisor/", views.applicants, name="supervisor", who=[Who.SUPERVISOR]),
    page(
        "supervisor/requests/<int:supervision>/",
        views.answer,
        name="answer-supervision",
        who=[Who.SUPERVISOR],
        methods=FORM,
    ),
    page(
        "supervisor/sessions/<int:session>/decline/",
        views.decline_session,
        name="decline-session",
        who=[Who.SUPERVISOR],
        methods=FORM,
    ),
    page("supervisor/<str:reference>/", views.supervised, name="supervised", who=[Who.SUPERVISOR]),
    page(
        "supervisor/<str:reference>/confirm/",
        views.confirm_sessions,
        name="confirm-sessions",
        who=[Who.SUPERVISOR],
        methods="POST",
    ),
    page(
        "supervisor/<str:reference>/reports/<slug:which>/",
        views.report,
        name="report",
        who=[Who.SUPERVISOR],
        methods=FORM,
    ),
    page("attest/", views.attest, name="attest", who=[Who.LINK_HOLDER], methods=FORM),
    page(
        "attest/again/",
        views.attest_again,
        name="attest-again",
        who=[Who.LINK_HOLDER],
        methods=FORM,
    ),
    page("attest/thanks/", views.attested, name="attested", who=[Who.LINK_HOLDER]),
    page("attest/<str:token>/", views.attest_link, name="attest-link", who=[Who.LINK_HOLDER]),
    page("office/supervisors/", views.approvals, name="approvals", who=[Who.ADMINISTRATOR]),
    page(
        "office/supervisors/people/<int:person>/",
        views.approve,
        name="approve-supervisor",
        who=[Who.ADMINISTRATOR],
        methods=FORM,
    ),
    page(
        "office/supervisors/<int:approval>/end/",
        views.end_approval,
        name="end-approval",
        who=[Who.ADMINISTRATOR],
        methods=FORM,
    ),
]
