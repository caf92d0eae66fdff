"""The front door: the applicant's home, and how the procedure works."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from applicants.models import Stage
from applicants.queries import current_application
from credentialing.rules import load_procedure, words
from credentialing.standing import stages
from credentialing.standing.forms import AsOf
from credentialing.standing.lines import lines, title
from credentialing.standing.offers import offers
from credentialing.standing.queries import Standing, standing
from credentialing.standing.waiting import tasks


def home(request: HttpRequest) -> HttpResponse:
    """What this is, for a visitor; where one stands, for an applicant; else what one may do."""
    person = request.person
    if person is None:
        return render(request, "standing/landing.html")
    found = offers(person, request.roles, day=request.today)
    application = current_application(person, day=request.today)
    if application is None:
        template = "standing/roles.html" if found else "standing/invitation.html"
        return render(request, template, {"offers": found})
    asked = AsOf({"as_of": request.GET.get("as_of") or request.today}, today=request.today)
    looks_back = asked.day < request.today
    context = _case(standing(application, asked.day), acts=not looks_back)
    context |= {"offers": found, "asked": asked, "looks_back": looks_back}
    return render(request, "standing/home.html", context)


def _case(now: Standing, *, acts: bool) -> dict[str, Any]:
    """What the home page shows of a case; with what to do about it, or without."""
    application = now.application
    acts = acts and application.is_live
    last = application.moves.order_by("-number").first()
    return {
        "application": application,
        "now": now,
        "stages": stages.track(application, last),
        "reason": stages.reason(last),
        "next": stages.next_step(now),
        "can_apply_again": application.stage in stages.CAN_APPLY_AGAIN,
        "sentence": words.summary(now.data, now.procedure),
        "lines": lines(now, acts=acts and application.submitted_on is not None),
        "tasks": tasks(now) if acts else [],
        "links": _links(now),
    }


def _links(now: Standing) -> list[tuple[str, str]]:
    """Further pages of the case, those that exist."""
    day = now.as_of.isoformat()
    presented = any(
        (attended["assessment"]["to_candidate"] or "9999") <= day
        for attended in now.portfolio["intensives"]
    )
    worked = now.application.moves.filter(to_stage=Stage.FURTHER_WORK).exists()
    decided = now.application.stage == Stage.DECIDED
    pages = [
        (_("Your assessment at the final intensive"), "my-assessment", presented),
        (_("Timeline of further work"), "timeline", worked),
        (_("The Council's decision"), "decision", decided),
        (_("Your application"), "application", True),
        (_("Groups and co-leaders"), "groups", True),
        (_("Your log"), "logs", True),
        (_("Credit for prior experience"), "claims", True),
        (_("Documents"), "documents", True),
        (_("How this works"), "how-this-works", True),
    ]
    return [(label, reverse(name)) for label, name, there in pages if there]


def how_this_works(request: HttpRequest) -> HttpResponse:
    """The procedure in force, clause by clause, with its house rules marked as such."""
    procedure = load_procedure(settings.PROCEDURE)
    context = {
        "procedure": procedure,
        "requirements": [(title(each.id), each) for each in procedure.requirements],
        "credits": [(title(each.id), each) for each in procedure.credits],
    }
    return render(request, "standing/how_this_works.html", context)
