"""What if, the calendar, how the procedure works, and the end of the tour; home is at the roof."""

from credentialing.people.access import Who, page
from credentialing.standing import views

urlpatterns = [
    page("what-if/", views.what_if, name="what-if", who=[Who.APPLICANT]),
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
]
