"""Addresses of the office's pages on people and roles."""

from credentialing.people import views
from credentialing.people.access import Who, page

OFFICE = [Who.ADMINISTRATOR]

urlpatterns = [
    page("office/", views.office, name="office", who=OFFICE),
    page("office/people/", views.people, name="people", who=OFFICE, methods="GET POST"),
    page("office/people/<int:person>/", views.person, name="person", who=OFFICE),
    page(
        "office/people/<int:person>/edit/",
        views.edit_person,
        name="edit-person",
        who=OFFICE,
        methods="GET POST",
    ),
    page(
        "office/people/<int:person>/roles/",
        views.give_role,
        name="give-role",
        who=OFFICE,
        methods="POST",
    ),
    page(
        "office/roles/<int:role>/end/", views.end_role, name="end-role", who=OFFICE, methods="POST"
    ),
]
