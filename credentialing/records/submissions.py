"""A form sent twice (a double click, a retry over a bad connection) has one effect."""

import secrets
from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest

from credentialing.records.models import Submission


def new_key() -> str:
    """A key to put into a form, as the hidden field `submission`."""
    return secrets.token_urlsafe(16)


def led(request: HttpRequest) -> str:
    """Where this very form led when it was sent before; empty where it was not.

    For forms whose check would stumble over what the first one did (a duplicate is asked about).
    """
    key = request.POST.get("submission", "")[:64]
    if not key or not request.user.is_authenticated:
        return ""
    sent = Submission.objects.filter(user=request.user, key=key)
    return sent.values_list("answer", flat=True).first() or ""


@transaction.atomic
def once(request: HttpRequest, act: Callable[[], str]) -> str:
    """Do the act of a posted form and keep where it led; the same form again only leads there.

    The key is stored in the transaction of the act. A form without a key is simply done.
    """
    key = request.POST.get("submission", "")[:64]
    if not key:
        return act()
    submission, new = Submission.objects.select_for_update().get_or_create(
        user=request.user, key=key
    )
    if not new:
        return submission.answer or "/"
    submission.answer = act()
    submission.save(update_fields=["answer"])
    return submission.answer
