"""The audit trail: what happened, who opened what, and whether it is what was sealed."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from credentialing.office import operations
from credentialing.office.forms import TrailFilter
from credentialing.office.queries import trail
from credentialing.records import jobs
from credentialing.records.submissions import new_key, once

PAGE = 50
MOST = 5000  # entries that can be paged through; for older ones there are the filters


def audit_trail(request: HttpRequest) -> HttpResponse:
    """What happened, newest first, and what the last look at the sealed trail found."""
    form = TrailFilter(request.GET)
    form.full_clean()
    asked = form.cleaned_data
    found = trail.entries(request.person, **asked)  # type: ignore[attr-defined]
    page = Paginator(found[:MOST], PAGE).get_page(request.GET.get("page"))
    told = form.told()
    seen = asked.get("act") == trail.SEEN and bool(asked.get("case"))
    context = {
        "page": page,
        "is_cut": page.paginator.count == MOST,
        "rows": [(entry, trail.said(entry.act)) for entry in page],
        "filter": form,
        "chosen": told,
        "person": asked.get("person"),
        "seen": seen,
        "readers": trail.readers(found) if seen else [],
        "prefix": f"{urlencode(told)}&" if told else "",
        "check": trail.last_check(),
        "check_key": new_key(),
        "submission": new_key(),
    }
    return render(request, "office/audit.html", context)


def check(request: HttpRequest) -> HttpResponse:
    """Ask for a look at all of the sealed trail."""

    def act() -> str:
        page = reverse("audit")
        job = jobs.ask("audit-check", by=request.person, page=page)  # type: ignore[attr-defined]
        return reverse("job", args=[job.pk])

    return redirect(once(request, act))


def export(request: HttpRequest) -> HttpResponse:
    """Ask for what is shown as a file."""

    def act() -> str:
        job = operations.ask_trail(request.POST, by=request.person)  # type: ignore[attr-defined]
        return reverse("job", args=[job.pk])

    return redirect(once(request, act))
