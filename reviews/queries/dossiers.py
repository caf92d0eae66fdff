"""Which issued dossiers a person may read, and the list that the office sees."""

from datetime import date, datetime

from django.db.models import Q, QuerySet

from applicants import access
from applicants.access import Can
from applicants.models import Application
from credentialing.people.models import Person
from reviews.models import Dossier
from reviews.queries import ballots

Edition = Dossier.Edition


def of_office(person: Person | None, *, day: date) -> QuerySet[Dossier]:
    """The dossiers that a person may open as the office."""
    return Dossier.objects.filter(
        application__in=access.visible(person, Can.OPERATE, day=day).values("pk")
    )


def of_reader(person: Person | None, *, day: date, at: datetime) -> QuerySet[Dossier]:
    """The dossiers that are for a person: the applicant's own, the Committee's for its members,
    the Council's from the opening of the ballot to its end.
    """
    if person is None:
        return Dossier.objects.none()
    own = access.visible(person, Can.OWN, day=day).values("pk")
    committee = access.visible(person, Can.READ_RECOMMENDATION, day=day).values("pk")
    council = ballots.voting(person, day=day, at=at).values("recommendation__application")
    return Dossier.objects.filter(
        Q(edition=Edition.APPLICANT, application__in=own)
        | Q(edition=Edition.COMMITTEE, application__in=committee)
        | Q(edition=Edition.COUNCIL, application__in=council)
    )


def issued(application: Application) -> QuerySet[Dossier]:
    """Every dossier of a case, the newest first."""
    return application.dossiers.select_related("issued_by").order_by("-issued_at", "-pk")
