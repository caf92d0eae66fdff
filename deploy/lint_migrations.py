"""Whether our own migrations can be applied while the previous release still runs.

The linter is called as a library: it is a tool of the tests, no app of a production server.
"""

import os
import sys

import django
from django_migration_linter import MigrationLinter

# Own apps only: what third parties migrate is theirs.
OWN = ["people", "records", "standing", "applicants", "supervision", "intensives", "reviews"]


def main() -> int:
    """1 when a migration would break the running release."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "credentialing.settings")
    django.setup()
    linter = MigrationLinter(include_apps=OWN, no_cache=True, quiet=["ok", "ignore"])
    linter.lint_all_migrations()
    linter.print_summary()
    return int(linter.has_errors)


if __name__ == "__main__":
    sys.exit(main())
