"""One part of the application form: saved as a draft, by hand and while it is typed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from applicants import operations
from applicants.forms.sections import FORMS, SectionForm, fields
from applicants.models import Application, Section
from applicants.queries import answers, pieces
from applicants.sections import PARTS, Part
from applicants.views.applications import in_words
from applicants.views.own import forgotten, mine, my_groups, what_was_typed
from credentialing.records import keeping


def section(request: HttpRequest, key: str) -> HttpResponse:
    """One part of the form; a draft is saved with whatever it says."""
    part, present = PARTS.get(key), mine(request)
    if part is None:
        raise Http404
    if key not in FORMS or not present.is_editable:
        return redirect("documents" if key not in FORMS else "application")
    if forgotten(request):
        return redirect(request.path)
    stored, typed = present.sections.filter(key=key).first(), what_was_typed(request)
    said = answers(present)[key]
    revision = stored.revision if stored else 0
    # A choice between two windows holds for what one saw; of a third, one is asked again.
    asks = [name for name, _field in fields(key) if f"take-{name}" in (typed or ())]
    asks = asks if typed and typed.get("revision") == str(revision) else []
    initial = {**said, "revision": revision}
    form = FORMS[key](typed, initial=initial, asks=asks, elsewhere=said)
    if request.method == "POST" and form.is_valid():
        return _save(request, present, part, form)
    return _page(request, part, form, stored, kept=typed is not None and request.method != "POST")


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
        return _clashed(request, part, form.answers, clash)
    keeping.forget(request)
    if request.htmx:
        return render(request, "applicants/section_saved.html", {"saved": saved})
    messages.success(request, _("Saved: %(part)s.") % {"part": part.title})
    return redirect("application")


def _clashed(
    request: HttpRequest, part: Part, typed: dict[str, Any], clash: "operations.Clash"
) -> HttpResponse:
    """Where both windows say something else, one chooses; nothing of either is lost by itself."""
    theirs = clash.stored.answers
    asks = [name for name, said in typed.items() if (said or "") != (theirs.get(name) or "")]
    chosen = {f"take-{name}": "mine" for name in asks}
    again = {**typed, **chosen, "revision": clash.stored.revision}
    form = FORMS[part.key](again, asks=asks, elsewhere=theirs)
    form.add_error(None, clash.message)
    labels = dict(fields(part.key))
    rows = [
        {
            "field": form[name],
            "take": form[f"take-{name}"] if name in asks else None,
            "pieces": pieces(
                *(str(in_words(labels[name], said.get(name))[1]) for said in (typed, theirs))
            ),
        }
        for name in typed
    ]
    return _page(request, part, form, clash.stored, clash=rows)


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
