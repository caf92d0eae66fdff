"""What the Society has decided about itself: its names, register, ballots, time zone and so on.

What nobody has decided yet is what the environment of this installation says.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.db import Error
from django.db.models import QuerySet
from django.utils import timezone

from credentialing.records.models import Society


def first() -> Society:
    """What the environment says, before anything is decided."""
    return Society(
        number=0,
        name=settings.SOCIETY_NAME,
        short_name=settings.SOCIETY_SHORT_NAME,
        sender=parseaddr(settings.DEFAULT_FROM_EMAIL)[0],
        has_register=True,
        ballot_days=Society.BALLOT_DAYS,
        time_zone=settings.TIME_ZONE,
    )


def current() -> Society:
    """What stands: the newest decision. Asked anew each time, so that every process knows it."""
    return _decisions().first() or first()


def _decisions() -> QuerySet[Society]:
    """The newest first; the picture itself is fetched by who shows it."""
    rows = Society.objects.select_related("logo").defer("logo__content")
    return rows.order_by("-number")


def newest(most: int) -> list[tuple[Society, Society]]:
    """The newest decisions, each with what stood before it."""
    rows = list(_decisions()[: most + 1])
    before = rows[1:] if len(rows) > most else [*rows[1:], first()]
    return list(zip(rows, before, strict=False))


def at_hand() -> Society:
    """What stands; where the database can't be asked, what the environment says."""
    try:
        return current()
    except Error:
        return first()


@contextmanager
def its_time(stands: Society | None = None) -> Iterator[None]:
    """Days, and the hours that are shown, are the Society's for what is done inside."""
    with timezone.override((stands or current()).zone):
        yield


def sender() -> str:
    """Whom letters come from; the address is the installation's."""
    return formataddr((current().sender, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))
