"""`./run`: everything the application needs on one machine, started in order and watched.

A database and a broker (unless named by DATABASE_URL and REDIS_URL), the migrations, a
demonstration in an empty database, the web, the worker with its clock. It stops them in reverse
order; if it is killed outright, the kernel stops them.
"""

import errno
import os
import signal
import socket
import sys
import time
from argparse import Namespace
from pathlib import Path
from types import FrameType

from deploy import environment, options, roles
from deploy.bootstrap import missing_for_pdfs
from deploy.children import Child
from deploy.embedded import Postgres, Valkey, socket_folder
from deploy.healthy import healthy
from deploy.lock import only_one
from deploy.reachable import Database
from deploy.refusal import Refusal, spoken
from deploy.watch import Watch

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
LOGS = VAR / "log"
CELERY = (sys.executable, "-m", "celery", "--app", "credentialing")
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
KNOWN_TABLE = "people_user"  # without a row in it nobody can sign in: the database is empty


def main(arguments: list[str]) -> int:
    """Run until stopped; 0 when asked to stop, a refusal when something cannot start."""
    told = options.run_parser().parse_args(arguments)
    for number in STOPS:  # also where a shell that put us in the background has ignored one
        signal.signal(number, interrupt)
    address = os.environ.get("SITE_URL") or f"http://localhost:{told.port}"
    with only_one(VAR / "running", f"{address} (process {os.getpid()})"):
        check_port(told.host, told.port)
        return Run(told, address).until_stopped()


def interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def check_port(host: str, port: int) -> None:
    """A port that cannot be listened on is a refusal."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Refusal(f"Port {port} is taken; try ./run --port {port + 1}") from None
            raise Refusal(f"Cannot listen on {host}, port {port}: {error.strerror}.") from None


class Run:
    """One run of the whole, from the first server to the last."""

    def __init__(self, told: Namespace, address: str) -> None:
        self.told, self.address = told, address
        self.sockets = socket_folder(VAR / "sockets")
        self.started: list[Child] = []  # in the order in which they started

    def until_stopped(self) -> int:
        """Start everything, say where it is, watch it, and stop it in reverse order."""
        began = time.monotonic()
        try:
            database = self.database()
            self.environment = environment.write(
                VAR, address=self.address, broker_url=self.broker(), **database.urls()
            )
            self.prepare(database)
            web = self.start(self.web())
            people = self.people()  # asked for while the web starts
            web.wait_until(self.healthy, seconds=60)
            worker = self.start(self.worker())
            self.greet(people, time.monotonic() - began)
            if self.told.check:
                worker.wait_until(self.rings, seconds=60)
                return 0
            return Watch(self.started).until_stopped()
        except KeyboardInterrupt:
            return 0
        finally:
            self.stop()

    def database(self) -> Database:
        """The database named by the environment, or one of our own."""
        if os.environ.get("DATABASE_URL"):
            return Database.named(
                os.environ["DATABASE_URL"], os.environ.get("DATABASE_OWNER_URL", "")
            )
        server = Postgres(VAR / "postgres", self.sockets, LOGS / "postgres.log")
        self.started.append(server.child)
        server.start()
        server.prepare()
        return Database(server.url(roles.APPLICATION), server.url(roles.OWNER), roles.APPLICATION)

    def broker(self) -> str:
        """The address of the broker named by the environment, or of one of our own."""
        if os.environ.get("REDIS_URL"):
            from deploy.broker import check_broker  # noqa: PLC0415 - 0.4 s, seldom needed

            return check_broker(os.environ["REDIS_URL"])
        server = Valkey(VAR / "valkey", self.sockets, LOGS / "valkey.log")
        self.started.append(server.child)
        server.start()
        return server.url

    def prepare(self, database: Database) -> None:
        """Tables as the code expects them, and somebody who can sign in."""
        database.grant()
        owner = {**self.environment, "DATABASE_URL": database.owner_url}
        self.manage("migrate", "--no-input", environment=owner)
        if self.environment["DEVELOPMENT"] != "1":
            self.manage("collectstatic", "--no-input")
        self.is_empty = database.is_empty(KNOWN_TABLE)
        if self.is_empty and not self.told.empty:
            say("Seeding the demonstration.")
            self.seed()
            self.is_empty = False

    def seed(self) -> None:
        """Make the demonstration; where PDFs cannot be made it cannot, and says what is missing."""
        try:
            self.manage("demo")
        except Refusal:
            if missing := " ".join(missing_for_pdfs()):
                raise Refusal(
                    f"The demonstration makes PDFs, which need {missing}; on Debian:"
                    f" apt-get install {missing}. To begin without it: ./run --empty"
                ) from None
            raise

    def manage(self, *arguments: str, environment: dict[str, str] | None = None) -> None:
        Child(
            name=f"manage.py {arguments[0]}",
            command=[sys.executable, ROOT / "manage.py", *arguments],
            environment=environment or self.environment,
            log=LOGS / "manage.log",
        ).run_to_its_end()

    def start(self, child: Child) -> Child:
        self.started.append(child)
        child.start()
        return child

    def web(self) -> Child:
        host = f"[{self.told.host}]" if ":" in self.told.host else self.told.host
        return self.program(
            "web",
            *("gunicorn", "credentialing.wsgi", "--bind", f"{host}:{self.told.port}"),
            *("--worker-class", "gthread", "--workers", "1", "--threads", "8"),
            *("--graceful-timeout", "10", "--no-control-socket"),
        )

    def worker(self) -> Child:
        return self.program(
            "worker",
            *(*CELERY[2:], "worker", "--beat", "--concurrency", "2"),
            *("--schedule", str(VAR / "beat"), "--loglevel", "INFO"),
            *("--without-gossip", "--without-mingle"),
        )

    def program(self, name: str, *module: str) -> Child:
        return Child(
            name=f"The {name}",
            command=[sys.executable, "-m", "deploy.tether", *module],
            environment=self.environment,
            log=LOGS / f"{name}.log",
        )

    def healthy(self) -> bool:
        here = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - asked, not listened on
        return healthy(here.get(self.told.host, self.told.host), self.told.port, self.address)

    def rings(self) -> bool:
        """Whether a worker answers."""
        asked = Child(
            name="A question to the worker",
            command=[*CELERY, "inspect", "ping", "--timeout", "2"],
            environment=self.environment,
            log=LOGS / "manage.log",
        )
        asked.start()
        return asked.ended_well()

    def people(self) -> Child | None:
        """Who to sign in as, being written down, if this is a demonstration."""
        if self.is_empty:
            return None
        asked = Child(
            name="manage.py demo --people",
            command=[sys.executable, ROOT / "manage.py", "demo", "--people"],
            environment=self.environment,
            log=LOGS / "people.log",
        )
        asked.log.unlink(missing_ok=True)
        asked.start()
        return asked

    def greet(self, people: Child | None, seconds: float) -> None:
        """Say who to sign in as if this is a demonstration, and last where it is."""
        if people is None:
            say("Nobody has an account yet; docs/operations.md tells how the first one is made.")
        elif people.ended_well():
            say(people.log.read_text().rstrip() + "\n")
        say(f"Ready in {seconds:.0f} s: {self.address} (Ctrl-C stops it)")

    def stop(self) -> None:
        """Stop in reverse order; a second Ctrl-C does not leave anything half stopped."""
        for number in STOPS:
            signal.signal(number, signal.SIG_IGN)
        for child in reversed(self.started):
            child.stop()
        environment.servers_are_gone(VAR)
        if self.sockets.parent != VAR:
            for left in self.sockets.iterdir():
                left.unlink()
            self.sockets.rmdir()


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    spoken(main)
