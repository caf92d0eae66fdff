"""Memberships, as the office enters them."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.models import Application, Membership, in_force
from applicants.queries import reference_of
from credentialing.people.models import Person
from credentialing.records import audit
from credentialing.records.refusals import Refused


@transaction.atomic
def record_membership(
    person: Person, *, start: date, end: date | None, number: str, by: Person, at: datetime
) -> Membership:
    """Enter the time from a day to a day in which a person is a member, both included."""
    return _save(Membership(person=person), start, end, number, by=by, at=at)


@transaction.atomic
def change_membership(
    membership: Membership,
    *,
    start: date,
    end: date | None,
    number: str,
    by: Person,
    at: datetime,
) -> Membership:
    """Put a membership right: renew it, end it, correct its number."""
    membership = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("person")
        .get(pk=membership.pk)
    )
    return _save(membership, start, end, number, by=by, at=at)


def _save(
    membership: Membership,
    start: date,
    end: date | None,
    number: str,
    *,
    by: Person,
    at: datetime,
) -> Membership:
    person = membership.person
    if by.pk == person.pk:
        raise Refused(_("Your own membership is entered by another administrator."))
    if end and end < start:
        raise Refused(_("The membership ends before it starts."), field="end")
    before = _facts(membership) if membership.pk else None
    membership.start, membership.end, membership.number = start, end, number.strip()
    try:
        with transaction.atomic():
            membership.save()
    except IntegrityError as clash:
        raise Refused(
            _("%(name)s has another membership on record in that time.") % {"name": person.name},
            field="start",
        ) from clash
    if in_force(start, end, timezone.localdate(at)):
        # What could not be confirmed when the application was submitted now is.
        Application.objects.filter(applicant=person, membership_unconfirmed=True).update(
            membership_unconfirmed=False
        )
    audit.record(
        "membership.changed" if before else "membership.recorded",
        reference_of(person),
        by=by,
        record=f"membership {membership.pk}",
        before=before,
        after=_facts(membership),
    )
    return membership


def _facts(membership: Membership) -> dict[str, object]:
    return {
        "person": membership.person_id,
        "start": membership.start,
        "end": membership.end,
        "number": membership.number,
    }
