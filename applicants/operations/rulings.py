"""What the Committee rules on claims and requirements, as the Chair records it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants import access, letters, stages
from applicants.access import Can
from applicants.models import Application, Claim, Revocation, Ruling
from applicants.operations.applications import locked
from applicants.queries import (
    claim_facts,
    claim_standing,
    exception_standing,
    last_ruling,
    procedure_of,
    revoked_on,
)
from credentialing.people.models import Person
from credentialing.records import audit
from credentialing.records.refusals import Refused
from credentialing.rules import PortfolioError, words

People = Iterable[Person | int]

NO_EFFECT = {
    "no-such-requirement": gettext_lazy("The procedure of this case has no such requirement."),
    "not-waivable": gettext_lazy("The procedure does not let this requirement be waived."),
    "not-acceptable": gettext_lazy(
        "The written assessment has to be presented to both; no ruling takes its place."
    ),
    "not-adjustable": gettext_lazy("The procedure does not let this be adjusted."),
}
EXCEPTIONS = {
    Ruling.Kind.ACCEPT: "accept",
    Ruling.Kind.SET: "set",
    Ruling.Kind.COUNT: "count",
    Ruling.Kind.WAIVE: "waive",
}


@transaction.atomic
def grant(
    claim: Claim,
    *,
    in_lieu_per_year: int | None,
    reason: str,
    met_on: date | None,
    took_part: People,
    by: Person,
    at: datetime,
) -> Ruling:
    """Grant the credit that is claimed. Refused where the text does not support it."""
    claim, application = _locked_claim(claim, by=by, at=at)
    day = timezone.localdate(at)
    credit = procedure_of(application).credit(claim.credit)
    amount = in_lieu_per_year if credit and credit.in_lieu else None
    granted = {
        "credit": claim.credit,
        "facts": claim_facts(claim),
        "granted": day,
        "in_lieu_per_year": amount,
    }
    try:
        said = claim_standing(application, granted, as_of=day)
    except PortfolioError as unreadable:
        raise Refused(str(unreadable)) from unreadable
    if said["state"] == "not-applicable":
        raise Refused(_("The procedure of this case has no such credit."))
    if said["shortfalls"]:
        why = "; ".join(words.SHORTFALLS[each] for each in said["shortfalls"])
        only_amount = said["shortfalls"] == ["no-amount"]
        raise Refused(
            _("A grant would have no effect: %(why)s.") % {"why": why},
            field="in_lieu_per_year" if only_amount else None,
        )
    return _write(
        application,
        Ruling(kind=Ruling.Kind.GRANT, claim=claim, in_lieu_per_year=amount),
        reason=reason,
        met_on=met_on,
        took_part=took_part,
        by=by,
        at=at,
    )


@transaction.atomic
def refuse(
    claim: Claim,
    *,
    reason: str,
    met_on: date | None,
    took_part: People,
    by: Person,
    at: datetime,
) -> Ruling:
    """Refuse a claim; the applicant can claim again with other facts."""
    claim, application = _locked_claim(claim, by=by, at=at)
    return _write(
        application,
        Ruling(kind=Ruling.Kind.REFUSE, claim=claim),
        reason=reason,
        met_on=met_on,
        took_part=took_part,
        by=by,
        at=at,
    )


@transaction.atomic
def rule(
    application: Application,
    *,
    kind: str,
    requirement: str = "",
    terms: dict[str, Any],
    reason: str,
    met_on: date | None,
    took_part: People,
    by: Person,
    at: datetime,
) -> Ruling:
    """Rule on a requirement: accept, set, count or waive; or on equivalence, for several at once.

    `terms` has one key, the kind's; for equivalence `requirements`. What the procedure does not
    allow is refused in words, before anything is written.
    """
    application = _locked_case(application, by=by, at=at)
    if kind == Ruling.Kind.EQUIVALENCE:
        requirement = ""
        _check_equivalence(application, terms)
    else:
        _check_exception(application, kind, requirement, terms, day=timezone.localdate(at))
    ruling = Ruling(kind=kind, requirement=requirement, terms=audit.plain(terms))
    return _write(
        application,
        ruling,
        reason=reason,
        met_on=met_on,
        took_part=took_part,
        by=by,
        at=at,
    )


@transaction.atomic
def revoke(ruling: Ruling, *, reason: str, by: Person, at: datetime) -> Revocation:
    """Take a ruling back, from today on."""
    application = _locked_case(ruling.application, by=by, at=at)
    if ruling.kind == Ruling.Kind.REFUSE:
        raise Refused(_("A refusal is not taken back: the claim can be made again."))
    if Revocation.objects.filter(ruling=ruling).exists():
        raise Refused(_("This ruling was taken back already. Nothing was changed."))
    if not reason.strip():
        raise Refused(_("Give a reason; it becomes part of the record."), field="reason")
    revocation = Revocation.objects.create(
        ruling=ruling,
        revoked_on=timezone.localdate(at),
        reason=reason.strip(),
        by=by,
        at=at,
    )
    audit.record("ruling.revoked", application.reference, by=by, record=f"ruling {ruling.pk}")
    letters.revoked(revocation)
    return revocation


def _locked_case(application: Application, *, by: Person, at: datetime) -> Application:
    """The case, locked, for who may act as Chair on it; Refused once it has ended."""
    application = locked(application)
    if not access.may(by, Can.CHAIR, application, day=timezone.localdate(at)):
        raise Http404
    if not application.is_live:
        raise Refused(stages.already(application))
    return application


def _locked_claim(claim: Claim, *, by: Person, at: datetime) -> tuple[Claim, Application]:
    application = _locked_case(claim.application, by=by, at=at)
    claim = (
        Claim.objects.select_for_update(of=("self",))
        .select_related("attestation__answer")
        .get(pk=claim.pk)
    )
    claim.application = application
    if claim.withdrawn_at:
        raise Refused(_("The applicant has withdrawn this claim. Nothing was changed."))
    last = last_ruling(claim)
    if last and last.kind == Ruling.Kind.GRANT and revoked_on(last) is None:
        raise Refused(
            _("This claim was already granted by %(who)s. Nothing was changed.")
            % {"who": last.by.name}
        )
    if last and last.kind == Ruling.Kind.REFUSE:
        raise Refused(
            _("This claim was already refused by %(who)s. The applicant can claim again.")
            % {"who": last.by.name}
        )
    return claim, application


def _check_exception(
    application: Application, kind: str, requirement: str, terms: dict[str, Any], *, day: date
) -> None:
    if kind not in EXCEPTIONS or set(terms) != {EXCEPTIONS[kind]}:
        raise Refused(_("Say what is ruled: one thing, of one kind."))
    exception = {"requirement": requirement, "granted": day, "reason": "asked beforehand"}
    try:
        said = exception_standing(application, {**exception, **terms}, as_of=day)
    except PortfolioError as unreadable:
        path, _colon, what = str(unreadable).partition(": ")
        raise Refused(
            _("This can't be ruled: %(field)s is %(what)s.")
            % {"field": path.rpartition("].")[2], "what": what},
            field="terms",
        ) from unreadable
    if said["why"]:
        raise Refused(NO_EFFECT[said["why"]])


def _check_equivalence(application: Application, terms: dict[str, Any]) -> None:
    """Equivalent training takes the place of what may be waived, and of nothing else.

    By the text the candidate shows competency at an intensive all the same.
    """
    procedure = procedure_of(application)
    named = terms.get("requirements")
    if set(terms) != {"requirements"} or not isinstance(named, list) or not named:
        raise Refused(_("Name the requirements for which the training is equivalent."))
    for each in named:
        requirement = procedure.requirement(each) if isinstance(each, str) else None
        if requirement is None:
            raise Refused(NO_EFFECT["no-such-requirement"])
        if not requirement.may_waive:
            raise Refused(
                _("No training is equivalent to this: %(requirement)s.")
                % {"requirement": words.name(requirement.id)}
            )


def _write(
    application: Application,
    ruling: Ruling,
    *,
    reason: str,
    met_on: date | None,
    took_part: People,
    by: Person,
    at: datetime,
) -> Ruling:
    """Write the ruling with who made it and why, and tell the applicant."""
    day = timezone.localdate(at)
    if not reason.strip():
        raise Refused(_("Give a reason; it becomes part of the record."), field="reason")
    if met_on and met_on > day:
        raise Refused(_("The Committee can't have met on a day to come."), field="met_on")
    ruling.application = application
    ruling.reason, ruling.ruled_on, ruling.met_on = reason.strip(), day, met_on
    ruling.took_part = sorted({getattr(person, "pk", person) for person in took_part})
    ruling.by, ruling.at = by, at
    ruling.save()
    audit.record(
        f"ruling.{ruling.kind}",
        application.reference,
        by=by,
        record=f"ruling {ruling.pk}",
        after={
            "claim": ruling.claim_id,
            "requirement": ruling.requirement,
            "terms": ruling.terms,
            "in_lieu_per_year": ruling.in_lieu_per_year,
            "met_on": met_on,
            "took_part": ruling.took_part,
        },
    )
    letters.ruled(ruling)
    return ruling
