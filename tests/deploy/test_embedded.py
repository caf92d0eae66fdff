"""The servers that come with the wheels, and the two roles of the database."""

import os
import tempfile
from pathlib import Path

import psycopg
import pytest

from deploy import roles
from deploy.embedded import DATABASE, THROWAWAY, Postgres, Valkey, socket_folder
from deploy.refusal import Refusal
from deploy.unprivileged import Account


@pytest.fixture(scope="module")
def folder():
    with tempfile.TemporaryDirectory(prefix="cred-test-") as name:  # short: sockets lie in it
        yield Path(name)


@pytest.fixture(scope="module")
def postgres(folder):
    server = Postgres(folder / "postgres", folder, folder / "postgres.log", **THROWAWAY)
    server.start()
    server.prepare()
    yield server
    server.child.stop()


def as_role(server, role):
    return psycopg.connect(host=str(server.sockets), user=role, dbname=DATABASE, autocommit=True)


def test_the_application_writes_what_the_owner_made_and_cannot_empty_or_alter_it(postgres):
    with as_role(postgres, roles.OWNER) as owner:
        owner.execute("CREATE TABLE letter (id bigserial PRIMARY KEY, text text)")

    with as_role(postgres, roles.APPLICATION) as application:
        application.execute("INSERT INTO letter (text) VALUES ('Welcome')")
        application.execute("UPDATE letter SET text = 'Welcome.'")
        for forbidden in ("TRUNCATE letter", "DROP TABLE letter", "CREATE TABLE other (id int)"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                application.execute(forbidden)
        rows = application.execute("SELECT text FROM letter").fetchall()

    assert rows == [("Welcome.",)]


def test_what_a_migration_takes_from_the_application_stays_taken(postgres):
    with as_role(postgres, roles.OWNER) as owner:
        owner.execute("CREATE TABLE ruling (id int)")
        owner.execute(f"REVOKE UPDATE, DELETE ON ruling FROM {roles.APPLICATION}")

    postgres.prepare()  # as every start does

    with (
        as_role(postgres, roles.APPLICATION) as application,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        application.execute("DELETE FROM ruling")


def test_neither_role_is_a_superuser(postgres):
    with postgres.connect() as connection:
        found = connection.execute(
            "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)"
            " AND NOT rolsuper AND NOT rolcreaterole AND NOT rolcreatedb AND NOT rolbypassrls"
            " ORDER BY rolname",
            [[roles.OWNER, roles.APPLICATION]],
        ).fetchall()

    assert found == [(roles.APPLICATION,), (roles.OWNER,)]


def test_it_listens_on_no_network(postgres):
    with postgres.connect() as connection:
        addresses = connection.execute("SHOW listen_addresses").fetchone()

    assert addresses == ("",)


def test_data_outlives_a_killed_server(postgres):
    with as_role(postgres, roles.OWNER) as owner:
        owner.execute("SET synchronous_commit = on")
        owner.execute("CREATE TABLE kept AS SELECT 1 AS one")
    postgres.child.process.kill()
    postgres.child.process.wait()

    for _ in range(5):  # its own children take a moment to notice
        try:
            postgres.start()
            break
        except Refusal:
            continue

    with as_role(postgres, roles.OWNER) as owner:
        assert owner.execute("SELECT one FROM kept").fetchone() == (1,)


def test_a_cluster_of_another_version_is_refused_and_left_alone(tmp_path):
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("17\n")

    with pytest.raises(Refusal, match="is of PostgreSQL 17, not 18"):
        Postgres(tmp_path / "postgres", tmp_path, tmp_path / "log").start()


def test_the_broker_answers_and_keeps_what_it_was_given(folder):
    import redis

    server = Valkey(folder / "valkey", folder, folder / "valkey.log")
    server.start()
    with redis.Redis.from_url(server.url) as client:
        client.set("bell", "rung")
    server.child.stop()
    server.start()

    with redis.Redis.from_url(server.url) as client:
        kept = client.get("bell")
    server.child.stop()

    assert kept == b"rung"


def test_sockets_lie_in_a_folder_for_oneself_with_a_short_path(tmp_path):
    near = socket_folder(tmp_path / "s") if len(str(tmp_path)) < 80 else None
    far = socket_folder(tmp_path / ("long" * 30))

    modes = {folder.stat().st_mode & 0o777 for folder in (near, far) if folder}
    long_one_exists = (tmp_path / ("long" * 30)).exists()
    far.rmdir()

    assert (modes, long_one_exists) == ({0o700}, False)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to step down")
@pytest.mark.parametrize("namespaces", [True, False])
def test_a_server_of_root_is_not_root_even_in_a_folder_only_root_may_enter(namespaces):
    with tempfile.TemporaryDirectory(prefix="cred-test-") as name:
        folder = Path(name)
        server = Postgres(folder / "postgres", folder, folder / "postgres.log", **THROWAWAY)
        server.account.by_namespace = server.account.by_namespace and namespaces
        server.start()

        with server.connect() as connection:
            answer = connection.execute("SELECT 1").fetchone()
        server.child.stop()

    assert answer == (1,)


def test_an_account_that_is_nobody_in_particular_is_ourselves():
    account = Account()

    assert (account.entry is None) == (os.geteuid() != 0)
