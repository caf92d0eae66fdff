"""Memberships, as the office enters them."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.models import Application, Membership, MembershipImport, in_force
from applicants.queries import reference_of
from applicants.queries.memberships import Stands, terms
from credentialing.people.models import Person
from credentialing.records import audit
from credentialing.records.refusals import Refused

# The key of a membership to change (None: a new one), whose it is, its days and its number.
Term = tuple[int | None, Person, date, date | None, str]


@transaction.atomic
def record_membership(
    person: Person,
    *,
    start: date,
    end: date | None,
    number: str,
    seen: list[Stands] | None = None,
    by: Person,
    at: datetime,
) -> Membership:
    """Enter the time from a day to a day in which a person is a member, both included.

    `seen`: the person's terms when whoever acts looked; refused where others stand now.
    """
    _held(person, seen)
    return _save(Membership(person=person), start, end, number, by=by, at=at)


@transaction.atomic
def change_membership(
    membership: Membership,
    *,
    start: date,
    end: date | None,
    number: str,
    seen: list[Stands] | None = None,
    by: Person,
    at: datetime,
) -> Membership:
    """Put a membership right: renew it, end it, correct its number. `seen` as above."""
    _held(membership.person, seen)
    membership = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("person")
        .get(pk=membership.pk)
    )
    return _save(membership, start, end, number, by=by, at=at)


def _held(person: Person, seen: list[Stands] | None) -> None:
    """Let one administrator at a time change a person's terms, on what was looked at."""
    list(Person.objects.select_for_update(no_key=True).filter(pk=person.pk))
    if seen is not None and terms(person) != seen:
        raise Refused(_("The record has changed since you looked. Look at it again."))


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


@transaction.atomic
def bring_in_memberships(
    rows: Iterable[Term], *, source: MembershipImport, by: Person, at: datetime
) -> None:
    """Enter the terms of a list, and change those that have a key. What stood is in the record."""
    rows = list(rows)
    people = sorted({person.pk for _key, person, *_days in rows})
    if by.pk in people:
        raise Refused(_("Your own membership is entered by another administrator."))
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk"))
    stood = Membership.objects.in_bulk([key for key, *_rest in rows if key])
    before = [_facts(stood[key]) for key in sorted(stood)]
    entered, changed = [], []
    for key, person, start, end, number in rows:
        term = stood[key] if key else Membership(person=person)
        term.start, term.end, term.number, term.source = start, end, number, source
        (changed if key else entered).append(term)
    try:
        with transaction.atomic():
            Membership.objects.bulk_update(changed, ["start", "end", "number", "source"], 500)
            Membership.objects.bulk_create(entered, 500)
    except IntegrityError as clash:
        raise Refused(_("The record has changed meanwhile. Look at the list again.")) from clash
    today = timezone.localdate(at)
    members = [
        term.person_id for term in entered + changed if in_force(term.start, term.end, today)
    ]
    Application.objects.filter(applicant__in=members, membership_unconfirmed=True).update(
        membership_unconfirmed=False
    )
    cases = dict(
        Application.objects.filter(applicant__in=people).values_list("applicant", "reference")
    )
    for term in entered + changed:
        if term.person_id in cases:
            audit.record(
                "membership.brought-in",
                cases[term.person_id],
                by=by,
                record=f"membership {term.pk}",
                after=_facts(term),
            )
    audit.record(
        "memberships.imported",
        by=by,
        record=f"import {source.pk}",
        before={"changed": before},
        after={
            "complete_to": source.complete_to,
            "entered": [term.pk for term in entered],
            "changed": [term.pk for term in changed],
        },
    )
