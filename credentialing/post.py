"""The sender of letters: claims a row, commits, sends, commits again. Never blindly twice."""

from contextlib import suppress
from datetime import timedelta
from smtplib import SMTPServerDisconnected
from urllib.parse import urlsplit

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils import timezone

from applicants import access
from applicants.models import Application
from credentialing.records.digests import DIGEST, follow
from credentialing.records.kinds import Comes, kinds_that_come
from credentialing.records.letters import standstill
from credentialing.records.models import Letter
from credentialing.records.society import current as society_now
from credentialing.records.society import sender

LEASE = timedelta(minutes=5)
IN_THE_MIDDLE = "it may or may not have left. Look whether it arrived."
NO_LONGER = "The reader may no longer see what it is about."
PATIENCE = 30  # seconds for each answer of the relay; all of them together end within the lease
# The relay fell silent while it had the letter: it may or may not have taken it.
SILENCE = (TimeoutError, SMTPServerDisconnected, ConnectionResetError, BrokenPipeError)
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))


def doubt_expired_leases() -> None:
    """A letter whose sender died in the middle is in doubt; nobody resends it blindly."""
    Letter.objects.filter(state=Letter.State.SENDING, lease_until__lt=Now()).update(
        state=Letter.State.DOUBT,
        reason=f"The sender stopped: {IN_THE_MIDDLE}",
    )


def send_next() -> bool:
    """Send the oldest letter that waits; False when there is none."""
    letter = _claim()
    if letter is None:
        return False
    if letter.kind == DIGEST:
        _take_out_what_is_hidden(letter)
    if not _still_may(letter):
        _settle(letter, Letter.State.HELD, reason=NO_LONGER)
        return True
    _deliver(letter)
    return True


def _deliver(letter: Letter) -> None:
    """Hand a letter to the relay. What surely did not leave is tried again."""
    connection = get_connection(timeout=PATIENCE)
    try:
        mail = message(letter)
        connection.open()
    except Exception as failure:  # noqa: BLE001 - whatever went wrong, the letter is kept
        _retry_or_fail(letter, failure)
        return
    mail.connection = connection
    try:
        mail.send()
    except SILENCE as silence:
        _settle(letter, Letter.State.DOUBT, reason=f"{type(silence).__name__}: {IN_THE_MIDDLE}")
    except Exception as failure:  # noqa: BLE001 - the relay refused; the letter is kept
        _retry_or_fail(letter, failure)
    else:
        _settle(letter, Letter.State.SENT)
    with suppress(Exception):  # to take leave of the relay changes nothing about the letter
        connection.close()


@transaction.atomic
def _claim() -> Letter | None:
    waiting = Letter.objects.select_for_update(skip_locked=True).filter(
        state=Letter.State.QUEUED, send_after__lte=Now()
    )
    if standstill():
        waiting = waiting.filter(kind__in=kinds_that_come(Comes.ALWAYS))
    letter = waiting.order_by("send_after", "pk").first()
    if letter:
        letter.state = Letter.State.SENDING
        letter.attempts += 1
        letter.lease_until = Now() + LEASE
        letter.save(update_fields=["state", "attempts", "lease_until"])
    return letter


def _still_may(letter: Letter) -> bool:
    """What the reader may see is asked again at the moment of sending."""
    if letter.kind == DIGEST:
        return letter.carried.exists()
    if not letter.needs:
        return True
    application = Application.objects.filter(reference=letter.case).first()
    return application is not None and access.may(
        letter.to, access.Can(letter.needs), application, day=timezone.localdate()
    )


def _take_out_what_is_hidden(digest: Letter) -> None:
    """A daily letter loses what its reader may not see any more."""
    hidden = [one.pk for one in digest.carried.all() if not _still_may(one)]
    digest.carried.filter(pk__in=hidden).update(
        state=Letter.State.HELD, reason=NO_LONGER, digest=None
    )


def message(letter: Letter) -> EmailMultiAlternatives:
    """The message of a letter: text and HTML, one recipient, an id that is the same each time."""
    host = urlsplit(settings.SITE_URL).hostname
    context = {
        "letter": letter,
        "carried": list(letter.carried.order_by("pk")),
        "site": settings.SITE_URL,
        "society": society_now().name,
    }
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=render_to_string("letters/letter.txt", context),
        from_email=sender(),
        to=[letter.address],
        headers={
            "Message-ID": f"<letter-{letter.pk}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    html = css_inline.inline(
        render_to_string("letters/letter.html", context),
        extra_css=render_to_string("letters/letter.css"),
        load_remote_stylesheets=False,
    )
    mail.attach_alternative(html, "text/html")
    return mail


@transaction.atomic
def _settle(letter: Letter, state: str, *, reason: str = "") -> None:
    """Note what became of a letter. What somebody decided meanwhile about a doubtful one stands."""
    changes = {"state": state, "reason": reason, "lease_until": None}
    if state == Letter.State.SENT:
        changes["sent_at"] = Now()
        if letter.link_is_secret:
            changes["link"] = ""
    if _as_claimed(letter).update(**changes) and letter.kind == DIGEST:
        letter.state = state
        follow(letter)


def _as_claimed(letter: Letter) -> QuerySet[Letter]:
    """The letter, while it is this sender's: in its hands, or in doubt because it took too long."""
    return Letter.objects.filter(
        pk=letter.pk,
        attempts=letter.attempts,
        state__in=(Letter.State.SENDING, Letter.State.DOUBT),
    )


def _retry_or_fail(letter: Letter, failure: Exception) -> None:
    reason = f"{type(failure).__name__}: the relay did not take it."
    if letter.attempts > len(RETRY_AFTER):
        _settle(letter, Letter.State.FAILED, reason=reason)
        return
    _as_claimed(letter).update(
        state=Letter.State.QUEUED,
        reason=reason,
        lease_until=None,
        send_after=Now() + RETRY_AFTER[letter.attempts - 1],
    )
