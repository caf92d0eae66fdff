"""How a server that refuses to run as root runs for root.

In a user namespace of its own the child is an unprivileged account, while its files belong to
root outside: nothing needs to be opened for others. Where namespaces are refused, as in most
containers, the child becomes that account for good; its folders are given to it.
"""

import ctypes
import os
import pwd
import struct
import sys
from pathlib import Path

from deploy.refusal import Refusal

CLONE_NEWUSER = 0x10000000
PR_SET_KEEPCAPS, PR_SET_SECUREBITS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 8, 28, 47, 2
SECBIT_NO_SETUID_FIXUP = 1 << 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION = 0x20080522
NAMES = ("nobody", "daemon", "www-data")


class Account:
    """Who the servers run as when the supervisor is root; plainly ourselves when it is not."""

    def __init__(self, *, namespaces: bool = True) -> None:
        self.entry = None if os.geteuid() else unprivileged_entry()
        self.by_namespace = self.entry is not None and namespaces and self._namespace_works()

    def become(self) -> None:
        """In a forked child that will exec: stop being root."""
        if self.entry is None:
            return
        if self.by_namespace:
            self._enter_namespace()
        else:
            self._change_account()

    def own(self, folder: Path) -> None:
        """Give a folder and what is in it to the account, if they are somebody else's."""
        if os.geteuid():
            return
        wanted = (0, 0)
        if self.entry is not None and not self.by_namespace:
            wanted = (self.entry.pw_uid, self.entry.pw_gid)
        if (folder.stat().st_uid, folder.stat().st_gid) == wanted:
            return
        for each in [*folder.rglob("*"), folder]:  # the folder last: it tells that all is done
            os.chown(each, *wanted, follow_symlinks=False)

    def _enter_namespace(self) -> None:
        assert self.entry is not None
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(CLONE_NEWUSER):
            raise OSError(ctypes.get_errno(), "unshare")
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{self.entry.pw_uid} 0 1")
        Path("/proc/self/gid_map").write_text(f"{self.entry.pw_gid} 0 1")

    def _namespace_works(self) -> bool:
        if sys.platform != "linux":
            return False
        child = os.fork()
        if child == 0:
            try:
                self._enter_namespace()
            except OSError:
                os._exit(1)
            os._exit(0 if os.geteuid() == self.entry.pw_uid else 1)  # type: ignore[union-attr]
        return os.waitpid(child, 0)[1] == 0

    def _change_account(self) -> None:
        """Become the account, still able to pass through folders that only root may enter."""
        assert self.entry is not None
        libc = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "linux":
            libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
            # Else access(2), with which PostgreSQL looks for its programs, forgets what is kept.
            libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
        os.setgroups([])
        os.setgid(self.entry.pw_gid)
        os.setuid(self.entry.pw_uid)
        if sys.platform == "linux":
            mask = 1 << CAP_DAC_OVERRIDE
            header = struct.pack("Ii", CAPABILITY_VERSION, 0)
            libc.capset(header, struct.pack("6I", mask, mask, mask, 0, 0, 0))
            libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)


def unprivileged_entry() -> pwd.struct_passwd:
    """The first existing account that may nothing."""
    for name in NAMES:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Refusal(
        "PostgreSQL refuses to run as root, and there is no account 'nobody' to run it as."
    )
