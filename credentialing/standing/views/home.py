"""The front door: the applicant's home, what if, and how the procedure works."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

import applicants.operations as applying
from applicants.models import Application, CalendarFeed, Stage
from applicants.queries import current_application
from applicants.views.own import mine
from credentialing.people.models import Person
from credentialing.records.files import attachment
from credentialing.rules import (
    Earliest,
    Pace,
    begin,
    earliest,
    explanation,
    foresight,
    load_procedure,
    words,
)
from credentialing.standing import operations, stages
from credentialing.standing.calendars import planned, written
from credentialing.standing.capacity import forecast
from credentialing.standing.forms import AsOf, WhatIf, WhichProcedure
from credentialing.standing.lines import blank_parts, comparison, lines, title
from credentialing.standing.offers import offers
from credentialing.standing.queries import (
    Standing,
    foresee,
    pace_of,
    standing,
    suppose,
    toured,
)
from credentialing.standing.waiting import Task, tasks

SOON = 8  # of what is planned, on its page
More = Callable[[Application, date], list[Task]]


def home(
    request: HttpRequest, *, more: More, duties: Callable[[Person], list[Task]]
) -> HttpResponse:
    """What this is, for a visitor; where one stands, for an applicant; else what one may do.

    `more` gives the tasks of a case that the apps above know of, `duties` what waits for a person
    who acts for others.
    """
    person = request.person
    if person is None:
        return render(request, "standing/landing.html")
    found = offers(person, request.roles, day=request.today)
    application = current_application(person, day=request.today)
    if application is None:
        template = "standing/roles.html" if found else "standing/invitation.html"
        return render(request, template, {"offers": found, "tasks": duties(person)})
    asked = AsOf({"as_of": request.GET.get("as_of") or request.today}, today=request.today)
    looks_back = asked.day < request.today
    context = _case(standing(application, asked.day), acts=not looks_back, more=more)
    context |= {"offers": found, "asked": asked, "looks_back": looks_back}
    if not looks_back:
        context["tasks"] += duties(person)
    context["tour"] = not looks_back and not toured(person)
    return render(request, "standing/home.html", context)


def _case(now: Standing, *, acts: bool, more: More) -> dict[str, Any]:
    """What the home page shows of a case; with what to do about it, or without."""
    application = now.application
    acts = acts and application.is_live
    ahead = acts and application.stage in stages.UNDER_WAY and not now.ready_for_review
    foreseen = foresee([now])[0] if ahead else None
    last = application.moves.order_by("-number").first()
    return {
        "application": application,
        "now": now,
        "stages": stages.track(application, last),
        "reason": stages.reason(last),
        "next": stages.next_step(now),
        "can_apply_again": application.stage in stages.CAN_APPLY_AGAIN,
        "sentence": words.summary(now.data, now.procedure),
        "foreseen": _foreseen(foreseen) if foreseen else None,
        "lines": lines(now, acts=acts and application.submitted_on is not None, foreseen=foreseen),
        "tasks": [*tasks(now), *more(application, now.as_of)] if acts else [],
        "links": _links(now),
    }


def _foreseen(foreseen: Earliest) -> dict[str, Any]:
    """When everything could be there, at which pace, and on whom it depends, in words."""
    pace = foresight.pace(foreseen.pace, foreseen.paced).removeprefix("if ")
    return {
        "ready": foresight.ready(foreseen),
        "conditions": [*([pace] if pace else []), *foresight.depends(foreseen.depends)],
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
        (_("Questions of the Committee"), "questions", now.application.questions.exists()),
        (_("Your application"), "application", True),
        (_("Groups and co-leaders"), "groups", True),
        (_("Your log"), "logs", True),
        (_("Credit for prior experience"), "claims", True),
        (_("Documents"), "documents", True),
        (_("What if?"), "what-if", now.application.stage in stages.UNDER_WAY),
        (_("How this works"), "how-this-works", True),
    ]
    return [(label, reverse(name)) for label, name, there in pages if there]


def what_if(request: HttpRequest) -> HttpResponse:
    """What would remain, were a plan followed: before and after beside each other, nothing kept."""
    now = standing(mine(request), request.today)
    pace = pace_of(now)
    form = WhatIf(request.GET.dict(), now=now, pace=pace, today=request.today)
    context: dict[str, Any] = {"form": form, "now": now}
    if form.is_valid():
        context |= {"until": form.cleaned_data["until"], "rows": _compared(now, pace, form)}
    return render(request, "standing/what_if.html", context)


def _compared(now: Standing, pace: Pace, form: WhatIf) -> list[dict[str, Any]]:
    """Each requirement now and on the day that the plan looks at, and the earliest days of both."""
    plan = form.plan
    going_on = replace(pace, every={**pace.every, **plan.every})
    before = earliest(now.procedure, now.facts, now.as_of, pace)
    begun = begin(now.facts, now.as_of, plan)
    after = earliest(now.procedure, begun, now.as_of, going_on)
    ready = [foresight.ready(each) for each in (before, after)]
    then = suppose(now, plan, until=form.cleaned_data["until"])
    return [
        *comparison(now, then),
        {
            "label": _("At the earliest"),
            "before": ready[0],
            "after": ready[1],
            "changed": ready[0] != ready[1],
        },
    ]


def capacity(request: HttpRequest) -> HttpResponse:
    """The office's forecast: who will need a final intensive when, and whether faculty suffice."""
    found = forecast(by=request.person, day=request.today)
    rows = [(quarter, quarter.line.draw()) for quarter in found.quarters]
    return render(request, "standing/capacity.html", {"forecast": found, "rows": rows})


