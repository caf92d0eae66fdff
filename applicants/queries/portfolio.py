"""What this app knows of portfolios, for many applicants at once."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from applicants.models import (
    Application,
    BalintGroup,
    Claim,
    Debriefing,
    GroupLeader,
    Meeting,
    Membership,
    OtherEvidence,
    Ruling,
)
from applicants.queries.attestations import digest_of_claim

Facts = dict[int, dict[str, Any]]


def key(person_id: int | None) -> str | None:
    """The name under which portfolios know a person."""
    return None if person_id is None else f"p{person_id}"


def facts(applications: Iterable[Application]) -> Facts:
    """What this app knows of each portfolio, by the applicant's key, in seven queries."""
    cases = {application.applicant_id: application for application in applications}
    people = list(cases)
    found: Facts = {
        person: {
            "applicant": key(person),
            "procedure": case.procedure or None,
            "application": {
                "submitted": case.submitted_on,
                "accepted": case.accepted_on,
                "decided": case.decided_on,
            },
            **{
                name: []
                for name in (
                    [
                        "memberships",
                        "groups",
                        "meetings",
                        "debriefings",
                        "other",
                        "claims",
                        "exceptions",
                    ]
                )
            },
        }
        for person, case in cases.items()
    }
    # Thousands of cases are gathered at once: rows of the logs are read without making models.
    memberships = Membership.objects.filter(person__in=people).order_by("start", "pk")
    for person, start, end, complete_to in memberships.values_list(
        "person", "start", "end", "source__complete_to"
    ):
        found[person]["memberships"].append({"start": start, "end": known_end(end, complete_to)})
    leaders = Prefetch("leaders", GroupLeader.objects.order_by("pk"))
    groups = BalintGroup.objects.filter(applicant__in=people).prefetch_related(leaders)
    for group in groups.order_by("start", "pk"):
        found[group.applicant_id]["groups"].append(group_facts(group, group.leaders.all()))
    meetings = Meeting.objects.standing().filter(group__applicant__in=people)
    for person, pk, group_id, day, shown, minutes in meetings.order_by("date", "pk").values_list(
        "group__applicant", "pk", "group", "date", "cases", "minutes"
    ):
        found[person]["meetings"].append(
            {
                "id": Meeting.key_of(pk),
                "group": BalintGroup.key_of(group_id),
                "date": day,
                "cases": shown,
                "minutes": minutes,
            }
        )
    debriefings = Debriefing.objects.standing().filter(group__applicant__in=people)
    rows = debriefings.order_by("date", "pk", "partners").values_list(
        "group__applicant", "pk", "group", "date", "minutes", "partners"
    )
    # One row for each partner; one with nobody where there is none.
    for (person, pk, group_id, day, minutes), each in groupby(rows, lambda row: row[:5]):
        found[person]["debriefings"].append(
            {
                "id": Debriefing.key_of(pk),
                "group": BalintGroup.key_of(group_id),
                "date": day,
                "minutes": minutes,
                "with": [key(row[5]) for row in each if row[5] is not None],
            }
        )
    others = OtherEvidence.objects.standing().filter(applicant__in=people)
    for person, pk, day, kind, by, minutes in others.order_by("date", "pk").values_list(
        "applicant", "pk", "date", "kind", "by", "minutes"
    ):
        found[person]["other"].append(
            {
                "id": OtherEvidence.key_of(pk),
                "date": day,
                "kind": kind,
                "by": key(by),
                "minutes": minutes,
            }
        )
    _add_rulings(found, {case.pk: person for person, case in cases.items()})
    return found


def group_facts(group: BalintGroup, leaders: Iterable[GroupLeader]) -> dict[str, Any]:
    """A group as a portfolio holds it."""
    return {
        "id": group.key,
        "setting": group.setting,
        "start": group.start,
        "end": group.end,
        "leaders": [
            {
                "person": key(leader.person_id),
                "profession": leader.profession,
                "start": leader.start,
                "end": leader.end,
            }
            for leader in leaders
        ],
    }


def known_end(end: date | None, complete_to: date | None) -> date | None:
    """The last day of a membership, as far as it can be known.

    Of a list from the member system only what lies before the day up to which it is complete is
    known: who was a member on that day may have been renewed since.
    """
    return None if complete_to and end and end >= complete_to else end


def _add_rulings(found: Facts, person_of: dict[int, int]) -> None:
    rulings: dict[int, list[Ruling]] = defaultdict(list)
    for ruling in (
        Ruling.objects.filter(application__in=list(person_of))
        .select_related("revocation")
        .order_by("ruled_on", "pk")
    ):
        if ruling.claim_id:
            rulings[ruling.claim_id].append(ruling)
        elif ruling.kind != Ruling.Kind.EQUIVALENCE:
            found[person_of[ruling.application_id]]["exceptions"].append(
                {
                    "id": ruling.key,
                    "requirement": ruling.requirement,
                    **ruling.terms,
                    "granted": ruling.ruled_on,
                    "revoked": revoked_on(ruling),
                    "by": key(ruling.by_id),
                    "reason": ruling.reason,
                }
            )
    claims = Claim.objects.filter(application__in=list(person_of), withdrawn_at__isnull=True)
    for claim in claims.select_related("attestation__answer").order_by("claimed_at", "pk"):
        found[person_of[claim.application_id]]["claims"].append(
            {
                "id": claim.key,
                "credit": claim.credit,
                **ruled(rulings[claim.pk]),
                "facts": claim_facts(claim),
            }
        )


def ruled(rulings: list[Ruling]) -> dict[str, Any]:
    """The last word on a claim: granted, refused, or neither yet."""
    last = rulings[-1] if rulings else None
    granted = last is not None and last.kind == Ruling.Kind.GRANT
    return {
        "granted": last.ruled_on if last and granted else None,
        "refused": last.ruled_on if last and not granted else None,
        "revoked": revoked_on(last) if last and granted else None,
        "by": key(last.by_id) if last else None,
        "reason": last.reason if last else None,
        "in_lieu_per_year": last.in_lieu_per_year if last else None,
    }


def claim_facts(claim: Claim) -> dict[str, Any]:
    """The facts of a claim as the rules read them: the leader and the attestation are rows."""
    facts = dict(claim.facts)
    if claim.leader_id:
        facts["leader"] = key(claim.leader_id)
    answer = getattr(claim.attestation, "answer", None) if claim.attestation_id else None
    if answer and answer.given and answer.digest == digest_of_claim(claim):
        facts["attested"] = timezone.localdate(answer.at)
    return facts


def revoked_on(ruling: Ruling) -> Any:
    """The day from which a ruling no longer holds, or None."""
    return ruling.revocation.revoked_on if hasattr(ruling, "revocation") else None
