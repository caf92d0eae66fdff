"""What every request passes: the Society's time, hostile input, the access matrix, no keeping."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from credentialing import matrix, sitting
from credentialing.people.access import Who
from credentialing.people.queries import roles_of
from credentialing.records import keeping, society
from credentialing.records.refusals import Refused

Answer = Callable[[HttpRequest], HttpResponse]


def society_time(get_response: Answer) -> Answer:
    """Days and hours are the Society's. What it has decided is asked once, and kept for the frame.

    That the process answers is said without the database.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path == reverse("healthz"):
            return get_response(request)
        request.society = society.at_hand()  # type: ignore[attr-defined]
        with society.its_time(request.society):  # type: ignore[attr-defined]
            return get_response(request)

    return answer


def hostile_input(get_response: Answer) -> Answer:
    """Characters that PostgreSQL can't store are refused before any view."""

    def answer(request: HttpRequest) -> HttpResponse:
        if not _sane(request.path) or not all(
            _sane(name) and all(_sane(value) for value in values)
            for name, values in request.GET.lists()
        ):
            return render(request, "400.html", status=400)
        if request.method == "POST" and not all(
            _sane(name) and all(_sane(value) for value in values)
            for name, values in request.POST.lists()
        ):
            return render(request, "400.html", status=400)
        return get_response(request)

    return answer


def _sane(text: str) -> bool:
    if "\x00" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _sitting_ended(request: HttpRequest) -> HttpResponse:
    """The way to sign in, and back to here. What was typed is kept for whoever typed it."""
    sign_in = redirect_to_login(request.get_full_path())
    if request.method == "POST" and keeping.keep(request) and request.htmx:  # type: ignore[attr-defined]
        return render(request, "components/saved.html", {"sign_in": sign_in.url})
    return sign_in


class access_matrix:  # noqa: N801 - a middleware is named like the others
    """Asks the access matrix before any view; a route without a row does not exist."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = timezone.now()  # type: ignore[attr-defined]
        request.today = timezone.localdate(request.now)  # type: ignore[attr-defined]
        request.person = None  # type: ignore[attr-defined]
        request.roles = frozenset()  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            request.person = request.user.person  # type: ignore[attr-defined]
            request.roles = roles_of(request.person, request.today)  # type: ignore[attr-defined]
            if sitting.ended(request):
                request.person, request.roles = None, frozenset()  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        match = request.resolver_match
        row = matrix.row_of(view, match.view_name if match else "")
        if row is None:
            raise Http404
        if request.method not in row.methods:
            return HttpResponseNotAllowed(row.methods)
        if row.is_open:
            # For who is signed in it may be a page of their own: then it asks for the same.
            own = request.user.is_authenticated and Who.ACCOUNT in row.who
            return self._set_up_first(request) if own else None
        if not request.user.is_authenticated:
            return _sitting_ended(request)
        if not row.admits(request.roles):  # type: ignore[attr-defined]
            raise Http404
        if request.person is None and row is not matrix.SIGNED_IN:  # type: ignore[attr-defined]
            raise Http404  # an account whose address is not confirmed yet belongs to nobody
        if row is not matrix.SIGNED_IN and (first := self._set_up_first(request)):
            return first
        if row.asks_again(request.method) and not sitting.is_fresh(request):
            return sitting.ask_again(request)
        return None

    @staticmethod
    def _set_up_first(request: HttpRequest) -> HttpResponse | None:
        """The way to the second factor, for a role that needs one and has none."""
        return redirect("mfa_index") if sitting.lacks_second_factor(request) else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal that no form showed is a page of its own, with the way back."""
        if isinstance(exception, Refused):
            came_from = request.META.get("HTTP_REFERER", "")
            ours = url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()})
            context = {"refused": exception.message, "back": came_from if ours else "/"}
            return render(request, "refused.html", context, status=409)
        return None


def never_stored(get_response: Answer) -> Answer:
    """No page behind the login is kept by a browser or a proxy."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response

    return answer
