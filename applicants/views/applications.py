"""The application: its parts as a list of tasks, each part, submitting, withdrawing."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from applicants import operations
from applicants.forms.fields import TextField
from applicants.forms.sections import FORMS, SectionForm
from applicants.models import Application, Section, Stage
from applicants.queries import answers, current_application, missing
from applicants.sections import PARTS, Part
from applicants.views.own import mine, my_groups, tried

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
            (part, [_in_words(field, said[key].get(name)) for name, field in fields(key)])
            for key, part in PARTS.items()
            if key in FORMS
        ],
        "groups": groups.order_by("start", "pk"),
        "can_apply_again": present.stage in NEVER_DECIDED,
        "can_withdraw": present.is_live,
    }


def fields(key: str) -> list[tuple[str, forms.Field]]:
    """The fields of a part with their names, without the hidden one."""
    return [(name, field) for name, field in FORMS[key].base_fields.items() if name != "revision"]


def _in_words(field: forms.Field, value: Any) -> tuple[Any, Any]:
    """The label of a field, and its value as people read it."""
    if isinstance(field, forms.ChoiceField):
        value = dict(field.choices).get(value) if value else ""
    if isinstance(value, bool):
        value = _("Yes") if value else _("No")
    return field.label, value or "–"


def section(request: HttpRequest, key: str) -> HttpResponse:
    """One part of the form; a draft is saved with whatever it says."""
    part, present = PARTS.get(key), mine(request)
    if part is None:
        raise Http404
    if key not in FORMS or not present.is_editable:
        return redirect("documents" if key not in FORMS else "application")
    stored = present.sections.filter(key=key).first()
    form = FORMS[key](request.POST or None, initial=_initial(present, key, stored))
    if request.method == "POST" and form.is_valid():
        return _save(request, present, part, form)
    return _page(request, part, form, stored)


def _save(
    request: HttpRequest, present: Application, part: Part, form: SectionForm
) -> HttpResponse:
    """Save a part. What another window saved in between is shown beside what was typed."""
    revision = form.cleaned_data["revision"] or 0
    try:
        saved = operations.save_section(
            present, part.key, form.answers, revision=revision, by=request.person, at=request.now
        )
    except operations.Clash as clash:
        if request.htmx:
            return render(request, "applicants/section_clash.html")
        return _clashed(request, part, clash)
    if request.htmx:
        return render(request, "applicants/section_saved.html", {"saved": saved})
    messages.success(request, _("Saved: %(part)s.") % {"part": part.title})
    return redirect("application")


def _initial(present: Application, key: str, stored: Section | None) -> dict[str, Any]:
    return {**answers(present)[key], "revision": stored.revision if stored else 0}


def _page(
    request: HttpRequest,
    part: Part,
    form: SectionForm,
    stored: Section | None,
    **more: Any,
) -> HttpResponse:
    context = {"part": part, "form": form, "stored": stored, **more}
    if part.key == "groups":
        context["groups"] = my_groups(request).prefetch_related("leaders__person")
    if part.key == "membership":
        context["memberships"] = request.person.memberships.order_by("-start", "-pk")
    return render(request, "applicants/section.html", context)


def _clashed(request: HttpRequest, part: Part, clash: "operations.Clash") -> HttpResponse:
    """What was typed stays in the form, what was saved elsewhere stands beside it."""
    typed = request.POST.copy()
    typed["revision"] = str(clash.stored.revision)
    form = FORMS[part.key](typed)
    form.add_error(None, clash.message)
    other = [_in_words(field, clash.stored.answers.get(name)) for name, field in fields(part.key)]
    return _page(request, part, form, clash.stored, other=other)


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
