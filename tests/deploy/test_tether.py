"""A supervisor that is killed outright leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# A program that forks, as gunicorn and Celery do, and writes down who is there.
FORKING = """
import os, sys, time
child = os.fork()
if child == 0:
    grandchild = os.fork()
    open(sys.argv[1], "a").write(f"{os.getpid()}\\n")
time.sleep(600)
"""

SUPERVISING = """
import sys, time
from pathlib import Path
from deploy.children import Child
folder = Path(sys.argv[1])
Child(
    name="forking",
    command=[sys.executable, "-m", "deploy.tether", "forking", folder / "family"],
    log=folder / "log",
    environment={"PYTHONPATH": f"{folder}:."},
).start()
time.sleep(600)
"""


def there(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def until(condition, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_what_a_child_forked_ends_with_a_killed_supervisor(tmp_path):
    (tmp_path / "forking.py").write_text(FORKING)
    family = tmp_path / "family"
    supervisor = subprocess.Popen([sys.executable, "-c", SUPERVISING, tmp_path], cwd=ROOT)
    assert until(lambda: family.exists() and len(family.read_text().splitlines()) == 2)
    processes = [int(line) for line in family.read_text().splitlines()]

    os.kill(supervisor.pid, signal.SIGKILL)
    supervisor.wait()

    assert until(lambda: not any(there(process) for process in processes), seconds=3)
