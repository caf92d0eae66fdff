"""Measure the Committee's desk on many cases, in a transaction that is rolled back."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from applicants.models import Application, BalintGroup, Claim, GroupLeader, Meeting, Membership
from credentialing.people.models import Person, Role
from reviews.queries import cases as all_cases
from reviews.queries import listing, queue


class Command(BaseCommand):
    """`manage.py measure_desk [--cases 30 3000]`: queries and seconds of queue and table."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cases", type=int, nargs="+", default=[30, 3000])

    def handle(self, *args: Any, **options: Any) -> None:
        for number in options["cases"]:
            with transaction.atomic():
                reader = self.fill(number)
                for what, work in self.pages(reader).items():
                    with self.measured(f"{number} cases, {what}"):
                        work()
                transaction.set_rollback(True)

    def fill(self, number: int) -> Person:
        """So many cases of a year and a half, each with a group, its meetings and a claim."""
        today = timezone.localdate()
        began = today - relativedelta(months=18)
        reader = Person.objects.create(name="Reader")
        Role.objects.create(person=reader, kind=Role.Kind.CHAIR, start=began)
        people = Person.objects.bulk_create(
            Person(name=f"Applicant {each}", profession="physician") for each in range(number)
        )
        cases = Application.objects.bulk_create(
            Application(
                applicant=person,
                reference=f"M{each:05}",
                stage="accepted",
                procedure=settings.PROCEDURE,
                submitted_on=began,
                accepted_on=began,
            )
            for each, person in enumerate(people)
        )
        Membership.objects.bulk_create(Membership(person=each, start=began) for each in people)
        groups = BalintGroup.objects.bulk_create(
            BalintGroup(applicant=each, name="Group", setting="medical", start=began)
            for each in people
        )
        GroupLeader.objects.bulk_create(
            GroupLeader(group=each, person=each.applicant, profession="physician")
            for each in groups
        )
        at = timezone.now()
        Meeting.objects.bulk_create(
            Meeting(
                group=group,
                date=began + timedelta(days=14 * turn),
                recorded_at=at,
                recorded_by=group.applicant,
            )
            for group in groups
            for turn in range(38)
        )
        Claim.objects.bulk_create(
            Claim(application=case, credit="balint-group-member", facts={}, claimed_at=at)
            for case in cases
        )
        return reader

    def pages(self, reader: Person) -> dict[str, Any]:
        day = timezone.localdate()

        def table(**asked: str) -> Any:
            found = all_cases.table(reader, day=day, stage="live", order="activity", **asked)
            return listing.table(all_cases.stands(found[:40], day))

        return {
            "queue": lambda: queue.desk(reader, day=day).sections(),
            "table, a page of 40": table,
            "table, searched": lambda: table(q="applicant 17"),
            "pictures": lambda: listing.pictures(reader, day=day),
        }

    @contextmanager
    def measured(self, what: str) -> Iterator[None]:
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as queries:
            yield
        seconds = time.perf_counter() - began
        self.stdout.write(f"{what}: {len(queries)} queries, {seconds:.2f} s")
