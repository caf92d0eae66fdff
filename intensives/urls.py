"""Addresses of intensives: what is offered, the candidates', the office's, the placement."""

from credentialing.people.access import Who, page
from intensives import views

# The three know of each other's part; which of them may do it, the operation says.
ASSESSORS = [Who.FACULTY, Who.EVALUATOR]
CHAIR = [Who.CHAIR]
OFFICE = [Who.ADMINISTRATOR]
FORM = "GET POST"

urlpatterns = [
    page("intensives/", views.intensives, name="intensives", who=[Who.ACCOUNT]),
    page(
        "intensives/past/",
        views.past_intensive,
        name="past-intensive",
        who=[Who.APPLICANT],
        methods=FORM,
    ),
    page("intensives/<int:intensive>/", views.intensive, name="intensive", who=[Who.ACCOUNT]),
    page(
        "intensives/<int:intensive>/enrol/",
        views.enrol,
        name="enrol",
        who=[Who.ACCOUNT],
        methods="POST",
    ),
    page(
        "intensives/enrolments/<int:enrolment>/cancel/",
        views.cancel_enrolment,
        name="cancel-enrolment",
        who=[Who.ACCOUNT],
        methods="POST",
    ),
    page(
        "intensives/<int:intensive>/attendance/",
        views.attendance,
        name="attendance",
        who=[Who.FACULTY, Who.ADMINISTRATOR],
        methods=FORM,
    ),
    page("relations/", views.relations, name="relations", who=[Who.ACCOUNT], methods=FORM),
    page(
        "relations/<int:declaration>/take-back/",
        views.take_back,
        name="take-back-relation",
        who=[Who.ACCOUNT],
        methods="POST",
    ),
    page("assessment/", views.my_assessment, name="my-assessment", who=[Who.APPLICANT]),
    page("candidates/", views.candidates, name="candidates", who=ASSESSORS),
    page(
        "candidates/<int:enrolment>/",
        views.candidate,
        name="candidate",
        who=ASSESSORS,
        methods=FORM,
    ),
    page(
        "candidates/<int:enrolment>/co-led/",
        views.record_co_led,
        name="record-co-led",
        who=ASSESSORS,
        methods="POST",
    ),
    page(
        "candidates/<int:enrolment>/ask/",
        views.ask_to_agree,
        name="ask-to-agree",
        who=ASSESSORS,
        methods="POST",
    ),
    page(
        "candidates/<int:enrolment>/agree/",
        views.agree,
        name="agree",
        who=ASSESSORS,
        methods="POST",
    ),
    page(
        "candidates/<int:enrolment>/present/<slug:to>/",
        views.present,
        name="present-assessment",
        who=ASSESSORS,
        methods="POST",
    ),
    page("office/intensives/", views.office_intensives, name="office-intensives", who=OFFICE),
    page(
        "office/intensives/new/",
        views.new_intensive,
        name="new-intensive",
        who=OFFICE,
        methods=FORM,
    ),
    page(
        "office/intensives/<int:intensive>/",
        views.office_intensive,
        name="office-intensive",
        who=OFFICE,
    ),
    page(
        "office/intensives/<int:intensive>/change/",
        views.change_intensive,
        name="change-intensive",
        who=OFFICE,
        methods=FORM,
    ),
    page(
        "office/intensives/<int:intensive>/publish/",
        views.publish_intensive,
        name="publish-intensive",
        who=OFFICE,
        methods="POST",
    ),
    page(
        "office/intensives/<int:intensive>/groups/new/",
        views.add_small_group,
        name="add-small-group",
        who=OFFICE,
        methods=FORM,
    ),
    page(
        "office/intensives/groups/<int:group>/",
        views.change_faculty,
        name="change-faculty",
        who=OFFICE,
        methods=FORM,
    ),
    page(
        "office/intensives/<int:intensive>/groups/",
        views.assign_groups,
        name="assign-groups",
        who=OFFICE,
        methods=FORM,
    ),
    page(
        "office/intensives/enrolments/<int:enrolment>/cancel/",
        views.office_cancel,
        name="office-cancel-enrolment",
        who=OFFICE,
        methods="POST",
    ),
    page(
        "office/intensives/enrolments/<int:enrolment>/confirm/",
        views.confirm_past_intensive,
        name="confirm-past-intensive",
        who=OFFICE,
        methods="POST",
    ),
    page(
        "committee/intensives/<int:intensive>/",
        views.placement,
        name="placement",
        who=[Who.CHAIR, Who.ADMINISTRATOR],
    ),
    page(
        "committee/intensives/<int:intensive>/proposal/",
        views.propose_placement,
        name="propose-placement",
        who=CHAIR,
        methods=FORM,
    ),
    page(
        "committee/intensives/<int:intensive>/proposal/confirm/",
        views.confirm_proposal,
        name="confirm-proposal",
        who=CHAIR,
        methods="POST",
    ),
    page(
        "committee/enrolments/<int:enrolment>/place/",
        views.place,
        name="place",
        who=CHAIR,
        methods=FORM,
    ),
    page(
        "committee/enrolments/<int:enrolment>/evaluator/",
        views.replace_evaluator,
        name="replace-evaluator",
        who=CHAIR,
        methods=FORM,
    ),
]
