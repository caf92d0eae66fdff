"""`python -m deploy.letters_drill`: letters are sent while everything around them is killed.

It brings a database, a broker, a worker and a mail relay of its own and leaves nothing behind.
Exit status 0: no letter was lost and none was sent twice. The five minutes after which a letter in
a dead sender's hands is in doubt pass at the end, at once; the sweep comes by each second.
"""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from deploy import roles
from deploy.children import Child
from deploy.embedded import Postgres, Valkey
from deploy.letters_drill.sink import taken
from deploy.letters_drill.tally import Tally, tally
from deploy.refusal import Refusal, spoken
from deploy.storm.__main__ import free_port, listens
from deploy.throwaway import around

READERS = 50
PATIENCE = 60  # seconds in which the letters must go on being sent after a kill
SWEEP = 1.0


class Drill:
    """The servers, who is killed, and how far the letters are."""

    def __init__(self, folder: Path) -> None:
        # Nothing is switched off for speed: what was committed must outlive a kill.
        self.database = Postgres(folder / "postgres", folder, folder / "postgres.log")
        self.broker = Valkey(folder / "valkey", folder, folder / "valkey.log", keeps=False)
        self.received = folder / "received"
        self.port = free_port()
        self.environment = {
            **around(folder, self.database, self.broker),
            "EMAIL_URL": f"smtp://127.0.0.1:{self.port}",
            "PYTHONUNBUFFERED": "1",
        }
        self.sink = self.program("The relay", "deploy.letters_drill.sink", str(self.port))
        self.sink.log = self.received
        self.worker = self.program(
            "The worker",
            *("celery", "--app", "credentialing", "worker", "--concurrency", "2"),
            *("--without-gossip", "--without-mingle", "--loglevel", "WARNING"),
        )
        self.killed: Counter[str] = Counter()

    def program(self, name: str, *module: str) -> Child:
        return Child(
            name=name,
            command=[sys.executable, "-m", *module],
            environment=self.environment,
            log=self.database.log.with_name(f"{module[0].rpartition('.')[2]}.log"),
        )

    def prepare(self) -> None:
        """Start what letters need, with the tables made; the worker not yet."""
        self.database.start()
        self.database.prepare()
        self.broker.start()
        Child(
            name="manage.py migrate",
            command=[sys.executable, "manage.py", "migrate", "--no-input"],
            environment=self.environment,
            log=self.database.log.with_name("migrate.log"),
        ).run_to_its_end()
        owner = self.environment["DATABASE_URL"]
        self.environment["DATABASE_URL"] = owner.replace(roles.OWNER, roles.APPLICATION)
        self.sink.start()
        self.sink.wait_until(lambda: listens(self.port), seconds=20)

    def stop(self) -> None:
        for child in (self.worker, self.sink, self.broker.child, self.database.child):
            child.stop()

    def kill(self, whom: str) -> None:
        """Kill one without a word, as a machine that fails does, and start it again."""
        child, start = {
            "worker": (self.worker, self.worker.start),
            "Valkey": (self.broker.child, self.broker.start),
            "PostgreSQL": (self.database.child, self.database.start),
        }[whom]
        if child.process is None:
            raise Refusal(f"{child.name} does not run.{child.last_lines()}")
        with suppress(ProcessLookupError):
            os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()
        self.killed[whom] += 1
        ends = time.monotonic() + PATIENCE
        while True:
            try:
                return start()
            except Refusal:  # sessions of a killed PostgreSQL still hold its memory for a moment
                if time.monotonic() > ends:
                    raise
                time.sleep(0.2)


def main(arguments: list[str]) -> int:
    """Write the letters, kill while they are sent, count."""
    told = parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = Path(tempfile.mkdtemp(prefix="cred-drill-"))
    drill = Drill(folder)
    try:
        drill.prepare()
        became, took = run(drill, told)
    finally:
        drill.stop()
        shutil.rmtree(folder, ignore_errors=True)
    report(became, drill.killed, took)
    return 0 if became.is_well else 1


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m deploy.letters_drill", description=__doc__)
    made.add_argument("--letters", type=int, default=1_500, help="how many (%(default)s)")
    made.add_argument("--kills", type=int, default=15, help="how many in all (%(default)s)")
    made.add_argument("--seed", type=int, default=1, help="for the order (%(default)s)")
    made.add_argument(
        "--sabotage", action="store_true", help="send again, blindly, what is in doubt"
    )
    return made


