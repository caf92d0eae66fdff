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
from applicants.views.own import mine, tried
from credentialing.rules import load_procedure, words


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
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        if tried(
            form, lambda: operations.answer(asked, text=text, by=request.person, at=request.now)
        ):
            messages.success(request, _("Your answer is with the Committee."))
            return redirect("home")
    return render(request, "applicants/question.html", {"question": asked, "form": form})


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
