"""Daily letters: what may wait is gathered into one letter a day for whoever chose so.

Whose hour has come is worked out from the clock alone, and of a day there is one letter: a sweep
may come late, early or twice. What a daily letter carries is asked of its rows when it is sent.
"""

from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from credentialing.records import letters
from credentialing.records.letters import dated
from credentialing.records.letters import words as _
from credentialing.records.models import Letter

# A choice of the house: before the working day, by the Society's clock.
HOUR = time(7)
DIGEST = "digest"
State = Letter.State


def last_hour(at: datetime) -> datetime:
    """The last time that it was the hour of the daily letters."""
    day = timezone.localdate(at)
    hour = timezone.make_aware(datetime.combine(day, HOUR))
    if at < hour:
        hour = timezone.make_aware(datetime.combine(day - timedelta(days=1), HOUR))
    return hour


def gather(*, at: datetime) -> None:
    """Gather what was written before the last hour, for each reader in a transaction of its own."""
    if letters.standstill():
        return  # what waits then leaves in one letter, not in one for each day
    _not_gathered().filter(to__letters_daily=False).update(state=State.QUEUED)
    due = _not_gathered().filter(written_at__lt=last_hour(at))
    for reader in due.order_by("to").values_list("to", flat=True).distinct():
        _gather(due.filter(to=reader), day=timezone.localdate(last_hour(at)))


@transaction.atomic
def release(reader: Any) -> None:
    """What waits for a reader's daily letter leaves at once."""
    _not_gathered().filter(to=reader).update(state=State.QUEUED)
    transaction.on_commit(letters.ring)


def follow(digest: Letter) -> None:
    """What a daily letter carries was sent when it was, and else still waits."""
    sent = digest.state == State.SENT
    digest.carried.update(
        state=State.SENT if sent else State.WAITING, sent_at=Now() if sent else None
    )


def _not_gathered() -> QuerySet[Letter]:
    return Letter.objects.filter(state=State.WAITING, digest__isnull=True)


@transaction.atomic
def _gather(due: QuerySet[Letter], *, day: Any) -> None:
    """One letter with what is due to one reader; none where the day's has been written."""
    # The reader's row, too: two sweeps at once would not see each other's letter.
    lock = {"of": ("self", "to"), "no_key": True}
    found = list(due.select_related("to").select_for_update(**lock).order_by("pk"))
    if not found:
        return
    reader = found[0].to
    of_the_day = Letter.objects.filter(kind=DIGEST, to=reader, occasion=f"{day}:{reader.pk}")
    if of_the_day.exists():
        return  # what was on its way at the hour goes with the next one
    letters.write(
        DIGEST,
        reader,
        occasion=day,
        subject=_("Your letters of %(day)s") % {"day": dated(day)},
        text=_("This is what has happened since the last daily letter."),
    )
    Letter.objects.filter(pk__in=[one.pk for one in found]).update(digest=of_the_day.get())
