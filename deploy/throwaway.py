"""Servers for one run of the tests, in a temporary folder that goes away with them."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy import migrated, roles
from deploy.embedded import DATABASE, THROWAWAY, Postgres, Valkey


@contextmanager
def servers() -> Iterator[dict[str, str]]:
    """Start both, give the whole environment that the tests run in, and leave nothing behind.

    The login is the owner's, who makes the test database; `tests/conftest.py` steps into the
    application's role.
    """
    folder = Path(tempfile.mkdtemp(prefix="cred-test-"))
    database = Postgres(folder / "postgres", folder, folder / "postgres.log", **THROWAWAY)
    broker = Valkey(folder / "valkey", folder, folder / "valkey.log", keeps=False)
    for name in ("documents", "static"):
        (folder / name).mkdir()
    try:
        broker.start()
        is_migrated = migrated.take(database)
        database.start()
        database.prepare(for_tests=True)
        environment = around(folder, database, broker)
        if is_migrated or migrated.keep(database, environment):
            environment["DATABASE_TEST_TEMPLATE"] = DATABASE
        yield environment
    finally:
        database.child.stop()
        broker.child.stop()
        shutil.rmtree(folder, ignore_errors=True)


def around(folder: Path, database: Postgres, broker: Valkey) -> dict[str, str]:
    """The whole environment of a run that knows these servers and nothing of the developer's."""
    return {
        **{name: value for name, value in os.environ.items() if name not in OURS},
        "CREDENTIALING_ENVIRONMENT": os.devnull,
        "DATABASE_URL": database.url(roles.OWNER),
        "DATABASE_APPLICATION_ROLE": roles.APPLICATION,
        "REDIS_URL": broker.url,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SITE_URL": "http://localhost:8000",
        "EMAIL_URL": "memorymail://",
        "DEVELOPMENT": "1",
        "MEDIA_ROOT": str(folder / "documents"),
        "SIGNING_FOLDER": str(folder / "signing"),
        "STATIC_ROOT": str(folder / "static"),
    }


OURS = {  # what the tests must not take from the developer's environment
    "BEHIND_PROXY",
    "CREDENTIAL_TITLE",
    "DATABASE_OWNER_URL",
    "DJANGO_SETTINGS_MODULE",
    "LETTERS_FROM",
    "PROCEDURE",
    "SECOND_FACTOR_REQUIRED",
    "SOCIETY_NAME",
    "SOCIETY_SHORT_NAME",
    "SOCIETY_TIME_ZONE",
    "SSL_REDIRECT",
}
