"""What every test stands on: a database entered through the application's own role.

The login is the owner's, because it makes and flushes the test database; the code under test acts
as the application does, so that what a role may not do fails here as it does in production.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections
from django.db.backends.postgresql.operations import DatabaseOperations

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
FAILED_CHECKS = os.environ.get("CREDENTIALING_FAILED_CHECKS", "")


def pytest_configure(config):
    if "CREDENTIALING_ENVIRONMENT" not in os.environ:
        pytest.exit("Start the tests with ./test, which brings them servers of their own.", 1)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """The journeys come first, as they take longest; without a browser they are skipped.

    Where CI is set, they fail instead.
    """
    items.sort(key=lambda item: item.get_closest_marker("journey") is None)
    if CHROMIUM or os.environ.get("CI"):
        return
    for item in items:
        if item.get_closest_marker("journey"):
            item.add_marker(pytest.mark.skip(reason="no Chromium: apt-get install chromium"))


def pytest_runtest_setup(item):
    if item.get_closest_marker("journey") and not CHROMIUM:
        pytest.fail("A journey needs Chromium: apt-get install chromium libatomic1", pytrace=False)


def pytest_terminal_summary(terminalreporter):
    if FAILED_CHECKS:
        terminalreporter.write_line(f"FAILED before the tests: {FAILED_CHECKS}", red=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Begin with a copy of a migrated database where ./test has one; the rest is migrated."""
    if template := os.environ.get("DATABASE_TEST_TEMPLATE"):
        settings.DATABASES["default"]["TEST"]["TEMPLATE"] = template


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database, made and taken down by its owner, used as the application in between."""
    options = settings.DATABASES["default"].setdefault("OPTIONS", {})
    flush = DatabaseOperations.execute_sql_flush

    def flush_as_owner(self, sql_list):
        flush(self, ["SET LOCAL ROLE NONE", *sql_list])

    with django_db_blocker.unblock():
        options["assume_role"] = settings.APPLICATION_ROLE
        DatabaseOperations.execute_sql_flush = flush_as_owner
        connections.close_all()
        yield
        DatabaseOperations.execute_sql_flush = flush
        del options["assume_role"]
        connections.close_all()


@pytest.fixture(autouse=True)
def warm_content_types(request):
    """Content types are cached per process; counts of queries do not depend on who came first."""
    if "db" in request.fixturenames or "transactional_db" in request.fixturenames:
        for fixture in ("transactional_db", "db"):
            if fixture in request.fixturenames:
                request.getfixturevalue(fixture)
                break
        from django.apps import apps

        ContentType.objects.get_for_models(*apps.get_models())


@pytest.fixture
def as_owner() -> Callable[[], AbstractContextManager[None]]:
    """Step out of the application's role, for what only the owner of the tables may do."""

    @contextmanager
    def acting() -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE NONE")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute(f"SET ROLE {settings.APPLICATION_ROLE}")

    return acting


@pytest.fixture(scope="session")
def browser():
    """One browser for the whole run: a second would meet the running loop of the first."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def plain_paper(monkeypatch):
    """A stand-in for every PDF, for tests about something else: setting one takes a second."""
    from reviews.dossiers import certificates, paper, signing

    monkeypatch.setattr(paper, "dossier", lambda contents: b"%PDF-1.7 a paper")
    monkeypatch.setattr(paper, "bound", lambda html, **told: b"%PDF-1.7 a paper")
    monkeypatch.setattr(certificates, "certificate", lambda credential: b"%PDF-1.7 a paper")
    monkeypatch.setattr(signing, "signed", lambda content, reason: content)
