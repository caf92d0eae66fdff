"""A database that the environment names: whether it is there, and as whom we enter."""

from dataclasses import dataclass
from typing import Any

import environ
import psycopg

from deploy import roles
from deploy.refusal import Refusal


@dataclass(frozen=True)
class Database:
    """A database, as the application enters it and as the owner of its tables does."""

    application_url: str
    owner_url: str
    application: str  # the role's name; empty where the owner does both

    @classmethod
    def named(cls, url: str, owner_url: str) -> "Database":
        """The one that the environment names; without an owner's address one role does both."""
        application = who(url, "DATABASE_URL")
        if not owner_url or who(owner_url, "DATABASE_OWNER_URL") == application:
            print(
                f"DATABASE_OWNER_URL names no second role: {application} owns the tables, so that"
                " only triggers, and no role, keep what is append-only.",
                flush=True,
            )
            return cls(url, url, "")
        return cls(url, owner_url, application)

    def urls(self) -> dict[str, str]:
        return {
            "database_url": self.application_url,
            "database_owner_url": self.owner_url,
            "database_application_role": self.application,
        }

    def grant(self) -> None:
        """Let the application use what the owner's migrations will create."""
        if self.application:
            with connect(self.owner_url) as connection:
                roles.grant_what_is_created_later(
                    connection,
                    owner=who(self.owner_url, "DATABASE_OWNER_URL"),
                    application=self.application,
                )

    def is_empty(self, table: str) -> bool:
        """Whether a table is missing or has no row."""
        with connect(self.application_url) as connection:
            if connection.execute("SELECT to_regclass(%s)", [table]).fetchone() == (None,):
                return True
            return connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is None  # noqa: S608


def connect(url: str) -> psycopg.Connection[Any]:
    """Enter by an address as the settings read it."""
    return psycopg.connect(**parts(url), connect_timeout=10, autocommit=True)


def parts(url: str) -> dict[str, Any]:
    """What an address says, by libpq's names."""
    if not url.startswith(("postgresql://", "postgres://", "psql://", "pgsql://")):
        raise ValueError(url)
    found = environ.Env.db_url_config(url)
    said = {
        "dbname": found["NAME"],
        "user": found["USER"],
        "password": found["PASSWORD"],
        "host": found["HOST"],
        "port": found["PORT"],
        **found.get("OPTIONS", {}),
    }
    return {name: value for name, value in said.items() if value}


def who(url: str, variable: str) -> str:
    """The role that an address enters as; a refusal that names the variable, not the password."""
    try:
        with connect(url) as connection:
            return str(connection.execute("SELECT current_user").fetchone()[0])  # type: ignore[index]
    except psycopg.Error as error:
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise Refusal(f"{variable}: {reason[0].removeprefix('connection failed: ')}") from None
    except ValueError:
        raise Refusal(
            f"{variable} is no address of a PostgreSQL database: postgresql://role@host/database"
        ) from None
