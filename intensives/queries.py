"""Questions about intensives, for many applicants at once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from applicants.models import NOT_YET_ACCEPTED, Application
from applicants.queries import Facts, key
from credentialing.people.models import Credential, Person, Relation
from credentialing.people.queries import BARRING
from intensives.models import (
    Agreement,
    CoLed,
    Enrolment,
    Intensive,
    Presentation,
    SmallGroup,
    WrittenAssessment,
)

Barred = Mapping[int, Mapping[int, list[Relation]]]
Given = tuple[int, str, int]
To = Presentation.To


def facts(applications: Iterable[Application]) -> Facts:
    """What this app knows of each portfolio, by the applicant's key, in three queries."""
    found: Facts = {application.applicant_id: {"intensives": []} for application in applications}
    enrolments = (
        Enrolment.objects.filter(person__in=list(found), state=Enrolment.State.SIGNED_UP)
        .select_related("intensive", "assessment")
        .prefetch_related(
            Prefetch("co_led", CoLed.objects.order_by("date", "pk")),
            Prefetch("assessment__presentations", Presentation.objects.order_by("pk")),
        )
        .order_by("intensive__end", "pk")
    )
    for enrolment in enrolments:
        assessment = getattr(enrolment, "assessment", None)
        presented = (
            {made.to: made.presented_on for made in assessment.presentations.all()}
            if assessment
            else {}
        )
        found[enrolment.person_id]["intensives"].append(
            {
                "id": enrolment.key,
                "start": enrolment.intensive.start,
                "end": enrolment.intensive.end,
                "role": enrolment.role,
                "completed": enrolment.completed,
                "organiser": enrolment.intensive.organiser,
                "co_led_with": [key(led.faculty_id) for led in enrolment.co_led.all()],
                "evaluator": key(enrolment.evaluator_id),
                # The draft is known to the three only: its date shows with what was presented.
                "met_on": assessment.met_on if presented else None,
                "assessment": {
                    "to_candidate": presented.get("candidate"),
                    "to_committee": presented.get("committee"),
                },
            }
        )
    return found


def cases_of(enrolments: Iterable[Enrolment]) -> dict[int, Application]:
    """The application that each enrolment belongs to, by the enrolment's key.

    It is the newest that had begun by the end of the intensive. Where none had, as with cases
    that were entered afterwards, it is the oldest.
    """
    rows = list(enrolments)
    started: dict[int, list[Application]] = defaultdict(list)
    people = {enrolment.person_id for enrolment in rows}
    found = Application.objects.filter(applicant__in=people).select_related("applicant")
    for application in found.order_by("started_at", "pk"):
        started[application.applicant_id].append(application)
    cases = {}
    for enrolment in rows:
        mine = started[enrolment.person_id]
        then = [
            case for case in mine if timezone.localdate(case.started_at) <= enrolment.intensive.end
        ]
        if mine:
            cases[enrolment.pk] = then[-1] if then else mine[0]
    return cases


def case_of(enrolment: Enrolment) -> Application | None:
    """As `cases_of`, for one."""
    return cases_of([enrolment]).get(enrolment.pk)


def placed() -> QuerySet[Enrolment]:
    """The candidates' enrolments that stand, with what a placement is made of."""
    return Enrolment.objects.filter(
        role=Enrolment.Role.CANDIDATE, state=Enrolment.State.SIGNED_UP
    ).select_related("intensive", "person", "small_group", "evaluator")


def gives(enrolments: Iterable[Enrolment]) -> Iterator[Given]:
    """What these placements let whom see: (person, relation, application)."""
    rows = list(enrolments)
    cases = cases_of(rows)
    for enrolment in rows:
        case = cases.get(enrolment.pk)
        if case is None:
            continue
        if enrolment.evaluator_id:
            yield enrolment.evaluator_id, "evaluator", case.pk
        if enrolment.small_group:
            for person in enrolment.small_group.faculty_ids:
                yield person, "faculty", case.pk


def permissions() -> Iterator[Given]:
    """Every (person, relation, application) that this app gives, as it should stand now."""
    yield from gives(placed())


# --- Who may not be faculty of whom ------------------------------------------------------------


def barred(applicants: Iterable[int]) -> Barred:
    """Who can't be faculty of whom: the applicant's key, the person's key, the relations.

    A person entered twice and merged bars under both records.
    """
    found: dict[int, dict[int, list[Relation]]] = defaultdict(lambda: defaultdict(list))
    relations = Relation.objects.filter(applicant__in=list(applicants), kind__in=BARRING)
    for relation in relations.select_related("person").order_by("since", "pk"):
        same = {relation.person_id, relation.person.merged_into_id} - {None}
        for person in same:
            found[relation.applicant_id][person].append(relation)
    return found


