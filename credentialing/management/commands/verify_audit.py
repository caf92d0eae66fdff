"""Check the sealed chain over the audit trail."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from credentialing.records import audit
from credentialing.records.models import AuditEntry, Seal


class Command(BaseCommand):
    """`manage.py verify_audit`: exit status 1 and a sentence for each fault."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seal", help="a seal that was sent by letter: is it of this trail?")

    def handle(self, *args: Any, **options: Any) -> None:
        last = audit.head()
        faults = list(audit.faults(last))
        if options["seal"] and not Seal.objects.filter(digest=options["seal"].lower()).exists():
            faults.append("No seal of this trail is the one asked for: the trail is another one.")
        if faults:
            raise CommandError("\n".join(faults))
        sealed = last.last if last else 0
        waiting = AuditEntry.objects.filter(pk__gt=sealed).count()
        self.stdout.write(
            f"{Seal.objects.count()} seals hold; {waiting} entries are not sealed yet."
            + (f" Head: {last.digest}" if last else "")
        )
