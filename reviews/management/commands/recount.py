"""Count the votes of a closed ballot again, from the list that the Council may download.

It reads the file and nothing else: no database, no settings of the society, none of the code that
counted the votes the first time.
"""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

CHOICES = ("for", "against", "abstain")
SEATS = ("seated", "recused", "left")
SHARES = ("quorum", "threshold")
LARGEST = 1_000_000


class Command(BaseCommand):
    """`manage.py recount FILE [--receipt RECEIPT]`: 0 as announced, 1 not so, 2 no such list."""

    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the list, as it was downloaded")
        parser.add_argument("--receipt", help="your own: says how it was counted")

    def handle(self, *args: Any, **options: Any) -> None:
        listed = read(options["file"])
        faults = faults_of(listed)
        for line in counted(listed):
            self.stdout.write(line)
        if options["receipt"]:
            sought = options["receipt"].strip().upper()
            found = [vote["choice"] for vote in listed["votes"] if vote["receipt"] == sought]
            if found:
                self.stdout.write(f"Receipt {sought}: counted as “{found[0]}”.")
            else:
                faults.append(f"No counted vote has the receipt {sought}.")
        if faults:
            raise CommandError("\n".join(faults), returncode=1)
        self.stdout.write("This is what was announced.")


def read(file: Path) -> dict[str, Any]:
    """The list, if it is one."""
    try:
        content = file.read_text(encoding="utf-8")
        listed = json.loads(content) if len(content) <= LARGEST else None
    except (OSError, ValueError, RecursionError) as error:
        raise CommandError(f"{file} can't be read as a list: {error}", returncode=2) from None
    if not is_list(listed):
        raise CommandError(f"{file} is not the list of a ballot's votes.", returncode=2)
    return dict(listed)


def is_list(listed: Any) -> bool:
    """Whether everything that is counted is there, each of its kind."""
    return (
        isinstance(listed, dict)
        and all(type(listed.get(name)) is int and listed[name] >= 0 for name in SEATS)
        and all(is_share(listed.get(name)) for name in SHARES)
        and isinstance(listed.get("announced"), dict)
        and isinstance(listed.get("votes"), list)
        and all(
            isinstance(vote, dict)
            and vote.get("choice") in CHOICES
            and isinstance(vote.get("receipt"), str)
            for vote in listed["votes"]
        )
    )


def is_share(text: Any) -> bool:
    try:
        return isinstance(text, str) and len(text) < 20 and 0 <= Fraction(text) <= 1
    except (ValueError, ZeroDivisionError):
        return False


def figures(listed: dict[str, Any]) -> dict[str, int]:
    """The votes of each kind, those cast, and the seats that vote."""
    found = {
        choice: sum(vote["choice"] == choice for vote in listed["votes"]) for choice in CHOICES
    }
    return found | {
        "cast": len(listed["votes"]),
        "voting": listed["seated"] - listed["recused"] - listed["left"],
    }


def outcome(listed: dict[str, Any]) -> str:
    """What these votes come to."""
    found = figures(listed)
    if found["cast"] <= Fraction(listed["quorum"]) * found["voting"]:
        return "no-quorum"
    decisive = found["for"] + found["against"]
    return "adopted" if found["for"] > Fraction(listed["threshold"]) * decisive else "not-adopted"


def faults_of(listed: dict[str, Any]) -> list[str]:
    """What does not fit: within the list, and with what was announced."""
    found, announced, faults = figures(listed), listed["announced"], []
    receipts = [vote["receipt"] for vote in listed["votes"]]
    faults += [
        f"The receipt {receipt} stands {receipts.count(receipt)} times."
        for receipt in sorted(set(receipts))
        if receipts.count(receipt) > 1
    ]
    if found["cast"] > found["voting"]:
        faults.append(f"{found['cast']} votes of {found['voting']} seats that vote.")
    recounted = {name: found[name] for name in (*CHOICES, "cast")}
    recounted |= {name: listed[name] for name in SEATS} | {"outcome": outcome(listed)}
    faults += [
        f"Announced was {name}: {announced.get(name)}; the list says {value}."
        for name, value in recounted.items()
        if announced.get(name) != value
    ]
    return faults


def counted(listed: dict[str, Any]) -> list[str]:
    """The arithmetic, line by line."""
    found = figures(listed)
    decisive = found["for"] + found["against"]
    gone = f"recused {listed['recused']}, left office {listed['left']}"
    kinds = f"{found['for']} for, {found['against']} against, {found['abstain']} abstained"
    return [
        f"Seats: {listed['seated']}, {gone}: {found['voting']} vote.",
        f"Votes: {found['cast']}: {kinds}.",
        f"Quorum: more than {listed['quorum']} of {found['voting']}; {found['cast']} voted.",
        f"Majority: more than {listed['threshold']} of {decisive}; {found['for']} were for.",
        f"Outcome: {outcome(listed)}.",
    ]
