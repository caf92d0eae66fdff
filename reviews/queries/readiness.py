"""Questions that a move asks of the rules: what is unmet, what was presented, what lapsed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from applicants.models import Application, Ruling
from credentialing.rules import Procedure
from credentialing.rules.measures import FinalIntensive
from credentialing.standing.queries import Standing

SETTLED = frozenset({"met", "waived", "not-applicable"})
NOT_PRESENTED = "assessment-not-presented"
GAP = "membership-gap"
# What the history of a case says of moves whose reasons only the Committee and the Council read.
CONFIDENTIAL = "–"


def unmet(standing: Standing) -> list[str]:
    """The ids of the requirements that keep a case from being ready, in the procedure's order."""
    return [
        requirement.id
        for requirement in standing.procedure.requirements
        if requirement.strength == "must"
        and standing.entries[requirement.id]["status"] not in SETTLED
    ]


def not_named(application: Application, wanted: list[str], *, day: date) -> list[str]:
    """Those of the wanted requirements that the best ruling of equivalence in force leaves out.

    One ruling has to name them all; where there is none, nothing is named.
    """
    rulings = Ruling.objects.filter(
        application=application, kind=Ruling.Kind.EQUIVALENCE, ruled_on__lte=day
    ).exclude(revocation__revoked_on__lte=day)
    left = [
        [each for each in wanted if each not in ruling.terms.get("requirements", [])]
        for ruling in rulings.order_by("pk")
    ]
    return min(left, key=len, default=list(wanted))


def is_presented(procedure: Procedure, assessment: Mapping[str, Any]) -> bool:
    """Whether the joint assessment was presented to candidate and Committee, by an assessment.

    Where the final intensive is waived, or the procedure has none, nothing has to be presented.
    """
    entries = {entry["id"]: entry for entry in assessment["requirements"]}
    for requirement in procedure.requirements:
        entry = entries.get(requirement.id)
        if entry is None or entry["status"] == "waived":
            continue
        if any(issue["code"] == NOT_PRESENTED for issue in entry["issues"]):
            return False
        if isinstance(requirement.measure, FinalIntensive) and not entry["done"]:
            return False
    return True


def gaps(standing: Standing) -> list[dict[str, str]]:
    """The gaps of membership that the Committee has not ruled on, as the rules put them."""
    return [
        issue
        for entry in standing.entries.values()
        if entry["decision_due"]
        for issue in entry["issues"]
        if issue["code"] == GAP
    ]
