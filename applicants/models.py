"""One applicant's case and evidence: application, groups, logs, claims, rulings."""

import secrets
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from credentialing.people.models import Person, Profession, never_overlapping
from credentialing.records.models import AppendOnly

# Without letters and digits that are read wrongly over the telephone.
REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """A reference that tells nothing about how many cases there are."""
    return "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(6))


class Stage(models.TextChoices):
    """Where an application is."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned")
    ACCEPTED = "accepted", _("accepted")
    UNDER_REVIEW = "under-review", _("under review")
    FURTHER_WORK = "further-work", _("further work")
    RECOMMENDED = "recommended", _("recommended")
    BEFORE_COUNCIL = "before-council", _("before the Council")
    DECIDED = "decided", _("decided")
    WITHDRAWN = "withdrawn", _("withdrawn")
    CLOSED = "closed", _("closed")


ENDED = (Stage.DECIDED, Stage.WITHDRAWN, Stage.CLOSED)
NOT_YET_ACCEPTED = (Stage.DRAFT, Stage.SUBMITTED, Stage.RETURNED, Stage.WITHDRAWN, Stage.CLOSED)


class Application(models.Model):
    """A person's way to the credential, under the procedure it is pinned to."""

    reference = models.CharField(max_length=20, unique=True, default=new_reference)
    applicant = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="applications")
    procedure = models.CharField(
        max_length=40, blank=True, help_text="Pinned when first submitted."
    )
    stage = models.CharField(max_length=20, choices=Stage.choices, default=Stage.DRAFT)
    submitted_on = models.DateField(null=True, blank=True)
    accepted_on = models.DateField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    credentialed = models.BooleanField(
        null=True, help_text="The Council's decision, once there is one."
    )
    membership_unconfirmed = models.BooleanField(
        default=False,
        help_text="Submitted on a member number that the office could not yet confirm.",
    )
    started_at = models.DateTimeField(db_default=Now())

    class Meta:
        permissions = [
            ("supervisor", "supervises the applicant"),
            ("evaluator", "evaluates the candidate"),
            ("faculty", "is one of the candidate's two faculty"),
            ("elector", "votes on the case while its ballot is open"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["applicant"],
                condition=~Q(stage__in=ENDED),
                name="one_live_application_per_person",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=[Stage.DRAFT, Stage.WITHDRAWN, Stage.CLOSED])
                | Q(submitted_on__isnull=False) & ~Q(procedure=""),
                name="application_submitted_before_it_moves",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=NOT_YET_ACCEPTED) | Q(accepted_on__isnull=False),
                name="application_accepted_before_it_moves",
            ),
            models.CheckConstraint(
                condition=Q(
                    stage=Stage.DECIDED, decided_on__isnull=False, credentialed__isnull=False
                )
                | ~Q(stage=Stage.DECIDED) & Q(decided_on__isnull=True, credentialed__isnull=True),
                name="application_decided_with_its_decision",
            ),
            models.CheckConstraint(
                condition=Q(accepted_on__isnull=True) | Q(accepted_on__gte=F("submitted_on")),
                name="application_accepted_after_submission",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_live(self) -> bool:
        return self.stage not in ENDED

    @property
    def is_editable(self) -> bool:
        """The form may still be changed by the applicant."""
        return self.stage in (Stage.DRAFT, Stage.RETURNED)


class ApplicationUserPermission(UserObjectPermissionBase):
    """A relation of an account to one case, as django-guardian stores it; see `access`."""

    content_object = models.ForeignKey(Application, on_delete=models.CASCADE)


class Section(models.Model):
    """A part of the application form as last saved, with the revision that tells two tabs apart."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="sections")
    key = models.CharField(max_length=40)
    answers = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "key"], name="section_once")]


class Version(AppendOnly):
    """The whole form as it was submitted."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    sections = models.JSONField()
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="version_number_once")
        ]


class StageMove(AppendOnly):
    """One step of a case from a stage to another."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="moves")
    number = models.PositiveIntegerField()
    move = models.CharField(max_length=30)
    from_stage = models.CharField(max_length=20, choices=Stage.choices)
    to_stage = models.CharField(max_length=20, choices=Stage.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)

    class Meta(AppendOnly.Meta):
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="move_number_once")
        ]


class Question(models.Model):
    """Something that the Committee asks the applicant, answered on the case."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="questions")
    text = models.TextField()
    due = models.DateField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)


class ProcedureMove(models.Model):
    """A proposal to judge a case by another procedure; both assessments are kept."""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="procedure_moves"
    )
    from_procedure = models.CharField(max_length=40)
    to_procedure = models.CharField(max_length=40)
    assessments = models.JSONField(
        help_text="What both procedures said on the day of the proposal."
    )
    reason = models.TextField()
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    consented_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(consented_at__isnull=True, declined_at__isnull=True),
                name="one_open_procedure_move",
            )
        ]


class MembershipImport(models.Model):
    """A list of members from the Society's member system, complete up to a day."""

    complete_to = models.DateField()
    imported_at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")


