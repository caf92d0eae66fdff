"""`./test`: the static checks, each with its name, then pytest against servers of its own."""

import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy import options
from deploy.refusal import spoken
from deploy.throwaway import servers

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

Environment = Mapping[str, str]


def main(arguments: list[str]) -> int:
    """Run every step even when one fails; 0 when all passed."""
    told, for_pytest = options.test_parser().parse_known_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with servers() as environment:
        failed = [] if for_pytest else static_checks(environment)
        if told.static:
            return bool(failed)
        if not for_pytest:  # everything: worth a process for each core
            for_pytest = ["--numprocesses", "auto", "--dist", "load", "--maxschedchunk", "1"]
        if told.fast:
            for_pytest += ["-m", "not journey"]
        tested = step(
            "pytest",
            [BIN / "python", "-m", "pytest", *for_pytest],
            {
                **environment,
                "CREDENTIALING_FAILED_CHECKS": ", ".join(failed),
                "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # the journeys' browser runs a loop of its own
            },
        )
    return int(bool(failed) or not tested)


def static_checks(environment: Environment) -> list[str]:
    """The names of the checks that failed."""
    manage: list[str | Path] = [BIN / "python", "-W", "error::RuntimeWarning", ROOT / "manage.py"]
    steps: list[tuple[str, Sequence[str | Path], Environment]] = [
        ("ruff check", [BIN / "ruff", "check", "--quiet", "."], environment),
        ("ruff format", [BIN / "ruff", "format", "--check", "--quiet", "."], environment),
        ("mypy", [BIN / "mypy", "--no-error-summary"], environment),
        ("lint-imports", [BIN / "lint-imports", "--no-logo"], environment),
        ("djlint", [BIN / "djlint", "--lint", "--quiet", "templates"], environment),
        (
            "makemigrations --check",
            [*manage, "makemigrations", "--check", "--dry-run"],
            environment,
        ),
        ("migration linter", [BIN / "python", "-m", "deploy.lint_migrations"], environment),
        (
            "check --deploy",
            [*manage, "check", "--deploy", "--fail-level", "WARNING"],
            {**environment, **PRODUCTION},
        ),
    ]
    failed = [name for name, command, around in steps if not step(name, command, around)]
    print(f"── static checks: {len(steps) - len(failed)} passed, {len(failed)} failed", flush=True)
    return failed


PRODUCTION = {"SITE_URL": "https://credentialing.example.org", "DEVELOPMENT": "0"}


def step(name: str, command: Sequence[str | Path], environment: Environment) -> bool:
    """Run one check aloud, and say whether it passed."""
    print(f"── {name}", flush=True)
    began = time.monotonic()
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env=environment, check=False)
    if name == "pytest":  # whose summary is the last line
        return done.returncode == 0
    print(
        f"   {'passed' if done.returncode == 0 else 'FAILED'}, {time.monotonic() - began:.1f} s",
        flush=True,
    )
    return done.returncode == 0


if __name__ == "__main__":
    spoken(main)
