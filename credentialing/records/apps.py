from django.apps import AppConfig


class Records(AppConfig):
    """What happened, and who is told."""

    name = "credentialing.records"
    label = "records"
