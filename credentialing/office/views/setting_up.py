"""The office's first page, and what a society needs before its first case."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from credentialing.office.queries import setting_up as asked
from credentialing.records.letters import standstill


def office(request: HttpRequest) -> HttpResponse:
    """What the office does, and where; first of all what stands still or is missing."""
    context = {"next": asked.next_step(request.today), "standstill": standstill()}
    return render(request, "office/office.html", context)


def set_up(request: HttpRequest) -> HttpResponse:
    """What is done and what is next."""
    steps = asked.steps(request.today)
    context = {
        "tasks": [step.task for step in steps],
        "done": sum(step.done for step in steps if not step.optional),
        "needed": sum(not step.optional for step in steps),
        "next": asked.next_step(request.today),
    }
    return render(request, "office/set_up.html", context)
