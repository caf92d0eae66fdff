"""Leader Intensives: groups, faculty, enrolments and the joint assessment."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applicants.models import Document
from credentialing.people.models import Person
from credentialing.records.models import AppendOnly


class Intensive(models.Model):
    """A Balint Leader Intensive, offered here or attended elsewhere."""

    title = models.CharField(max_length=160)
    organiser = models.CharField(max_length=120)
    place = models.CharField(max_length=160, blank=True)
    start = models.DateField()
    end = models.DateField()
    capacity = models.PositiveSmallIntegerField(null=True, blank=True)
    sessions = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="Group sessions of each small group; a candidate leads one with each faculty.",
    )
    price_note = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField(null=True)
    elsewhere = models.BooleanField(
        default=False, help_text="Recorded, not offered, by this Society."
    )
    cancelled_at = models.DateTimeField(null=True)
    cancelled_because = models.CharField(max_length=300, blank=True, db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gte=F("start")), name="intensive_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def room(self) -> int | None:
        """How many candidates a small group can take: each leads two of its sessions."""
        return None if self.sessions is None else self.sessions // 2

    def has_begun(self, day: date) -> bool:
        """From its first day on."""
        return day >= self.start

    def has_ended(self, day: date) -> bool:
        """From its last day on: attendance is recorded before people leave."""
        return day >= self.end


class SmallGroup(models.Model):
    """A group of an intensive with its two faculty, who are two different people."""

    intensive = models.ForeignKey(Intensive, on_delete=models.PROTECT, related_name="small_groups")
    name = models.CharField(max_length=80)
    first_faculty = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    second_faculty = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["intensive", "name"], name="small_group_name_once"),
            models.CheckConstraint(
                condition=~Q(first_faculty=F("second_faculty")), name="faculty_are_two_people"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def faculty_ids(self) -> tuple[int, int]:
        return self.first_faculty_id, self.second_faculty_id

    @property
    def faculty(self) -> tuple[Person, Person]:
        return self.first_faculty, self.second_faculty


class Enrolment(models.Model):
    """A person at an intensive, as a participant or as a credentialing candidate."""

    class Role(models.TextChoices):
        PARTICIPANT = "participant", _("participant")
        CANDIDATE = "candidate", _("credentialing candidate")

    class State(models.TextChoices):
        SIGNED_UP = "signed-up", _("signed up")
        WAITING = "waiting", _("on the waiting list")
        CANCELLED = "cancelled", _("cancelled")

    intensive = models.ForeignKey(Intensive, on_delete=models.PROTECT, related_name="enrolments")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="enrolments")
    role = models.CharField(max_length=12, choices=Role.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SIGNED_UP)
    small_group = models.ForeignKey(
        SmallGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="enrolments"
    )
    evaluator = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="evaluates"
    )
    wished_group = models.ForeignKey(
        SmallGroup, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    avoided_group = models.ForeignKey(
        SmallGroup, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    completed = models.BooleanField(default=False)
    attended_partly = models.CharField(
        max_length=300, db_default="", blank=True, help_text="What part; left to a ruling."
    )
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT)
    enrolled_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["intensive", "person"],
                condition=~Q(state="cancelled"),
                name="enrolled_once",
            ),
            models.CheckConstraint(
                condition=Q(evaluator__isnull=True) | ~Q(evaluator=F("person")),
                name="evaluated_by_somebody_else",
            ),
        ]

    @property
    def key(self) -> str:
        return f"i{self.pk}"


class EvaluatorChange(AppendOnly):
    """One evaluator replaced by another, and why."""

    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="evaluator_changes"
    )
    before = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="evaluator_replaced_with_a_reason")
        ]


class GroupChange(AppendOnly):
    """A candidate put into another small group, and why."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="group_changes")
    before = models.ForeignKey(SmallGroup, null=True, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(SmallGroup, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="group_changed_with_a_reason")
        ]


class Disclosure(AppendOnly):
    """A relation that bars nobody, known to who placed the candidate all the same."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="disclosures")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(help_text="The relation as it was shown.")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class ProposedPlacement(models.Model):
    """What the solver found for who asked, as plain values; nothing is placed by it."""

    intensive = models.ForeignKey(Intensive, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    asked_of = models.CharField(max_length=64, help_text="The digest of what was to be solved.")
    content = models.JSONField()


class CoLed(models.Model):
    """One group session that a candidate co-led with one of the group's two faculty."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="co_led")
    faculty = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    date = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "faculty"], name="co_led_once_with_each")
        ]


class WrittenAssessment(models.Model):
    """The joint assessment of a candidate by the two faculty and the evaluator."""

    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="assessment")
    met_on = models.DateField(null=True, help_text="When the three met.")
    body = models.JSONField(default=dict, help_text="competencies, narrative, strengths, needs")
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    @property
    def is_complete(self) -> bool:
        """The three have met and the narrative is written: it can be answered and presented."""
        return self.met_on is not None and bool(self.body.get("narrative", "").strip())


class Agreement(AppendOnly):
    """What one of the two faculty says of one revision of the joint assessment."""

    assessment = models.ForeignKey(
        WrittenAssessment, on_delete=models.PROTECT, related_name="agreements"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField()
    content = models.JSONField(
        db_default=models.Value({}, models.JSONField()),
        help_text="What was answered, word for word: a later change shows as a difference.",
    )
    dissent = models.TextField(blank=True, help_text="Empty is agreement.")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "person", "revision"], name="agreed_once_to_a_revision"
            )
        ]


class Presentation(AppendOnly):
    """The joint assessment handed over: the same bytes to candidate and Committee."""

    class To(models.TextChoices):
        CANDIDATE = "candidate", _("the candidate")
        COMMITTEE = "committee", _("the Committee")

    assessment = models.ForeignKey(
        WrittenAssessment, on_delete=models.PROTECT, related_name="presentations"
    )
    to = models.CharField(max_length=10, choices=To.choices)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    presented_on = models.DateField()
    at = models.DateTimeField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta(AppendOnly.Meta):
        constraints = [
            models.UniqueConstraint(fields=["assessment", "to"], name="presented_once_to_each")
        ]


class Addendum(AppendOnly):
    """A correction of what was presented; the presentation itself stays as it is."""

    assessment = models.ForeignKey(
        WrittenAssessment, on_delete=models.PROTECT, related_name="addenda"
    )
    text = models.TextField()
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="addendum_says_something")
        ]
