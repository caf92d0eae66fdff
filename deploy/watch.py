"""Which children are started again, and when all is over."""

import time
from collections import deque
from collections.abc import Sequence

from deploy.children import Child

LOOKS_EVERY = 0.5
WITHIN = 60  # seconds
TRIES = 5


class Watch:
    """Starts again what ended; what ends five times in a minute has ended for good."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = children
        self.ends: dict[str, deque[float]] = {child.name: deque() for child in children}

    def until_stopped(self) -> int:
        """Watch until interrupted; 1 when a child ended for good."""
        while True:
            time.sleep(LOOKS_EVERY)
            for child in self.children:
                if not child.running and not self.revive(child):
                    return 1

    def revive(self, child: Child) -> bool:
        """Start a child again and say so, unless it has ended too often."""
        now = time.monotonic()
        ends = self.ends[child.name]
        ends.append(now)
        while ends[0] < now - WITHIN:
            ends.popleft()
        code = child.process.returncode if child.process else None
        if len(ends) >= TRIES:
            print(f"{child.name} ended for good ({code}).{child.last_lines()}", flush=True)
            return False
        print(f"{child.name} ended ({code}) and is started again.", flush=True)
        time.sleep(min(len(ends) - 1, 3))
        child.start()
        return True
