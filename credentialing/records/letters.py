"""Letters are rows, written in the transaction of the act they tell of; the worker sends them."""

from typing import Any

from django.db import transaction

from credentialing.records import doorbell
from credentialing.records.kinds import KINDS, Comes
from credentialing.records.models import Letter, Standstill

DOORBELL = "credentialing.tasks.send_letters"
# That these exist would tell the office of what only their readers may know.
UNLISTED = ("candidate-waits",)


def write(
    kind: str,
    to: Any,
    *,
    occasion: object,
    subject: str,
    text: str,
    link: str = "",
    case: str = "",
    needs: str = "",
    secret_link: bool = False,
    address: str = "",
) -> None:
    """Write one letter to one person; the same kind, occasion and address again writes nothing.

    Subject and text carry nothing confidential: they say that something is there, the link leads
    to it. `needs` names the permission that the reader must still hold when it is sent. It goes to
    the person's address, or to another that is given; what may wait waits for the daily letter of
    a person who chose so. A kind that the table of letters does not
    know is refused.
    """
    if kind not in KINDS:
        raise ValueError(f"{kind} is not in the table of letters.")
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
