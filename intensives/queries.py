"""Questions about intensives, for many applicants at once."""

from collections.abc import Iterable, Iterator

from django.db.models import Prefetch

from applicants.models import Application
from applicants.queries import Facts, key
from intensives.models import CoLed, Enrolment, Presentation


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
                "met_on": assessment.met_on if assessment else None,
                "assessment": {
                    "to_candidate": presented.get("candidate"),
                    "to_committee": presented.get("committee"),
                },
            }
        )
    return found


def permissions() -> Iterator[tuple[int, str, int]]:
    """Every (person, relation, application) that this app gives, as it should stand now."""
    placed = Enrolment.objects.filter(
        role=Enrolment.Role.CANDIDATE, state=Enrolment.State.SIGNED_UP
    ).select_related("small_group")
    cases: dict[int, list[int]] = {}
    for person, application in Application.objects.values_list("applicant", "pk"):
        cases.setdefault(person, []).append(application)
    for enrolment in placed:
        for application in cases.get(enrolment.person_id, []):
            if enrolment.evaluator_id:
                yield enrolment.evaluator_id, "evaluator", application
            if enrolment.small_group:
                for person in enrolment.small_group.faculty_ids:
                    yield person, "faculty", application
