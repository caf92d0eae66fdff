"""What if, the calendar, how the procedure works, and the end of the tour; home is at the roof."""

from credentialing.people.access import Who, page
from credentialing.standing import views

# Whom a case's requirements are shown to: the applicant, by a relation, or by a role.
READERS = [
    Who.APPLICANT,
    Who.SUPERVISOR,
    Who.FACULTY,
    Who.EVALUATOR,
    Who.COMMITTEE,
    Who.CHAIR,
]

urlpatterns = [
    page("what-if/", views.what_if, name="what-if", who=[Who.APPLICANT]),
    page("office/capacity/", views.capacity, name="capacity", who=[Who.ADMINISTRATOR]),
    page("tour/end/", views.end_tour, name="end-tour", who=[Who.ACCOUNT], methods="POST"),
    page("calendar/", views.calendar, name="calendar", who=[Who.APPLICANT]),
    page("calendar/planned.ics", views.calendar_file, name="calendar-file", who=[Who.APPLICANT]),
    page(
        "calendar/renew/",
        views.renew_feed,
        name="renew-feed",
        who=[Who.APPLICANT],
        methods="POST",
    ),
    page("calendar/end/", views.end_feed, name="end-feed", who=[Who.APPLICANT], methods="POST"),
    page(
        "calendar/<str:token>.ics",
        views.calendar_feed,
        name="calendar-feed",
        who=[Who.LINK_HOLDER],
    ),
    page(
        "how-this-works/",
        views.how_this_works,
        name="how-this-works",
        who=[Who.VISITOR],
    ),
    page("supervisor/", views.applicants, name="supervisor", who=[Who.SUPERVISOR]),
    page(
        "supervisor/confirm/",
        views.confirm_sessions,
        name="confirm-sessions",
        who=[Who.SUPERVISOR],
        methods="POST",
    ),
    page("supervisor/<str:reference>/", views.supervised, name="supervised", who=[Who.SUPERVISOR]),
    page(
        "follow/<str:reference>/",
        views.follow,
        name="follow",
        who=READERS,
    ),
]
