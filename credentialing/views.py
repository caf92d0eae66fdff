"""Pages of the roof: health, letters, the audit trail, and what is shown on failure."""

from django.core.paginator import Paginator
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from credentialing.forms import AuditFilter, LetterFilter
from credentialing.records import audit
from credentialing.records import letters as post_office
from credentialing.records.models import AuditEntry, Letter
from credentialing.records.operations import move_letter as move

PAGE = 50


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers, too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ready", content_type="text/plain")


def letters(request: HttpRequest) -> HttpResponse:
    """The outbox: every letter with its state; what waits, failed or is in doubt first."""
    asked = LetterFilter(request.GET)
    found = Letter.objects.select_related("to").order_by("-pk")
    if asked.is_valid() and asked.cleaned_data["state"]:
        found = found.filter(state=asked.cleaned_data["state"])
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "office/letters.html", {"page": page, "filter": asked})


def move_letter(request: HttpRequest, letter: int, act: str) -> HttpResponse:
    """Hold, release or resend one letter."""
    move(letter, act, by=request.person)
    post_office.ring()
    return redirect("letters")


def audit_trail(request: HttpRequest) -> HttpResponse:
    """What happened, newest first, and whether the sealed trail holds."""
    asked = AuditFilter(request.GET)
    found = AuditEntry.objects.select_related("actor").order_by("-pk")
    if asked.is_valid():
        for field in ("case", "act"):
            if asked.cleaned_data[field]:
                found = found.filter(**{field: asked.cleaned_data[field]})
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "office/audit.html",
        {"page": page, "filter": asked, "faults": list(audit.faults())},
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """One answer for what is not there and for what is not to be seen."""
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from an earlier sitting: nothing was done; the browser still has what was typed."""
    return render(request, "stale_form.html", status=403)
