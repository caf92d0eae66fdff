"""A worker that is killed in the middle of sending: no letter is lost, and none is sent twice."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from threading import Event, Thread
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from credentialing.celery import app
from credentialing.records import letters
from credentialing.records.models import Letter
from deploy.letters_drill.sink import Sink
from tests.factories import PersonFactory

LETTERS = 6
BLOCKED = 3  # the letter that the relay never answers for
PATIENCE = 25


class Relay(Sink):
    """A relay that falls silent once, with a letter in hand."""

    def __init__(self):
        super().__init__()
        self.taken = []
        self.silent, self.go_on = Event(), Event()

    def take(self, letter):
        """Note a letter by its id; for one of them, never say so."""
        self.taken.append(letter)
        if len(self.taken) == BLOCKED:
            self.silent.set()
            self.go_on.wait(PATIENCE)


@pytest.fixture
def relay():
    with Relay() as server:
        serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        serving.start()
        yield server
        server.go_on.set()
        server.shutdown()
        serving.join()


@pytest.fixture
def worker(relay):
    """Starts a worker on the test database; whatever still runs in the end is killed."""
    started = []
    database = urlsplit(settings.DATABASE_URL)._replace(path="/" + connection.settings_dict["NAME"])
    environment = {
        **os.environ,
        "DATABASE_URL": database.geturl(),
        "EMAIL_URL": f"smtp://127.0.0.1:{relay.server_address[1]}",
        "PYTHONUNBUFFERED": "1",
    }
    command = "-m celery -A credentialing.celery worker --concurrency 1 --without-gossip"

    def start():
        process = subprocess.Popen(
            [sys.executable, *command.split(), "--without-mingle", "--loglevel", "WARNING"],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        kill(process)


def kill(process):
    """Kill a worker and its children without a word, as a machine that fails does."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def until(happened):
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, "the worker took too long"
        time.sleep(0.05)


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_loses_no_letter_and_sends_none_twice(relay, worker):
    with transaction.atomic():
        for number in range(LETTERS):
            letters.write("receipt", PersonFactory(), occasion=number, subject="A", text="B")
    first = worker()
    until(relay.silent.is_set)
    kill(first)
    relay.go_on.set()
    after_the_kill = Counter(Letter.objects.values_list("state", flat=True))

    Letter.objects.filter(state="sending").update(lease_until=Now())  # five minutes later
    worker()
    letters.ring()
    waits = Letter.objects.filter(Q(state="queued") | Q(state="sending"))
    until(lambda: not waits.exists())

    assert app.conf.broker_url == settings.CELERY_BROKER_URL
    in_the_end = Counter(Letter.objects.values_list("state", flat=True))
    assert after_the_kill == {"sent": BLOCKED - 1, "sending": 1, "queued": LETTERS - BLOCKED}
    assert in_the_end == {"sent": LETTERS - 1, "in-doubt": 1}
    assert sorted(Counter(relay.taken).values()) == [1] * LETTERS