def in_words(person: Person, relations: Iterable[Relation]) -> str:
    """What a person is to the candidate: `Sue: supervisor since 3 May 2024`."""
    parts = [
        _("%(kind)s since %(day)s")
        % {"kind": relation.get_kind_display(), "day": date_format(relation.since)}
        for relation in relations
    ]
    return _("%(name)s: %(relations)s") % {"name": person.name, "relations": ", ".join(parts)}


def conflicts(applicant: Person | int, faculty: Iterable[Person], known: Barred) -> list[str]:
    """Why these two can't be the faculty of an applicant, in words; empty where they can."""
    applicant_id = getattr(applicant, "pk", applicant)
    relations = known.get(applicant_id, {})
    found = []
    for person in faculty:
        if person.pk == applicant_id:
            found.append(_("%(name)s is the candidate.") % {"name": person.name})
        elif relations.get(person.pk):
            found.append(in_words(person, relations[person.pk]))
    return found


def disclosed(applicants: Iterable[int]) -> dict[int, dict[int, list[Relation]]]:
    """Every relation to these applicants, for showing beside a name."""
    found: dict[int, dict[int, list[Relation]]] = defaultdict(lambda: defaultdict(list))
    relations = Relation.objects.filter(applicant__in=list(applicants))
    for relation in relations.order_by("since", "pk"):
        found[relation.applicant_id][relation.person_id].append(relation)
    return found


def leaders() -> QuerySet[Person]:
    """Credentialed leaders, by name: who leads small groups and evaluates."""
    return everybody().filter(pk__in=Credential.objects.values("person"))


def everybody() -> QuerySet[Person]:
    """All persons, once each, by name."""
    return Person.objects.filter(merged_into__isnull=True).order_by("name", "pk")


# --- What is offered ---------------------------------------------------------------------------


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
    """The small groups with their faculty."""
    return list(
        intensive.small_groups.select_related("first_faculty", "second_faculty").order_by(
            "name", "pk"
        )
    )


def recorded_elsewhere() -> QuerySet[Enrolment]:
    """Intensives attended elsewhere that the office has not confirmed, oldest first."""
    return (
        Enrolment.objects.filter(
            intensive__elsewhere=True, completed=False, state=Enrolment.State.SIGNED_UP
        )
        .select_related("intensive", "person", "document")
        .order_by("enrolled_at", "pk")
    )


# --- Placement ---------------------------------------------------------------------------------


