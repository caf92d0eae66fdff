"""The audit trail: written by the operations, sealed into a chain, verified by a command."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from credentialing.records.models import AuditEntry, Seal

# Whoever writes an entry holds this lock shared until commit; whoever seals holds it alone. So no
# entry with a number inside a sealed run can appear after the seal.
LOCK = 0x5EA1


def record(
    act: str,
    case: str = "",
    *,
    by: Any,
    record: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> AuditEntry:
    """Write one entry, in the transaction of the act. `by` is a Person, or None for the clock.

    Entries hold keys and facts, never names, addresses or the text of what was written.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK])
    return AuditEntry.objects.create(
        act=act, case=case, actor=by, record=record, before=plain(before), after=plain(after)
    )


def record_each(
    act: str, cases: Iterable[str], *, by: Any, record: str, after: dict[str, Any]
) -> None:
    """Write one entry for each of these cases, at once: an act that concerns them all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK])
    AuditEntry.objects.bulk_create(
        AuditEntry(act=act, case=case, actor=by, record=record, after=plain(after))
        for case in cases
    )


def plain(facts: dict[str, Any] | None) -> dict[str, Any] | None:
    """The facts as JSON will give them back, so that a digest of them is stable."""
    return None if facts is None else json.loads(json.dumps(facts, cls=DjangoJSONEncoder))


def digest(previous: str, entries: Iterable[AuditEntry]) -> str:
    """SHA-256 over the digest before and each entry in order, as 64 hexadecimal digits."""
    chain = hashlib.sha256(previous.encode())
    for entry in entries:
        line = [
            entry.pk,
            entry.at.isoformat(),
            entry.actor_id,
            entry.act,
            entry.case,
            entry.record,
            entry.before,
            entry.after,
        ]
        chain.update(json.dumps(line, sort_keys=True, ensure_ascii=False).encode())
    return chain.hexdigest()


@transaction.atomic
def seal() -> Seal | None:
    """Seal the entries written since the last seal; None when there are none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    last = head()
    entries = list(AuditEntry.objects.filter(pk__gt=last.last if last else 0).order_by("pk"))
    if not entries:
        return None
    return Seal.objects.create(
        first=entries[0].pk,
        last=entries[-1].pk,
        entries=len(entries),
        digest=digest(last.digest if last else "", entries),
    )


def head() -> Seal | None:
    """The newest seal."""
    return Seal.objects.order_by("-last").first()


def faults(
    head: Seal | None, told: Callable[[int, int], None] = lambda done, total: None
) -> Iterator[str]:
    """What does not hold in the trail sealed up to there, one sentence each.

    What is sealed meanwhile is left alone: its entries may be newer than those that are read here.
    `told` hears up to which entry it has come, and of how many.
    """
    if head is None:
        return
    previous = ""
    written = AuditEntry.objects.filter(pk__lte=head.last).order_by("pk").iterator()
    entry = next(written, None)
    for link in Seal.objects.filter(last__lte=head.last).order_by("last").iterator():
        entries = []
        while entry and entry.pk <= link.last:
            entries.append(entry)
            entry = next(written, None)
        if len(entries) != link.entries:
            found = f"{len(entries)} entries up to {link.last}, sealed were {link.entries}"
            yield f"seal {link.pk}: {found}"
        elif digest(previous, entries) != link.digest:
            yield f"seal {link.pk}: the entries {link.first} to {link.last} are not those sealed"
        previous = link.digest
        told(link.last, head.last)
