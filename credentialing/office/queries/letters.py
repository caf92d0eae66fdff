"""The letters that the office may see."""

from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from applicants.models import Application
from credentialing.people.models import Person
from credentialing.records.digests import DIGEST
from credentialing.records.letters import UNLISTED
from credentialing.records.models import Letter

State = Letter.State
MASK = "•" * 8
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


def newest_of_each(letters: QuerySet[Letter]) -> dict[str, int]:
    """The key of the newest letter of each kind."""
    newest = letters.order_by("kind", "-pk").distinct("kind")
    return dict(newest.values_list("kind", "pk"))


def masked(letter: Letter) -> Letter:
    """The letter as it may be shown: its secret link is nobody's but its reader's."""
    if letter.link_is_secret and letter.link:
        letter.link = f"/{MASK}/"
    return letter
