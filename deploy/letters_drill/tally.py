"""What became of the letters: the rows on one side, what the relay took on the other."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

SENT, DOUBT = "sent", "in-doubt"


@dataclass(frozen=True, slots=True)
class Tally:
    """The figures of a drill."""

    written: int
    once: int
    twice: list[int]
    lost: list[int]
    doubt: dict[int, int]  # letters in doubt, and how often each arrived

    @property
    def is_well(self) -> bool:
        return not self.twice and not self.lost


def tally(written: Iterable[int], states: dict[int, str], taken: Iterable[str]) -> Tally:
    """Count. Lost is what did not arrive and nobody is asked about.

    A letter that waits, failed or is not on record any more is lost too: the drill is over.
    """
    keys = list(written)
    arrived = Counter(key_of(letter) for letter in taken)
    doubt = {key: arrived[key] for key in keys if states.get(key) == DOUBT}
    return Tally(
        written=len(keys),
        once=sum(arrived[key] == 1 for key in keys),
        twice=[key for key in keys if arrived[key] > 1],
        lost=[key for key in keys if key not in doubt and not arrived[key]],
        doubt=doubt,
    )


def key_of(letter: str) -> int:
    """The row of a letter by the id of its message. What is not one id is an error."""
    found = re.fullmatch(r"<letter-(\d+)@[^@<>]+>", letter)
    if found is None:
        raise ValueError(letter)
    return int(found[1])
