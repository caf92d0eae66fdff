"""What the Society has decided about itself: its names, its letters' sender, register and ballots.

What nobody has decided yet is what the environment of this installation says.
"""

from email.utils import formataddr, parseaddr

from django.conf import settings

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
    )


def current() -> Society:
    """What stands: the newest decision. Asked anew each time; a page asks once, in its frame."""
    return Society.objects.order_by("-number").first() or first()


def sender() -> str:
    """Whom letters come from; the address is the installation's."""
    return formataddr((current().sender, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))
