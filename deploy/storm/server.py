"""The application as the storm serves it, and the clock beside it.

Papers are not set, because what is measured is who waits for whom, and a ballot may close in
seconds. With `STORM_SABOTAGE` one lock is taken away here: the application knows nothing of it.
"""

import os
import threading
import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from credentialing.wsgi import application

__all__ = ["application"]

PAPER = b"%PDF-1.7 not set during a storm"
SHORTEST = "BALLOT_MINIMUM_DAYS"
PAUSE = 0.1  # seconds; four closers look, each so often
SOON = timedelta(seconds=0.2)
# What a sabotaged build does not lock, by the models of the rows.
LOCKS = {"vote": {"Application", "Ballot"}, "role": {"Role"}, "membership": {"Membership"}}


def prepare() -> None:
    """Let ballots close in seconds, set no paper, and take away the lock that was named."""
    from reviews.dossiers import certificates, paper, signing  # noqa: PLC0415 - needs the settings
    from reviews.operations import ballots, locking  # noqa: PLC0415

    setattr(settings, SHORTEST, 0)
    paper.dossier = lambda *_contents, **_more: PAPER
    paper.bound = lambda *_html, **_more: PAPER
    certificates.certificate = lambda *_credential, **_more: PAPER
    signing.signed = lambda content, **_why: content
    unlocked = LOCKS.get(os.environ.get("STORM_SABOTAGE", ""), set())
    locks = locking.share

    def share(rows: QuerySet[Any]) -> None:
        if rows.model.__name__ not in unlocked:
            locks(rows)

    vars(ballots)["share"] = share


prepare()


def tick() -> None:
    """Close what is due, again and again, without a pause where a ballot is about to close."""
    import reviews.operations  # noqa: PLC0415
    from reviews.models import Ballot  # noqa: PLC0415
    from reviews.queries.ballots import clock  # noqa: PLC0415

    while True:
        reviews.operations.close_due_ballots()
        open_now = Ballot.objects.filter(closed_at__isnull=True, held_because="")
        soon = open_now.filter(closes_at__lt=clock() + SOON).exists()
        time.sleep(0 if soon else PAUSE)


if __name__ == "__main__":
    for _each in range(2):
        threading.Thread(target=tick, daemon=True).start()
    threading.Event().wait()
