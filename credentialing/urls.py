"""Every address of the application, app by app."""

from django.conf import settings
from django.urls import include, path

from credentialing import mailbox, sitting, style, views
from credentialing.office.views import (
    joining,
    letters,
    lists,
    memberships,
    merging,
    people,
    setting_up,
    society,
    trail,
)
from credentialing.people.access import Who, page

urlpatterns = [
    page("", views.home, name="home", who=[Who.VISITOR, Who.ACCOUNT]),
    path("", include("credentialing.standing.urls")),
    path("", include("applicants.urls")),
    path("", include("supervision.urls")),
    path("", include("intensives.urls")),
    path("", include("reviews.urls")),
    path("", include("credentialing.people.urls")),
    page("healthz", views.healthz, name="healthz", who=[Who.VISITOR]),
    page("readyz", views.readyz, name="readyz", who=[Who.VISITOR]),
    page("my-data/", views.my_data, name="my-data", who=[Who.ACCOUNT], methods="GET POST"),
    page("jobs/", views.jobs, name="jobs", who=[Who.ACCOUNT]),
    page("jobs/<int:job>/", views.job, name="job", who=[Who.ACCOUNT]),
    page(
        "jobs/<int:job>/cancel/",
        views.cancel_job,
        name="cancel-job",
        who=[Who.ACCOUNT],
        methods="POST",
    ),
    page("jobs/<int:job>/file/", views.job_file, name="job-file", who=[Who.ACCOUNT]),
    page("office/letters/", letters.letters, name="letters", who=[Who.ADMINISTRATOR]),
    page(
        "office/letters/hold/",
        letters.hold_letters,
        name="hold-letters",
        who=[Who.ADMINISTRATOR],
        methods="GET POST",
        fresh=True,
    ),
    page("office/letters/kinds/", letters.kinds, name="letter-kinds", who=[Who.ADMINISTRATOR]),
    page(
        "office/letters/<int:letter>/<str:act>/",
        letters.move_letter,
        name="move-letter",
        who=[Who.ADMINISTRATOR],
        methods="POST",
    ),
    page("join/", joining.join, name="join", who=[Who.LINK_HOLDER], methods="GET POST"),
    page("join/<str:token>/", joining.join_link, name="join-link", who=[Who.LINK_HOLDER]),
    page("office/people/<int:person>/", people.person, name="person", who=[Who.ADMINISTRATOR]),
    page(
        "office/people/<int:person>/roles/",
        people.give_role,
        name="give-role",
        who=[Who.ADMINISTRATOR],
        methods="POST",
        fresh=True,
    ),
    page(
        "office/roles/<int:role>/end/",
        people.end_role,
        name="end-role",
        who=[Who.ADMINISTRATOR],
        methods="POST",
        fresh=True,
    ),
    page(
        "office/people/<int:person>/invite/",
        people.invite,
        name="invite",
        who=[Who.ADMINISTRATOR],
        methods="POST",
    ),
    page(
        "office/people/<int:person>/erase/",
        people.erase,
        name="erase",
        who=[Who.ADMINISTRATOR],
        methods="GET POST",
        fresh=True,
    ),
    page(
        "office/people/<int:person>/account/<str:active>/",
        people.let_in,
        name="let-in",
        who=[Who.ADMINISTRATOR],
        methods="POST",
        fresh=True,
    ),
    page("office/", setting_up.office, name="office", who=[Who.ADMINISTRATOR]),
    page("office/set-up/", setting_up.set_up, name="set-up", who=[Who.ADMINISTRATOR]),
    page("office/lists/", lists.lists, name="lists", who=[Who.ADMINISTRATOR]),
    page(
        "office/lists/<int:file>/",
        lists.look,
        name="list",
        who=[Who.ADMINISTRATOR],
        methods="GET POST",
    ),
    page(
        "office/lists/<int:file>/faults.csv",
        lists.faults,
        name="list-faults",
        who=[Who.ADMINISTRATOR],
    ),
    page(
        "office/lists/<slug:kind>/",
        lists.bring,
        name="bring-list",
        who=[Who.ADMINISTRATOR],
        methods="GET POST",
    ),
    page(
        "office/lists/<slug:kind>/template/",
        lists.template,
        name="list-template",
        who=[Who.ADMINISTRATOR],
    ),
    page(
        "office/memberships/",
        memberships.memberships,
        name="memberships",
        who=[Who.ADMINISTRATOR],
    ),
    page(
        "office/memberships/new/",
        memberships.new_membership,
        name="new-membership",
        who=[Who.ADMINISTRATOR],
        methods="GET POST",
    ),
    page(
        "office/memberships/<int:membership>/",
        memberships.membership,
        name="membership",
        who=[Who.ADMINISTRATOR],
        methods="GET POST",
    ),
    page("office/people/matches/", merging.matches, name="matches", who=[Who.ADMINISTRATOR]),
    page(
        "office/people/<int:person>/merge/",
        merging.merge_with,
        name="merge-with",
        who=[Who.ADMINISTRATOR],
    ),
    page(
        "office/people/<int:person>/merge/<int:other>/",
        merging.merge,
        name="merge",
        who=[Who.ADMINISTRATOR],
        methods="GET POST",
        fresh=True,
    ),
    page(
        "office/people/<int:person>/different/<int:other>/",
        merging.different,
        name="different",
        who=[Who.ADMINISTRATOR],
        methods="POST",
    ),
    page(
        "office/society/",
        society.society,
        name="society",
        who=[Who.ADMINISTRATOR],
        methods="GET POST",
    ),
    page("office/audit/", trail.audit_trail, name="audit", who=[Who.ADMINISTRATOR]),
    page(
        "office/audit/check/",
        trail.check,
        name="check-audit",
        who=[Who.ADMINISTRATOR],
        methods="POST",
    ),
    page(
        "office/audit/export/",
        trail.export,
        name="export-audit",
        who=[Who.ADMINISTRATOR],
        methods="POST",
        fresh=True,
    ),
    path("account/", include("allauth.account.urls")),
    path("account/second-factor/", include("allauth.mfa.urls")),
    path("account/sittings/", include("allauth.usersessions.urls")),
    page("account/go-on/", sitting.go_on, name="go-on", who=[Who.ACCOUNT]),
]
if settings.DEVELOPMENT:
    urlpatterns += [
        page("style/", style.style, name="style", who=[Who.VISITOR]),
        page("mailbox/", mailbox.mailbox, name="mailbox", who=[Who.VISITOR]),
    ]

handler400 = "credentialing.views.bad_request"
handler403 = "credentialing.views.forbidden"
handler404 = "credentialing.views.not_found"
handler500 = "credentialing.views.broken"
