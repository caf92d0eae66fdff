"""What the reviews hold about a person, as far as they may see it."""

from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.files import File
from django.db.models import F

from credentialing.people.models import Person
from reviews.models import (
    Activity,
    Certificate,
    Decision,
    Dossier,
    Progress,
    Recommendation,
    TimelineVersion,
    Vote,
)

APPLICANT = Dossier.Edition.APPLICANT


def held(person: Person) -> dict[str, list[dict[str, Any]]]:
    """The timelines, that a recommendation was made, what was decided; and their own votes.

    Never the Committee's discussion, its recommendation, or how anybody else voted.
    """
    return {
        "proposals of further work": list(
            TimelineVersion.objects.filter(timeline__application__applicant=person)
            .order_by("at", "pk")
            .values("number", "note", "at")
            .annotate(agreed_by=ArrayAgg("consents__side", distinct=True))
        ),
        "activities of further work": list(
            Activity.objects.filter(version__timeline__application__applicant=person)
            .order_by("due", "pk")
            .values(
                "area",
                "activity",
                "measure",
                "due",
                "done_on",
                "done_note",
                proposal=F("version__number"),
            )
        ),
        "progress with further work": list(
            Progress.objects.filter(activity__version__timeline__application__applicant=person)
            .order_by("at", "pk")
            .values("text", "at", activity_area=F("activity__area"))
        ),
        "recommendations made to the Council": list(
            Recommendation.objects.filter(application__applicant=person)
            .order_by("at", "pk")
            .values("at")
        ),
        "decisions of the Council": list(
            Decision.objects.filter(ballot__recommendation__application__applicant=person)
            .order_by("at", "pk")
            .values("credentialed", "decided_on", number=F("credential__number"))
        ),
        "dossiers issued to you": list(
            Dossier.objects.filter(application__applicant=person, edition=APPLICANT)
            .order_by("issued_at", "pk")
            .values("number", "issued_at", "sha256")
        ),
        "votes you cast": list(
            Vote.objects.filter(elector__person=person)
            .order_by("cast_at", "pk")
            .values("choice", "remark", "cast_at")
        ),
    }


def held_files(person: Person) -> Iterator[tuple[str, File]]:
    """The person's own editions of the dossier and their certificates, each with a name."""
    dossiers = Dossier.objects.filter(application__applicant=person, edition=APPLICANT)
    for dossier in dossiers.select_related("application").order_by("issued_at", "pk"):
        yield f"dossier {dossier.application.reference} {dossier.number}.pdf", dossier.file
    certificates = Certificate.objects.filter(credential__person=person).select_related(
        "credential"
    )
    for certificate in certificates.order_by("pk"):
        yield f"certificate {certificate.credential.number}.pdf", certificate.file
