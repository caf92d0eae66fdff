from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    """Approved supervisors, their applicants, and the sessions they attest."""

    name = "supervision"
    label = "supervision"

    def ready(self) -> None:
        """Say what the record tells of a supervisor and an applicant."""
        from credentialing.people.queries import TELLERS  # noqa: PLC0415 - models are ready now
        from supervision.queries import told  # noqa: PLC0415

        TELLERS["supervisor"] = told
