"""Addresses of the Council's pages, the office's pages of a case, and what the public looks up."""

from credentialing.people.access import Who, page
from reviews.views import council, office, public

COUNCIL = [Who.COUNCIL]
OFFICE = [Who.ADMINISTRATOR]
OFFICERS = [Who.CHAIR, Who.ADMINISTRATOR]
# The edition decides: the applicant's own, the Committee's, the Council's while the ballot is open.
READERS = [Who.APPLICANT, Who.COMMITTEE, Who.CHAIR, Who.COUNCIL, Who.ADMINISTRATOR]

urlpatterns = [
    page("council/", council.council, name="council", who=COUNCIL),
    page("council/<str:reference>/", council.ballot, name="ballot", who=COUNCIL),
    page(
        "council/<str:reference>/vote/",
        council.cast_vote,
        name="cast-vote",
        who=COUNCIL,
        methods="POST",
        fresh=True,
    ),
    page(
        "council/<str:reference>/recuse/",
        council.recuse,
        name="recuse",
        who=COUNCIL,
        methods="GET POST",
    ),
    page(
        "council/<str:reference>/ballots/<int:ballot>/",
        council.ballot_result,
        name="ballot-result",
        who=COUNCIL,
    ),
    page(
        "council/<str:reference>/ballots/<int:ballot>/list/",
        council.ballot_list,
        name="ballot-list",
        who=COUNCIL,
    ),
    page(
        "committee/cases/<str:reference>/ballot/",
        office.open_ballot,
        name="open-ballot",
        who=OFFICERS,
        methods="GET POST",
    ),
    page(
        "committee/cases/<str:reference>/ballot/dossier/",
        office.make_dossier,
        name="make-dossier",
        who=OFFICERS,
        methods="POST",
    ),
    page(
        "committee/cases/<str:reference>/meeting-vote/",
        office.meeting_vote,
        name="meeting-vote",
        who=OFFICE,
        methods="GET POST",
    ),
    page(
        "committee/cases/<str:reference>/meeting-vote/<int:vote>/",
        office.confirm_meeting_vote,
        name="confirm-meeting-vote",
        who=OFFICERS,
        methods="GET POST",
        fresh=True,
    ),
    page("office/cases/", office.cases, name="office-cases", who=OFFICE),
    page(
        "office/dossiers/export/",
        office.export_dossiers,
        name="export-dossiers",
        who=OFFICE,
        methods="GET POST",
        fresh=True,
    ),
    page("office/cases/<str:reference>/", office.case, name="office-case", who=OFFICE),
    page(
        "office/cases/<str:reference>/dossiers/",
        office.issue_dossier,
        name="issue-dossier",
        who=OFFICE,
        methods="POST",
    ),
    page(
        "office/credentials/<str:number>/",
        office.credential_status,
        name="credential-status",
        who=OFFICE,
        methods="GET POST",
        fresh=True,
    ),
    page(
        "office/credentials/<str:number>/changes/<int:change>/",
        office.confirm_status_change,
        name="confirm-status-change",
        who=OFFICERS,
        methods="GET POST",
        fresh=True,
    ),
    page("dossiers/<int:dossier>/", public.dossier, name="dossier", who=READERS),
    page("decision/", public.decision, name="decision", who=[Who.APPLICANT]),
    page(
        "decision/appeal/",
        public.appeal,
        name="appeal",
        who=[Who.APPLICANT],
        methods="GET POST",
    ),
    page(
        "committee/cases/<str:reference>/appeal/",
        office.answer_appeal,
        name="answer-appeal",
        who=[Who.CHAIR],
        methods="GET POST",
        fresh=True,
    ),
    page("decision/listing/", public.listing, name="listing", who=[Who.APPLICANT], methods="POST"),
    page("certificates/<str:number>/", public.certificate, name="certificate", who=[Who.APPLICANT]),
    page("certificates/<str:number>/badge/", public.badge, name="badge", who=[Who.APPLICANT]),
    page("badges/issuer/", public.badge_issuer, name="badge-issuer", who=[Who.VISITOR]),
    page("badges/keys/", public.badge_keys, name="badge-keys", who=[Who.VISITOR]),
    page(
        "verify/<str:number>/status/", public.badge_status, name="badge-status", who=[Who.VISITOR]
    ),
    page("register/", public.register, name="register", who=[Who.VISITOR]),
    page("verify/", public.verify_file, name="verify-file", who=[Who.VISITOR], methods="GET POST"),
    page("verify/<str:number>/", public.verify, name="verify", who=[Who.VISITOR]),
]
