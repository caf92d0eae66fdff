"""What a person reaches of supervision: their own rows, on either side."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from applicants import access
from applicants.access import Can
from applicants.models import Application
from supervision import queries
from supervision.forms import ReasonForm
from supervision.models import Session, Supervision


def typed(request: HttpRequest) -> Any:
    """What was posted; None where the form is only to be shown."""
    return request.POST if request.method == "POST" else None


def own_application(request: HttpRequest) -> Application | None:
    """The newest application of one's own."""
    own = access.visible(request.person, Can.OWN, day=request.today)
    return own.order_by("-started_at", "-pk").first()


def of_person(request: HttpRequest) -> Any:
    """The supervisions in which one takes part."""
    return queries.of_person(request.person).select_related("applicant", "supervisor")


def sessions_of_person(request: HttpRequest) -> Any:
    """The sessions of the supervisions in which one takes part."""
    rows = Session.objects.filter(supervision__in=queries.of_person(request.person))
    return rows.select_related("supervision__applicant", "supervision__supervisor")


def home(request: HttpRequest, supervision: Supervision) -> str:
    """Where a supervision stands on the pages of the person who asks."""
    if supervision.applicant_id == request.person.pk:
        return reverse("my-supervision")
    case = queries.case_of(supervision)
    return reverse("supervised", args=[case.reference]) if case else reverse("supervisor")


def for_a_reason(
    request: HttpRequest,
    act: Callable[..., Any],
    row: Any,
    /,
    *,
    hint: str,
    said: str,
    template: str,
    back: str,
    then: str = "",
    **context: Any,
) -> HttpResponse:
    """Ask why, then act on a row for that reason, and lead on: `then`, or back."""
    form = ReasonForm(typed(request), hint=hint)
    if form.is_valid() and form.does(
        lambda: act(row, reason=form.cleaned_data["reason"], by=request.person, at=request.now)
    ):
        messages.success(request, said)
        return redirect(then or back)
    return render(request, template, {"form": form, "back": back} | context)


def files(request: HttpRequest) -> Any:
    """The files that were posted; None where the form is only to be shown."""
    return request.FILES if request.method == "POST" else None
