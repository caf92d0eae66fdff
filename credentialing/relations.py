"""The relations to cases as every app would give them today, held against those that are stored."""

from collections.abc import Iterator
from datetime import date

from django.db import transaction

import intensives.queries
import reviews.queries
import supervision.queries
from applicants import access
from applicants.models import Application, ApplicationUserPermission
from applicants.queries.relations import due as from_logs
from credentialing.people.models import Person, Relation
from credentialing.people.operations import relate

Given = tuple[int, str, int]


def due() -> Iterator[Given]:
    """Every (person, relation, application) that the record gives, account or not."""
    for app in (supervision, intensives, reviews):
        yield from app.queries.permissions()


def stored() -> set[Given]:
    """Every (person, relation, application) that is stored."""
    rows = ApplicationUserPermission.objects.values_list(
        "user__person", "permission__codename", "content_object"
    )
    return set(rows)


def sync(person: Person | None = None) -> tuple[set[Given], set[Given]]:
    """Store what is due and take away what is not; returns what was given and what was taken."""
    accounts = set(Person.objects.filter(user__isnull=False).values_list("pk", flat=True))
    wanted = {given for given in due() if given[0] in accounts}
    present = stored()
    if person is not None:
        wanted = {given for given in wanted if given[0] == person.pk}
        present = {given for given in present if given[0] == person.pk}
    people = Person.objects.select_related("user").in_bulk({g[0] for g in wanted ^ present})
    cases = Application.objects.in_bulk({g[2] for g in wanted ^ present})
    for person_id, relation, case in wanted - present:
        access.give(people[person_id], relation, cases[case])
    for person_id, relation, case in present - wanted:
        access.take(people[person_id], relation, cases[case])
    return wanted - present, present - wanted


def relations_due() -> dict[tuple[int, int, str], date]:
    """What the record gives: person, applicant, kind, with the first day."""
    found: dict[tuple[int, int, str], date] = {}
    for given in (supervision.queries.relations, from_logs, intensives.queries.relations):
        for person, applicant, kind, since in given():
            key = (person, applicant, kind)
            found[key] = min(since, found.get(key, since))
    return found


@transaction.atomic
def sync_relations() -> list[tuple[int, int, str]]:
    """Write the relations between persons that the record gives and that are not on record.

    None is ever taken away: the text says "ever". What bars a placement is told to the Chair.
    """
    known = {
        (person, applicant, kind)
        for person, applicant, kind in Relation.objects.values_list("person", "applicant", "kind")
    }
    missing = {key: since for key, since in relations_due().items() if key not in known}
    for (person, applicant, kind), since in sorted(missing.items()):
        relate(person, applicant, kind, since=since, source="the record")
    return sorted(missing)
