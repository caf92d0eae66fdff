"""What is attested, word for word, as the record gives it now; and what has changed since."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any

from django.db.models import Prefetch
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applicants.models import (
    Attestation,
    BalintGroup,
    Claim,
    Debriefing,
    GroupLeader,
    Meeting,
    in_force,
)
from applicants.queries.differences import runs
from credentialing.people.models import Person

# A group, who led it with the applicant, and the last day of what is attested.
Led = tuple[int, int, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What somebody attests: the words that are shown, and the digest of the content."""

    text: str
    digest: str


def statement_of_claim(claim: Claim) -> Statement:
    """What the leader of a claim attests: the co-leading, and having been credentialed."""
    facts = claim.facts
    words = {
        "leader": claim.leader.name if claim.leader else "",
        "applicant": claim.application.applicant.name,
        "start": _day(facts.get("start")),
        "end": _day(facts.get("end")),
    }
    if facts.get("start") and facts.get("end"):
        led = _(
            "I, %(leader)s, led Balint groups together with %(applicant)s from %(start)s "
            "to %(end)s."
        )
    elif facts.get("start"):
        led = _(
            "I, %(leader)s, have led Balint groups together with %(applicant)s since %(start)s."
        )
    else:
        led = _("I, %(leader)s, led Balint groups together with %(applicant)s.")
    credentialed = _("During this time I was a credentialed Balint group leader.")
    return Statement(text=f"{led % words} {credentialed}", digest=digest_of_claim(claim))


def digest_of_claim(claim: Claim) -> str:
    """SHA-256 of what the leader attests: a change of the facts makes it stale, of a name not."""
    return _digest([claim.pk, claim.credit, claim.facts, claim.leader_id])


def co_leading(applicant: Person, asked: Collection[Led]) -> dict[Led, Statement]:
    """What each co-leader attests of a group up to a day, in four queries; groups of others not."""
    groups = {
        group.pk: group
        for group in BalintGroup.objects.filter(
            applicant=applicant, pk__in={group for group, _person, _until in asked}
        )
        .select_related("applicant")
        .prefetch_related(Prefetch("leaders", GroupLeader.objects.order_by("pk")))
    }
    met: dict[int, list[date]] = defaultdict(list)
    meetings = Meeting.objects.standing().filter(group__in=list(groups)).order_by("date", "pk")
    for group, day in meetings.values_list("group", "date"):
        met[group].append(day)
    reviewed: dict[tuple[int, int], list[date]] = defaultdict(list)
    debriefings = Debriefing.objects.standing().filter(group__in=list(groups))
    for group, person, day in debriefings.order_by("date", "pk").values_list(
        "group", "partners", "date"
    ):
        reviewed[group, person].append(day)
    found = {}
    for led in asked:
        group, person, _until = led
        if group in groups:
            found[led] = _co_led(groups[group], led, met[group], reviewed[group, person])
    return found


def _co_led(group: BalintGroup, led: Led, met: list[date], reviewed: list[date]) -> Statement:
    _group, partner, until = led
    terms = [row for row in group.leaders.all() if row.person_id == partner]
    start = min((row.start or group.start for row in terms), default=group.start)
    last = max((row.end or group.end or until for row in terms), default=until)
    end = min(last, until)

    def together(days: list[date]) -> list[date]:
        return [
            day
            for day in days
            if day <= until and any(in_force(row.start, row.end, day) for row in terms)
        ]

    evenings, reviews = together(met), together(reviewed)
    lines = [
        _(
            "I led the Balint group “%(group)s” together with %(applicant)s "
            "from %(start)s to %(end)s."
        )
        % {
            "group": group.name,
            "applicant": group.applicant.name,
            "start": _day(start),
            "end": _day(end),
        },
        ngettext("In this time it met once.", "In this time it met %(n)d times.", len(evenings))
        % {"n": len(evenings)},
        ngettext(
            "Once we reviewed the group’s process together afterwards.",
            "%(n)d times we reviewed the group’s process together afterwards.",
            len(reviews),
        )
        % {"n": len(reviews)},
        *_by_month(evenings, reviews),
    ]
    content = [group.pk, partner, start, end, bool(terms), evenings, reviews]
    return Statement(text="\n".join(lines), digest=_digest(content))


def _by_month(evenings: list[date], reviews: list[date]) -> Iterable[str]:
    """`May 2026: met on 3, 17; reviewed on 17`, a line for each month."""
    months = sorted({day.replace(day=1) for day in (*evenings, *reviews)})
    for month in months:
        said = []
        for days, words in ((evenings, _("met on %(days)s")), (reviews, _("reviewed on %(days)s"))):
            mine = [str(day.day) for day in days if day.replace(day=1) == month]
            if mine:
                said.append(words % {"days": ", ".join(mine)})
        yield f"{date_format(month, 'F Y')}: {'; '.join(said)}"


def statements_now(
    applicant: Person, attestations: Iterable[Attestation]
) -> dict[int, Statement | None]:
    """What each statement about the applicant says now, by key; None where its subject is gone.

    Of the attestations of sessions `supervision` knows more.
    """
    asked = {
        attestation.pk: (attestation.group_id, attestation.attestor_id, attestation.as_of)
        for attestation in attestations
        if attestation.kind == Attestation.Kind.CO_LEADING
        and attestation.group_id
        and attestation.as_of
    }
    others = [one.pk for one in attestations if one.kind == Attestation.Kind.CREDENTIALED]
    led = co_leading(applicant, set(asked.values())) if asked else {}
    found: dict[int, Statement | None] = {pk: led.get(subject) for pk, subject in asked.items()}
    claims = Claim.objects.filter(attestation__in=others, withdrawn_at__isnull=True)
    for claim in claims.select_related("leader", "application__applicant") if others else ():
        found[claim.attestation_id] = statement_of_claim(claim)
    return found


def difference(before: str, after: str) -> list[dict[str, Any]]:
    """The lines that differ, beside each other, as the component for comparisons takes them."""
    rows = []
    for same, gone, new in runs(before.split("\n"), after.split("\n")):
        for pair in () if same else zip_longest(gone, new, fillvalue=""):
            label, was, now = _labelled(*pair)
            rows.append(
                {"label": label, "before": was or "–", "after": now or "–", "changed": True}
            )
    return rows


def _labelled(was: str, now: str) -> tuple[str, str, str]:
    """The month of a line apart from what happened in it, where both lines are of that month."""
    months = {line.partition(": ")[0] for line in (was, now) if line}
    if len(months) == 1 and all(": " in line for line in (was, now) if line):
        [month] = months
        return month, was.partition(": ")[2], now.partition(": ")[2]
    return _("Statement"), was, now


def _digest(content: list[Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def _day(day: date | str | None) -> str:
    if isinstance(day, str):
        day = date.fromisoformat(day)
    return date_format(day, "j F Y") if day else ""
