"""The society that a storm breaks over: officers, a Council with reserves, recommended cases."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.test import Client
from django.utils import timezone

from applicants.models import Application, Membership, Stage
from credentialing.people.models import Person, Role, User
from credentialing.standing.models import Snapshot
from credentialing.standing.queries import standing
from reviews.models import Recommendation

SEATS = 12
RESERVES = 90


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who is signed in."""

    person: Person
    cookie: str


@dataclass(slots=True)
class World:
    """Who is there. `council` changes while the storm goes on."""

    chair: Actor
    offices: list[Actor]
    council: list[Actor]
    reserves: list[Actor]


def make() -> World:
    """The officers, and a Council of twelve with reserves."""
    members = [signed_in(f"Member {n}") for n in range(SEATS + RESERVES)]
    for member in members[:SEATS]:
        office(member, Role.Kind.COUNCIL)
    chair = signed_in("Chair")
    offices = [signed_in("First office"), signed_in("Second office")]
    office(chair, Role.Kind.CHAIR)
    for each in offices:
        office(each, Role.Kind.ADMINISTRATOR)
    return World(chair=chair, offices=offices, council=members[:SEATS], reserves=members[SEATS:])


def signed_in(name: str) -> Actor:
    """A person with an account and a session."""
    address = f"{name.lower().replace(' ', '-')}@example.org"
    person = Person.objects.create(name=name, email=address)
    user = User.objects.create(email=address, name=name, person=person)
    client = Client()
    client.force_login(user)
    return Actor(person, client.cookies["sessionid"].value)


def office(actor: Actor, kind: str) -> None:
    Role.objects.create(person=actor.person, kind=kind, start=date(2020, 1, 1))


def cases(world: World) -> Iterator[tuple[Application, Actor, Membership]]:
    """Recommended cases, one after the other, each with its applicant and the membership."""
    number = 0
    while True:
        number += 1
        applicant = signed_in(f"Applicant {number}")
        yield recommended(applicant, by=world.chair.person)


def recommended(applicant: Actor, *, by: Person) -> tuple[Application, Actor, Membership]:
    """A case that the Committee has recommended; its evidence is bare but for the membership."""
    today = timezone.localdate()
    submitted = today - timedelta(days=900)
    membership = Membership.objects.create(person=applicant.person, start=submitted)
    case = Application.objects.create(
        applicant=applicant.person,
        stage=Stage.RECOMMENDED,
        procedure="abs-2007",
        submitted_on=submitted,
        accepted_on=submitted,
    )
    stood = standing(case, today)
    snapshot = Snapshot.objects.create(
        application=case,
        number=1,
        as_of=stood.as_of,
        procedure=stood.procedure.id,
        portfolio=stood.portfolio,
        assessment=stood.data,
        digest="0" * 64,
        taken_at=timezone.now(),
        taken_by=by,
    )
    Recommendation.objects.create(
        application=case,
        snapshot=snapshot,
        outcome=Recommendation.Outcome.FOR,
        reasons="Bare.",
        met_on=today,
        took_part=[by.pk],
        by=by,
        at=timezone.now(),
    )
    return case, applicant, membership
