"""Print the access matrix."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from credentialing import matrix


class Command(BaseCommand):
    """`manage.py routes [--json]`: every route with its methods and who may take it."""

    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="as data")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = [
            {
                "route": route,
                "name": name,
                "methods": [method for method in row.methods if method != "HEAD"] if row else [],
                "who": sorted(row.who) if row else [],
            }
            for route, name, row in matrix.routes()
        ]
        if options["json"]:
            self.stdout.write(json.dumps(rows, indent=1))
            return
        for entry in rows:
            who = ", ".join(entry["who"]) or "nobody: the route has no row"
            self.stdout.write(f"{' '.join(entry['methods']):9} {entry['route']}  ({who})")
