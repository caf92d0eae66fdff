"""What the public may look up, and what the holder of a credential reads."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from applicants.models import Application
from applicants.queries import current_applications
from credentialing.people.models import Credential, CredentialStatus, Person
from credentialing.templatetags.words import day as in_words
from reviews.models import Ballot, Decision, Dossier
from reviews.queries import appeals

STATES = {"active": "done", "suspended": "needs", "revoked": "wrong", "retired": "idle"}


def with_status(credentials: QuerySet[Credential], *, day: date) -> QuerySet[Credential]:
    """Credentials with `status` and `status_since` as they are on a day."""
    newest = CredentialStatus.objects.filter(credential=OuterRef("pk"), since__lte=day).order_by(
        "-since", "-pk"
    )
    return credentials.select_related("person").annotate(
        status=Subquery(newest.values("status")[:1]),
        status_since=Subquery(newest.values("since")[:1]),
    )


def listed(name: str, *, day: date) -> QuerySet[Credential]:
    """The credentials of those who agreed to be listed and whose name holds these letters."""
    found = with_status(Credential.objects.filter(person__listed=True), day=day)
    for part in name.split()[:8]:
        found = found.filter(person__name__icontains=part)
    return found.order_by("person__name", "pk")


def rows(credentials: Iterable[Credential]) -> list[list[Any]]:
    """The register's table."""
    return [
        [
            credential.person.name,
            {"text": credential.number, "url": reverse("verify", args=[credential.number])},
            in_words(credential.since),
            status(credential),
        ]
        for credential in credentials
    ]


def status(credential: Credential) -> dict[str, str]:
    """A credential's status as a cell; one that is not active says since when."""
    said = CredentialStatus.Status(credential.status)
    word = str(said.label)
    if said is not CredentialStatus.Status.ACTIVE:
        word = f"{word}, {in_words(credential.status_since)}"
    return {"state": STATES[said], "word": word[:1].upper() + word[1:]}


def spelled(number: str) -> str:
    """A number as it is kept, however it was typed."""
    return re.sub(r"[^A-Z0-9-]", "", re.sub(r"[\s\u2010-\u2015_]", "-", number.strip().upper()))[
        :40
    ]


def by_number(number: str, *, day: date) -> Credential | None:
    """The credential with this number, listed or not, with its status."""
    return (
        with_status(Credential.objects.filter(statuses__isnull=False), day=day)
        .filter(number=spelled(number))
        .first()
    )


def decision_page(person: Person | None, *, day: date) -> dict[str, Any] | None:
    """What an applicant reads of the Council's decision; None without an application."""
    if person is None:
        return None
    case = current_applications([person.pk]).get(person.pk)
    credentials = with_status(Credential.objects.filter(person=person), day=day)
    own = list(credentials.select_related("certificate").order_by("-since", "-pk"))
    if case is None and not own:
        return None
    return {
        "case": case,
        "decisions": _decisions(case) if case else [],
        "appeals": appeals.of_case(case) if case else [],
        "may_appeal": case is not None and _may_appeal(case),
        "before_council": bool(case) and case.stage == case.stage.__class__("before-council"),
        "recommended": bool(case) and case.stage in ("recommended", "before-council"),
        "credentials": [
            {"credential": each, "status": status(each), "has_certificate": _has_certificate(each)}
            for each in own
        ],
        "dossiers": list(
            Dossier.objects.filter(
                application__applicant=person, edition=Dossier.Edition.APPLICANT
            ).order_by("-issued_at", "-pk")
        ),
        "listed": person.listed,
    }


def _may_appeal(case: Application) -> bool:
    decision = appeals.against(case)
    return decision is not None and not hasattr(decision, "appeal")


def _decisions(case: Application) -> list[Decision]:
    """What the Council decided on a case, the newest first."""
    return list(
        Decision.objects.filter(ballot__recommendation__application=case).order_by("-at", "-pk")
    )


def _has_certificate(credential: Credential) -> bool:
    return hasattr(credential, "certificate")


def ballots_of(case: Application) -> QuerySet[Ballot]:
    """Every ballot of a case, the newest first."""
    return Ballot.objects.filter(recommendation__application=case).order_by("-opened_at", "-pk")
