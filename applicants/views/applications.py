"""The application: its parts as a list of tasks, each part, submitting, withdrawing."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from applicants import operations
from applicants.forms.fields import TextField
from applicants.forms.sections import FORMS, fields
from applicants.models import Application, Stage
from applicants.queries import answers, current_application, missing, unsent
from applicants.queries import submissions as submitted
from applicants.sections import PARTS
from applicants.views.own import mine, tried

NEVER_DECIDED = (Stage.WITHDRAWN, Stage.CLOSED)


def application(request: HttpRequest) -> HttpResponse:
    """The form as a list of tasks while it can be changed, afterwards to be read; POST starts."""
    if request.method == "POST":
        operations.start_application(request.person, at=request.now)
        messages.success(request, _("Your application has begun. Nobody sees it yet."))
        return redirect("application")
    present = current_application(request.person, day=request.today)
    if present is None:
        return render(request, "applicants/start.html")
    if not present.is_editable:
        return render(request, "applicants/submitted.html", _as_read(present))
    lacking = missing(present, day=request.today)
    context = {
        "application": present,
        "tasks": _tasks(present, {each.part for each in lacking}),
        "complete": not lacking,
        "reason": _reason(present),
        "was_submitted": present.submitted_on is not None,
    }
    return render(request, "applicants/application.html", context)


def _tasks(present: Application, lacking: set[str]) -> list[dict[str, Any]]:
    saved = {section.key for section in present.sections.all() if any(section.answers.values())}
    files = present.documents.filter(withdrawn_at__isnull=True).count()
    tasks = []
    for part in PARTS.values():
        state = "done" if part.key not in lacking else "progress" if part.key in saved else "idle"
        task = {"label": part.title, "url": reverse("section", args=[part.key]), "state": state}
        if part.key == "documents":
            task |= {"state": "done" if files else "idle", "word": "" if files else _("Optional")}
        tasks.append(task)
    return tasks


def _reason(present: Application) -> str:
    """Why the Chair returned the form, if that is the last that happened to it."""
    last = present.moves.order_by("-number").first()
    return last.reason if last and present.stage == Stage.RETURNED else ""


def _as_read(present: Application) -> dict[str, Any]:
    """The whole form to be read, part by part, in words."""
    said = answers(present)
    groups = present.applicant.balint_groups.prefetch_related("leaders__person")
    return {
        "application": present,
        "parts": [
            (part, [in_words(field, said[key].get(name)) for name, field in fields(key)])
            for key, part in PARTS.items()
            if key in FORMS
        ],
        "groups": groups.order_by("start", "pk"),
        "can_apply_again": present.stage in NEVER_DECIDED,
        "can_withdraw": present.is_live,
        "was_returned": present.versions.filter(number__gt=1).exists(),
    }


def in_words(field: forms.Field, value: Any) -> tuple[Any, Any]:
    """The label of a field, and its value as people read it."""
    if isinstance(field, forms.ChoiceField):
        value = dict(field.choices).get(value) if value else ""
    if isinstance(value, bool):
        value = _("Yes") if value else _("No")
    return field.label, value or "–"


def submit(request: HttpRequest) -> HttpResponse:
    """What is still missing, with the way to it; or the button that hands the form in."""
    present = mine(request)
    if not present.is_editable:
        return redirect("application")
    if request.method == "POST":
        operations.submit(present, by=request.person, at=request.now)
        messages.success(request, _("Your application is with the Chair. A receipt is on its way."))
        return redirect("home")
    lacking = [
        {"part": PARTS[each.part], "what": each.what}
        for each in missing(present, day=request.today)
    ]
    return render(request, "applicants/submit.html", {"lacking": lacking, **_as_read(present)})


def submissions(request: HttpRequest) -> HttpResponse:
    """Every submission of the form with what it changed, and what is changed but not submitted."""
    present = mine(request)
    context = {
        "is_editable": present.is_editable,
        "unsent": unsent(present) if present.is_editable else [],
        "submissions": submitted(present),
    }
    return render(request, "applicants/submissions.html", context)


class WithdrawForm(forms.Form):
    """Why, if one wants to say it."""

    reason = TextField(rows=3, label=_("Reason"), required=False, max_length=5_000)


def withdraw(request: HttpRequest) -> HttpResponse:
    """Asks once, then ends the application."""
    present = mine(request)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        ended = tried(
            form,
            lambda: operations.withdraw(present, reason=reason, by=request.person, at=request.now),
        )
        if ended:
            messages.success(request, _("Your application is withdrawn. Your logs stay."))
            return redirect("home")
    return render(request, "applicants/withdraw.html", {"form": form, "application": present})
