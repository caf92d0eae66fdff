"""What happened, and who is told.

This is the lowest app: it names a case by its reference and a person by key, and imports neither.
"""

from zoneinfo import ZoneInfo

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class AppendOnly(models.Model):
    """A row that is written once: the database itself refuses to change or remove it.

    The application's database role holds no UPDATE and no DELETE there either; see `grants`.
    """

    class Meta:
        abstract = True
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]


class AuditEntry(AppendOnly):
    """One thing that happened: who, what, when, on which record, before and after."""

    at = models.DateTimeField(db_default=Now())
    actor = models.ForeignKey(
        "people.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=True
    )
    act = models.CharField(max_length=60)
    case = models.CharField(max_length=20, blank=True)
    record = models.CharField(max_length=80, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["case", "id"]), models.Index(fields=["act", "id"])]


class Seal(AppendOnly):
    """A link of the chain over the audit trail: a run of entries and the seal before it."""

    at = models.DateTimeField(db_default=Now())
    first = models.BigIntegerField()
    last = models.BigIntegerField(unique=True)
    entries = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)


class TrailCheck(models.Model):
    """What the newest look at the whole sealed trail has found; the one row of its table."""

    begun_at = models.DateTimeField()
    up_to = models.BigIntegerField(help_text="The last sealed entry.")
    fault = models.CharField(max_length=300, blank=True, help_text="The first, where one is.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_check_of_the_trail")
        ]


class Logo(AppendOnly):
    """A picture by which the Society is known, drawn anew here; papers name it by its digest."""

    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the picture.")
    content = models.BinaryField(help_text="A PNG without metadata.")
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()


class Society(AppendOnly):
    """What the Society has decided about itself; the newest row stands."""

    BALLOT_DAYS = 7

    number = models.PositiveIntegerField(unique=True)
    at = models.DateTimeField(db_default=Now())
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=20)
    sender = models.CharField(max_length=80, blank=True)
    has_register = models.BooleanField(default=True)
    ballot_days = models.PositiveSmallIntegerField(default=BALLOT_DAYS)
    time_zone = models.CharField(max_length=64, help_text="As the IANA names it.")
    logo = models.ForeignKey(Logo, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(AppendOnly.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ballot_days__range=(1, 60)), name="society_ballot_days"
            ),
            models.CheckConstraint(
                condition=~models.Q(time_zone=""), name="society_has_a_time_zone"
            ),
        ]

    @property
    def zone(self) -> ZoneInfo:
        """By which its days begin and its hours are told."""
        return ZoneInfo(self.time_zone)


class Letter(models.Model):
    """A message to one person, written in the transaction of the act that it tells of."""

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        WAITING = "waiting", _("waiting for the daily letter")
        SENDING = "sending", _("sending")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        HELD = "held", _("held")
        DOUBT = "in-doubt", _("in doubt")

    class Bounce(models.TextChoices):
        NO_ADDRESS = "no-address", _("There is no such address.")
        FULL = "full", _("The mailbox is full.")
        REFUSED = "refused", _("The relay or the mailbox refused it.")
        OTHER = "other", _("Something else; I say what.")

    kind = models.CharField(max_length=60)
    occasion = models.CharField(max_length=120, help_text="What makes this letter the only one.")
    to = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    address = models.EmailField()
    address_before = models.EmailField(
        blank=True, default="", db_default="", help_text="Where it went before it was sent again."
    )
    case = models.CharField(max_length=20, blank=True)
    needs = models.CharField(
        max_length=40,
        blank=True,
        help_text="What the reader must still be allowed when it is sent.",
    )
    subject = models.CharField(max_length=200)
    text = models.TextField()
    link = models.CharField(max_length=300, blank=True)
    link_is_secret = models.BooleanField(default=False, help_text="Erased once the letter is sent.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    reason = models.CharField(max_length=300, blank=True)
    bounce = models.CharField(
        max_length=10,
        choices=Bounce.choices,
        blank=True,
        default="",
        db_default="",
        help_text="Why it came back, or was refused in the end.",
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    written_at = models.DateTimeField(db_default=Now())
    send_after = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    digest = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="carried",
        help_text="The daily letter that carries this one.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "occasion", "address"], name="letter_once")
        ]
        indexes = [
            models.Index(
                fields=["send_after"],
                name="letter_waiting",
                condition=models.Q(state__in=["queued", "sending"]),
            )
        ]


class Standstill(AppendOnly):
    """All letters are held, or leave again; the newest row stands."""

    number = models.PositiveIntegerField(unique=True)
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    holds = models.BooleanField()
    reason = models.CharField(max_length=300)


class Submission(models.Model):
    """A form that was already answered: the same key again does nothing twice."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    answer = models.CharField(max_length=300, blank=True, help_text="Where the first one led.")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="submission_once")]


class Job(models.Model):
    """Work that takes longer than a page may: asked for by a person, done by the worker.

    The row is the queue, the progress and the outcome; the file is kept for some days.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for its turn")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    kind = models.CharField(max_length=40)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    parameters = models.JSONField(default=dict, help_text="Keys and small choices, no content.")
    page = models.CharField(max_length=300, blank=True, help_text="Where it leads when it ended.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    doing = models.CharField(max_length=200, blank=True)
    outcome = models.TextField(blank=True, help_text="What came of it, or why nothing did.")
    file = models.FileField(upload_to="jobs", blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    cases = models.JSONField(
        default=list,
        db_default=models.Value([], models.JSONField()),
        help_text="References of those that the file tells of.",
    )
    asked_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    cancel_asked = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["asked_at"],
                name="job_waiting",
                condition=models.Q(state__in=["waiting", "running"]),
            ),
            models.Index(fields=["by", "-asked_at"], name="job_of_a_person"),
        ]

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED, self.State.CANCELLED)


class Kept(models.Model):
    """What was typed into a form after its sitting had ended; for its writer's eyes alone."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=300)
    fields = models.JSONField(help_text="Each field's values, as they were sent.")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "page"], name="kept_once_a_page")]
