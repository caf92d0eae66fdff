"""Rebuild the stored relations to cases from the record."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from credentialing import relations


class Command(BaseCommand):
    """`manage.py sync_access`: gives what is due, takes what is not, and says what had drifted.

    Relations between persons that the record gives are written where they lack; none is taken.
    """

    help = __doc__

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        for person, applicant, kind in relations.sync_relations():
            self.stdout.write(f"written: person {person} is {kind} of applicant {applicant}")
        given, taken = relations.sync()
        for person, relation, case in sorted(given):
            self.stdout.write(f"given: person {person} is {relation} of application {case}")
        for person, relation, case in sorted(taken):
            self.stdout.write(f"taken: person {person} is not {relation} of application {case}")
        self.stdout.write(f"{len(given)} given, {len(taken)} taken.")
