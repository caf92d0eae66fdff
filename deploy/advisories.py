"""`deploy/audit`: known vulnerabilities of what is deployed; not having asked is a failure."""

import json
import re
import subprocess
import sys
from pathlib import Path

from deploy.refusal import Refusal, spoken

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
AUDIT = ("--strict", "--disable-pip", "--progress-spinner", "off", "--format", "json")


def main(arguments: list[str]) -> int:
    """0 when every package was asked about and none is known to be vulnerable, else 1."""
    program = Path(sys.executable).with_name("pip-audit")
    if not program.exists():
        raise Refusal("pip-audit is not installed; ./test brings it.")
    done = subprocess.run(
        [str(program), *AUDIT, "--requirement", str(LOCK), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    return verdict(done.stdout, done.stderr, at_least=len(pins(LOCK.read_text())))


def pins(lock: str) -> list[str]:
    """The names that are pinned for every platform."""
    return re.findall(r"(?m)^([a-z0-9][a-z0-9._-]*)==[^ ;]+ \\$", lock)


def verdict(answer: str, complaint: str, *, at_least: int) -> int:
    """What the answer of pip-audit amounts to, in one line each; too few packages is no answer."""
    try:
        packages = json.loads(answer)["dependencies"]
    except (ValueError, KeyError):
        lines = complaint.strip().splitlines() or ["no answer"]
        raise Refusal(f"COULD NOT AUDIT, which is a failure: {lines[-1]}") from None
    asked = [package for package in packages if "vulns" in package]
    if len(asked) < at_least:
        raise Refusal(
            f"COULD NOT AUDIT: only {len(asked)} of {at_least} packages were asked about."
        )
    vulnerable = [(package, known) for package in asked for known in package["vulns"]]
    for package, known in vulnerable:
        fixed = ", ".join(known.get("fix_versions", [])) or "not fixed yet"
        print(f"{package['name']} {package['version']}: {known['id']} ({fixed})")
    print(f"{len(asked)} packages asked about, {len(vulnerable)} known vulnerabilities.")
    return int(bool(vulnerable))


if __name__ == "__main__":
    spoken(main)
