"""Processes that end when the one that started them ends, however it ended.

`python -m deploy.tether MODULE …` runs a Python module whose own children are tied as well:
a process that is killed outright cannot tell its children, so the kernel does.
"""

import ctypes
import os
import runpy
import signal
import sys

PR_SET_PDEATHSIG = 1


def tie(parent: int, by: signal.Signals = signal.SIGKILL) -> None:
    """From now on the kernel sends this process a signal when its parent ends; on Linux only."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(by))
    if os.getppid() != parent:  # it ended before the line above
        os.kill(os.getpid(), by)


def tie_every_fork() -> None:
    """Whatever this process forks from now on ends with it, and so on downwards."""
    forking = [os.getpid()]

    def remember() -> None:
        forking[0] = os.getpid()

    os.register_at_fork(before=remember, after_in_child=lambda: tie(forking[0]))


if __name__ == "__main__":
    tie_every_fork()
    module = sys.argv[1]
    sys.argv = sys.argv[1:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
