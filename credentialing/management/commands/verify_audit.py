"""Check the sealed chain over the audit trail."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from credentialing.records import audit
from credentialing.records.models import AuditEntry, Seal


class Command(BaseCommand):
    """`manage.py verify_audit`: exit status 1 and a sentence for each fault."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        faults = list(audit.faults())
        if faults:
            raise CommandError("\n".join(faults))
        last = Seal.objects.order_by("-last").first()
        sealed = last.last if last else 0
        waiting = AuditEntry.objects.filter(pk__gt=sealed).count()
        self.stdout.write(
            f"{Seal.objects.count()} seals hold; {waiting} entries are not sealed yet."
            + (f" Head: {last.digest}" if last else "")
        )
