"""How a post of these pages is answered."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from credentialing.records.submissions import once


def typed(request: HttpRequest) -> Any:
    """What was posted; None where the form is only to be shown."""
    return request.POST if request.method == "POST" else None


def uploaded(request: HttpRequest) -> Any:
    """The files that were posted with it."""
    return request.FILES if request.method == "POST" else None


def doing(request: HttpRequest, act: Callable[[], Any], said: str, to: str) -> Callable[[], str]:
    """The act of a form, done once however often the form is sent; it says so and leads on."""

    def done() -> str:
        act()
        messages.success(request, said)
        return to

    return lambda: once(request, done)


def act(request: HttpRequest, what: Callable[[], Any], said: str, to: str) -> HttpResponse:
    """Do what a button asks, once; a refusal is a page of its own (see the middleware)."""
    return redirect(doing(request, what, said, to)())
