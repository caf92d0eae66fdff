"""Two database roles: one owns the tables and migrates, the other is the application's.

What the owner creates, the application may read, insert, change and delete, until a migration
takes the last two away from an append-only table. It may never TRUNCATE.
"""

from typing import Any

from psycopg import Connection, sql

OWNER = "credentialing_owner"
APPLICATION = "credentialing_application"


def create(connection: Connection[Any]) -> None:
    """As superuser: create the two roles where they lack."""
    for role in (OWNER, APPLICATION):
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))


def grant_what_is_created_later(
    connection: Connection[Any], *, owner: str = OWNER, application: str = APPLICATION
) -> None:
    """In the database connected to: let the application use what the owner creates from now on."""
    for privileges, kind in (
        ("SELECT, INSERT, UPDATE, DELETE", "TABLES"),
        ("USAGE, SELECT", "SEQUENCES"),
    ):
        connection.execute(
            sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} GRANT {} ON {} TO {}").format(
                sql.Identifier(owner),
                sql.SQL(privileges),
                sql.SQL(kind),
                sql.Identifier(application),
            )
        )


def let_owner_act_as_application(connection: Connection[Any]) -> None:
    """For tests: the owner, who makes the test database, can step into the application's role."""
    connection.execute(f"GRANT {APPLICATION} TO {OWNER} WITH INHERIT FALSE, SET TRUE")
    connection.execute(f"ALTER ROLE {OWNER} CREATEDB")