def candidates_without_evaluator(
    applications: QuerySet[Application] | None = None,
) -> list[Enrolment]:
    """Candidates of intensives to come or under way that have no evaluator, soonest first.

    With `applications` only those of their applicants, as `access.visible` gives them.
    """
    found = placed().filter(
        evaluator__isnull=True, intensive__elsewhere=False, intensive__end__gte=timezone.localdate()
    )
    if applications is not None:
        found = found.filter(person__in=applications.values("applicant"))
    return list(found.order_by("intensive__start", "enrolled_at", "pk"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One candidate in one possible group: free, or why not."""

    group: SmallGroup
    conflicts: list[str]
    taken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """A candidate with every possible group."""

    enrolment: Enrolment
    seats: list[Seat]
    evaluator_relation: str

    @property
    def has_conflict(self) -> bool:
        """The record has changed since the placement."""
        return any(seat.taken and seat.conflicts for seat in self.seats)


def placings(intensive: Intensive, applications: QuerySet[Application]) -> list[Placing]:
    """Each candidate of these applicants × each group of the intensive, by name."""
    candidates = list(
        placed()
        .filter(intensive=intensive, person__in=applications.values("applicant"))
        .order_by("person__name", "pk")
    )
    groups = groups_of(intensive)
    people = [candidate.person_id for candidate in candidates]
    known, related = barred(people), disclosed(people)
    found = []
    for candidate in candidates:
        evaluator = candidate.evaluator
        relations = related[candidate.person_id][evaluator.pk] if evaluator else []
        told = [each for each in relations if each.kind != Relation.Kind.EVALUATOR]
        found.append(
            Placing(
                enrolment=candidate,
                seats=[
                    Seat(
                        group=group,
                        conflicts=conflicts(candidate.person_id, group.faculty, known),
                        taken=candidate.small_group_id == group.pk,
                    )
                    for group in groups
                ],
                evaluator_relation=in_words(evaluator, told) if evaluator and told else "",
            )
        )
    return found


# --- The three and the joint assessment --------------------------------------------------------


def assessed_by(person: Person) -> QuerySet[Enrolment]:
    """The candidates whose joint assessment a person writes or answers: nobody else knows of it."""
    mine = Q(evaluator=person) | Q(small_group__first_faculty=person)
    mine |= Q(small_group__second_faculty=person)
    return (
        placed()
        .filter(mine)
        .exclude(person=person)
        .select_related(
            "intensive",
            "person",
            "evaluator",
            "small_group__first_faculty",
            "small_group__second_faculty",
            "assessment",
        )
        .prefetch_related(
            Prefetch("co_led", CoLed.objects.select_related("faculty").order_by("date", "pk")),
            Prefetch(
                "assessment__agreements",
                Agreement.objects.select_related("person").order_by("at", "pk"),
            ),
            Prefetch("assessment__presentations", Presentation.objects.order_by("at", "pk")),
        )
    )


def draft_of(enrolment: Enrolment) -> WrittenAssessment | None:
    """The joint assessment as it stands, or None."""
    return getattr(enrolment, "assessment", None)


def answers(assessment: WrittenAssessment, faculty: Iterable[int]) -> dict[int, Agreement]:
    """The newest answer of each of the two faculty, to whichever revision."""
    found: dict[int, Agreement] = {}
    for agreement in assessment.agreements.all():
        if agreement.person_id in faculty:
            held = found.get(agreement.person_id)
            if held is None or held.revision < agreement.revision:
                found[agreement.person_id] = agreement
    return found


def lacking(enrolment: Enrolment, assessment: WrittenAssessment) -> list[Person]:
    """Which of the two faculty have not answered the assessment as it now stands."""
    given = answers(assessment, enrolment.small_group.faculty_ids)
    return [
        person
        for person in enrolment.small_group.faculty
        if person.pk not in given or given[person.pk].revision != assessment.revision
    ]


def presented_to(assessment: WrittenAssessment | None) -> dict[str, Presentation]:
    """The presentations of an assessment, by whom it was presented to."""
    return {made.to: made for made in assessment.presentations.all()} if assessment else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaiting:
    """A candidate of mine, what I am to them, and what awaits me."""

    enrolment: Enrolment
    relation: str
    tasks: list[str]
    done: bool


def awaiting(person: Person, *, day: date) -> list[Awaiting]:
    """The candidates whom a person assesses, newest intensive first."""
    found = []
    for enrolment in assessed_by(person).order_by("-intensive__start", "person__name", "pk"):
        evaluates = enrolment.evaluator_id == person.pk
        tasks = _evaluators(enrolment, day) if evaluates else _facultys(enrolment, person, day)
        done = len(presented_to(draft_of(enrolment))) == len(To)
        found.append(
            Awaiting(
                enrolment=enrolment,
                relation=_("evaluator") if evaluates else _("faculty"),
                tasks=tasks,
                done=done,
            )
        )
    return found


def _evaluators(enrolment: Enrolment, day: date) -> list[str]:
    assessment = draft_of(enrolment)
    if not enrolment.small_group or not enrolment.intensive.has_begun(day):
        return []
    if assessment is None:
        return [_("Draft the joint assessment.")]
    made = presented_to(assessment)
    if not made and (waits := lacking(enrolment, assessment)):
        names = _(" and ").join(person.name for person in waits)
        return [_("Waiting for the answer of %(names)s.") % {"names": names}]
    return [
        _("Present the assessment to %(whom)s.") % {"whom": To(to).label}
        for to in To.values
        if to not in made
    ]


def _facultys(enrolment: Enrolment, person: Person, day: date) -> list[str]:
    assessment = draft_of(enrolment)
    tasks = []
    if enrolment.intensive.has_begun(day) and person.pk not in {
        led.faculty_id for led in enrolment.co_led.all()
    }:
        tasks.append(_("Record the session that you led together."))
    if assessment and assessment.met_on and not presented_to(assessment):
        given = answers(assessment, [person.pk]).get(person.pk)
        if given is None:
            tasks.append(_("Read the joint assessment and answer."))
        elif given.revision != assessment.revision:
            tasks.append(_("The joint assessment has changed since you answered: answer again."))
    return tasks


def my_groups(person: Person) -> QuerySet[SmallGroup]:
    """The groups of which a person is one of the two faculty, newest first."""
    return (
        SmallGroup.objects.filter(Q(first_faculty=person) | Q(second_faculty=person))
        .select_related("intensive", "first_faculty", "second_faculty")
        .order_by("-intensive__start", "name", "pk")
    )


# --- What was presented ------------------------------------------------------------------------


def presented(application: Application) -> list[Presentation]:
    """What was presented to the Committee of an applicant, newest intensive first.

    Each presentation has `content` (as in templates/intensives/presented.html) and `digest`.
    """
    made = _presented(To.COMMITTEE)
    return list(made.filter(assessment__enrolment__person=application.applicant_id))


def presented_to_candidate(person: Person) -> list[Presentation]:
    """What was presented to a candidate, newest intensive first."""
    return list(_presented(To.CANDIDATE).filter(assessment__enrolment__person=person))


def _presented(to: str) -> QuerySet[Presentation]:
    return (
        Presentation.objects.filter(to=to)
        .annotate(ended=F("assessment__enrolment__intensive__end"))
        .select_related("by")
        .order_by("-ended", "-pk")
    )
