from django.apps import AppConfig


class Intensives(AppConfig):
    """Leader Intensives: groups, faculty, candidates and the joint assessment."""

    name = "intensives"
    label = "intensives"
