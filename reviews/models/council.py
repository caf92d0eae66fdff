"""The Council's side: the vote on a recommendation, what it decided, and the papers of a case."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applicants.models import Application
from credentialing.people.models import Credential, CredentialStatus, Person
from credentialing.records.models import AppendOnly, Job
from reviews.models.committee import Recommendation


class Ballot(models.Model):
    """The Council's vote on a recommendation, until the clock closes it."""

    class Kind(models.TextChoices):
        BALLOT = "ballot", _("ballot")
        MEETING = "meeting", _("vote in a meeting")

    class Outcome(models.TextChoices):
        ADOPTED = "adopted", _("credentialed")
        NOT_ADOPTED = "not-adopted", _("not credentialed")
        NO_QUORUM = "no-quorum", _("no quorum, no decision")
        WITHDRAWN = "withdrawn", _("sent back before it closed")

    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.PROTECT, related_name="ballots"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.BALLOT)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    quorum = models.DecimalField(max_digits=4, decimal_places=3)
    threshold = models.DecimalField(max_digits=4, decimal_places=3)
    publish = models.CharField(max_length=10)
    held_because = models.TextField(blank=True, help_text="Why a decision waits after closing.")
    arithmetic = models.JSONField(null=True, help_text="How the votes added up, once counted.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recommendation"],
                condition=Q(closed_at__isnull=True),
                name="one_open_ballot_per_recommendation",
            ),
            models.CheckConstraint(
                condition=Q(kind="meeting") | Q(closes_at__gt=F("opened_at")),
                name="ballot_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="")
                | Q(closed_at__isnull=False) & ~Q(outcome=""),
                name="ballot_closed_with_an_outcome",
            ),
        ]


class Elector(models.Model):
    """A seat of the Council on one ballot."""

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="electors")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="seats")
    recused_at = models.DateTimeField(null=True)
    recused_because = models.TextField(blank=True)
    vote_is_void = models.BooleanField(
        db_default=False, help_text="Had voted; the vote does not count."
    )
    left_at = models.DateTimeField(
        null=True, help_text="Out of office when the votes were counted."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ballot", "person"], name="one_seat_each")]


class Choice(models.TextChoices):
    """What a Council member may say."""

    FOR = "for", _("For")
    AGAINST = "against", _("Against")
    ABSTAIN = "abstain", _("Abstain")


class Vote(models.Model):
    """A Council member's vote: one row, changeable until the ballot closes."""

    elector = models.OneToOneField(Elector, on_delete=models.PROTECT, related_name="vote")
    choice = models.CharField(max_length=10, choices=Choice.choices)
    remark = models.TextField(blank=True)
    cast_at = models.DateTimeField()
    receipt = models.CharField(max_length=64)


class CastVote(AppendOnly):
    """A vote as it was counted."""

    elector = models.OneToOneField(Elector, on_delete=models.PROTECT, related_name="cast")
    choice = models.CharField(max_length=10, choices=Choice.choices)
    remark = models.TextField(blank=True)
    receipt = models.CharField(max_length=64)

    class Meta(AppendOnly.Meta):
        constraints = [
            # One receipt shown to two members would leave room for a vote that nobody cast.
            models.UniqueConstraint(fields=["receipt"], name="receipt_once")
        ]


class TwoOfficers(models.Model):
    """What one officer enters and has no effect until another confirms it."""

    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)

    WAITING = Q(confirmed_at__isnull=True, refused_at__isnull=True)

    class Meta:
        abstract = True

    @property
    def waits(self) -> bool:
        return self.confirmed_at is None and self.refused_at is None


def confirmed_by_another(name: str) -> models.CheckConstraint:
    """Nobody confirms what they have entered themselves."""
    return models.CheckConstraint(
        condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("entered_by")), name=name
    )


class MeetingVote(TwoOfficers):
    """A vote that the Council took in a room, entered by one officer and confirmed by another."""

    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.PROTECT, related_name="meeting_votes"
    )
    held_on = models.DateField()
    present = ArrayField(models.BigIntegerField(), help_text="Keys of the members present.")
    votes_for = models.PositiveSmallIntegerField()
    votes_against = models.PositiveSmallIntegerField()
    abstained = models.PositiveSmallIntegerField()
    minutes = models.TextField()

    class Meta:
        constraints = [
            confirmed_by_another("confirmed_by_a_second_officer"),
            models.UniqueConstraint(
                fields=["recommendation"],
                condition=TwoOfficers.WAITING,
                name="one_unconfirmed_meeting_vote",
            ),
        ]


class StatusChange(TwoOfficers):
    """That the Council suspends or revokes a credential, and from which day."""

    credential = models.ForeignKey(
        Credential, on_delete=models.PROTECT, related_name="status_changes"
    )
    status = models.CharField(max_length=10, choices=CredentialStatus.Status.choices)
    since = models.DateField()
    reason = models.TextField()

    class Meta:
        constraints = [
            confirmed_by_another("status_confirmed_by_a_second_officer"),
            models.UniqueConstraint(
                fields=["credential"],
                condition=TwoOfficers.WAITING,
                name="one_unconfirmed_status_change",
            ),
        ]


class Decision(AppendOnly):
    """What the Council decided, with the arithmetic that made it so."""

    ballot = models.OneToOneField(Ballot, on_delete=models.PROTECT, related_name="decision")
    credentialed = models.BooleanField()
    arithmetic = models.JSONField()
    decided_on = models.DateField()
    at = models.DateTimeField()
    credential = models.OneToOneField(
        Credential, null=True, on_delete=models.PROTECT, related_name="decision"
    )


class Appeal(AppendOnly):
    """An applicant's word against a decision not to credential: once for each decision."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="appeal")
    text = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class AppealAnswer(AppendOnly):
    """What the Chair answered: the case is brought again, or it is not, and why."""

    appeal = models.OneToOneField(Appeal, on_delete=models.PROTECT, related_name="answer")
    brought_again = models.BooleanField()
    reason = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Dossier(AppendOnly):
    """An issued dossier: its bytes and their digest never change."""

    class Edition(models.TextChoices):
        APPLICANT = "applicant", _("applicant's edition")
        COMMITTEE = "committee", _("Committee's edition")
        COUNCIL = "council", _("Council's edition")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="dossiers")
    edition = models.CharField(max_length=10, choices=Edition.choices)
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to="dossiers")
    issued_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["application", "edition", "number"], name="dossier_number_once"
            )
        ]


class Manuscript(models.Model):
    """The Council's dossier as it was frozen when a ballot opened, until the worker has set it.

    It goes once the dossier is there: what is kept is what was issued. Its digest is on record.
    """

    ballot = models.OneToOneField(Ballot, on_delete=models.PROTECT, related_name="manuscript")
    number = models.PositiveIntegerField(help_text="Of the dossier.")
    html = models.TextField()
    attached = models.JSONField(help_text="What goes into the file, a case's documents by key.")
    frozen_at = models.DateTimeField()
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="+")


class Certificate(AppendOnly):
    """The certificate of a credential, as it was made."""

    credential = models.OneToOneField(
        Credential, on_delete=models.PROTECT, related_name="certificate"
    )
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to="certificates")
    made_at = models.DateTimeField()
