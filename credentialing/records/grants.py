"""What the application's database role may not do, as a migration step."""

from django.conf import settings
from django.db import migrations


def withhold(*tables: str) -> migrations.RunPython:
    """A migration step that takes UPDATE and DELETE on tables from the application's role.

    Where the role does not exist (one login for everything) the triggers alone protect.
    """

    def revoke(apps: object, schema_editor: object) -> None:
        role = settings.APPLICATION_ROLE
        with schema_editor.connection.cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            if cursor.fetchone():
                names = ", ".join(f'"{table}"' for table in tables)
                cursor.execute(f'REVOKE UPDATE, DELETE, TRUNCATE ON {names} FROM "{role}"')

    return migrations.RunPython(revoke, migrations.RunPython.noop)
