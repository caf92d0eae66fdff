"""A link in a letter: traded for a short cookie of its own kind, and a clean address.

What is stored of a link, and kept in the browser that followed it, is a digest, which is no link.
"""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import cache_control

HOUR = 60 * 60
unseen = cache_control(no_store=True)


def token_digest(token: str) -> str:
    """What is known of a link by those who keep it."""
    return hashlib.sha256(token.encode()).hexdigest()


def trade(request: HttpRequest, token: str, *, page: str) -> HttpResponse:
    """Lead on to the page of this name with a cookie that only it reads.

    Nothing else happens, and it is the same for every token: mail scanners follow links.
    """
    answer = redirect(page)
    answer.set_signed_cookie(
        page,
        token_digest(token),
        salt=page,
        max_age=HOUR,
        path=reverse(page),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return answer


def traded(request: HttpRequest, *, page: str) -> str:
    """The digest of the link with which somebody came to a page; empty without one."""
    return str(request.get_signed_cookie(page, default="", salt=page, max_age=HOUR))


def used(answer: HttpResponse, *, page: str) -> HttpResponse:
    """Take the cookie back with this answer."""
    answer.delete_cookie(page, path=reverse(page), samesite="Lax")
    return answer
