"""Where claims and exceptions stand under the procedure of their case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants.models import Application, Attestation, Claim, Document, Ruling
from applicants.queries.applications import procedure_of
from applicants.queries.documents import Paper, chained
from applicants.queries.portfolio import claim_facts, key, ruled
from credentialing.people.models import Person
from credentialing.records.audit import plain
from credentialing.rules import assess, read_portfolio, words

WITHDRAWN = "withdrawn"  # by the applicant; the rules know nothing of it


def claim_standing(
    application: Application, claim: dict[str, Any], *, as_of: date
) -> dict[str, Any]:
    """Where a claim would stand under the procedure of its case: its state and its shortfalls.

    The claim is plain data, as in a portfolio. PortfolioError where it cannot be read.
    """
    portfolio = read_portfolio(
        {"applicant": key(application.applicant_id), "claims": [{"id": "c", **plain(claim)}]}
    )
    return assess(procedure_of(application), portfolio, as_of).as_data()["claims"][0]


def exception_standing(
    application: Application, exception: dict[str, Any], *, as_of: date
) -> dict[str, Any]:
    """Where an exception would stand under the procedure of its case: its state, and why.

    PortfolioError where its terms cannot be read, with the path to what is wrong.
    """
    portfolio = read_portfolio(
        {
            "applicant": key(application.applicant_id),
            "exceptions": [{"id": "x", **exception}],
            # Whether what it counts exists is asked of the record, not of this portfolio.
            "other": [
                {"id": each, "date": as_of}
                for each in dict.fromkeys(exception.get("count") or ())
                if isinstance(each, str)
            ],
        }
    )
    return assess(procedure_of(application), portfolio, as_of).as_data()["exceptions"][0]


FACTS = {
    "start": gettext_lazy("From"),
    "end": gettext_lazy("To"),
    "per_month": gettext_lazy("Meetings a month"),
    "formal_training": gettext_lazy("Formal training"),
    "laboratory_months": gettext_lazy("Months of group laboratory"),
    "leader": gettext_lazy("Co-leader"),
    "leader_credentialed": gettext_lazy("Co-leader was credentialed"),
    "attested": gettext_lazy("Attested on"),
}


def facts_in_words(claim: Claim, said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a claim says, fact by fact, as people read it; `said` as in a portfolio."""
    return [
        (str(label), _fact(name, said[name], claim))
        for name, label in FACTS.items()
        if said.get(name) not in (None, "")
    ]


def _fact(name: str, value: Any, claim: Claim) -> str:
    if name == "leader":
        return claim.leader.name if claim.leader else str(value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return words.day(value) if name in ("start", "end", "attested") else str(value)


def last_ruling(claim: Claim) -> Ruling | None:
    """The last word on a claim, with its revocation at hand."""
    return claim.rulings.select_related("revocation", "by").order_by("ruled_on", "pk").last()


def shortfalls(
    application: Application,
    credit: str,
    facts: dict[str, Any],
    *,
    with_leader: bool,
    as_of: date,
) -> list[str]:
    """What the text needs and these facts do not show, in words. PortfolioError if unreadable."""
    leader = {"leader": "leader"} if with_leader else {}
    said = claim_standing(application, {"credit": credit, "facts": facts | leader}, as_of=as_of)
    return [words.SHORTFALLS[each] for each in said["shortfalls"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A claim with what the rules make of it, its papers, the last ruling, and who confirms it."""

    claim: Claim
    state: str
    shortfalls: list[str]
    ruling: Ruling | None
    attestation: Attestation | None
    answer: Any
    may_ask: bool
    papers: list[Paper]
    facts: list[tuple[str, str]]

    @property
    def is_open(self) -> bool:
        """Nobody has ruled on it, and it was not taken back."""
        return self.ruling is None and self.claim.withdrawn_at is None

    @property
    def in_words(self) -> str:
        """Where it stands."""
        return words.CLAIMS.get(self.state) or _("Withdrawn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """A credit of the procedure with the person's claims for it, the newest first."""

    title: str
    credit: Any
    claims: list[Claimed]

    @property
    def may_claim(self) -> bool:
        """Nothing waits, and nothing is granted."""
        return all(each.state in ("refused", "revoked", WITHDRAWN) for each in self.claims)


def credits_of(application: Application, *, as_of: date) -> list[Credit]:
    """The credits of the procedure of a case, each with its claims, in four queries."""
    made = Ruling.objects.select_related("revocation", "by").order_by("ruled_on", "pk")
    handed_in = Document.objects.filter(withdrawn_at__isnull=True).order_by("-uploaded_at", "-pk")
    claims = (
        Claim.objects.filter(application=application)
        .select_related("leader", "attestation__answer", "attestation__attestor")
        .prefetch_related(Prefetch("rulings", made), Prefetch("documents", handed_in))
        .order_by("-claimed_at", "-pk")
    )
    by_credit: dict[str, list[Claimed]] = {}
    for claim in claims:
        by_credit.setdefault(claim.credit, []).append(_claimed(application, claim, as_of))
    return [
        Credit(
            title=words.name(credit.id)[:1].upper() + words.name(credit.id)[1:],
            credit=credit,
            claims=by_credit.get(credit.id, []),
        )
        for credit in procedure_of(application).credits
    ]


def _claimed(application: Application, claim: Claim, as_of: date) -> Claimed:
    made = list(claim.rulings.all())
    facts = claim_facts(claim)
    entry = {"credit": claim.credit, **ruled(made), "facts": facts}
    said = claim_standing(application, entry, as_of=as_of)
    attestation = claim.attestation
    answer = getattr(attestation, "answer", None)
    return Claimed(
        claim=claim,
        state=WITHDRAWN if claim.withdrawn_at else said["state"],
        shortfalls=[words.SHORTFALLS[each] for each in said["shortfalls"]],
        ruling=made[-1] if made else None,
        attestation=attestation,
        answer=answer,
        may_ask=claim.leader_id is not None and not made and not (answer and answer.given),
        papers=chained(claim.documents.all()),
        facts=facts_in_words(claim, plain(facts) or {}),
    )


def earlier_claim(person: Person, credit: str) -> Claim | None:
    """What the person last claimed of this credit, in this case or an earlier one."""
    made = Claim.objects.filter(application__applicant=person, credit=credit)
    return made.select_related("leader").order_by("-claimed_at", "-pk").first()
