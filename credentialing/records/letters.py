"""Letters are rows, written in the transaction of the act they tell of; the worker sends them.

A letter is in the language of its reader, not of whoever acts. What it says is therefore given to
`write` as words that are not yet a text: by `words`, or lazily translated; days as `dated`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.formats import date_format
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy, override

from credentialing.records import doorbell
from credentialing.records.kinds import KINDS, Comes
from credentialing.records.models import Letter, Standstill

DOORBELL = "credentialing.tasks.send_letters"
# That these exist would tell the office of what only their readers may know.
UNLISTED = ("candidate-waits",)


@dataclass(frozen=True, slots=True)
class Words:
    """A message and what it tells of, until they become a text in somebody's language."""

    message: Promise
    values: Mapping[str, object] = field(default_factory=dict)

    def __mod__(self, values: Mapping[str, object]) -> "Words":
        return replace(self, values=values)

    def __str__(self) -> str:
        return str(self.message) % self.values if self.values else str(self.message)


Worded = Words | Promise | str
# A day or a moment, as the reader of the letter writes it.
dated = lazy(date_format, str)


def words(message: str | Promise) -> Words:
    """What a letter says, to be imported as `_`; of what is lazily translated already, as well."""
    return Words(gettext_lazy(message) if isinstance(message, str) else message)


def reading(person: Any) -> override:
    """While this lasts, texts are in the language in which a person reads their letters."""
    return override(person.letter_language or settings.LANGUAGE_CODE)


def write(
    kind: str,
    to: Any,
    *,
    occasion: object,
    subject: Worded,
    text: Worded,
    link: str = "",
    case: str = "",
    needs: str = "",
    secret_link: bool = False,
    address: str = "",
) -> None:
    """Write one letter to one person; the same kind, occasion and address again writes nothing.

    It is put into words in the reader's language. Subject and text carry nothing confidential:
    they say that something is there, the link leads to it. `needs` names the permission that the
    reader must still hold when it is sent. It goes to the person's address, or to another that is
    given; what may wait waits for the daily letter of a person who chose so. A kind that the table
    of letters does not know is refused.
    """
    if kind not in KINDS:
        raise ValueError(f"{kind} is not in the table of letters.")
    with reading(to):
        subject, text = str(subject), str(text)
    address = address or to.email
    daily = (
        to.letters_daily
        and KINDS[kind].comes is Comes.MAY_WAIT
        and address == to.email
        and not secret_link
    )
    state = Letter.State.WAITING if daily else Letter.State.QUEUED
    Letter.objects.bulk_create(
        [
            Letter(
                kind=kind,
                occasion=f"{occasion}:{to.pk}",
                to=to,
                address=address,
                subject=subject,
                text=text,
                link=link,
                case=case,
                needs=needs,
                link_is_secret=secret_link,
                state=state if address else Letter.State.HELD,
                reason="" if address else "No address is known.",
            )
        ],
        ignore_conflicts=True,
    )
    transaction.on_commit(ring)


def standstill() -> Standstill | None:
    """Who holds all letters, since when and why; None while they leave."""
    newest = Standstill.objects.select_related("by").order_by("-number").first()
    return newest if newest and newest.holds else None


def ring() -> None:
    """Wake the sender. When the broker does not answer, the sweep finds the letters."""
    doorbell.ring(DOORBELL)
