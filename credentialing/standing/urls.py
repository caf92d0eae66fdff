"""What if, how the procedure works, and the end of the tour; home stands at the roof."""

from credentialing.people.access import Who, page
from credentialing.standing import views

urlpatterns = [
    page("what-if/", views.what_if, name="what-if", who=[Who.APPLICANT]),
    page("tour/end/", views.end_tour, name="end-tour", who=[Who.ACCOUNT], methods="POST"),
    page(
        "how-this-works/",
        views.how_this_works,
        name="how-this-works",
        who=[Who.VISITOR],
    ),
]
