"""What only the owner of the tables can do to an append-only one."""

from django.db import connection


def tamper(table: str, statement: str) -> None:
    """Run a statement with the table's triggers out of the way."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
