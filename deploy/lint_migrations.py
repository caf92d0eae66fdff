"""Whether our own migrations can be applied while the previous release still runs.

The linter is called as a library: it is a tool of the tests, no app of a production server.
"""

import logging
import os
import sys

import django
from django_migration_linter import MigrationLinter

# Own apps only: what third parties migrate is theirs.
OWN = ["people", "records", "standing", "applicants", "supervision", "intensives", "reviews"]
SAFE = [  # looked at, and safe all the same
    # What the running release writes there is random, and so unique.
    "0004_receipts_and_void_votes",
    # The running release can't save the Society's settings meanwhile; nothing is lost by that.
    "0007_time_zone",
]


def main() -> int:
    """1 when a migration would break the running release."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "credentialing.settings")
    django.setup()
    linter = MigrationLinter(
        include_apps=OWN,
        ignore_initial_migrations=True,  # what creates a table locks nothing that is in use
        ignore_name=SAFE,
        no_cache=True,
        quiet=["ok", "ignore"],
    )
    logging.getLogger("django_migration_linter").setLevel(logging.WARNING)
    linter.lint_all_migrations()
    linter.print_summary()
    return int(linter.has_errors)


if __name__ == "__main__":
    sys.exit(main())
