"""What is held about a person of supervision."""

from typing import Any

from django.db.models import F, Q

from credentialing.people.models import Person
from supervision.models import (
    Approval,
    Availability,
    Confirmation,
    Forgotten,
    Report,
    Session,
)
from supervision.queries.supervisors import of_person


def held(person: Person) -> dict[str, list[dict[str, Any]]]:
    """What is held about a person's supervision, on either side, as far as they may see it.

    Of reports about the person, those that were released; of those they wrote, all.
    """
    sessions = Session.objects.filter(supervision__applicant=person).order_by("date", "pk")
    reports = Report.objects.order_by("written_at", "pk")
    released = Q(supervision__applicant=person, released_at__isnull=False)
    return {
        "supervision": list(
            of_person(person)
            .order_by("asked_at", "pk")
            .values(
                "state",
                "asked_at",
                "began",
                "ended",
                "word",
                "reason",
                supervised=F("applicant__name"),
                supervised_by=F("supervisor__name"),
            )
        ),
        "supervision sessions": list(
            sessions.values(
                "date",
                "state",
                "minutes",
                "recorded_at",
                "withdrawn_at",
                "withdrawn_because",
                with_whom=F("supervision__supervisor__name"),
            )
        ),
        "answers for supervision sessions": list(
            Confirmation.objects.filter(Q(session__supervision__applicant=person) | Q(by=person))
            .order_by("at", "pk")
            .values(
                "given",
                "reason",
                "confirmed_on",
                session_date=F("session__date"),
                supervised=F("session__supervision__applicant__name"),
                answered_by=F("by__name"),
            )
        ),
        "supervision reports": list(
            reports.filter(released | Q(supervision__supervisor=person)).values(
                "year",
                "text",
                "rated",
                "written_at",
                "released_at",
                supervised=F("supervision__applicant__name"),
                written_by=F("supervision__supervisor__name"),
            )
        ),
        "approvals as a supervisor": list(
            Approval.objects.filter(supervisor=person)
            .order_by("start", "pk")
            .values("start", "end", "places")
        ),
        "what the directory of supervisors says": list(
            Availability.objects.filter(supervisor=person).values(
                "takes_requests", "places", "note", "changed_at"
            )
        ),
        "sessions that a supervisor added": list(
            Forgotten.objects.filter(
                Q(supervision__applicant=person) | Q(supervision__supervisor=person)
            )
            .order_by("added_at", "pk")
            .values(
                "date",
                "minutes",
                "added_at",
                "answered_at",
                "reason",
                supervised=F("supervision__applicant__name"),
                added_by=F("supervision__supervisor__name"),
            )
        ),
    }
