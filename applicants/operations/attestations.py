"""Statements that somebody is asked to confirm through a link, and their answers."""

import secrets
import unicodedata
from datetime import date, datetime, timedelta
from typing import IO

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from applicants import letters
from applicants.models import (
    Application,
    Attestation,
    AttestationAnswer,
    BalintGroup,
    Document,
)
from applicants.operations.documents import take_in
from applicants.queries import Statement, co_leading, reference_of
from credentialing.people.models import Person, Relation, User
from credentialing.people.operations import relate
from credentialing.people.queries import mailbox
from credentialing.records import audit
from credentialing.records.links import token_digest
from credentialing.records.refusals import Refused

LASTS = timedelta(days=30)
# So that nobody's mailbox is filled: letters from one applicant to one address in a day.
A_DAY = 10


@transaction.atomic
def new_attestation(
    *,
    kind: str,
    applicant: Person,
    attestor: Person,
    text: str,
    digest: str,
    address: str = "",
    group: BalintGroup | None = None,
    as_of: date | None = None,
    by: Person,
    at: datetime,
) -> tuple[Attestation, str]:
    """A statement to be confirmed by somebody else, and the token of its link.

    It goes to the attestor's address, or for somebody without an account to the one that is given.
    The token is given out once and stored only as its digest; the caller writes the letter.
    """
    address = _address(applicant, attestor, address.strip())
    recent = Attestation.objects.filter(
        applicant=applicant, address__iexact=address, asked_at__range=(at - timedelta(days=1), at)
    )
    if recent.count() >= A_DAY:
        raise Refused(
            _("%(n)d letters went to this address within a day. Ask again tomorrow.") % {"n": A_DAY}
        )
    token = secrets.token_urlsafe(32)
    attestation = Attestation.objects.create(
        kind=kind,
        applicant=applicant,
        attestor=attestor,
        address=address,
        text=text,
        digest=digest,
        group=group,
        as_of=as_of,
        asked_at=at,
        expires_at=at + LASTS,
        token_digest=token_digest(token),
    )
    audit.record(
        "attestation.asked",
        reference_of(applicant),
        by=by,
        record=f"attestation {attestation.pk}",
        after={"kind": kind, "attestor": attestor.pk, "digest": digest},
    )
    return attestation, token


def _address(applicant: Person, attestor: Person, given: str) -> str:
    """Where the link goes; Refused where it would come back to the applicant."""
    if attestor.pk == applicant.pk:
        raise Refused(_("You can't confirm this yourself. Name somebody else."))
    account = User.objects.filter(person=attestor).first()
    if account and given and mailbox(given) != mailbox(account.email):
        raise Refused(
            _("%(name)s has an account here; the letter goes to its address.")
            % {"name": attestor.name},
            field="address",
        )
    address = attestor.email if account else given or attestor.email
    if not address:
        raise Refused(
            _("No e-mail address of %(name)s is known. Enter one.") % {"name": attestor.name},
            field="address",
        )
    if (_mailboxes(attestor) | {mailbox(address)}) & _mailboxes(applicant):
        raise Refused(
            _("This is an address of your own. Somebody else has to confirm it."), field="address"
        )
    if _plain(attestor.name) == _plain(applicant.name):
        raise Refused(
            _(
                "%(name)s bears your own name. The office can enter what somebody else of that name"
                " has signed."
            )
            % {"name": attestor.name}
        )
    return address


def attestation_behind(digest: str) -> Attestation | None:
    """The statement behind a link that still works: neither used, nor void, nor too old."""
    return (
        Attestation.objects.filter(token_digest=digest, void_at__isnull=True, expires_at__gt=Now())
        .select_related("applicant", "attestor")
        .first()
    )


@transaction.atomic
def ask_co_leader(
    group: BalintGroup, partner: Person, *, address: str = "", by: Person, at: datetime
) -> Attestation:
    """Ask a co-leader, by a link, to confirm a group's evenings and reviews up to today.

    A question that is still open is replaced where it is out of date; else it stands.
    """
    group = BalintGroup.objects.select_for_update().get(pk=group.pk)
    if group.applicant_id != by.pk or not group.leaders.filter(person=partner).exists():
        raise Http404
    until = timezone.localdate(at)
    if group.end and group.end < until:
        until = group.end
    statement = co_leading(by, [(group.pk, partner.pk, until)])[group.pk, partner.pk, until]
    earlier = Attestation.objects.filter(
        kind=Attestation.Kind.CO_LEADING, group=group, attestor=partner, void_at__isnull=True
    )
    for question in earlier.select_for_update().order_by("pk"):
        if question.digest == statement.digest and question.expires_at > at:
            raise Refused(
                _("%(name)s was asked on %(day)s already. You can send it again.")
                % {"name": partner.name, "day": _day(question.asked_at)}
            )
        withdraw_attestation(question, by=by, at=at)
    attestation, token = new_attestation(
        kind=Attestation.Kind.CO_LEADING,
        applicant=by,
        attestor=partner,
        address=address,
        text=statement.text,
        digest=statement.digest,
        group=group,
        as_of=until,
        by=by,
        at=at,
    )
    letters.attestation_asked(attestation, token)
    return attestation


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
    return _answered(
        attestation, given=given, name=name, role=role, reason=reason, by_link=by_link, at=at
    )