class Membership(models.Model):
    """A person's membership of the Society, both days included."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    number = models.CharField(max_length=40, blank=True)
    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    source = models.ForeignKey(MembershipImport, null=True, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")),
                name="membership_ends_after_start",
            ),
            never_overlapping("memberships_never_overlap", "person"),
        ]


class BalintGroup(models.Model):
    """A Balint group that an applicant leads at home."""

    class Setting(models.TextChoices):
        MEDICAL = "medical", _("medical setting")
        OTHER = "other", _("other setting")

    applicant = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="balint_groups")
    name = models.CharField(max_length=120)
    setting = models.CharField(max_length=10, choices=Setting.choices)
    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    # How it usually meets: what an evening is filled in with beforehand, and what is planned.
    weekday = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Monday is 0.")
    every_weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    meets_at = models.TimeField(null=True, blank=True)
    usual_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    usual_debriefing = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")),
                name="group_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(weekday__isnull=True, every_weeks__isnull=True)
                | Q(weekday__range=(0, 6), every_weeks__range=(1, 4)),
                name="group_meets_on_a_weekday_every_so_many_weeks",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def key_of(pk: int) -> str:
        return f"g{pk}"

    @property
    def key(self) -> str:
        return self.key_of(self.pk)


class GroupLeader(models.Model):
    """Who leads a group with the applicant (the applicant included), and when."""

    group = models.ForeignKey(BalintGroup, on_delete=models.CASCADE, related_name="leaders")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="groups_led")
    profession = models.CharField(max_length=30, choices=Profession.choices)
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(start__isnull=True) | Q(end__gte=F("start")),
                name="leader_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["group", "person", "start"], nulls_distinct=False, name="leader_once"
            ),
        ]


class EvidenceQuerySet(models.QuerySet):
    def standing(self) -> "EvidenceQuerySet":
        """What has not been withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class Evidence(models.Model):
    """Something logged: corrected or withdrawn with a reason, never deleted."""

    date = models.DateField()
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.TextField(blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        abstract = True


class Meeting(Evidence):
    """A meeting of a Balint group that the applicant led."""

    group = models.ForeignKey(BalintGroup, on_delete=models.PROTECT, related_name="meetings")
    cases = models.PositiveSmallIntegerField(default=1)

    @staticmethod
    def key_of(pk: int) -> str:
        return f"m{pk}"

    @property
    def key(self) -> str:
        return self.key_of(self.pk)


class Debriefing(Evidence):
    """A review of the group's process with a co-leader."""

    group = models.ForeignKey(BalintGroup, on_delete=models.PROTECT, related_name="debriefings")
    partners = models.ManyToManyField(Person, related_name="+")

    @staticmethod
    def key_of(pk: int) -> str:
        return f"d{pk}"

    @property
    def key(self) -> str:
        return self.key_of(self.pk)


class OtherEvidence(Evidence):
    """Evidence of a kind that a procedure may ask for and that has no log of its own."""

    applicant = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="other_evidence")
    kind = models.CharField(max_length=40)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    @staticmethod
    def key_of(pk: int) -> str:
        return f"o{pk}"

    @property
    def key(self) -> str:
        return self.key_of(self.pk)


class LogAct(models.Model):
    """Something done to a log in one go, with the keys of its entries, so that it can be undone.

    Each of `entries` is a dict of kind and key; of a change also what stood before and after.
    """

    class Kind(models.TextChoices):
        RECORDED = "recorded", _("recorded")
        IMPORTED = "imported", _("imported")
        CHANGED = "changed", _("changed")
        REMOVED = "removed", _("taken out")

    applicant = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="log_acts")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    entries = models.JSONField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)


class LogImport(models.Model):
    """A table that somebody brings into their log, and how its columns were matched.

    `columns` is field → name of the column, and lasts: the next table is matched by it. `rows` are
    only kept until the import is done or another one is begun.
    """

    applicant = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="log_imports")
    name = models.CharField(max_length=200)
    heading = models.JSONField(help_text="The names of the columns, in the order of the file.")
    rows = models.JSONField(help_text="Of each row its line and its cells.")
    columns = models.JSONField(default=dict)
    group = models.ForeignKey(BalintGroup, null=True, on_delete=models.PROTECT)
    day_first = models.BooleanField(null=True, help_text="Of days such as 3/4/2026.")
    uploaded_at = models.DateTimeField()
    act = models.OneToOneField(LogAct, null=True, on_delete=models.PROTECT)


