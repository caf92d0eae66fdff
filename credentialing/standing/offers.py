"""What each office and each task offers, for people who are no applicants."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from credentialing.people.models import Person, Role
from intensives.models import Enrolment, SmallGroup
from supervision.models import Approval, Supervision


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A place to go, and what it is for."""

    label: str | Promise
    text: str | Promise
    name: str

    @property
    def url(self) -> str:
        return reverse(self.name)


COMMITTEE = Offer(
    label=gettext_lazy("The Committee's queue"),
    text=gettext_lazy("what waits for the Committee, by what must be done"),
    name="queue",
)
BY_ROLE: dict[str, Offer] = {
    Role.Kind.CHAIR: COMMITTEE,
    Role.Kind.DEPUTY: COMMITTEE,
    Role.Kind.COMMITTEE: COMMITTEE,
    Role.Kind.COUNCIL: Offer(
        label=gettext_lazy("The Council"),
        text=gettext_lazy("the cases on which you vote"),
        name="council",
    ),
    Role.Kind.ADMINISTRATOR: Offer(
        label=gettext_lazy("The office"),
        text=gettext_lazy("people and roles, memberships, supervisors, intensives, letters"),
        name="office",
    ),
}
SUPERVISOR = Offer(
    label=gettext_lazy("My applicants"),
    text=gettext_lazy("whom you supervise, and the sessions you are asked to confirm"),
    name="supervisor",
)
CANDIDATES = Offer(
    label=gettext_lazy("Candidates"),
    text=gettext_lazy("whom you evaluate or lead with at an intensive"),
    name="candidates",
)


def offers(person: Person, roles: frozenset[str], *, day: date) -> list[Offer]:
    """Where a person's roles and tasks lead, each place once."""
    found = [offer for kind, offer in BY_ROLE.items() if kind in roles]
    if _supervises(person, day):
        found.append(SUPERVISOR)
    if _assesses(person):
        found.append(CANDIDATES)
    return list(dict.fromkeys(found))


def _supervises(person: Person, day: date) -> bool:
    approved = Approval.objects.filter(supervisor=person, start__lte=day).exclude(end__lt=day)
    return approved.exists() or Supervision.objects.filter(supervisor=person).exists()


def _assesses(person: Person) -> bool:
    return (
        Enrolment.objects.filter(evaluator=person).exists()
        or SmallGroup.objects.filter(first_faculty=person).exists()
        or SmallGroup.objects.filter(second_faculty=person).exists()
    )
