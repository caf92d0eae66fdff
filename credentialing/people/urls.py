"""Addresses of one’s account, and of the office’s list of people."""

from credentialing.people import views
from credentialing.people.access import Who, page

OFFICE = [Who.ADMINISTRATOR]

urlpatterns = [
    page(
        "account/letters/",
        views.my_letters,
        name="my-letters",
        who=[Who.ACCOUNT],
        methods="GET POST",
    ),
    page("office/people/", views.people, name="people", who=OFFICE, methods="GET POST"),
    page(
        "office/people/<int:person>/edit/",
        views.edit_person,
        name="edit-person",
        who=OFFICE,
        methods="GET POST",
    ),
]
