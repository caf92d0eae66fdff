"""From a bare Python to an environment with the locked packages; standard library only.

`python -m deploy.bootstrap run|test|audit …` is what the commands call. What is there is kept: a
copy of the lock file in the environment tells whether anything is to be done.
"""

import ctypes
import fcntl
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy import options
from deploy.refusal import Refusal, spoken

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
VAR = ROOT / "var"
LOG = VAR / "log" / "setup.log"
LOCKS = {
    "run": "requirements.lock",
    "test": "requirements-dev.lock",
    "audit": "requirements-dev.lock",
}
HANDS_OVER_TO = {
    "run": "deploy.supervisor",
    "test": "deploy.checks",
    "audit": "deploy.advisories",
}

# Debian's names, and the files that tell that they are there.
PDF_LIBRARIES = {
    "libpango-1.0-0": "libpango-1.0.so.0",
    "libpangoft2-1.0-0": "libpangoft2-1.0.so.0",
    "libharfbuzz-subset0": "libharfbuzz-subset.so.0",
}


def main(arguments: list[str]) -> int:
    """Make the environment ready for a command, then become its program."""
    which, *rest = arguments
    if which == "run":
        options.run_parser().parse_args(rest)
    if which == "test":
        options.test_parser().parse_known_args(rest)
    with alone():
        system = threading.Thread(target=add_system_packages, args=(which,))
        system.start()
        try:
            make_environment()
            install(LOCKS[which])
        finally:
            system.join()
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", HANDS_OVER_TO[which], *rest])  # noqa: S606 - becomes it


@contextmanager
def alone() -> Iterator[None]:
    """Two set-ups at once wait for each other."""
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with (VAR / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another set-up to end.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make_environment() -> None:
    """Make .venv, or make it anew where its Python no longer works."""
    if PYTHON.exists() and quietly(str(PYTHON), "-c", "import pip"):
        return
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        raise Refusal(
            "Python's venv module is missing; on Debian: apt-get install python3-venv, then again."
        )
    say("Making .venv.")
    if not quietly(sys.executable, "-m", "venv", "--clear", str(VENV)):
        raise Refusal(f"The environment .venv could not be made; {LOG} says why.")


def install(lock_name: str) -> None:
    """Install exactly what a lock file pins, hashes checked; at once when nothing changed."""
    lock = ROOT / lock_name
    remembered = VENV / lock_name
    wanted = lock.read_bytes()
    if remembered.exists() and remembered.read_bytes() == wanted:
        return
    say(f"Installing {len(re.findall(rb'(?m)^[a-z0-9]', wanted))} packages of {lock_name}.")
    with_uv = uv()
    done = with_uv is not None and quietly(
        with_uv, "pip", "install", "--python", str(PYTHON), "--require-hashes", "-r", str(lock)
    )
    if not done:
        done = quietly(str(PYTHON), *PIP_INSTALL, "-r", str(lock))
    if not done:
        raise Refusal(
            f"The packages of {lock_name} could not be installed; without a network they cannot be"
            f" fetched. {LOG.relative_to(ROOT)} says more."
        )
    for other in set(LOCKS.values()):
        (VENV / other).unlink(missing_ok=True)
    remembered.write_bytes(wanted)
    if lock_name == LOCKS["test"]:  # which holds everything that ./run needs, at the same versions
        (VENV / LOCKS["run"]).write_bytes((ROOT / LOCKS["run"]).read_bytes())


PIP_INSTALL = ("-m", "pip", "install", "--quiet", "--require-hashes", "--no-input")


def uv() -> str | None:
    """The installer that is several times faster than pip, fetched by its own locked hash."""
    found = shutil.which("uv") or shutil.which("uv", path=str(VENV / "bin"))
    if found:
        return found
    entry = re.search(r"(?m)^uv==(?:.*\\\n)*.*$", (ROOT / LOCKS["test"]).read_text())
    if entry is None:
        return None
    one = VENV / "uv.lock"
    one.write_text(entry.group() + "\n")
    quietly(str(PYTHON), *PIP_INSTALL, "--no-deps", "-r", str(one))
    return shutil.which("uv", path=str(VENV / "bin"))


def add_system_packages(which: str) -> None:
    """Bring what no wheel carries, where apt is there and we may; else say what to install."""
    if which == "audit":
        return
    missing = missing_for_pdfs()
    if which == "test":
        if not shutil.which("chromium"):
            missing.append("chromium")
        if sys.platform == "linux" and not loads("libatomic.so.1"):
            missing.append("libatomic1")
    if not missing:
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        say(f"Installing from the system's packages: {' '.join(missing)}.")
        apt = ["apt-get", "-q", "-y", "--no-install-recommends", "install", *missing]
        if quietly(*apt) or (quietly("apt-get", "-q", "update") and quietly(*apt)):
            return
    say(
        f"Lacking {', '.join(missing)}: PDFs, and in ./test the journeys, need them;"
        f" on Debian: apt-get install {' '.join(missing)}"
    )


def missing_for_pdfs() -> list[str]:
    """The system's packages without which no PDF can be made."""
    if sys.platform == "darwin":  # where WeasyPrint looks among Homebrew's
        return [] if shutil.which("pango-view") else ["pango"]
    return [name for name, file in PDF_LIBRARIES.items() if not loads(file)]


def loads(library: str) -> bool:
    """Whether the system's loader finds a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def quietly(*command: str) -> bool:
    """Run a command with its output in the set-up's log, and say whether it succeeded."""
    environment = {**os.environ, "UV_SYSTEM_CERTS": "1", "DEBIAN_FRONTEND": "noninteractive"}
    environment["UV_LINK_MODE"] = "copy"  # the cache may lie on another file system
    with LOG.open("a") as log:
        log.write(f"$ {' '.join(command)}\n")
        log.flush()
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, check=False
        )
    return done.returncode == 0


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    spoken(main)
