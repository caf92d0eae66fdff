"""The sender of letters: claims a row, commits, sends, commits again. Never blindly twice."""

from datetime import timedelta
from urllib.parse import urlsplit

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils import timezone

from applicants import access
from applicants.models import Application
from credentialing.records.models import Letter

LEASE = timedelta(minutes=5)
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))


def doubt_expired_leases() -> None:
    """A letter whose sender died in the middle is in doubt; nobody resends it blindly."""
    Letter.objects.filter(state=Letter.State.SENDING, lease_until__lt=Now()).update(
        state=Letter.State.DOUBT,
        reason="The sender stopped in the middle; the letter may or may not have left.",
    )


def send_next() -> bool:
    """Send the oldest letter that waits; False when there is none."""
    letter = _claim()
    if letter is None:
        return False
    if not _still_may(letter):
        _settle(letter, Letter.State.HELD, reason="The reader may no longer see what it is about.")
        return True
    try:
        message(letter).send()
    except Exception as failure:  # noqa: BLE001 - whatever the relay says, the letter is kept
        _retry_or_fail(letter, failure)
        return True
    _settle(letter, Letter.State.SENT)
    return True


@transaction.atomic
def _claim() -> Letter | None:
    waiting = Letter.objects.select_for_update(skip_locked=True).filter(
        state=Letter.State.QUEUED, send_after__lte=Now()
    )
    letter = waiting.order_by("send_after", "pk").first()
    if letter:
        letter.state = Letter.State.SENDING
        letter.attempts += 1
        letter.lease_until = timezone.now() + LEASE
        letter.save(update_fields=["state", "attempts", "lease_until"])
    return letter


def _still_may(letter: Letter) -> bool:
    """What the reader may see is asked again at the moment of sending."""
    if not letter.needs:
        return True
    application = Application.objects.filter(reference=letter.case).first()
    return application is not None and access.may(
        letter.to, access.Can(letter.needs), application, day=timezone.localdate()
    )


def message(letter: Letter) -> EmailMultiAlternatives:
    """The message of a letter: text and HTML, one recipient, an id that is the same each time."""
    host = urlsplit(settings.SITE_URL).hostname
    context = {
        "letter": letter,
        "address": settings.SITE_URL + letter.link if letter.link else "",
        "society": settings.SOCIETY_NAME,
    }
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=render_to_string("letters/letter.txt", context),
        to=[letter.address],
        headers={
            "Message-ID": f"<letter-{letter.pk}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(
        css_inline.inline(render_to_string("letters/letter.html", context)), "text/html"
    )
    return mail


def _settle(letter: Letter, state: str, *, reason: str = "") -> None:
    letter.state, letter.reason, letter.lease_until = state, reason, None
    if state == Letter.State.SENT:
        letter.sent_at = timezone.now()
        if letter.link_is_secret:
            letter.link = ""
    letter.save(update_fields=["state", "reason", "lease_until", "sent_at", "link"])


def _retry_or_fail(letter: Letter, failure: Exception) -> None:
    reason = f"{type(failure).__name__}: the relay did not take it."
    if letter.attempts > len(RETRY_AFTER):
        _settle(letter, Letter.State.FAILED, reason=reason)
        return
    Letter.objects.filter(pk=letter.pk).update(
        state=Letter.State.QUEUED,
        reason=reason,
        lease_until=None,
        send_after=Now() + RETRY_AFTER[letter.attempts - 1],
    )
