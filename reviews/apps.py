from django.apps import AppConfig


class Reviews(AppConfig):
    """The Committee and the Council: review, timeline, ballot, decision, dossier."""

    name = "reviews"
    label = "reviews"
