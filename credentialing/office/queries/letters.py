"""The letters that the office may see."""

from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from applicants.models import Application
from credentialing.people.models import Person
from credentialing.records.digests import DIGEST
from credentialing.records.letters import UNLISTED
from credentialing.records.models import Letter

State = Letter.State
NEEDY_FIRST = (
    Case(When(state__in=(State.DOUBT, State.FAILED), then=Value(0)), default=Value(1)),
    "-pk",
)


def shown(person: Person) -> QuerySet[Letter]:
    """For the own case a role shows nothing, and of letters about a draft the office none."""
    own = Application.objects.filter(applicant=person).values("reference")
    seen = Letter.objects.exclude(kind__in=UNLISTED).exclude(case__in=own)
    # A daily letter tells of what it carries; one that carries nothing to be seen is not seen.
    carries = Exists(seen.filter(digest=OuterRef("pk")))
    return seen.filter(~Q(kind=DIGEST) | carries)


def kinds_of(letters: QuerySet[Letter]) -> QuerySet[Letter, Any]:
    """The kinds that there are among letters."""
    return letters.order_by("kind").values_list("kind", flat=True).distinct()


def outbox(letters: QuerySet[Letter], wanted: dict[str, str]) -> QuerySet[Letter]:
    """The letters that are wanted: what is in doubt or failed first, then the newest."""
    found = letters.select_related("to", "digest").order_by(*NEEDY_FIRST)
    if "state" in wanted:
        found = found.filter(state=wanted["state"])
    if "kind" in wanted:
        found = found.filter(kind=wanted["kind"])
    if "person" in wanted:
        found = found.filter(to__name__icontains=wanted["person"])
    return found
