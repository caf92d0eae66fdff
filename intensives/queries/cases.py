"""What this app knows of a portfolio, and which case a candidacy belongs to."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from applicants.models import Application
from applicants.queries import Facts, key
from credentialing.people.queries import Due, Told
from intensives.models import CoLed, Enrolment, Presentation

Given = tuple[int, str, int]


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


# --- What the record tells of two people ---------------------------------------------------------


def told_faculty(applicants: Iterable[int]) -> Told:
    """`at the Spring Intensive, June 2025`, for each faculty member and candidate."""
    rows = _held(applicants).filter(small_group__isnull=False)
    return _told((faculty, row) for row in rows for faculty in row.small_group.faculty_ids)


def told_evaluators(applicants: Iterable[int]) -> Told:
    """The same, for each evaluator and candidate."""
    rows = _held(applicants).filter(evaluator__isnull=False)
    return _told((row.evaluator_id, row) for row in rows)


def _held(applicants: Iterable[int]) -> QuerySet[Enrolment]:
    return placed().filter(person__in=list(applicants)).order_by("intensive__start", "pk")


def _told(rows: Iterable[tuple[int, Enrolment]]) -> Told:
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for person, row in rows:
        month = date_format(row.intensive.start, "F Y")
        found[person, row.person_id].append(f"{row.intensive.title}, {month}")
    return {pair: "; ".join(where) for pair, where in found.items()}


def relations() -> Iterator[Due]:
    """Every faculty member and evaluator of a candidate, from the day of the intensive on."""
    for row in placed().order_by("pk"):
        if row.evaluator_id:
            yield row.evaluator_id, row.person_id, "evaluator", row.intensive.start
        for person in row.small_group.faculty_ids if row.small_group else ():
            yield person, row.person_id, "faculty", row.intensive.start
