"""The demonstration society: plausible people, cases in every stage, dates relative to today."""

from datetime import date
from random import Random
from typing import Any

from django.db import transaction

from applicants.models import Application
from credentialing.demonstration.cast import PASSWORD, Cast
from credentialing.demonstration.coming import coming
from credentialing.demonstration.desk import desk
from credentialing.demonstration.office import office
from credentialing.demonstration.stories import STORIES, Stage, midway
from credentialing.people.models import Role, User
from credentialing.records import audit
from credentialing.records.models import AuditEntry, Letter
from credentialing.records.refusals import Refused

MARK = "demonstration.made"


def made() -> bool:
    """Whether this database holds the demonstration."""
    return AuditEntry.objects.filter(act=MARK).exists()


@transaction.atomic
def make(*, cases: int, seed: int, today: date) -> None:
    """Fill an empty database. Refused where there are real people or cases."""
    if User.objects.exists() or Application.objects.exists():
        raise Refused(
            "This database holds people or cases; the demonstration is made in an empty one only."
        )
    rng = Random(seed)  # noqa: S311 - it draws a society, not a secret
    stage = Stage(Cast(today=today, rng=rng), rng)
    for number in range(cases):
        (STORIES[number] if number < len(STORIES) else midway)(stage)
    stage.announce()
    coming(stage)
    desk(stage)
    office(stage)
    # What the stories' past would have told is not sent; what happens from now on is.
    Letter.objects.filter(state=Letter.State.QUEUED).update(
        state=Letter.State.HELD, reason="Of the demonstration's past; it was never sent."
    )
    audit.record(MARK, by=None, after={"cases": cases, "seed": seed})


def people(today: date) -> list[dict[str, Any]]:
    """Whom to sign in as: e-mail, password, name, roles, second factor, case and stage."""
    roles: dict[int, list[str]] = {}
    for role in Role.objects.on(today).order_by("pk"):
        roles.setdefault(role.person_id, []).append(role.kind)
    cases = {case.applicant_id: case for case in Application.objects.order_by("started_at", "pk")}
    found = []
    for user in User.objects.select_related("person").order_by("pk"):
        case = cases.get(user.person_id)
        handle = user.email.partition("@")[0].rstrip("0123456789")
        found.append(
            {
                "email": user.email,
                "password": PASSWORD,
                "name": user.person.name,
                "roles": roles.get(user.person_id) or [handle],
                "second_factor_secret": None,
                "case": case.reference if case else None,
                "stage": case.stage if case else None,
            }
        )
    return found
