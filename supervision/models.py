"""Approved supervisors, their applicants, and the sessions they attest."""

import pgtrigger
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


class Availability(models.Model):
    """What a supervisor says in the directory: whether to ask, how many places, and a word."""

    supervisor = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="availability")
    takes_requests = models.BooleanField(default=True)
    places = models.PositiveSmallIntegerField(
        help_text="Applicants at the same time, within what the approval allows."
    )
    note = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField()


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
    word = models.TextField(
        blank=True, db_default="", help_text="What the applicant wrote when asking."
    )
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

    @staticmethod
    def key_of(pk: int) -> str:
        return f"s{pk}"

    @property
    def key(self) -> str:
        return self.key_of(self.pk)


class SessionAsked(models.Model):
    """A session that an attestation asks about, with what was shown and its digest."""

    attestation = models.ForeignKey(Attestation, on_delete=models.PROTECT, related_name="sessions")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="asked")
    digest = models.CharField(max_length=64)
    shown = models.CharField(max_length=100, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attestation", "session"], name="session_asked_once")
        ]


class Forgotten(models.Model):
    """A session that the supervisor remembers and the applicant has not logged.

    It is evidence once the applicant has accepted it; until then nothing counts it.
    """

    supervision = models.ForeignKey(Supervision, on_delete=models.PROTECT, related_name="forgotten")
    date = models.DateField()
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    added_at = models.DateTimeField()
    attestation = models.ForeignKey(Attestation, null=True, on_delete=models.PROTECT)
    answered_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, help_text="Why the applicant did not accept it.")
    session = models.OneToOneField(Session, null=True, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["supervision", "date"],
                condition=Q(answered_at__isnull=True),
                name="forgotten_session_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(session__isnull=True) | Q(answered_at__isnull=False),
                name="forgotten_session_accepted_by_an_answer",
            ),
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
    rated = models.JSONField(
        default=list,
        db_default=[],
        help_text="The instrument's competencies, each with its words, rating and remark.",
    )
    written_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="released_stands",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__released_at__isnull=False),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["supervision", "year"], nulls_distinct=False, name="report_once"
            )
        ]
