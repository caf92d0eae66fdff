"""The processes that the supervisor starts, watches and stops."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.refusal import Refusal
from deploy.tether import tie

LINES_SHOWN = 15


@dataclass(kw_only=True)
class Child:
    """One process with its log, which ends with this one."""

    name: str
    command: Sequence[str | Path]
    log: Path
    environment: Mapping[str, str] | None = None
    stops_at: signal.Signals = signal.SIGTERM
    dies_by: signal.Signals = signal.SIGKILL  # when this process was killed and can stop nothing
    patience: float = 15
    become: Callable[[], None] = field(default=lambda: None)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches only the supervisor."""
        parent = os.getpid()

        def in_the_child() -> None:
            self.become()
            tie(parent, self.dies_by)  # after `become`: a change of account unties

        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [str(part) for part in self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment,
                start_new_session=True,
                preexec_fn=in_the_child,  # noqa: PLW1509 - this process has one thread
            )

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Ask it to end, and end it when it does not within its patience."""
        if self.process is None:
            return
        if self.running:
            self.process.send_signal(self.stops_at)
            try:
                self.process.wait(self.patience)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None

    def wait_until(self, ready: Callable[[], bool], *, seconds: float) -> None:
        """Wait until it answers; it ends, or time runs out: a refusal with the end of its log."""
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.running:
                raise Refusal(f"{self.name} ended while starting.{self.last_lines()}")
            if time.monotonic() > deadline:
                raise Refusal(f"{self.name} did not answer in {seconds:.0f} s.{self.last_lines()}")
            time.sleep(0.03)

    def run_to_its_end(self) -> None:
        """Start it and wait; an exit other than 0 is a refusal with the end of its log."""
        self.start()
        if not self.ended_well():
            raise Refusal(f"{self.name} failed.{self.last_lines()}")

    def ended_well(self) -> bool:
        """Wait until it ends by itself, and say whether it ended with 0."""
        if self.process is None:
            return False
        try:
            return self.process.wait() == 0
        finally:
            self.stop()  # when the waiting was interrupted

    def last_lines(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()[-LINES_SHOWN:]
        return "".join(f"\n  | {line}" for line in lines) + f"\n  ({self.log})"