def end_tour(request: HttpRequest) -> HttpResponse:
    """The tour was taken, or is not wanted: it does not come back."""
    operations.end_tour(request.person, at=timezone.now())
    return redirect("home")


def how_this_works(request: HttpRequest) -> HttpResponse:
    """A procedure clause by clause, with its house rules marked as such; first the one in force."""
    asked = WhichProcedure(request.GET.dict())
    procedure = load_procedure(asked.id)
    application = current_application(request.person, day=request.today)
    pinned = application.procedure if application else ""
    context = {
        "procedure": procedure,
        "asked": asked,
        "in_force": procedure.id == settings.PROCEDURE,
        "pinned": load_procedure(pinned) if pinned not in ("", procedure.id) else None,
        "stages": [stages.capital(stage) for stage in stages.TRACK],
        "requirements": blank_parts(procedure, request.today),
        "credits": [
            {
                "title": title(each.id),
                "clause": each,
                "said": explanation.credit(each, procedure),
            }
            for each in procedure.credits
        ],
        "council": explanation.council(procedure.council) if procedure.council else [],
    }
    return render(request, "standing/how_this_works.html", context)


def calendar(request: HttpRequest, *, token: str = "") -> HttpResponse:
    """What is planned, and the private address under which a calendar fetches it.

    `token` is that of an address just made: it is shown this once.
    """
    mine(request)
    context = {
        "planned": planned(request.person, day=request.today)[:SOON],
        "feed": CalendarFeed.objects.filter(person=request.person).first(),
        "address": settings.SITE_URL + reverse("calendar-feed", args=[token]) if token else "",
    }
    return render(request, "standing/calendar.html", context)


def renew_feed(request: HttpRequest) -> HttpResponse:
    """Make a new address, and show it: only its digest is kept."""
    mine(request)
    token = applying.renew_feed(request.person, by=request.person, at=request.now)
    return calendar(request, token=token)


def end_feed(request: HttpRequest) -> HttpResponse:
    """Make the address lead nowhere."""
    mine(request)
    applying.end_feed(request.person, by=request.person, at=request.now)
    return redirect("calendar")


def calendar_file(request: HttpRequest) -> HttpResponseBase:
    """What is planned, as a file for a calendar."""
    mine(request)
    return _calendar(request, request.person)


def calendar_feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """The same, for a calendar that comes by itself with its private address."""
    feed = applying.feed_by_token(token)
    if feed is None:
        raise Http404
    return _calendar(request, feed.person)


def _calendar(request: HttpRequest, person: Person) -> HttpResponseBase:
    content = written(planned(person, day=request.today), at=request.now)
    answer = attachment(content, name="planned.ics", content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    return answer
