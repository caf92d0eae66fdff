"""`python -m deploy.compile_messages`: makes of each catalogue of ours what the server reads.

Like `manage.py compilemessages`, without the programs of gettext, which not every machine has.
"""

import ast
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from deploy.refusal import Refusal, spoken

LOCALE = Path(__file__).resolve().parent.parent / "credentialing" / "locale"
MAGIC = 0x950412DE
CONTEXT_ENDS = "\x04"


@dataclass
class Message:
    """One message of a catalogue; the first, whose id is empty, is about the catalogue."""

    fuzzy: bool = False
    context: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """What gettext looks a message up by: its context, and its id in the singular."""
        return CONTEXT_ENDS.join([*self.context, self.ids[0]])


def read(text: str) -> list[Message]:
    """The messages of a catalogue, in its order."""
    messages = []
    for block in text.split("\n\n"):
        message = _message(block)
        if message.ids:
            messages.append(message)
    keys = [message.key for message in messages]
    twice = {key for key in keys if keys.count(key) > 1}
    if twice:
        raise Refusal(f"These stand twice in the catalogue: {', '.join(sorted(twice))}")
    return messages


def _message(block: str) -> Message:
    message, part = Message(), [""]
    for line in filter(None, block.splitlines()):
        if line.startswith("#"):
            message.fuzzy |= line.startswith("#,") and "fuzzy" in line
            continue
        word, quote, rest = line.partition('"')
        if not quote:
            raise Refusal(f"This line is not of a catalogue: {line}")
        word, said = word.strip(), ast.literal_eval(quote + rest)
        if word == "msgctxt":
            part = message.context
        elif word in ("msgid", "msgid_plural"):
            part = message.ids
        elif word.startswith("msgstr"):
            part = message.forms
        if word:
            part.append(said)
        else:
            part[-1] += said
    return message


def compiled(text: str) -> bytes:
    """The catalogue as gettext reads it; what is fuzzy or has no words yet is left out."""
    found = {
        CONTEXT_ENDS.join([*one.context, "\0".join(one.ids)]).encode(): "\0".join(one.forms)
        for one in read(text)
        if all(one.forms) and not one.fuzzy
    }
    keys = sorted(found)
    tables = 7 * 4  # behind the seven numbers of the head; a row is two numbers
    words = tables + 2 * len(keys) * 8
    head = struct.pack("<7I", MAGIC, 0, len(keys), tables, tables + len(keys) * 8, 0, words)
    index, texts = b"", b""
    for said in [*keys, *(found[key].encode() for key in keys)]:
        index += struct.pack("<2I", len(said), words + len(texts))
        texts += said + b"\0"
    return head + index + texts


def catalogues() -> Iterator[Path]:
    """The catalogue of each language."""
    return LOCALE.glob("*/LC_MESSAGES/django.po")


def main(_arguments: list[str]) -> int:
    """Compile every catalogue."""
    for catalogue in catalogues():
        catalogue.with_suffix(".mo").write_bytes(compiled(catalogue.read_text(encoding="utf-8")))
        print(f"{catalogue.parent.parent.name} is compiled.")
    return 0


if __name__ == "__main__":
    spoken(main)
