"""Tests act as the application's role: what it may not do fails here as it does in production."""

import pytest
from django.conf import settings
from django.db import ProgrammingError, connection

pytestmark = pytest.mark.django_db


def role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return cursor.fetchone()[0]


def append_only() -> list[str]:
    """The tables in which the application may insert and nothing be changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace"
            " AND has_table_privilege(oid, 'INSERT')"
            " AND NOT has_table_privilege(oid, 'UPDATE, DELETE')"
        )
        return [name for (name,) in cursor.fetchall()]


def test_the_code_under_test_is_the_application():
    assert role() == settings.APPLICATION_ROLE


@pytest.mark.django_db(transaction=True)
def test_so_it_is_in_a_test_that_commits():
    assert role() == settings.APPLICATION_ROLE


def test_a_test_may_step_out_of_that_role(as_owner):
    with as_owner():
        inside = role()

    assert (inside, role()) == ("credentialing_owner", settings.APPLICATION_ROLE)


@pytest.mark.parametrize(
    "table",
    ["records_auditentry", "reviews_castvote", "reviews_decision", "applicants_ruling"],
)
@pytest.mark.parametrize("act", ["DELETE FROM {}", "UPDATE {} SET id = id", "TRUNCATE {}"])
def test_what_is_append_only_is_so_for_the_application(table, act):
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(act.format(table))


def test_no_table_may_be_emptied_by_the_application():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace AND has_table_privilege(oid, 'TRUNCATE')"
        )
        found = cursor.fetchall()

    assert found == []


def test_every_append_only_table_is_kept_so_by_a_trigger_too():
    """A role protects against the application, a trigger against everybody but the owner."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
        )
        triggered = {name for (name,) in cursor.fetchall()}

    assert set(append_only()) - triggered == set()
