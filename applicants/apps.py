from django.apps import AppConfig


class Applicants(AppConfig):
    """Applications, logs, claims, rulings, attestations, documents, and who may see them."""

    name = "applicants"
    label = "applicants"
