"""Statements that somebody is asked to confirm through a link, and their answers."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants import letters
from applicants.models import Attestation, AttestationAnswer, BalintGroup
from applicants.queries import reference_of
from credentialing.people.models import Person, Relation
from credentialing.people.operations import relate
from credentialing.people.queries import mailbox
from credentialing.records import audit
from credentialing.records.refusals import Refused

LASTS = timedelta(days=30)


@transaction.atomic
def new_attestation(
    *,
    kind: str,
    applicant: Person,
    attestor: Person,
    text: str,
    digest: str,
    group: BalintGroup | None = None,
    by: Person,
    at: datetime,
) -> tuple[Attestation, str]:
    """A statement to be confirmed by somebody else, and the token of its link.

    The token is given out once and stored only as its digest; the caller writes the letter.
    """
    if attestor.pk == applicant.pk:
        raise Refused(_("You can't confirm this yourself. Name somebody else."))
    if not attestor.email:
        raise Refused(
            _("No e-mail address of %(name)s is known. The office can enter one.")
            % {"name": attestor.name}
        )
    if mailbox(attestor.email) in _own_mailboxes(applicant):
        raise Refused(_("This is an address of your own. Somebody else has to confirm it."))
    token = secrets.token_urlsafe(32)
    attestation = Attestation.objects.create(
        kind=kind,
        applicant=applicant,
        attestor=attestor,
        address=attestor.email,
        text=text,
        digest=digest,
        group=group,
        asked_at=at,
        expires_at=at + LASTS,
        token_digest=hashlib.sha256(token.encode()).hexdigest(),
    )
    audit.record(
        "attestation.asked",
        reference_of(applicant),
        by=by,
        record=f"attestation {attestation.pk}",
        after={"kind": kind, "attestor": attestor.pk, "digest": digest},
    )
    return attestation, token


def attestation_by_token(token: str) -> Attestation | None:
    """The statement behind a link that still works: neither used, nor void, nor too old."""
    return (
        Attestation.objects.filter(
            token_digest=hashlib.sha256(token.encode()).hexdigest(),
            void_at__isnull=True,
            expires_at__gt=Now(),
        )
        .select_related("applicant", "attestor")
        .first()
    )


@transaction.atomic
def answer_attestation(
    attestation: Attestation,
    *,
    given: bool,
    name: str,
    role: str,
    reason: str,
    by_link: bool,
    at: datetime,
) -> AttestationAnswer:
    """Confirm or decline, once. A declined one has a reason."""
    if not name.strip():
        raise Refused(_("Give your name."), field="name")
    if not given and not reason.strip():
        raise Refused(_("Say why you decline; the applicant reads it."), field="reason")
    open_ = Attestation.objects.filter(pk=attestation.pk, void_at__isnull=True, expires_at__gt=at)
    if not open_.update(void_at=at):
        raise Refused(_("This link no longer works. Nothing was changed."))
    attestation = Attestation.objects.select_related("applicant", "attestor").get(pk=attestation.pk)
    answer = AttestationAnswer.objects.create(
        attestation=attestation,
        given=given,
        name=name.strip()[:200],
        role=role.strip()[:200],
        reason=reason.strip(),
        text=attestation.text,
        digest=attestation.digest,
        by_link=by_link,
        at=at,
    )
    if given:
        relate(
            attestation.attestor_id,
            attestation.applicant_id,
            Relation.Kind.ATTESTED,
            since=timezone.localdate(at),
            source=f"attestation {attestation.pk}",
        )
    audit.record(
        "attestation.given" if given else "attestation.declined",
        reference_of(attestation.applicant_id),
        by=attestation.attestor,
        record=f"attestation {attestation.pk}",
        after={"by_link": by_link, "digest": attestation.digest},
    )
    letters.attestation_answered(answer)
    return answer


@transaction.atomic
def withdraw_attestation(attestation: Attestation, *, by: Person, at: datetime) -> Attestation:
    """Take a question back; its link no longer works."""
    attestation = Attestation.objects.select_for_update().get(pk=attestation.pk)
    if AttestationAnswer.objects.filter(attestation=attestation).exists():
        raise Refused(_("This has been answered already. Nothing was changed."))
    if attestation.void_at is None:
        attestation.void_at = at
        attestation.save(update_fields=["void_at"])
        audit.record(
            "attestation.withdrawn",
            reference_of(attestation.applicant_id),
            by=by,
            record=f"attestation {attestation.pk}",
        )
    return attestation


def _own_mailboxes(applicant: Person) -> set[str]:
    user = getattr(applicant, "user", None)
    addresses = {applicant.email, *applicant.merged.values_list("email", flat=True)}
    if user:
        addresses |= {user.email, *user.emailaddress_set.values_list("email", flat=True)}
    return {mailbox(address) for address in addresses if address}
