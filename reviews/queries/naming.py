"""A text of one case as it is shown beside another: without the names of those concerned.

Names stand only as whole words, as they are written on record. A month that is also somebody's
name stays where it is spoken of as a month; where that is in doubt, the name goes.
"""

import re
from collections.abc import Mapping

from django.utils.dates import MONTHS

# Before the name of a month, hardly ever before somebody's.
POINTING = frozenset({"in", "since", "until", "during", "early", "mid", "late", "last", "next"})
NUMBER = re.compile(r"\d+(st|nd|rd|th)?")


def unnamed(text: str, people: Mapping[str, str]) -> str:
    """A text with other words in place of names: `people` gives the words for each whole name.

    A whole name goes in any spelling of its letters; a part of it only as the name has it.
    """
    whole, parts = {}, {}
    for name, words in people.items():
        written = name.split()
        if len(written) > 1:
            whole[name] = words
        for part in written:
            if _names_somebody(part):
                parts.setdefault(part, words)
    for names, flags in ((whole, re.IGNORECASE), (parts, 0)):
        text = _without(text, names, flags)
    return text


def _names_somebody(part: str) -> bool:
    """Not a particle (`de`, `van`) and not an initial, which are nobody's name by themselves."""
    bare = part.strip(".")
    return bool(bare) and not bare[0].islower() and (len(bare) > 1 or not bare.isupper())


def _without(text: str, names: Mapping[str, str], flags: int) -> str:
    if not names:
        return text
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    gap = r"\s+"
    spelled = "|".join(f"({gap.join(map(re.escape, name.split()))})" for name in longest_first)

    def instead(found: re.Match[str]) -> str:
        if _is_month(found[0], text[: found.start()], text[found.end() :]):
            return found[0]
        return names[longest_first[(found.lastindex or 1) - 1]]

    return re.sub(rf"(?<![\w-])(?:{spelled})(?![\w-])", instead, text, flags=flags)


def _is_month(word: str, before: str, after: str) -> bool:
    """Whether a word that is the name of a month is meant as one, by the words around it."""
    months = {str(each) for each in MONTHS.values()}
    if word not in months or after.startswith(("’s", "'s")):
        return False
    last, following = before.split()[-2:], [each.strip(".,;:)") for each in after.split()[:2]]
    beside = [*last[-1:], *following[:1]]
    return (
        any(NUMBER.fullmatch(each) for each in beside)
        or bool(last and last[-1].lower() in POINTING)
        or bool(months & {*last, *following})
    )
