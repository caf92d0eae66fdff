"""What this app knows of portfolios, and the relations to cases that it gives."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Min

from applicants.models import Application
from applicants.queries import Facts, key
from credentialing.people.queries import Due
from supervision.models import Approval, Confirmation, Session, Supervision
from supervision.queries.sessions import digest_of

COUNTED_ONCE = (Supervision.State.ACTIVE, Supervision.State.ENDED)


def facts(applications: Iterable[Application]) -> Facts:
    """What this app knows of each portfolio, by the applicant's key, in four queries."""
    cases = {application.applicant_id: application for application in applications}
    found: Facts = {
        person: {"supervision_began": None, "supervision": [], "supervisors": []}
        for person in cases
    }
    supervisors: dict[int, set[int]] = {person: set() for person in cases}
    running = Supervision.objects.filter(applicant__in=list(cases), state__in=COUNTED_ONCE)
    for supervision in running.order_by("began", "pk"):
        case, mine = cases[supervision.applicant_id], found[supervision.applicant_id]
        supervisors[supervision.applicant_id].add(supervision.supervisor_id)
        over = case.submitted_on and supervision.ended and supervision.ended < case.submitted_on
        if mine["supervision_began"] is None and not over:
            # A supervisor who accepted before the application was submitted begins with it.
            mine["supervision_began"] = max(
                supervision.began, case.submitted_on or supervision.began
            )
    sessions = Session.objects.standing().filter(supervision__applicant__in=list(cases))
    newest = Confirmation.objects.filter(session__in=sessions.values("pk")).order_by("at", "pk")
    words = {
        session: (given, digest, day)
        for session, given, digest, day in newest.values_list(
            "session", "given", "digest", "confirmed_on"
        )
    }
    for person, supervisor, *row in sessions.order_by("date", "pk").values_list(
        "supervision__applicant",
        "supervision__supervisor",
        "pk",
        "supervision",
        "date",
        "state",
        "minutes",
    ):
        pk, _supervision, day, state, minutes = row
        supervisors[person].add(supervisor)
        given, digest, confirmed_on = words.get(pk, (False, "", None))
        found[person]["supervision"].append(
            {
                "id": Session.key_of(pk),
                "date": day,
                "supervisor": key(supervisor),
                "state": state,
                "confirmed": confirmed_on if given and digest == digest_of(*row) else None,
                "minutes": minutes,
            }
        )
    approved: dict[int, list[dict[str, Any]]] = {}
    everybody = set().union(*supervisors.values()) if supervisors else set()
    for approval in Approval.objects.filter(supervisor__in=everybody).order_by("start", "pk"):
        approved.setdefault(approval.supervisor_id, []).append(
            {"start": approval.start, "end": approval.end}
        )
    for person, people in supervisors.items():
        found[person]["supervisors"] = [
            {"person": key(supervisor), "approved": approved.get(supervisor, [])}
            for supervisor in sorted(people)
        ]
    return found


def permissions() -> Iterator[tuple[int, str, int]]:
    """Every (person, relation, application) that this app gives, as it should stand now."""
    for supervision in Supervision.objects.filter(state=Supervision.State.ACTIVE):
        for application in Application.objects.filter(applicant=supervision.applicant_id):
            yield supervision.supervisor_id, "supervisor", application.pk


def relations() -> Iterator[Due]:
    """Every supervisor that the record knows of an applicant, with the first day."""
    began = Supervision.objects.filter(state__in=COUNTED_ONCE)
    for supervisor, applicant, since in began.values_list("supervisor", "applicant", "began"):
        yield supervisor, applicant, "supervisor", since
    held = Session.objects.standing().filter(state=Session.State.HELD)
    pairs = held.values_list("supervision__supervisor", "supervision__applicant")
    for supervisor, applicant, since in pairs.annotate(first=Min("date")).order_by():
        yield supervisor, applicant, "supervisor", since
