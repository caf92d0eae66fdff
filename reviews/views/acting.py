"""How the Committee's pages act: once for each form; a ruling in two steps."""

import hashlib
import json
from collections.abc import Callable
from datetime import date
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from applicants import access
from applicants.access import Can
from applicants.models import Application
from credentialing.records.refusals import Refused
from credentialing.records.submissions import led, once
from credentialing.standing.lines import comparison
from credentialing.standing.queries import Standing
from reviews.forms.committee import show
from reviews.queries import files


def opened(request: HttpRequest, reference: str) -> Application:
    """The case of this reference, which the person reads as a member of the Committee; or 404."""
    return _fetch(request, Can.READ_RECOMMENDATION, reference)


def chaired(request: HttpRequest, reference: str) -> Application:
    """The case of this reference, on which the person may act as Chair; or 404."""
    return _fetch(request, Can.CHAIR, reference)


def _fetch(request: HttpRequest, can: Can, reference: str) -> Application:
    return access.fetch(
        request.person,
        can,
        Application.objects.select_related("applicant"),
        day=request.today,
        reference=reference,
    )


def head(
    request: HttpRequest, application: Application, tab: str = "", *, as_of: date | None = None
) -> dict[str, Any]:
    """What the head of a case shows: name, stage, next move, tabs, the day if it is an earlier."""
    return {
        "case": application,
        "name": application.applicant.name,
        "reference": application.reference,
        "stage": files.stage(application),
        "next": files.next_step(application),
        "tabs": files.tabs(application, tab, as_of=as_of),
        "as_of": as_of,
        "may_act": access.may(request.person, Can.CHAIR, application, day=request.today),
    }


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with; None where it is only shown."""
    return request.POST if request.method == "POST" else None


def done(request: HttpRequest, form: Form, act: Callable[[], str]) -> HttpResponse | None:
    """Do the act of a valid form once and go where it leads; None where it is to be shown again.

    Who came from the queue is led back there.
    """
    if not (form.is_bound and form.is_valid()):
        return None
    try:
        return _on(request, once(request, act))
    except Refused as refused:
        show(refused, form)
        return None


def _on(request: HttpRequest, page: str) -> HttpResponse:
    return redirect("queue" if request.GET.get("from") == "queue" else page)


def in_two_steps(
    request: HttpRequest,
    form: Form,
    *,
    template: str,
    context: dict[str, Any],
    compare: Callable[[], tuple[Standing, Standing] | None],
    act: Callable[[], str],
    rows: Callable[[Standing, Standing], list[dict[str, Any]]] = comparison,
    stood: str = "",
) -> HttpResponse:
    """The form, then the assessment before and after, side by side, then the act.

    It is done only on what was seen: where the case, or what `stood` beside it, has changed
    meanwhile, it is shown again. `compare` gives None where no case is concerned; `rows` says how
    much of the two is shown.
    """
    asked = request.POST.get("step") == "save"
    if asked and (page := led(request)):
        return _on(request, page)
    if form.is_bound and form.is_valid() and request.POST.get("step") != "edit":
        try:
            standings = compare()
        except Refused as refused:
            show(refused, form)
        else:
            seen = _digest(stood, *standings or ())
            if asked and request.POST.get("seen") == seen:
                response = done(request, form, act)
                if response:
                    return response
            if form.is_valid():
                compared = rows(*standings) if standings else []
                context |= {
                    "preview": True,
                    "comparison": compared,
                    "nothing_changes": not any(row["changed"] for row in compared),
                    "seen": seen,
                    "changed_meanwhile": asked,
                }
    return render(request, template, context | {"form": form})


def _digest(stood: str, *standings: Standing) -> str:
    said = json.dumps([stood, *(each.data for each in standings)], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()
