"""What is offered, who has signed up, and who can."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

import applicants.queries
from applicants.models import NOT_YET_ACCEPTED, Application
from credentialing.people.models import Credential, Person
from credentialing.records.audit import plain
from credentialing.rules import assess, load_procedure, read_portfolio, words
from credentialing.rules.measures import FinalIntensive
from intensives.models import Enrolment, Intensive, SmallGroup
from intensives.queries.cases import facts

# A candidacy in good order, of two faculty and an evaluator whom nobody knows.
SUPPOSED = {
    "id": "supposed",
    "role": "candidate",
    "completed": True,
    "co_led_with": ["one", "another"],
    "evaluator": "a third",
}


def offered(at: Any) -> QuerySet[Intensive]:
    """What this Society offers and has published, also where it was cancelled afterwards."""
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


def questions_of_candidacy(person: Person, intensive: Intensive) -> list[str]:
    """What the procedure of a person's case would ask about a candidacy at this intensive.

    The rules themselves are asked, as if it were held and everything about it in order: what they
    still ask is what would be missing. In sentences; empty where nothing is, or no case runs.
    """
    case = Application.objects.filter(applicant=person).order_by("-started_at", "-pk").first()
    if case is None or not case.procedure:
        return []
    procedure = load_procedure(case.procedure)
    portfolio = plain(applicants.queries.facts([case])[person.pk] | facts([case])[person.pk])
    day = intensive.end.isoformat()
    earlier = [each for each in portfolio["intensives"] if each["role"] != "candidate"]
    portfolio["intensives"] = [*earlier, SUPPOSED | {"start": str(intensive.start), "end": day}]
    # What a ruling counts may be evidence of which this app knows nothing.
    known = {each["id"] for each in earlier}
    portfolio["exceptions"] = [
        each for each in portfolio["exceptions"] if set(each.get("count", ())) <= known
    ]
    entries = assess(procedure, read_portfolio(portfolio), intensive.end).as_data()["requirements"]
    asked = {each.id for each in procedure.requirements if isinstance(each.measure, FinalIntensive)}
    return [
        words.issue(issue)
        for entry in entries
        if entry["id"] in asked
        for issue in entry["issues"]
        if issue["code"] == "before-participation"
    ]


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


def badges(intensive: Intensive) -> list[dict[str, str]]:
    """Who comes, by name, with group and part: the faculty of its groups and all who signed up."""
    found: dict[int, dict[str, str]] = {}
    for group in groups_of(intensive):
        for person in group.faculty:
            found[person.pk] = {"name": person.name, "group": group.name, "part": _("faculty")}
    rows = intensive.enrolments.filter(state=Enrolment.State.SIGNED_UP)
    for row in rows.select_related("person", "small_group").order_by("pk"):
        found[row.person_id] = {
            "name": row.person.name,
            "group": row.small_group.name if row.small_group else "",
            "part": row.get_role_display(),
        }
    return sorted(found.values(), key=lambda badge: badge["name"].casefold())
