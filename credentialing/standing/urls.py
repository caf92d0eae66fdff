"""The front door: where an applicant stands, and how the procedure works."""

from credentialing.people.access import Who, page
from credentialing.standing import views

urlpatterns = [
    page("", views.home, name="home", who=[Who.VISITOR]),
    page(
        "how-this-works/",
        views.how_this_works,
        name="how-this-works",
        who=[Who.VISITOR],
    ),
]
