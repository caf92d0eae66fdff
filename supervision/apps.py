from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    """Approved supervisors, their applicants, and the sessions they attest."""

    name = "supervision"
    label = "supervision"
