"""The tabs of one case, as the Committee reads them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

import applicants.operations
from applicants.models import Application
from credentialing.rules import words
from credentialing.standing.queries import Standing, standing
from reviews.forms import committee as forms
from reviews.queries import between, files, lines, readiness
from reviews.queries import evidence as evidence_of
from reviews.queries import history as past
from reviews.queries import rulings as ruled
from reviews.views.acting import done, head, opened, posted


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A tab of a case, today or on an earlier day: what its template needs at the least."""

    application: Application
    now: Standing
    earlier: date | None
    context: dict[str, Any]


def look(request: HttpRequest, reference: str, tab: str) -> Look:
    """The case as it stands on the day asked for; 404 for who may not read it."""
    application = opened(request, reference)
    asked = forms.AsOf(request.GET if "as_of" in request.GET else None, today=request.today)
    day = asked.day()
    earlier = day if day != request.today else None
    context = head(request, application, tab, as_of=earlier)
    context["filter"] = (
        asked if asked.is_bound else forms.AsOf(initial={"as_of": day}, today=request.today)
    )
    return Look(
        application=application,
        now=standing(application, day),
        earlier=earlier,
        context=context,
    )


def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Where a case stands, today or on an earlier day, and what may be done with it."""
    seen = look(request, reference, "case")
    now, application = seen.now, seen.application
    acts = seen.context["may_act"] and not seen.earlier
    meeting = between.last_meeting(request.today)
    context = seen.context | {
        "summary": words.summary(now.data, now.procedure),
        "lines": lines.lines(
            now,
            rulings=ruled.in_words(ruled.of_case(application), now),
            may_rule=acts and application.is_live,
        ),
        "moves": [] if seen.earlier else files.moves(now, request.person, at=request.now),
        "next_move": None if seen.earlier else readiness.next_move(now),
        "last_meeting": meeting,
        **files.overview(application, now, today=request.today),
    }
    return render(request, "reviews/committee/case.html", context)


def evidence(request: HttpRequest, reference: str) -> HttpResponse:
    """The application as submitted, and what was logged at home."""
    seen = look(request, reference, "case-evidence")
    context = seen.context | evidence_of.evidence(seen.application, seen.now)
    return render(request, "reviews/committee/evidence.html", context)


def supervision(request: HttpRequest, reference: str) -> HttpResponse:
    """Who supervised the applicant, what of it counts, and the reports."""
    seen = look(request, reference, "case-supervision")
    context = seen.context | evidence_of.supervised(seen.application, seen.now)
    return render(request, "reviews/committee/supervision.html", context)


def intensives(request: HttpRequest, reference: str) -> HttpResponse:
    """The intensives, and the joint assessment as it was presented."""
    seen = look(request, reference, "case-intensives")
    context = seen.context | evidence_of.assessed(seen.application, seen.now)
    return render(request, "reviews/committee/intensives.html", context)


def documents(request: HttpRequest, reference: str) -> HttpResponse:
    """What was handed in."""
    application = opened(request, reference)
    context = head(request, application, "case-documents")
    context["table"] = evidence_of.documents(application)
    return render(request, "reviews/committee/documents.html", context)


def rulings(request: HttpRequest, reference: str) -> HttpResponse:
    """Claims to credit, and every ruling on the case."""
    seen = look(request, reference, "case-rulings")
    context = seen.context | ruled.page(seen.application, seen.now)
    context["requirements"] = [
        {"title": lines.title(each.id), "url": reverse("rule", args=[reference, each.id])}
        for each in seen.now.procedure.requirements
    ]
    return render(request, "reviews/committee/rulings.html", context)


def history(request: HttpRequest, reference: str) -> HttpResponse:
    """What happened to a case, newest first; or what changed on it between two days."""
    application = opened(request, reference)
    asked = forms.Between(request.GET if "since" in request.GET else None, today=request.today)
    context = head(request, application, "case-history")
    context["meeting"] = between.last_meeting(request.today)
    if asked.is_bound and asked.is_valid():
        since, until = asked.cleaned_data["since"], asked.cleaned_data["until"] or request.today
        before, after = (standing(application, day) for day in (since, until))
        context |= {"since": since, "until": until, **between.changes(before, after)}
    else:
        context["entries"] = past.entries(application, audited=context["may_act"])
    context["filter"] = asked
    return render(request, "reviews/committee/history.html", context)


def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask the applicant a question."""
    application = opened(request, reference)
    form = forms.Ask(posted(request), today=request.today)
    back = reverse("case", args=[reference])

    def act() -> str:
        said = {name: form.cleaned_data[name] for name in ("text", "due")}
        applicants.operations.ask(application, **said, by=request.person, at=request.now)
        messages.success(request, _("The question was sent to the applicant."))
        return f"{back}#questions"

    context = head(request, application) | {"form": form, "back": back}
    return done(request, form, act) or render(request, "reviews/committee/ask.html", context)
