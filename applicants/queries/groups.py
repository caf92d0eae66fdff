"""What the procedure asks about who leads a group together."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from applicants.models import Application, BalintGroup, GroupLeader, Ruling
from applicants.queries.applications import procedure_of
from applicants.queries.portfolio import group_facts, key, revoked_on
from credentialing.records.audit import plain
from credentialing.rules import assess, read_portfolio, words
from credentialing.rules.measures import Pairing


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A question that the Committee will have about who leads a group, and what it rests on."""

    question: str
    text: str
    clause: str
    house_rules: tuple[str, ...]


def pairing_advice(
    application: Application,
    groups: Iterable[tuple[BalintGroup, list[GroupLeader]]],
    *,
    as_of: date,
) -> dict[int, list[Advice]]:
    """What the procedure asks about the leaders of groups, by the group's key, in one query.

    The rules themselves are asked, with nothing but these groups before them; what the Committee
    has accepted is not asked about.
    """
    led = list(groups)
    portfolio = {
        "applicant": key(application.applicant_id),
        "application": {
            "submitted": application.submitted_on,
            "accepted": application.accepted_on,
            "decided": application.decided_on,
        },
        "groups": [group_facts(group, leaders) for group, leaders in led],
        "exceptions": _settled(application),
    }
    procedure = procedure_of(application)
    assessment = assess(procedure, read_portfolio(plain(portfolio)), as_of)
    by_key = {group.key: group for group, _leaders in led}
    found: dict[int, list[Advice]] = {}
    for requirement, entry in zip(procedure.requirements, assessment.requirements, strict=True):
        if not isinstance(requirement.measure, Pairing) or not entry.decision_due:
            continue
        for issue in entry.issues:
            group = by_key[issue.detail]
            question = words.issue({"code": issue.code, "detail": f"“{group.name}”"})
            advice = Advice(
                question=question,
                text=requirement.text,
                clause=requirement.clause,
                house_rules=requirement.house_rules,
            )
            found.setdefault(group.pk, []).append(advice)
    return found


def _settled(application: Application) -> list[dict[str, Any]]:
    """What the Committee has accepted or waived."""
    kinds = (Ruling.Kind.ACCEPT, Ruling.Kind.WAIVE)
    made = Ruling.objects.filter(application=application, kind__in=kinds)
    return [
        {
            "id": ruling.key,
            "requirement": ruling.requirement,
            **ruling.terms,
            "granted": ruling.ruled_on,
            "revoked": revoked_on(ruling),
            "reason": ruling.reason,
        }
        for ruling in made.select_related("revocation").order_by("ruled_on", "pk")
    ]
