"""Persons, accounts, roles, relations between persons, and credentials."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from credentialing.records.models import AppendOnly


def same(field: str) -> Func:
    """A key as a range of one, so that an exclusion needs no database extension."""
    return Func(F(field), F(field), Value("[]"), function="int8range")


def days(start: str = "start", end: str = "end") -> Func:
    """The days from start to end, both included, open where end is null."""
    return Func(F(start), F(end), Value("[]"), function="daterange")


def never_overlapping(name: str, *keys: str, condition: Q | None = None) -> ExclusionConstraint:
    """The constraint that two intervals of the same keys share no day."""
    return ExclusionConstraint(
        name=name,
        expressions=[(same(key), RangeOperators.OVERLAPS) for key in keys]
        + [(days(), RangeOperators.OVERLAPS)],
        condition=condition,
    )


class Profession(models.TextChoices):
    """The professions that the procedure tells apart."""

    PHYSICIAN = "physician", _("physician")
    PSYCHIATRIST = "psychiatrist", _("psychiatrist")
    PSYCHOLOGIST = "psychologist", _("psychologist")
    COUNSELOR = "counselor", _("counselor")
    CLINICAL_SOCIAL_WORKER = "clinical-social-worker", _("licensed clinical social worker")
    NURSE = "nurse", _("nurse")
    CHAPLAIN = "chaplain", _("chaplain")
    TEACHER = "teacher", _("teacher")
    OTHER = "other", _("other")


class Person(models.Model):
    """A human being, once, with an account or without one."""

    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    profession = models.CharField(max_length=30, choices=Profession.choices, blank=True)
    listed = models.BooleanField(default=False, help_text="Agreed to stand in the public register.")
    letters_daily = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Letters that may wait are gathered into one a day.",
    )
    letter_language = models.CharField(
        max_length=10,
        blank=True,
        db_default="",
        help_text="The language of letters to them; empty: the Society's.",
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    erased_at = models.DateTimeField(null=True, help_text="Their identity was replaced on request.")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email="") & Q(merged_into__isnull=True),
                name="one_person_per_address",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="person_not_merged_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """The name under which portfolios know this person."""
        return f"p{self.pk}"

    @property
    def current_id(self) -> int:
        """The key of the record that stands for this person now."""
        return self.merged_into_id or self.pk


class Distinct(models.Model):
    """Two persons who resemble each other and whom the office has called different people."""

    one = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="called_different_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="lower_key_first"),
        ]


class Accounts(BaseUserManager):
    """Makes accounts from an address."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """An account: how a person signs in. What the person may do hangs on the person."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True, help_text="As given when signing up.")
    person = models.OneToOneField(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="user"
    )
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(db_default=Now())

    objects = Accounts()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_per_address")]


class Invitation(models.Model):
    """A link with which a person on record sets up an account: one use, and not for long."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="invitations")
    address = models.EmailField()
    token_digest = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    void_at = models.DateTimeField(null=True, help_text="Used, or replaced by a newer one.")


class TableFile(models.Model):
    """A list that the office brought, with what its columns mean, until it is carried out."""

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    matching = models.JSONField(default=dict, help_text="Which column says what.")
    choices = models.JSONField(default=dict, help_text="What was said beside the file.")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "at"], name="table_file_of_a_kind")]


class RoleQuerySet(models.QuerySet["Role"]):
    def on(self, day: date) -> "RoleQuerySet":
        """Those in office on that day."""
        return self.filter(Q(end__isnull=True) | Q(end__gte=day), start__lte=day)


class Role(models.Model):
    """An office that a person holds from a day to a day."""

    class Kind(models.TextChoices):
        ADMINISTRATOR = "administrator", _("administrator")
        CHAIR = "chair", _("Chair")
        DEPUTY = "deputy", _("deputy Chair")
        COMMITTEE = "committee", _("Committee member")
        COUNCIL = "council", _("Council member")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="roles")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    start = models.DateField()
    end = models.DateField(null=True, blank=True)

    objects = RoleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="role_ends_after_start"
            ),
            *(
                never_overlapping(f"one_{kind}_role_at_a_time", "person", condition=Q(kind=kind))
                for kind in ("administrator", "chair", "deputy", "committee", "council")
            ),
        ]


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def on(self, day: date) -> "AbsenceQuerySet":
        """Those who are away on that day."""
        return self.filter(start__lte=day, until__gte=day)


class Absence(models.Model):
    """An officer who is away until a day; the deputy stands in for a Chair who is."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="absences")
    start = models.DateField()
    until = models.DateField(help_text="The last day away.")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("start")), name="back_after_going_away"
            ),
            ExclusionConstraint(
                name="absences_never_overlap",
                expressions=[
                    (same("person"), RangeOperators.OVERLAPS),
                    (days(end="until"), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Relation(models.Model):
    """What a person is, or once was, to an applicant; written by the acts themselves."""

    class Kind(models.TextChoices):
        SUPERVISOR = "supervisor", _("supervisor")
        CO_LEADER = "co-leader", _("co-leader")
        FACULTY = "faculty", _("faculty")
        EVALUATOR = "evaluator", _("evaluator")
        ATTESTED = "attested", _("attested")
        DECLARED = "declared", _("declared")
        RECUSED = "recused", _("stepped aside")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="relations")
    applicant = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="related_people")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    since = models.DateField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "applicant", "kind"], name="relation_of_a_kind_once"
            ),
            models.CheckConstraint(
                condition=~Q(person=F("applicant")), name="relation_to_somebody_else"
            ),
        ]


class Declaration(AppendOnly):
    """What somebody says of a person and an applicant, of whom they are one; or takes it back.

    The newest word of each of the two stands.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    applicant = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="declarations")
    words = models.CharField(max_length=200, blank=True, help_text="Empty takes it back.")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(by=F("person")) | Q(by=F("applicant")),
                name="declared_by_one_of_the_two",
            ),
            models.CheckConstraint(
                condition=~Q(person=F("applicant")), name="declared_of_two_people"
            ),
        ]


class Credential(models.Model):
    """What the Society awarded: a number that tells nothing of how many there are."""

    number = models.CharField(max_length=20, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="credentials")
    title = models.CharField(max_length=120)
    since = models.DateField()
    case = models.CharField(max_length=20, blank=True)


class CredentialStatus(AppendOnly):
    """From which day a credential is active, suspended, revoked or retired, and why."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        SUSPENDED = "suspended", _("suspended")
        REVOKED = "revoked", _("revoked")
        RETIRED = "retired", _("retired")

    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, related_name="statuses")
    status = models.CharField(max_length=10, choices=Status.choices)
    since = models.DateField()
    reason = models.TextField(blank=True)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
