"""The statuses of a credential, what waits to become one, and who may answer that."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from credentialing.people.models import Credential, CredentialStatus, Person, Relation, Role
from credentialing.people.queries import RECUSING, holders
from reviews.models import StatusChange

Status = CredentialStatus.Status
BY_TWO = frozenset({Status.SUSPENDED, Status.REVOKED})


def officers(credential: Credential, *, day: date) -> QuerySet[Person]:
    """Who confirms what another has entered: the office, and a Chair without a relation."""
    related = Relation.objects.filter(
        applicant=credential.person_id, person=OuterRef("pk"), kind__in=RECUSING
    )
    chairs = holders(Role.Kind.CHAIR, day=day).filter(~Exists(related))
    found = holders(Role.Kind.ADMINISTRATOR, day=day) | chairs
    return found.exclude(pk=credential.person_id)


def is_officer(person: Person, credential: Credential, *, day: date) -> bool:
    """Whether a person may answer what was entered for this credential."""
    return officers(credential, day=day).filter(pk=person.pk).exists()


def waiting(credential: Credential) -> StatusChange | None:
    """The change that waits for a second officer."""
    found = credential.status_changes.filter(StatusChange.WAITING)
    return found.select_related("entered_by").first()


def credential_page(credential: Credential) -> dict[str, Any]:
    """A credential with every status that it had or will have, and the change that waits."""
    statuses = credential.statuses.select_related("by").order_by("-since", "-pk")
    return {
        "credential": credential,
        "waiting": waiting(credential),
        "history": [
            {
                "at": status.since,
                "text": str(status.get_status_display()).capitalize(),
                "who": status.by.name if status.by else _("the Council"),
                "detail": status.reason,
            }
            for status in statuses
        ],
    }
