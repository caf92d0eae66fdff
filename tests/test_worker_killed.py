"""A worker that is killed in the middle of sending: no letter is lost, and none is sent twice."""

import os
import signal
import socketserver
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
from tests.factories import PersonFactory

LETTERS = 6
BLOCKED = 3  # the letter that the relay never answers for
PATIENCE = 25


class Relay(socketserver.ThreadingTCPServer):
    """As much of a mail relay as the sender needs; it falls silent once, with a letter in hand."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.taken = []
        self.silent, self.go_on = Event(), Event()

    def take(self, message):
        """Note a letter by its id; for one of them, never say so."""
        headers = message.partition(b"\n\n")[0].decode()
        self.taken += [line for line in headers.splitlines() if line.startswith("Message-ID")]
        if len(self.taken) == BLOCKED:
            self.silent.set()
            self.go_on.wait(PATIENCE)


class Conversation(socketserver.StreamRequestHandler):
    """One conversation with a sender."""

    def handle(self):
        with suppress(ConnectionError):
            self.say(b"220 ready")
            while line := self.rfile.readline():
                command = line.split()[0].upper() if line.split() else b""
                if command == b"DATA":
                    self.say(b"354 go on")
                    self.server.take(self.message())
                self.say(b"221 bye" if command == b"QUIT" else b"250 fine")
                if command == b"QUIT":
                    return

    def say(self, words):
        self.wfile.write(words + b"\r\n")

    def message(self):
        lines = iter(self.rfile.readline, b".\r\n")
        return b"".join(lines).replace(b"\r\n", b"\n")


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
            letters.write("test", PersonFactory(), occasion=number, subject="A", text="B")
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