def run(drill: Drill, told: argparse.Namespace) -> tuple[Tally, float]:
    """All letters are written first; then each kill comes after another share of them arrived."""
    os.environ.update(drill.environment, DJANGO_SETTINGS_MODULE="credentialing.settings")
    import django  # noqa: PLC0415 - only now is it known where the database is

    django.setup()
    from django.db import transaction  # noqa: PLC0415
    from django.db.models.functions import Now  # noqa: PLC0415

    from credentialing import celery  # noqa: F401, PLC0415 - so that letters ring at this broker
    from credentialing.people.models import Person  # noqa: PLC0415
    from credentialing.records import letters  # noqa: PLC0415
    from credentialing.records.models import Letter  # noqa: PLC0415

    readers = [
        Person.objects.create(name=f"Reader {n}", email=f"reader-{n}@example.org")
        for n in range(READERS)
    ]
    with transaction.atomic():
        for number in range(told.letters):
            letters.write(
                "receipt",
                readers[number % READERS],
                occasion=number,
                subject=f"Letter {number}",
                text="It is sent during a drill.",
            )
    written = list(Letter.objects.values_list("pk", flat=True))

    def arrived(count: int) -> Callable[[], bool]:
        return lambda: len(taken(drill.received)) >= count

    def nothing_waits() -> bool:
        return not Letter.objects.filter(state=Letter.State.QUEUED).exists()

    order = [("worker", "Valkey", "PostgreSQL")[n % 3] for n in range(told.kills)]
    random.Random(told.seed).shuffle(order)  # noqa: S311 - an order, not a secret
    began = time.monotonic()
    drill.worker.start()
    for number, whom in enumerate(order, 1):
        until(arrived(number * told.letters // (told.kills + 1)), letters.ring)
        drill.kill(whom)
        say(f"{len(taken(drill.received)):5} arrived, {whom} killed")
    from django.db import connection  # noqa: PLC0415

    connection.close()  # the database behind it was killed
    until(nothing_waits, letters.ring)
    drill.worker.stop()  # it ends what it has in hand
    overdue = Letter.objects.filter(state=Letter.State.SENDING)
    if told.sabotage:
        overdue.update(state=Letter.State.QUEUED)
    overdue.update(lease_until=Now())  # five minutes later
    drill.worker.start()
    until(lambda: nothing_waits() and not overdue.exists(), letters.ring)
    took = time.monotonic() - began
    states = dict(Letter.objects.values_list("pk", "state"))
    return tally(written, states, taken(drill.received)), took


def until(happened: Callable[[], bool], sweep: Callable[[], None]) -> None:
    """Wait for it; meanwhile the sweep comes by."""
    ends = time.monotonic() + PATIENCE
    swept = 0.0
    while not happened():
        if time.monotonic() > ends:
            raise Refusal(f"Nothing went on for {PATIENCE} s.")
        if time.monotonic() - swept > SWEEP:
            sweep()
            swept = time.monotonic()
        time.sleep(0.01)


def report(became: Tally, killed: Counter[str], took: float) -> None:
    deaths = ", ".join(f"{whom} {count}" for whom, count in sorted(killed.items()))
    say(f"{killed.total()} kills in {took:.0f} s: {deaths}")
    say(f"  {became.written:6} written")
    say(f"  {became.once:6} received once")
    say(f"  {len(became.twice):6} received twice {named(became.twice)}")
    say(f"  {len(became.lost):6} lost {named(became.lost)}")
    say(f"  {len(became.doubt):6} in doubt")
    for key, times in became.doubt.items():
        say(f"         letter {key}: {'arrived' if times else 'did not arrive'}")


def named(keys: list[int]) -> str:
    return f"({', '.join(map(str, keys))})" if keys else ""


def say(line: str) -> None:
    print(line.rstrip(), flush=True)


if __name__ == "__main__":
    spoken(main)
