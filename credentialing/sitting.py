"""How long one stays signed in, and when the second factor is asked again."""

import time

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from credentialing.people.models import Role
from credentialing.records import keeping
from credentialing.sessions import BEGAN

GUARDED_ROLES = frozenset(
    {Role.Kind.CHAIR, Role.Kind.DEPUTY, Role.Kind.COUNCIL, Role.Kind.ADMINISTRATOR}
)
NOTED_EVERY = 60  # seconds; a session is not written at every request
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def ended(request: HttpRequest) -> bool:
    """Whether this sitting is over: too long, or too long idle for a guarded role; then it is left.

    Where idleness matters, that somebody is here is noted now and then.
    """
    now, session = time.time(), request.session
    began, seen = session.get(BEGAN, now), session.seen or now  # type: ignore[attr-defined]
    guarded = bool(request.roles & GUARDED_ROLES)  # type: ignore[attr-defined]
    if now - began > settings.SITTING_LASTS.total_seconds() or (
        guarded and now - seen > settings.SITTING_IDLE.total_seconds()
    ):
        logout(request)
        return True
    if guarded and now - seen > NOTED_EVERY:
        session.modified = True
    return False


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whether a role asks for a second factor and the account has none."""
    guarded = request.roles & GUARDED_ROLES  # type: ignore[attr-defined]
    return (
        settings.SECOND_FACTOR_REQUIRED
        and bool(guarded)
        and not is_mfa_enabled(request.user, FACTORS)
    )


def is_fresh(request: HttpRequest) -> bool:
    """Whether the second factor was used a short while ago; the password where there is none."""
    if not settings.SECOND_FACTOR_REQUIRED:
        return True
    has_factor = is_mfa_enabled(request.user, FACTORS)
    oldest = time.time() - settings.SECOND_FACTOR_FRESH_FOR.total_seconds()
    return any(
        record["at"] >= oldest
        for record in get_authentication_records(request, request.user)
        if record["method"] == "mfa" or not has_factor
    )


def ask_again(request: HttpRequest) -> HttpResponse:
    """The way to the second factor, and from there to what was about to be done, as typed."""
    if request.method == "POST":
        keeping.put_aside(request)
        back = f"{reverse('go-on')}?{urlencode({'page': request.path})}"
    else:
        back = request.get_full_path()
    keys = is_mfa_enabled(request.user, [Authenticator.Type.WEBAUTHN])
    code = is_mfa_enabled(request.user, [Authenticator.Type.TOTP])
    name = (
        "mfa_reauthenticate_webauthn"
        if keys
        else "mfa_reauthenticate"
        if code
        else "account_reauthenticate"
    )
    to = f"{reverse(name)}?{urlencode({'next': back})}"
    return HttpResponseClientRedirect(to) if request.htmx else redirect(to)  # type: ignore[attr-defined]


def go_on(request: HttpRequest) -> HttpResponse:
    """What was typed before the second factor was asked again: one press sends it."""
    page = request.GET.get("page", "")[:300]
    kept = keeping.kept(request, page) if page else None
    if kept is None:
        return redirect("home")
    fields = [(name, value) for name, values in kept.lists() for value in values]
    return render(request, "go_on.html", {"page": page, "fields": fields})
