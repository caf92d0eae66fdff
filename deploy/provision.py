"""`python -m deploy.provision`: roles, database and privileges on a PostgreSQL server of your own.

Reads DATABASE_ADMIN_URL, an existing database entered by a role that may create roles and
databases; DATABASE_OWNER_URL and DATABASE_URL, which name the two roles, their passwords and the
database to make. What exists already is kept, so that it may run before every release.
"""

import os

import psycopg
from psycopg import sql

from deploy import roles
from deploy.reachable import connect, parts
from deploy.refusal import Refusal, spoken


def main(arguments: list[str]) -> int:
    """Make what lacks, then try both addresses."""
    addresses = ("DATABASE_ADMIN_URL", "DATABASE_OWNER_URL", "DATABASE_URL")
    missing = [name for name in addresses if not os.environ.get(name)]
    if missing:
        raise Refusal(f"Not set: {', '.join(missing)}.")
    try:
        provision(*(os.environ[name] for name in addresses))
    except psycopg.Error as error:
        raise Refusal(str(error).strip().splitlines()[0]) from None
    return 0


def provision(admin_url: str, owner_url: str, application_url: str) -> None:
    """Two roles with the passwords of their addresses, and a database that the owner owns."""
    owner, application = parts(owner_url), parts(application_url)
    if owner["user"] == application["user"]:
        raise Refusal("DATABASE_OWNER_URL and DATABASE_URL must name two roles.")
    if owner["dbname"] != application["dbname"]:
        raise Refusal("DATABASE_OWNER_URL and DATABASE_URL must name one database.")
    with connect(admin_url) as admin:
        for each in (owner, application):
            if exists(admin, "SELECT 1 FROM pg_roles WHERE rolname = %s", each["user"]):
                continue
            admin.execute(
                sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(
                    sql.Identifier(each["user"]), sql.Literal(each.get("password"))
                )
            )
        if not exists(admin, "SELECT 1 FROM pg_database WHERE datname = %s", owner["dbname"]):
            name = sql.Identifier(owner["user"])
            admin.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(name))
            admin.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0").format(
                    sql.Identifier(owner["dbname"]), name
                )
            )
    with connect(owner_url) as database:
        roles.grant_what_is_created_later(
            database, owner=owner["user"], application=application["user"]
        )
    connect(application_url).close()


def exists(connection: psycopg.Connection[tuple[int]], question: str, name: str) -> bool:
    return connection.execute(question.encode(), [name]).fetchone() is not None


if __name__ == "__main__":
    spoken(main)
