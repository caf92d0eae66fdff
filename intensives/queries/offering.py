"""What is offered, who has signed up, and who can."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from applicants.models import NOT_YET_ACCEPTED, Application
from credentialing.people.models import Credential, Person
from intensives.models import Enrolment, Intensive, SmallGroup


def offered(at: Any) -> QuerySet[Intensive]:
    """What this Society offers and has published."""
    return Intensive.objects.filter(elsewhere=False, published_at__lte=at)


def with_seats(intensives: QuerySet[Intensive]) -> QuerySet[Intensive]:
    """With `taken` and `waiting`: how many are signed up, and how many wait."""
    states = Enrolment.State
    return intensives.annotate(
        taken=Count("enrolments", filter=Q(enrolments__state=states.SIGNED_UP)),
        waiting=Count("enrolments", filter=Q(enrolments__state=states.WAITING)),
    )


def enrolments_of(person: Person) -> dict[int, Enrolment]:
    """A person's enrolments that stand, by intensive."""
    found = (
        Enrolment.objects.filter(person=person)
        .exclude(state=Enrolment.State.CANCELLED)
        .select_related("intensive", "small_group", "document")
        .order_by("intensive__start", "pk")
    )
    return {enrolment.intensive_id: enrolment for enrolment in found}


def why_no_candidate(person: Person) -> str:
    """Why a person can't come as a candidate yet, in words; empty where they can."""
    case = Application.objects.filter(applicant=person).order_by("-started_at", "-pk").first()
    if case is None:
        return _("To come as a candidate you need an application that the Chair has accepted.")
    if not case.is_live:
        return _("Your application has ended; a candidate needs one that is running.")
    if case.stage in NOT_YET_ACCEPTED:
        return _("You can come as a candidate once the Chair has accepted your application.")
    return ""


def groups_of(intensive: Intensive) -> list[SmallGroup]:
    """The small groups with their faculty; `candidates` and `participants` count who is in each."""
    signed_up = Q(enrolments__state=Enrolment.State.SIGNED_UP)
    groups = intensive.small_groups.select_related("first_faculty", "second_faculty").annotate(
        candidates=Count("enrolments", filter=signed_up & Q(enrolments__role="candidate")),
        participants=Count("enrolments", filter=signed_up & Q(enrolments__role="participant")),
    )
    return list(groups.order_by("name", "pk"))


def recorded_elsewhere() -> QuerySet[Enrolment]:
    """Intensives attended elsewhere that the office has not confirmed, oldest first."""
    return (
        Enrolment.objects.filter(
            intensive__elsewhere=True, completed=False, state=Enrolment.State.SIGNED_UP
        )
        .select_related("intensive", "person", "document")
        .order_by("enrolled_at", "pk")
    )


def leaders() -> QuerySet[Person]:
    """Credentialed leaders, by name: who leads small groups and evaluates."""
    return everybody().filter(pk__in=Credential.objects.values("person"))


def everybody() -> QuerySet[Person]:
    """All persons, once each, by name."""
    return Person.objects.filter(merged_into__isnull=True).order_by("name", "pk")


def my_groups(person: Person | None) -> QuerySet[SmallGroup]:
    """The groups of which a person is one of the two faculty, newest first."""
    return (
        SmallGroup.objects.filter(Q(first_faculty=person) | Q(second_faculty=person))
        .select_related("intensive", "first_faculty", "second_faculty")
        .order_by("-intensive__start", "name", "pk")
    )


def attended_by_group(
    intensive: Intensive, person: Person | None, *, office: bool
) -> dict[SmallGroup | None, list[Enrolment]]:
    """Whose attendance a person records: the office everybody's, faculty their own group's.

    Nobody records their own. The key None holds those who are in no group.
    """
    groups: dict[SmallGroup | None, list[Enrolment]] = {
        group: []
        for group in groups_of(intensive)
        if office or (person and person.pk in group.faculty_ids)
    }
    if office:
        groups[None] = []
    there = intensive.enrolments.filter(state=Enrolment.State.SIGNED_UP).exclude(person=person)
    for row in there.select_related("person", "small_group").order_by("person__name", "pk"):
        if row.small_group in groups:
            groups[row.small_group].append(row)
    return groups
