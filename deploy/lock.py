"""One run per checkout."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.refusal import Refusal


@contextmanager
def only_one(path: Path, description: str) -> Iterator[None]:
    """Hold the lock while the block runs; if somebody else does, refuse with what they wrote."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Refusal(f"Already running: {lock.read().strip()}") from None
        lock.truncate(0)
        lock.write(description)
        lock.flush()
        yield
        lock.truncate(0)
