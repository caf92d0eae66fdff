"""What the Committee asks: questions, and the move to another procedure."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from applicants import access, operations
from applicants.access import Can
from applicants.forms.answers import AnswerForm, ProcedureForm
from applicants.models import ProcedureMove, Question
from applicants.queries import papers
from applicants.views.own import forgotten, mine, tried, what_was_typed
from credentialing.records import keeping
from credentialing.rules import load_procedure, words


def questions(request: HttpRequest) -> HttpResponse:
    """What the Committee has asked: what waits for an answer first, then what was answered."""
    application = mine(request)
    asked = application.questions.select_related("asked_by")
    context = {
        "open": asked.filter(answered_at__isnull=True).order_by("due", "pk"),
        "answered": asked.filter(answered_at__isnull=False).order_by("-answered_at", "-pk"),
        "today": request.today,
    }
    return render(request, "applicants/questions.html", context)


def answer_question(request: HttpRequest, question: int) -> HttpResponse:
    """A question of the Committee, with its answer or a field for it."""
    asked = access.fetch(
        request.person,
        Can.OWN,
        Question.objects.select_related("application", "asked_by"),
        day=request.today,
        through="application",
        pk=question,
    )
    if forgotten(request):
        return redirect(request.path)
    typed = what_was_typed(request)
    form = AnswerForm(typed, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said, who = form.cleaned_data, {"by": request.person, "at": request.now}
        if tried(form, lambda: operations.answer(asked, **said, **who)):
            keeping.forget(request)
            messages.success(request, _("Your answer is with the Committee."))
            return redirect("questions")
    context = {
        "question": asked,
        "form": form,
        "kept": typed is not None and request.method != "POST",
        "papers": papers(asked.application, question=asked),
        "is_overdue": asked.answered_at is None and asked.due < request.today,
    }
    return render(request, "applicants/question.html", context)


def answer_procedure(request: HttpRequest) -> HttpResponse:
    """A proposal to judge the case by another procedure, with what both say beside each other."""
    move = ProcedureMove.objects.filter(application=mine(request)).order_by("-proposed_at").first()
    if move is None:
        raise Http404
    form = ProcedureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        consents = form.cleaned_data["answer"] == "agree"
        if tried(
            form,
            lambda: operations.answer_procedure(
                move, consents=consents, by=request.person, at=request.now
            ),
        ):
            messages.success(request, _("Your answer is with the Chair."))
            return redirect("home")
    context = {
        "move": move,
        "form": form,
        "rows": _side_by_side(move),
        "before": load_procedure(move.from_procedure).title,
        "after": load_procedure(move.to_procedure).title,
        "is_open": not (move.consented_at or move.declined_at),
    }
    return render(request, "applicants/procedure.html", context)


def _side_by_side(move: ProcedureMove) -> list[dict[str, Any]]:
    """Both assessments requirement by requirement, for the component that compares."""
    both = [
        {entry["id"]: _in_words(entry) for entry in kept.get("requirements", ())}
        for kept in (
            move.assessments.get(move.from_procedure, {}),
            move.assessments.get(move.to_procedure, {}),
        )
    ]
    rows = []
    for key in dict.fromkeys([*both[0], *both[1]]):
        before, after = (said.get(key, _("Not asked for.")) for said in both)
        label = words.name(key)
        rows.append(
            {
                "label": label[:1].upper() + label[1:],
                "before": before,
                "after": after,
                "changed": before != after,
            }
        )
    return rows


def _in_words(entry: dict[str, Any]) -> str:
    said = [f"{words.STATUSES[entry['status']]}."]
    if entry["remaining"]:
        said.append(words.remains(entry))
    return " ".join(said)
