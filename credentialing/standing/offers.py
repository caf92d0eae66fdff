"""What each office and each task offers, for people who are no applicants."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from applicants.models import Application
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
    theirs = tasks(person, day=day)
    if theirs.is_supervisor:
        found.append(SUPERVISOR)
    if theirs.is_assessor:
        found.append(CANDIDATES)
    return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tasks:
    """What a person is by relations alone: an applicant, a supervisor, faculty or an evaluator."""

    is_applicant: bool
    is_supervisor: bool
    is_assessor: bool


def tasks(person: Person, *, day: date) -> Tasks:
    """A person's tasks on a day, in one query: every page asks."""
    approved = Approval.objects.filter(supervisor=person, start__lte=day).exclude(end__lt=day)
    return Tasks(
        **Person.objects.values(
            is_applicant=Exists(Application.objects.filter(applicant=person)),
            is_supervisor=Exists(approved) | Exists(Supervision.objects.filter(supervisor=person)),
            is_assessor=Exists(Enrolment.objects.filter(evaluator=person))
            | Exists(SmallGroup.objects.filter(Q(first_faculty=person) | Q(second_faculty=person))),
        ).get(pk=person.pk)
    )
