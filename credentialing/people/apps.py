from django.apps import AppConfig


class People(AppConfig):
    """Persons, accounts, roles, relations and credentials."""

    name = "credentialing.people"
    label = "people"
