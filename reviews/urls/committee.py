"""Addresses of the Committee's pages, and of the applicant's timeline."""

from credentialing.people.access import Who, page
from reviews.views import advice, bench, committee, desk, meetings, moves, rulings, timeline

READERS = [Who.COMMITTEE, Who.CHAIR]
CHAIR = [Who.CHAIR]
APPLICANT = [Who.APPLICANT]
BOTH = "GET POST"
MEETING = "committee/meetings/<int:sitting>/"
CASE = "committee/cases/<str:reference>/"

urlpatterns = [
    page("committee/", desk.queue, name="queue", who=READERS),
    page(
        "committee/meetings/",
        meetings.meetings,
        name="committee-meetings",
        who=READERS,
        methods=BOTH,
    ),
    page(MEETING, meetings.meeting, name="committee-meeting", who=READERS, methods=BOTH),
    page(f"{MEETING}agenda/", meetings.fill, name="fill-agenda", who=CHAIR, methods="POST"),
    page(
        f"{MEETING}agenda/<int:item>/drop/",
        meetings.drop,
        name="drop-from-agenda",
        who=CHAIR,
        methods="POST",
    ),
    page(f"{MEETING}cancel/", meetings.cancel, name="cancel-meeting", who=CHAIR, methods="POST"),
    page(
        f"{MEETING}papers/<slug:paper>/",
        meetings.papers,
        name="meeting-papers",
        who=READERS,
        methods="POST",
    ),
    page(
        "committee/chair/",
        desk.away,
        name="chair-away",
        who=[*READERS, Who.ADMINISTRATOR],
        methods=BOTH,
    ),
    page("committee/cases/", desk.cases, name="cases", who=READERS),
    page(
        "committee/cases/export/",
        desk.export,
        name="export-cases",
        who=READERS,
        methods="POST",
        fresh=True,
    ),
    page("committee/cases/bench/", bench.bench, name="policy-bench", who=READERS, methods=BOTH),
    page("committee/cases/bench/<int:job>/", bench.result, name="bench-result", who=READERS),
    page("committee/cases/pictures/", desk.pictures, name="committee-pictures", who=READERS),
    page(CASE, committee.case, name="case", who=READERS),
    page(f"{CASE}evidence/", committee.evidence, name="case-evidence", who=READERS),
    page(f"{CASE}supervision/", committee.supervision, name="case-supervision", who=READERS),
    page(f"{CASE}intensives/", committee.intensives, name="case-intensives", who=READERS),
    page(f"{CASE}documents/", committee.documents, name="case-documents", who=READERS),
    page(f"{CASE}rulings/", committee.rulings, name="case-rulings", who=READERS),
    page(
        f"{CASE}discussion/",
        advice.discussion,
        name="case-discussion",
        who=READERS,
        methods=BOTH,
    ),
    page(f"{CASE}advice/", advice.advise, name="advise", who=READERS, methods=BOTH),
    page(f"{CASE}step-aside/", advice.step_aside, name="step-aside", who=READERS, methods=BOTH),
    page(
        f"{CASE}recusals/<int:person>/lift/",
        advice.lift_recusal,
        name="lift-recusal",
        who=CHAIR,
        methods=BOTH,
    ),
    page(
        f"{CASE}recusals/<int:person>/restore/",
        advice.restore_recusal,
        name="restore-recusal",
        who=CHAIR,
        methods=BOTH,
    ),
    page(f"{CASE}history/", committee.history, name="case-history", who=READERS),
    page(f"{CASE}ask/", committee.ask, name="ask-question", who=READERS, methods=BOTH),
    page(f"{CASE}assign/", desk.assign, name="assign-matter", who=READERS, methods="POST"),
    page(f"{CASE}moves/<slug:move>/", moves.move, name="move", who=CHAIR, methods=BOTH),
    page(f"{CASE}snapshot/", moves.snapshot, name="take-snapshot", who=CHAIR, methods="POST"),
    page(
        f"{CASE}recommend/", moves.recommend, name="recommend", who=CHAIR, methods=BOTH, fresh=True
    ),
    page(f"{CASE}further-work/", moves.further_work, name="further-work", who=CHAIR, methods=BOTH),
    page(
        f"{CASE}further-work/<int:version>/agree/",
        moves.agree,
        name="agree-further-work",
        who=CHAIR,
        methods="POST",
    ),
    page(
        f"{CASE}procedure/",
        moves.propose_procedure,
        name="propose-procedure",
        who=CHAIR,
        methods=BOTH,
    ),
    page(f"{CASE}rule/<slug:requirement>/", rulings.rule, name="rule", who=CHAIR, methods=BOTH),
    page(
        f"{CASE}claims/<int:claim>/",
        rulings.rule_on_claim,
        name="rule-claim",
        who=CHAIR,
        methods=BOTH,
    ),
    page(
        f"{CASE}rulings/<int:ruling>/revoke/",
        rulings.revoke,
        name="revoke-ruling",
        who=CHAIR,
        methods=BOTH,
    ),
    page("timeline/", timeline.timeline, name="timeline", who=APPLICANT),
    page(
        "timeline/propose/", timeline.propose, name="propose-timeline", who=APPLICANT, methods=BOTH
    ),
    page(
        "timeline/<int:version>/agree/",
        timeline.agree,
        name="agree-timeline",
        who=APPLICANT,
        methods="POST",
    ),
    page(
        "timeline/activities/<int:activity>/",
        timeline.complete,
        name="complete-activity",
        who=APPLICANT,
        methods=BOTH,
    ),
]
