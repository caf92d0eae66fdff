"""Frozen records of where a case stood."""

from django.db import models

from applicants.models import Application
from credentialing.people.models import Person
from credentialing.records.models import AppendOnly


class Tour(models.Model):
    """That somebody has put the tour of the home page away, for good."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    ended_at = models.DateTimeField()


class Snapshot(AppendOnly):
    """The portfolio and its assessment as the Committee took them into review."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="snapshots")
    number = models.PositiveIntegerField()
    as_of = models.DateField()
    procedure = models.CharField(max_length=40)
    portfolio = models.JSONField()
    assessment = models.JSONField()
    digest = models.CharField(max_length=64)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta(AppendOnly.Meta):
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="snapshot_number_once")
        ]
