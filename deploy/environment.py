"""`var/environment`: what `manage.py` in another terminal needs to find the same servers."""

import os
import re
import secrets
from pathlib import Path

NAME = "environment"


def write(
    var: Path,
    *,
    address: str,
    broker_url: str,
    database_url: str,
    database_owner_url: str,
    database_application_role: str,
) -> dict[str, str]:
    """Write the file, readable by nobody else, and give the environment of the processes.

    What is already set in the environment wins; the secret is made once and kept.
    """
    settled = {
        "DATABASE_URL": database_url,
        "DATABASE_OWNER_URL": database_owner_url,
        "DATABASE_APPLICATION_ROLE": database_application_role,
        "REDIS_URL": broker_url,
    }
    ours = {
        "SECRET_KEY": kept_secret(var / NAME) or secrets.token_urlsafe(50),
        "DEVELOPMENT": "1",
        "SITE_URL": address,
        "EMAIL_URL": f"filemail:///{var / 'letters'}",
    }
    lines = settled | {name: os.environ.get(name, value) for name, value in ours.items()}
    replace(var / NAME, "".join(f"{name}={value}\n" for name, value in lines.items()))
    return {**os.environ, **lines}


def kept_secret(path: Path) -> str:
    """The secret of an earlier run, or nothing."""
    if not path.exists():
        return ""
    found = re.search(r"(?m)^SECRET_KEY=(.+)$", path.read_text())
    return found.group(1) if found else ""


def servers_are_gone(var: Path) -> None:
    """Keep the secret only: `manage.py` then says that it finds no server, not a wrong one."""
    if secret := kept_secret(var / NAME):
        replace(var / NAME, f"SECRET_KEY={secret}\n")


def replace(path: Path, text: str) -> None:
    """Put a file of mode 0600 in the place of another at once."""
    growing = path.with_name(path.name + ".new")
    growing.unlink(missing_ok=True)
    descriptor = os.open(growing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    growing.replace(path)
