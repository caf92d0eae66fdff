"""Approved supervisors, their applicants, and the sessions they attest."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applicants.models import Attestation, BalintGroup, Evidence
from credentialing.people.models import Person, never_overlapping
from credentialing.records.models import AppendOnly


class Approval(models.Model):
    """The interval for which the Society approves a person as a Balint supervisor."""

    supervisor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="approvals")
    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    places = models.PositiveSmallIntegerField(default=3, help_text="Applicants at the same time.")
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")),
                name="approval_ends_after_start",
            ),
            never_overlapping("approvals_never_overlap", "supervisor"),
        ]


class Supervision(models.Model):
    """An applicant and a supervisor, from the request to the end."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("asked")
        ACTIVE = "active", _("under way")
        DECLINED = "declined", _("declined")
        ENDED = "ended", _("ended")

    applicant = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="supervisions")
    supervisor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="supervises")
    group = models.ForeignKey(BalintGroup, null=True, blank=True, on_delete=models.PROTECT)
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    asked_at = models.DateTimeField()
    began = models.DateField(null=True, help_text="The day on which the supervisor accepted.")
    ended = models.DateField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(applicant=F("supervisor")), name="supervised_by_somebody_else"
            ),
            models.UniqueConstraint(
                fields=["applicant", "supervisor"],
                condition=Q(state__in=["requested", "active"]),
                name="one_running_supervision_per_pair",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "declined"]) | Q(began__isnull=False),
                name="supervision_began_once_accepted",
            ),
            models.CheckConstraint(
                condition=Q(ended__isnull=True) | Q(ended__gte=F("began")),
                name="supervision_ends_after_it_began",
            ),
        ]


class Session(Evidence):
    """A supervision session. It counts once the supervisor has confirmed it as it stands."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        HELD = "held", _("held")
        CANCELLED = "cancelled", _("cancelled")
        NO_SHOW = "no-show", _("not attended")

    supervision = models.ForeignKey(Supervision, on_delete=models.PROTECT, related_name="sessions")
    state = models.CharField(max_length=10, choices=State.choices, default=State.HELD)

    @property
    def key(self) -> str:
        return f"s{self.pk}"


class SessionAsked(models.Model):
    """A session that an attestation asks about, with the digest of what was shown."""

    attestation = models.ForeignKey(Attestation, on_delete=models.PROTECT, related_name="sessions")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="asked")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attestation", "session"], name="session_asked_once")
        ]


class Confirmation(AppendOnly):
    """The supervisor's word on a session as it then stood.

    A session is confirmed when the newest confirmation's digest equals the session's own.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="confirmations")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    given = models.BooleanField(default=True)
    reason = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    confirmed_on = models.DateField()
    at = models.DateTimeField()
    attestation = models.ForeignKey(Attestation, null=True, on_delete=models.PROTECT)


class Report(models.Model):
    """A supervisor's written report: one for each year, and a final one."""

    supervision = models.ForeignKey(Supervision, on_delete=models.PROTECT, related_name="reports")
    year = models.PositiveSmallIntegerField(null=True, help_text="Null is the final report.")
    text = models.TextField()
    written_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["supervision", "year"], nulls_distinct=False, name="report_once"
            )
        ]
