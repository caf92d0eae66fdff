"""Fill an empty database with the demonstration society, and say whom to sign in as."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from credentialing import demonstration
from credentialing.records.refusals import Refused


class Command(BaseCommand):
    """`manage.py demo [--cases 40] [--seed 7] [--people] [--json]`."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cases", type=int, default=40, help="how many cases (default 40)")
        parser.add_argument("--seed", type=int, default=7, help="the same seed, the same society")
        parser.add_argument("--json", action="store_true", help="print the people as JSON")
        parser.add_argument(
            "--people", action="store_true", help="only print the people of the one that stands"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        if not demonstration.made():
            if options["people"]:
                raise CommandError("This database holds no demonstration.")
            try:
                demonstration.make(cases=options["cases"], seed=options["seed"], today=today)
            except Refused as refusal:
                raise CommandError(refusal.message) from refusal
        people = demonstration.people(today)
        if options["json"]:
            self.stdout.write(json.dumps(people, indent=1, ensure_ascii=False))
            return
        self.stdout.write(f"Everybody signs in with the password: {demonstration.PASSWORD}\n\n")
        for person in people:
            case = f"{person['case']}, {person['stage']}" if person["case"] else ""
            roles = ", ".join(person["roles"])
            self.stdout.write(f"{person['email']:27} {roles:20} {person['name']:24} {case}")
