"""A cluster in which the migrations have run, kept so that `./test` need not run them each time.

It is one of the past states of `var/`: whatever decides what a migration does is in its name, and
where CI is set nothing is kept and nothing is taken.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.embedded import Postgres

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var" / "migrated"
DECIDING = (
    "*/migrations/*.py",
    "credentialing/*/migrations/*.py",
    "credentialing/records/grants.py",
    "credentialing/settings.py",
    "deploy/embedded.py",
    "deploy/roles.py",
    "requirements-dev.lock",
)


def take(database: Postgres) -> bool:
    """Put a copy of what is kept where a server will start; whether there is one."""
    if os.environ.get("CI"):
        return False
    try:
        shutil.copytree(kept(), database.data)
    except OSError:  # there is none, or another ./test is just removing it
        shutil.rmtree(database.data, ignore_errors=True)
        return False
    return True


def keep(database: Postgres, environment: Mapping[str, str]) -> bool:
    """Migrate the server's database and keep a copy; whether it was done.

    It is not where a migration fails: pytest meets the same and tells.
    """
    if os.environ.get("CI"):
        return False
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "migrate", "--no-input"],
        env=environment,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        return False
    database.child.stop()
    growing = KEPT / f"{os.getpid()}.new"
    shutil.copytree(database.data, growing)
    for other in KEPT.iterdir():
        if other.suffix != ".new":
            shutil.rmtree(other, ignore_errors=True)
    growing.rename(kept())
    database.start()
    return True


def kept() -> Path:
    """Where the copy for this state of the code lies."""
    digest = hashlib.sha256()
    for pattern in DECIDING:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return KEPT / digest.hexdigest()[:16]
