"""The Committee's side of a review: what is said, recommended, and asked as further work."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applicants.models import Application, Document
from credentialing.people.models import Person
from credentialing.records.models import AppendOnly
from credentialing.standing.models import Snapshot


class Remark(AppendOnly):
    """A remark of the Committee's discussion, seen by its members without a relation alone."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="remarks")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()


class Advice(AppendOnly):
    """What a member of the Committee advises on a case under review; the newest of each counts."""

    class Leaning(models.TextChoices):
        FOR = "for", _("to credential")
        FURTHER_WORK = "further-work", _("to ask for further work")
        AGAINST = "against", _("not to credential")
        UNDECIDED = "undecided", _("undecided")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="advice")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    leaning = models.CharField(max_length=12, choices=Leaning.choices)
    text = models.TextField()
    at = models.DateTimeField()


class Recommendation(AppendOnly):
    """What the Committee recommends to the Council."""

    class Outcome(models.TextChoices):
        FOR = "for", _("to credential")
        AGAINST = "against", _("not to credential")

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="recommendations"
    )
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reasons = models.TextField()
    met_on = models.DateField()
    took_part = ArrayField(models.BigIntegerField(), default=list)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class TakenBack(AppendOnly):
    """A recommendation that the Committee took back, or the Council sent back."""

    recommendation = models.OneToOneField(
        Recommendation, on_delete=models.PROTECT, related_name="taken_back"
    )
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    at = models.DateTimeField()


class Timeline(models.Model):
    """Further work: negotiated in versions until both sides agreed to the same one."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="timelines")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    agreed = models.ForeignKey(
        "TimelineVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(closed_at__isnull=True),
                name="one_open_timeline",
            )
        ]


class TimelineVersion(AppendOnly):
    """A proposal for the timeline, by the Committee or by the applicant."""

    timeline = models.ForeignKey(Timeline, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.UniqueConstraint(fields=["timeline", "number"], name="timeline_version_once")
        ]


class Activity(models.Model):
    """Something to be done by a deadline, addressing an area of need."""

    version = models.ForeignKey(
        TimelineVersion, on_delete=models.PROTECT, related_name="activities"
    )
    area = models.CharField(max_length=200)
    activity = models.TextField()
    measure = models.TextField(blank=True, help_text="How success will be seen.")
    due = models.DateField()
    done_on = models.DateField(null=True)
    done_note = models.TextField(blank=True)

    @property
    def same(self) -> tuple[str, str]:
        """What makes it the same activity in another version: whatever its date and measure."""
        return self.area.strip(), self.activity.strip()


class Progress(AppendOnly):
    """What the applicant noted on the way, with a document where there is one."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="progress")
    text = models.TextField()
    document = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Consent(AppendOnly):
    """One side's agreement to a version of the timeline."""

    class Side(models.TextChoices):
        APPLICANT = "applicant", _("the applicant")
        COMMITTEE = "committee", _("the Committee")

    version = models.ForeignKey(TimelineVersion, on_delete=models.PROTECT, related_name="consents")
    side = models.CharField(max_length=10, choices=Side.choices)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.UniqueConstraint(fields=["version", "side"], name="consent_of_a_side_once")
        ]


class CommitteeMeeting(models.Model):
    """A meeting of the Committee: planned for a day, its agenda, who was there."""

    day = models.DateField()
    place = models.CharField(max_length=200, blank=True)
    planned_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    present = ArrayField(models.BigIntegerField(), default=list, help_text="Keys of persons.")
    closed_at = models.DateTimeField(null=True, help_text="Held; nothing of it changes any more.")
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day"],
                condition=Q(cancelled_at__isnull=True),
                name="one_committee_meeting_a_day",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(cancelled_at__isnull=True),
                name="meeting_held_or_cancelled",
            ),
        ]


class AgendaItem(models.Model):
    """A matter of a case on the agenda of a meeting, and what the Committee decided on it."""

    meeting = models.ForeignKey(CommitteeMeeting, on_delete=models.PROTECT, related_name="items")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    matter = models.CharField(max_length=80, help_text="Its name in the queue.")
    title = models.CharField(max_length=120)
    text = models.TextField(help_text="What the queue said of it when it was put here.")
    decision = models.TextField(blank=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "application", "matter"], name="matter_once_on_an_agenda"
            )
        ]


class Assignment(models.Model):
    """A matter that one member of the Committee has taken, or was given, until a day."""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="assignments"
    )
    matter = models.CharField(max_length=80, help_text="Its name in the queue.")
    to = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    due = models.DateField(null=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "matter"],
                condition=Q(ended_at__isnull=True),
                name="one_owner_of_a_matter",
            )
        ]
