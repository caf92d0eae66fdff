"""What is held about a person's intensives, as far as they may see it."""

from typing import Any

from django.db.models import F

from credentialing.people.models import Declaration, Person
from intensives.models import Addendum, CoLed, Enrolment, Presentation


def held(person: Person) -> dict[str, list[dict[str, Any]]]:
    """Where the person took part, with whom, and what was presented to them.

    An assessment that was not presented to the candidate is not in it, nor that there is one.
    """
    candidate = Presentation.To.CANDIDATE
    return {
        "intensives": list(
            Enrolment.objects.filter(person=person)
            .order_by("intensive__start", "pk")
            .values(
                "role",
                "state",
                "completed",
                "attended_partly",
                "enrolled_at",
                wished_for=F("wished_group__name"),
                avoided=F("avoided_group__name"),
                title=F("intensive__title"),
                organiser=F("intensive__organiser"),
                place=F("intensive__place"),
                start=F("intensive__start"),
                end=F("intensive__end"),
                group=F("small_group__name"),
                first_faculty=F("small_group__first_faculty__name"),
                second_faculty=F("small_group__second_faculty__name"),
                evaluated_by=F("evaluator__name"),
            )
        ),
        "sessions you co-led at an intensive": list(
            CoLed.objects.filter(enrolment__person=person)
            .order_by("date", "pk")
            .values("date", with_whom=F("faculty__name"))
        ),
        "assessments presented to you": list(
            Presentation.objects.filter(assessment__enrolment__person=person, to=candidate)
            .order_by("at", "pk")
            .values("presented_on", "content", "digest", presented_by=F("by__name"))
        ),
        "corrections of assessments presented to you": list(
            Addendum.objects.filter(
                assessment__enrolment__person=person, assessment__presentations__to=candidate
            )
            .order_by("at", "pk")
            .values("at", "text", "digest", added_by=F("by__name"))
        ),
        "relations that you declared": list(
            Declaration.objects.filter(by=person)
            .order_by("at", "pk")
            .values("at", "words", acting=F("person__name"), applying=F("applicant__name"))
        ),
        "candidates whom you evaluate": list(
            Enrolment.objects.filter(evaluator=person)
            .order_by("intensive__start", "pk")
            .values(candidate=F("person__name"), intensive_title=F("intensive__title"))
        ),
    }
