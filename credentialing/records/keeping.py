"""What was typed into a form after its sitting had ended: kept, and offered again to its writer.

A form that wants this carries a mark, signed, of whose it is and on which page it stands. Nothing
of it is in the browser: what was sent lies under the account, and only that account is shown it.
"""

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core import signing
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from credentialing.records.models import Kept

FIELD = "kept_for"
LASTS = timedelta(days=2)
SALT = "credentialing.records.keeping"
NEVER_KEPT = {FIELD, "csrfmiddlewaretoken", "action"}


def mark(request: HttpRequest) -> str:
    """What a form carries so that it can be kept: whose it is and where it stands, signed."""
    return signing.dumps([request.user.pk, request.path], salt=SALT)


def keep(request: HttpRequest) -> bool:
    """Keep a form that came without its sitting; False where it carries no good mark.

    Only the account that was shown the form could send its mark, so the mark also stands for it
    where the form's token is one of an earlier sitting. Nothing is done but to keep what was typed.
    """
    try:
        user, page = signing.loads(request.POST.get(FIELD, ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return False
    if page != request.path or not get_user_model().objects.filter(pk=user).exists():
        return False
    _store(request, user)
    return True


def put_aside(request: HttpRequest) -> None:
    """Keep a form of somebody who is signed in and is asked something before it is acted on."""
    _store(request, request.user.pk)


def _store(request: HttpRequest, user: int) -> None:
    now = timezone.now()
    Kept.objects.filter(at__lt=now - LASTS).delete()
    fields = {name: said for name, said in request.POST.lists() if name not in NEVER_KEPT}
    defaults = {"fields": fields, "at": now}
    Kept.objects.update_or_create(user_id=user, page=request.path, defaults=defaults)


def kept(request: HttpRequest, page: str = "") -> QueryDict | None:
    """What this account typed on this page (or on that one) and could not send, as if sent now."""
    found = (
        Kept.objects.filter(user=request.user, page=page or request.path)
        .filter(at__gte=timezone.now() - LASTS)
        .first()
    )
    if found is None:
        return None
    typed = QueryDict(mutable=True)
    for name, said in found.fields.items():
        typed.setlist(name, said)
    return typed


def forget(request: HttpRequest) -> None:
    """What was kept of this page is saved by now, or no longer wanted."""
    _of(request).delete()


def _of(request: HttpRequest) -> Any:
    return Kept.objects.filter(user=request.user, page=request.path)
