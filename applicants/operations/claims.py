"""Claims to credit for prior experience, and the attestation that one of them needs."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants import letters, stages
from applicants.models import Application, Attestation, AttestationAnswer, Claim, Ruling
from applicants.operations.applications import locked, only_the_applicant
from applicants.operations.attestations import enter_paper, new_attestation, withdraw_attestation
from applicants.queries import (
    claim_standing,
    digest_of_claim,
    last_ruling,
    procedure_of,
    revoked_on,
    statement_of_claim,
)
from credentialing.people.models import Person
from credentialing.records import audit
from credentialing.records.refusals import Refused
from credentialing.rules import PortfolioError


@transaction.atomic
def claim_credit(
    application: Application,
    *,
    credit: str,
    facts: dict[str, Any],
    leader: Person | None,
    by: Person,
    at: datetime,
) -> Claim:
    """Claim a credit with the facts that it needs. What was refused can be claimed again."""
    application = locked(application)
    only_the_applicant(application, by, at)
    if not application.is_live:
        raise Refused(stages.already(application))
    if procedure_of(application).credit(credit) is None:
        raise Refused(_("This procedure has no such credit."))
    if leader and leader.pk == application.applicant_id:
        raise Refused(_("Name the leader with whom you led, not yourself."), field="leader")
    earlier = application.claims.filter(credit=credit, withdrawn_at__isnull=True)
    for claim in earlier:
        last = last_ruling(claim)
        if last is None:
            raise Refused(_("You have claimed this already; the Committee has yet to rule."))
        if last.kind == Ruling.Kind.GRANT and revoked_on(last) is None:
            raise Refused(_("This credit has been granted already."))
    said = audit.plain(facts) or {}
    try:
        claim_standing(application, {"credit": credit, "facts": said}, as_of=timezone.localdate(at))
    except PortfolioError as unreadable:
        raise Refused(str(unreadable)) from unreadable
    claim = Claim.objects.create(
        application=application, credit=credit, facts=said, leader=leader, claimed_at=at
    )
    audit.record(
        "credit.claimed",
        application.reference,
        by=by,
        record=f"claim {claim.pk}",
        after={"credit": credit, "facts": said, "leader": leader.pk if leader else None},
    )
    return claim


@transaction.atomic
def withdraw_claim(claim: Claim, *, by: Person, at: datetime) -> Claim:
    """Take a claim back on which nobody has ruled."""
    application = locked(claim.application)
    only_the_applicant(application, by, at)
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    if claim.withdrawn_at:
        raise Refused(_("You have withdrawn this claim already. Nothing was changed."))
    if claim.rulings.exists():
        raise Refused(_("The Committee has ruled on this claim; it stays on record."))
    _end_question(claim, by=by, at=at)
    claim.withdrawn_at = at
    claim.save(update_fields=["withdrawn_at"])
    audit.record("credit.claim-withdrawn", application.reference, by=by, record=f"claim {claim.pk}")
    return claim


@transaction.atomic
def ask_credentialed_leader(
    claim: Claim, *, address: str = "", by: Person, at: datetime
) -> Attestation:
    """Ask the claim's leader, by a link, to confirm the co-leading and the credential.

    A question that is still open is replaced: its link no longer works. So is an answer that the
    facts of the claim no longer bear.
    """
    application = locked(claim.application)
    only_the_applicant(application, by, at)
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    claim.application = application
    if claim.withdrawn_at:
        raise Refused(_("You have withdrawn this claim."))
    if claim.leader is None:
        raise Refused(_("This claim names no leader to ask."))
    if claim.attestation and getattr(claim.attestation, "answer", None):
        answer = claim.attestation.answer
        if answer.given and answer.digest == digest_of_claim(claim):
            raise Refused(_("%(name)s has confirmed it already.") % {"name": claim.leader.name})
    else:
        _end_question(claim, by=by, at=at)
    statement = statement_of_claim(claim)
    attestation, token = new_attestation(
        kind=Attestation.Kind.CREDENTIALED,
        applicant=application.applicant,
        attestor=claim.leader,
        address=address,
        text=statement.text,
        digest=statement.digest,
        by=by,
        at=at,
    )
    claim.attestation = attestation
    claim.save(update_fields=["attestation"])
    letters.attestation_asked(attestation, token)
    return attestation


@transaction.atomic
def enter_paper_of_claim(
    claim: Claim, *, by: Person, at: datetime, **signed: Any
) -> AttestationAnswer:
    """The office enters that the claim's leader has confirmed it on paper, with the scan."""
    application = locked(claim.application)
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    claim.application = application
    if claim.withdrawn_at or claim.leader is None:
        raise Refused(_("This claim is withdrawn, or names no leader."))
    if claim.attestation and not hasattr(claim.attestation, "answer"):
        Attestation.objects.filter(pk=claim.attestation_id, void_at__isnull=True).update(void_at=at)
    answer = enter_paper(
        application,
        kind=Attestation.Kind.CREDENTIALED,
        attestor=claim.leader,
        statement=statement_of_claim(claim),
        by=by,
        at=at,
        **signed,
    )
    claim.attestation = answer.attestation
    claim.save(update_fields=["attestation"])
    return answer


def _end_question(claim: Claim, *, by: Person, at: datetime) -> None:
    if claim.attestation and not hasattr(claim.attestation, "answer"):
        withdraw_attestation(claim.attestation, by=by, at=at)