class CalendarFeed(models.Model):
    """The private address under which a person's calendar fetches what is planned."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="calendar_feed")
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()


class Attestation(models.Model):
    """A statement that somebody is asked to confirm, through a link or signed in.

    What is attested points here; whether it holds is derived from digests.
    """

    class Kind(models.TextChoices):
        SESSIONS = "sessions", _("supervision sessions")
        CO_LEADING = "co-leading", _("co-leading")
        CREDENTIALED = "credentialed-leader", _("co-leading with a credentialed leader")

    kind = models.CharField(max_length=20, choices=Kind.choices)
    applicant = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="attestations")
    attestor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="asked_to_attest")
    address = models.EmailField(blank=True, help_text="Empty: attested on paper.")
    text = models.TextField(help_text="What is attested, word for word.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content that was shown.")
    group = models.ForeignKey(BalintGroup, null=True, on_delete=models.PROTECT)
    as_of = models.DateField(null=True, help_text="The last day of what is attested.")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    token_digest = models.CharField(max_length=64, unique=True)
    void_at = models.DateTimeField(
        null=True, help_text="Withdrawn, answered, or replaced by a new link."
    )


class AttestationAnswer(AppendOnly):
    """What the attestor answered, and under which name."""

    attestation = models.OneToOneField(Attestation, on_delete=models.PROTECT, related_name="answer")
    given = models.BooleanField()
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    by_link = models.BooleanField()
    at = models.DateTimeField()
    scan = models.ForeignKey(
        "Document",
        null=True,
        on_delete=models.PROTECT,
        help_text="Of what was attested on paper: documented elsewhere.",
    )
    entered_by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", help_text="The office."
    )

    class Meta(AppendOnly.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(scan__isnull=True, entered_by__isnull=True)
                | Q(scan__isnull=False, entered_by__isnull=False, by_link=False),
                name="paper_attestation_with_scan_and_officer",
            )
        ]


class Claim(models.Model):
    """A claim to credit for prior experience, with the facts that the procedure asks for."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="claims")
    credit = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    leader = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    attestation = models.ForeignKey(Attestation, null=True, on_delete=models.PROTECT)
    claimed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    @property
    def key(self) -> str:
        return f"c{self.pk}"


class Ruling(AppendOnly):
    """What the Committee ruled: a dated object with an author and a reason."""

    class Kind(models.TextChoices):
        GRANT = "grant", _("credit granted")
        REFUSE = "refuse", _("credit refused")
        ACCEPT = "accept", _("accepted as it stands")
        SET = "set", _("requirement changed")
        COUNT = "count", _("evidence counted")
        WAIVE = "waive", _("requirement waived")
        EQUIVALENCE = "equivalence", _("equivalent training")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="rulings")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    claim = models.ForeignKey(Claim, null=True, on_delete=models.PROTECT, related_name="rulings")
    requirement = models.CharField(max_length=40, blank=True)
    terms = models.JSONField(
        default=dict,
        help_text="What is ruled, under one key: accept, set, count, waive or requirements.",
    )
    in_lieu_per_year = models.PositiveSmallIntegerField(null=True)
    reason = models.TextField()
    ruled_on = models.DateField()
    met_on = models.DateField(null=True, help_text="When the Committee met.")
    took_part = ArrayField(models.BigIntegerField(), default=list, help_text="Keys of persons.")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["grant", "refuse"], claim__isnull=False, requirement="")
                | Q(kind="equivalence", claim__isnull=True, requirement="")
                | Q(kind__in=["accept", "set", "count", "waive"], claim__isnull=True)
                & ~Q(requirement=""),
                name="ruling_on_exactly_one_thing",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="ruling_with_a_reason"),
        ]

    @property
    def key(self) -> str:
        return f"x{self.pk}"


class Revocation(AppendOnly):
    """A ruling taken back, from a day on."""

    ruling = models.OneToOneField(Ruling, on_delete=models.PROTECT, related_name="revocation")
    revoked_on = models.DateField()
    reason = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class RecusalQuerySet(models.QuerySet["RecusalLifted"]):
    def standing(self) -> "RecusalQuerySet":
        """The words that lift a recusal now: no later row ends them."""
        return self.filter(ends__isnull=True, ended_by__isnull=True)


class RecusalLifted(AppendOnly):
    """Why somebody with a relation may act and vote on one case all the same; or the end of that.

    A row that `ends` another takes it back. Nobody lifts their own; each may give theirs back.
    """

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="recusals_lifted"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ends = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="ended_by"
    )
    reason = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = RecusalQuerySet.as_manager()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="recusal_lifted_for_a_reason"),
            models.CheckConstraint(
                condition=Q(ends__isnull=False) | ~Q(person=F("by")),
                name="recusal_lifted_by_somebody_else",
            ),
        ]


class Document(models.Model):
    """A file that belongs to a case; a newer version of it is a row of its own."""

    class Kind(models.TextChoices):
        CERTIFICATE = "certificate", _("certificate of attendance")
        LETTER = "letter", _("letter")
        TRAINING = "training", _("record of training")
        OTHER = "other", _("other")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    title = models.CharField(max_length=200)
    file = models.FileField(upload_to="documents")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    content_type = models.CharField(max_length=100)
    preview = models.FileField(
        upload_to="previews", blank=True, db_default="", help_text="A PNG of its first page."
    )
    replaces = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    claim = models.ForeignKey(Claim, null=True, on_delete=models.PROTECT, related_name="documents")
    question = models.ForeignKey(
        Question, null=True, on_delete=models.PROTECT, related_name="documents"
    )
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.TextField(
        blank=True, db_default="", help_text="Empty where nobody but the applicant had seen it."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("pk")),
                name="document_replaces_another",
            )
        ]


def in_force(start: date | None, end: date | None, day: date) -> bool:
    """Whether a day lies between two days, both included, open where one is None."""
    return (start is None or start <= day) and (end is None or day <= end)