def _answered(
    attestation: Attestation,
    *,
    given: bool,
    name: str,
    role: str,
    reason: str,
    by_link: bool,
    at: datetime,
    scan: Document | None = None,
    entered_by: Person | None = None,
) -> AttestationAnswer:
    answer = AttestationAnswer.objects.create(
        attestation=attestation,
        given=given,
        name=name.strip()[:200],
        role=role.strip()[:200],
        reason=reason.strip(),
        text=attestation.text,
        digest=attestation.digest,
        by_link=by_link,
        scan=scan,
        entered_by=entered_by,
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
    act = "given" if given else "declined"
    audit.record(
        "attestation.on-paper" if entered_by else f"attestation.{act}",
        reference_of(attestation.applicant_id),
        by=entered_by or attestation.attestor,
        record=f"attestation {attestation.pk}",
        after={"by_link": by_link, "digest": attestation.digest},
    )
    letters.attestation_answered(answer)
    return answer


@transaction.atomic
def withdraw_attestation(attestation: Attestation, *, by: Person, at: datetime) -> Attestation:
    """Take a question back; its link no longer works."""
    attestation = Attestation.objects.select_for_update().get(pk=attestation.pk)
    if by.pk != attestation.applicant_id:
        raise Http404
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


@transaction.atomic
def enter_paper(
    application: Application,
    *,
    kind: str,
    attestor: Person,
    statement: Statement,
    name: str,
    role: str,
    signed_on: date,
    file: IO[bytes],
    group: BalintGroup | None = None,
    as_of: date | None = None,
    by: Person,
    at: datetime,
) -> AttestationAnswer:
    """The office enters what was attested on paper, with the scan: documented elsewhere.

    Who may operate on the case, the caller has asked; nobody enters for their own.
    """
    applicant = application.applicant
    if by.pk in (applicant.pk, attestor.pk):
        raise Refused(_("You can't enter this for yourself. Ask another administrator."))
    if attestor.pk == applicant.pk:
        raise Refused(_("Nobody attests for themselves."))
    if not name.strip():
        raise Refused(_("Give the name as it is signed."), field="name")
    if signed_on > timezone.localdate(at):
        raise Refused(_("This day lies ahead."), field="signed_on")
    scan = take_in(
        application,
        kind=Document.Kind.LETTER,
        title=_("Attested on paper by %(name)s on %(day)s")
        % {"name": name.strip(), "day": _day(signed_on)},
        file=file,
        by=by,
        at=at,
    )
    attestation = Attestation.objects.create(
        kind=kind,
        applicant=applicant,
        attestor=attestor,
        text=statement.text,
        digest=statement.digest,
        group=group,
        as_of=as_of,
        asked_at=at,
        expires_at=at,
        void_at=at,
        token_digest=token_digest(secrets.token_urlsafe(32)),
    )
    return _answered(
        attestation,
        given=True,
        name=name,
        role=role,
        reason="",
        by_link=False,
        at=at,
        scan=scan,
        entered_by=by,
    )


def _mailboxes(person: Person) -> set[str]:
    """Every mailbox by which a person is known: of accounts, of records that were merged."""
    people = Person.objects.filter(Q(pk=person.pk) | Q(merged_into=person.pk))
    if person.merged_into_id:
        people |= Person.objects.filter(pk=person.merged_into_id)
    addresses = {person.email, *people.values_list("email", flat=True)}
    for user in User.objects.filter(person__in=people).prefetch_related("emailaddress_set"):
        addresses |= {user.email, *(each.email for each in user.emailaddress_set.all())}
    return {mailbox(address) for address in addresses if address}


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _day(value: date | datetime) -> str:
    return date_format(timezone.localdate(value) if isinstance(value, datetime) else value, "j F Y")
