from django.apps import AppConfig


class Applicants(AppConfig):
    """Applications, logs, claims, rulings, attestations, documents, and who may see them."""

    name = "applicants"
    label = "applicants"

    def ready(self) -> None:
        """Say what the record tells of a co-leader, or an attestor, and an applicant."""
        from applicants.queries import relations  # noqa: PLC0415 - models are ready now
        from credentialing.people.queries import TELLERS  # noqa: PLC0415

        TELLERS["co-leader"] = relations.co_leaders
        TELLERS["attested"] = relations.attestors
