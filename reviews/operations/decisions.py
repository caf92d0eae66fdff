"""The Council's decision, and what follows from it: credential, certificate, listing."""

import hashlib
import re
import secrets
from datetime import date, datetime

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from applicants import stages
from applicants.models import REFERENCE_ALPHABET, Application
from applicants.stages import Move
from credentialing.people.models import Credential, CredentialStatus, Person
from credentialing.records import audit
from credentialing.records.society import current as society_now
from reviews.dossiers import certificates, signing
from reviews.letters import council as letters
from reviews.models import Ballot, Certificate, Decision


def decide(application: Application, ballot: Ballot, *, decided_on: date, at: datetime) -> Decision:
    """Decide a locked case by the counted votes of its locked ballot; the clock's act, no person's.

    Adopted: credential, certificate. Either way: the letter to the applicant.
    """
    adopted = ballot.arithmetic["outcome"] == Ballot.Outcome.ADOPTED
    application.decided_on, application.credentialed = decided_on, adopted
    stages.take(application, Move.DECIDE, by=None, at=at)
    credential = award(application, since=decided_on, at=at) if adopted else None
    decision = Decision.objects.create(
        ballot=ballot,
        credentialed=adopted,
        arithmetic=ballot.arithmetic,
        decided_on=decided_on,
        at=at,
        credential=credential,
    )
    letters.decided(application, ballot)
    return decision


def new_number() -> str:
    """A number that tells neither how many there are nor which comes next."""
    society = re.sub(r"[^A-Z0-9]", "", society_now().short_name.upper())[:6]
    return "-".join(filter(None, [society, drawn(4), drawn(4)]))


def drawn(length: int) -> str:
    """Letters and digits drawn by lot, without those that are mistaken for each other."""
    return "".join(secrets.choice(REFERENCE_ALPHABET) for _each in range(length))


def award(application: Application, *, since: date, at: datetime) -> Credential:
    """Enter the credential of a decided case, active, with its certificate."""
    credential = Credential.objects.create(
        number=new_number(),
        person=application.applicant,
        title=settings.CREDENTIAL_TITLE,
        since=since,
        case=application.reference,
    )
    CredentialStatus.objects.create(
        credential=credential, status=CredentialStatus.Status.ACTIVE, since=since, by=None, at=at
    )
    certificate(credential, at=at)
    audit.record(
        "credential.awarded",
        application.reference,
        by=None,
        record=f"credential {credential.number}",
        after={"since": since},
    )
    return credential


@transaction.atomic
def certificate(credential: Credential, *, at: datetime) -> Certificate:
    """The certificate of a credential, made once and kept as it was made."""
    kept = Certificate.objects.filter(credential=credential).first()
    if kept:
        return kept
    content = signing.signed(
        certificates.certificate(credential), reason=_("By decision of the Council")
    )
    made = Certificate(
        credential=credential, sha256=hashlib.sha256(content).hexdigest(), made_at=at
    )
    made.file.save(f"{secrets.token_hex(16)}.pdf", ContentFile(content), save=False)
    made.save()
    return made


@transaction.atomic
def set_listing(person: Person, *, listed: bool, by: Person, at: datetime) -> Person:
    """Let one's name stand in the public register, or take it out; only the holder says so."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    if by.pk != person.pk or not person.credentials.exists():
        raise Http404
    if person.listed == listed:
        return person
    person.listed = listed
    person.save(update_fields=["listed"])
    audit.record(
        "register.listing",
        by=by,
        record=f"person {person.pk}",
        before={"listed": not listed},
        after={"listed": listed, "at": at},
    )
    return person
