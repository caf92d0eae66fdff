"""The audit trail: written once, sealed, and found out when somebody tampers with it."""

from io import StringIO
from threading import Event, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import Error, connection, connections, transaction

from credentialing.records import audit
from credentialing.records.models import AuditEntry, Seal
from tests.factories import PersonFactory
from tests.records.tampering import tamper

pytestmark = pytest.mark.django_db
TABLE = AuditEntry._meta.db_table


def entries(number=3):
    for count in range(number):
        audit.record("test.done", "CASE01", by=None, record=f"row {count}", after={"count": count})


@pytest.mark.parametrize(
    "act",
    [
        lambda: AuditEntry.objects.update(act="nothing"),
        lambda: AuditEntry.objects.all().delete(),
        lambda: AuditEntry.objects.first().save(),
        lambda: AuditEntry.objects.first().delete(),
    ],
)
def test_an_entry_can_be_neither_changed_nor_removed(act):
    entries()

    with pytest.raises(Error), transaction.atomic():
        act()

    assert set(AuditEntry.objects.values_list("act", flat=True)) == {"test.done"}


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {TABLE} SET act = 'nothing'",
        f"DELETE FROM {TABLE}",
        f"TRUNCATE {TABLE}",
        f"ALTER TABLE {TABLE} DISABLE TRIGGER USER",
        f"DROP TABLE {TABLE}",
    ],
)
def test_the_applications_role_may_not_either(statement):
    entries()

    refused = pytest.raises(Error, match=r"permission denied|must be owner")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert AuditEntry.objects.count() == 3


@pytest.mark.parametrize("statement", [f"UPDATE {TABLE} SET act = 'x'", f"DELETE FROM {TABLE}"])
def test_the_owner_is_stopped_by_the_triggers(statement, as_owner):
    entries()

    with as_owner():
        stopped = pytest.raises(Error, match="append_only")
        with stopped, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    assert AuditEntry.objects.count() == 3


def test_a_trail_that_nobody_touched_holds():
    entries()
    audit.seal()
    entries()
    audit.seal()

    said = StringIO()
    call_command("verify_audit", stdout=said)

    assert list(audit.faults(audit.head())) == []
    assert "2 seals hold; 0 entries are not sealed" in said.getvalue()


def test_a_seal_is_made_where_something_is_new():
    first = audit.seal()
    entries()
    second, third = audit.seal(), audit.seal()

    assert (first, second.entries, third) == (None, 3, None)


REMOVE = f"DELETE FROM {TABLE} WHERE id = {{0}}"
INSERT = (
    f'INSERT INTO {TABLE} (id, at, act, "case", record) VALUES ({{0}} - 1, now(), $$$$, $$$$, $$$$)'
)


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {TABLE} SET act = 'nothing' WHERE id = {{0}}",
        f"UPDATE {TABLE} SET after = NULL WHERE id = {{0}}",
        f"UPDATE {TABLE} SET at = at - interval '1 second' WHERE id = {{0}}",
        REMOVE,
        INSERT,
        f"{REMOVE}; {INSERT}",
    ],
    ids=["changed", "emptied", "dated back", "removed", "slipped in", "replaced"],
)
def test_a_tampered_entry_is_found(statement, as_owner):
    entries()
    audit.seal()
    entries()
    audit.seal()
    whole = list(audit.faults(audit.head()))
    first = AuditEntry.objects.order_by("pk").first().pk

    with as_owner():
        tamper(TABLE, statement.format(first))

    assert whole == []
    assert len(list(audit.faults(audit.head()))) == 1
    with pytest.raises(CommandError, match="seal"):
        call_command("verify_audit")


def test_a_changed_seal_is_found(as_owner):
    for _ in range(2):
        entries()
        audit.seal()

    with as_owner():
        tamper(Seal._meta.db_table, f"UPDATE {Seal._meta.db_table} SET digest = repeat('0', 64)")

    assert len(list(audit.faults(audit.head()))) == 2


def test_an_entry_belongs_to_its_act():
    def act():
        with transaction.atomic():
            entries()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()

    assert not AuditEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_is_committed_while_a_seal_is_made_is_inside_it():
    """An entry that has its number but is not committed yet: the seal waits for it."""
    written, may_commit = Event(), Event()
    made = []

    def act():
        try:
            with transaction.atomic():
                entries(1)
                written.set()
                may_commit.wait(10)
        finally:
            connections.close_all()

    def seal():
        try:
            made.append(audit.seal())
        finally:
            connections.close_all()

    slow, sealer = Thread(target=act), Thread(target=seal)
    slow.start()
    written.wait(10)
    sealer.start()
    sealer.join(0.5)
    waited = sealer.is_alive()
    may_commit.set()
    slow.join()
    sealer.join()
    entries(1)
    later = audit.seal()

    assert waited
    assert (made[0].entries, later.entries, later.first) == (1, 1, made[0].last + 1)
    assert list(audit.faults(audit.head())) == []


def test_an_entry_names_who_by_key():
    ann = PersonFactory()

    entry = audit.record("test.done", by=ann)

    assert (entry.actor, AuditEntry.objects.get().at is not None) == (ann, True)
