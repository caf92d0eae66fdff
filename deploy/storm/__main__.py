"""`python -m deploy.storm`: conflicting acts over HTTP, then a look at the tables.

It brings servers of its own and leaves nothing behind. Exit status 0: nothing that may never be was
found, and no answer was an error; with --sabotage: the missing lock was found out.
"""

import argparse
import os
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from deploy import roles
from deploy.children import Child
from deploy.refusal import spoken
from deploy.storm import checker
from deploy.throwaway import servers

LOCKS = ("vote", "role", "membership")
PROCESSES, THREADS = 2, 12
CALM = 60  # seconds in which the last ballots close


def main(arguments: list[str]) -> int:
    """Raise the storm, let it end, and say what it left."""
    told = parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with servers() as environment:
        owner = environment["DATABASE_URL"]
        Child(
            name="manage.py migrate",
            command=[sys.executable, "manage.py", "migrate", "--no-input"],
            environment=environment,
            log=Path(environment["MEDIA_ROOT"]) / "migrate.log",
        ).run_to_its_end()
        port = free_port()
        around = {
            **environment,
            "DATABASE_URL": owner.replace(roles.OWNER, roles.APPLICATION),
            "SITE_URL": f"http://localhost:{port}",
            "STORM_SABOTAGE": told.sabotage or "",
        }
        with application(around, port):
            began = time.monotonic()
            answers = rush(around, port, told.operations)
            took = time.monotonic() - began
        with psycopg.connect(owner) as connection:
            return report(connection, answers, took, sabotaged=told.sabotage)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m deploy.storm", description=__doc__)
    made.add_argument("--operations", type=int, default=10_000, help="how many (%(default)s)")
    made.add_argument("--sabotage", choices=LOCKS, help="serve a build without this lock")
    return made


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@contextmanager
def application(environment: Mapping[str, str], port: int) -> Iterator[None]:
    """The web and two clocks, as processes of their own."""
    folder = Path(environment["MEDIA_ROOT"])
    web = Child(
        name="The web",
        command=[
            *(sys.executable, "-m", "gunicorn", "deploy.storm.server:application"),
            *("--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"),
            *("--workers", str(PROCESSES), "--threads", str(THREADS), "--no-control-socket"),
            *("--keep-alive", "75"),
        ],
        environment=environment,
        log=folder / "web.log",
    )
    clocks = [
        Child(
            name=f"Clock {number}",
            command=[sys.executable, "-m", "deploy.storm.server"],
            environment=environment,
            log=folder / f"clock-{number}.log",
        )
        for number in range(2)
    ]
    started = [web, *clocks]
    try:
        for child in started:
            child.start()
        web.wait_until(lambda: listens(port), seconds=60)
        yield
    finally:
        for child in reversed(started):
            child.stop()


def listens(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0


def rush(environment: Mapping[str, str], port: int, operations: int) -> Counter[tuple[str, int]]:
    """Send it all; wait until the clocks have closed what is due."""
    os.environ.update(environment, DJANGO_SETTINGS_MODULE="credentialing.settings")
    import django  # noqa: PLC0415 - only now is it known where the database is

    django.setup()
    from deploy.storm import world  # noqa: PLC0415
    from deploy.storm.rush import Rush  # noqa: PLC0415
    from reviews.models import Ballot  # noqa: PLC0415

    made = world.make()
    going = Rush(made, world.cases(made), port=port, operations=operations)
    going.run()
    ends = time.monotonic() + CALM
    while Ballot.objects.filter(closed_at=None, held_because="").exists():
        if time.monotonic() > ends:
            break
        time.sleep(0.2)
    return going.answers


def report(
    connection: psycopg.Connection[Any],
    answers: Counter[tuple[str, int]],
    took: float,
    *,
    sabotaged: str | None,
) -> int:
    """Print the figures; the exit status."""
    from django.conf import settings  # noqa: PLC0415

    sent = sum(answers.values())
    say(f"{sent} acts in {took:.0f} s ({sent / took:.0f} a second), build: {build(sabotaged)}")
    for what in sorted({what for what, _status in answers}):
        of_it = {status: count for (which, status), count in answers.items() if which == what}
        say(f"  {what:16}" + "  ".join(f"{status}: {of_it[status]}" for status in sorted(of_it)))
    say("What happened")
    counts = dict(checker.happened(connection))
    for name, count in counts.items():
        say(f"  {count:6} {name}")
    say("What may never be")
    found = dict(checker.faults(connection, settings.TIME_ZONE))
    acknowledged = answers["vote", 302]
    found["votes acknowledged and not on record, or the reverse"] = abs(
        acknowledged - counts["votes and changes"]
    )
    found["answers that are errors"] = sum(
        count for (_what, status), count in answers.items() if status >= 500 or status == 0
    )
    for name, count in found.items():
        say(f"  {count:6} {name}")
    if sabotaged:
        say("The missing lock was found out." if any(found.values()) else "Nothing was found.")
        return 0 if any(found.values()) else 1
    return 1 if any(found.values()) else 0


def build(sabotaged: str | None) -> str:
    return f"without the lock of the {sabotaged}" if sabotaged else "as it is"


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    spoken(main)
