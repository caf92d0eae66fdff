from django.apps import AppConfig


class Standing(AppConfig):
    """Where each applicant stands: portfolios gathered, the rules asked, snapshots kept."""

    name = "credentialing.standing"
    label = "standing"
