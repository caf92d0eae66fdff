"""The sender of letters: claims a row, commits, sends, commits again. Never blindly twice."""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException, SMTPServerDisconnected
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
from credentialing.records.letters import reading, standstill
from credentialing.records.models import Letter
from credentialing.records.society import current as society_now
from credentialing.records.society import sender

STYLE = settings.BASE_DIR / "static" / "css" / "letter.css"
LEASE = timedelta(minutes=5)
IN_THE_MIDDLE = "it may or may not have left. Look whether it arrived."
NO_LONGER = "The reader may no longer see what it is about."
PATIENCE = 30  # seconds for each answer of the relay; all of them together end within the lease
# The relay fell silent while it had the letter: it may or may not have taken it.
SILENCE = (TimeoutError, SMTPServerDisconnected, ConnectionResetError, BrokenPipeError)
# What a relay says in its enhanced codes (RFC 3463) of an address, and of a mailbox.
NOBODY_THERE = re.compile(r"\b5\.1\.(?:1|2|3|6|10)\b")
FULL = re.compile(r"\b[45]\.2\.2\b")
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
        letter.refresh_from_db(fields=["lease_until"])  # by it the sender knows its letter
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


def text_and_html(
    letter: Letter, carried: Iterable[Letter], *, stylesheet: str = ""
) -> tuple[str, str]:
    """What a letter says, as text and as HTML, with the letters that it carries.

    What stands around its words is in the language of its reader, too.
    The HTML has no look of its own, but where it is given the address of a style sheet.
    """
    context = {
        "letter": letter,
        "carried": carried,
        "site": settings.SITE_URL,
        "society": society_now().name,
        "stylesheet": stylesheet,
    }
    parts = ("letters/letter.txt", "letters/letter.html")
    with reading(letter.to):
        text, html = (render_to_string(part, context) for part in parts)
    return text, html


def message(letter: Letter) -> EmailMultiAlternatives:
    """The message of a letter: text and HTML, one recipient, an id that is the same each time."""
    host = urlsplit(settings.SITE_URL).hostname
    text, plain = text_and_html(letter, list(letter.carried.order_by("pk")))
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=text,
        from_email=sender(),
        to=[letter.address],
        headers={
            "Message-ID": f"<letter-{letter.pk}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    html = css_inline.inline(plain, extra_css=STYLE.read_text(), load_remote_stylesheets=False)
    mail.attach_alternative(html, "text/html")
    return mail


@transaction.atomic
def _settle(letter: Letter, state: str, *, reason: str = "", bounce: str = "") -> None:
    """Note what became of a letter. What somebody decided meanwhile about a doubtful one stands."""
    changes = {"state": state, "reason": reason, "bounce": bounce}
    if state != Letter.State.DOUBT:
        changes["lease_until"] = None
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
        lease_until=letter.lease_until,
        state__in=(Letter.State.SENDING, Letter.State.DOUBT),
    )


def _bounce(failure: Exception) -> str:
    """What the relay's refusal says about the address; nothing where there was no answer."""
    match failure:
        case SMTPRecipientsRefused():
            answers = failure.recipients.values()
        case SMTPResponseException():
            answers = [(failure.smtp_code, failure.smtp_error)]
        case _:
            return ""
    said = " ".join(f"{code} {words!r}" for code, words in answers)
    if NOBODY_THERE.search(said):
        return Letter.Bounce.NO_ADDRESS
    return Letter.Bounce.FULL if FULL.search(said) else Letter.Bounce.REFUSED


def _retry_or_fail(letter: Letter, failure: Exception) -> None:
    reason = f"{type(failure).__name__}: the relay did not take it."
    if letter.attempts > len(RETRY_AFTER):
        _settle(letter, Letter.State.FAILED, reason=reason, bounce=_bounce(failure))
        return
    _as_claimed(letter).update(
        state=Letter.State.QUEUED,
        reason=reason,
        lease_until=None,
        send_after=Now() + RETRY_AFTER[letter.attempts - 1],
    )
