"""What a supervisor sees: everybody they supervise, what waits, and what would count of it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from applicants import access
from applicants.access import Can
from applicants.models import Application, in_force
from credentialing.records.submissions import led, once
from credentialing.rules import words
from credentialing.standing.lines import lines
from credentialing.standing.queries import standing
from credentialing.standing.supervised import Supervised, supervised_one
from credentialing.standing.supervised import supervised as everybody
from supervision import operations, queries
from supervision.forms import VerdictsForm
from supervision.models import Approval, Supervision

State = Supervision.State


def applicants(request: HttpRequest) -> HttpResponse:
    """Whom the person supervises, who asks, and everything that waits for their word."""
    return _overview(request, None)


def confirm_sessions(request: HttpRequest) -> HttpResponse:
    """Say of sessions that they are so, otherwise, or not so; of one applicant or of many."""
    if before := led(request):
        return redirect(before)
    form = _form(request, everybody(request.person, at=request.now), request.POST)
    if form.is_valid() and form.does(lambda: once(request, lambda: _confirmed(request, form))):
        return redirect(form.answer)
    return _overview(request, form)


def _confirmed(request: HttpRequest, form: VerdictsForm) -> str:
    said = operations.confirm_sessions(form.verdicts(), by=request.person, at=request.now)
    people = {word.session.supervision.applicant_id: word.session.supervision for word in said}
    names = words.listed(sorted(each.applicant.name for each in people.values()))
    messages.success(request, _("Recorded. %(names)s can see it.") % {"names": names})
    if len(people) == 1:
        [supervision] = people.values()
        case = queries.case_of(supervision)
        if case:
            return reverse("supervised", args=[case.reference])
    return reverse("supervisor")


def _overview(request: HttpRequest, form: VerdictsForm | None) -> HttpResponse:
    found = everybody(request.person, at=request.now)
    approval = Approval.objects.filter(supervisor=request.person).order_by("-start").first()
    if approval is None and not found:
        raise Http404
    form = form or _form(request, found, None)
    groups: dict[str, list[Supervised]] = {state: [] for state in State.values}
    for one in found:
        groups[one.supervision.state].append(one)
    context = {
        "requests": groups[State.REQUESTED],
        "active": groups[State.ACTIVE],
        "ended": groups[State.ENDED],
        "waiting": [(one, _rows(form, one)) for one in found if one.awaiting],
        "to_confirm": sum(len(one.awaiting) for one in found),
        "approval": approval,
        "in_force": approval is not None and in_force(approval.start, approval.end, request.today),
        "availability": getattr(request.person, "availability", None),
        "form": form,
    }
    return render(request, "standing/supervisor.html", context)


def supervised(request: HttpRequest, reference: str) -> HttpResponse:
    """One applicant: what waits, what the year still needs, all sessions, reports."""
    running = queries.of_supervisor(request.person, reference)
    one = supervised_one(running, at=request.now)
    form = _form(request, [one], None)
    follow = access.visible(request.person, Can.FOLLOW, day=request.today)
    context = {
        "one": one,
        "supervision": running,
        "reference": reference,
        "form": form,
        "rows": _rows(form, one),
        "added": [(queries.in_words(each), each.added_at) for each in one.forgotten],
        "reports": queries.report_places(running),
        "may_follow": follow.filter(reference=reference).exists(),
    }
    return render(request, "standing/supervised.html", context)


def follow(request: HttpRequest, reference: str) -> HttpResponse:
    """The requirements of a case, for those whose relation to it shows them: nothing to act on."""
    case = access.fetch(
        request.person,
        Can.FOLLOW,
        Application.objects.select_related("applicant"),
        day=request.today,
        reference=reference,
    )
    now = standing(case, request.today)
    shown = [line | _without_links(line) for line in lines(now, acts=False)]
    context = {
        "application": case,
        "sentence": words.summary(now.data, now.procedure),
        "lines": shown,
    }
    return render(request, "standing/follow.html", context)


def _without_links(line: dict[str, Any]) -> dict[str, Any]:
    """The evidence of a line in words alone: its pages are the applicant's."""
    return {
        name: [{**item, "url": ""} for item in line[name]]
        for name in ("evidence", "uncounted", "rulings")
    }


def _form(request: HttpRequest, found: list[Supervised], typed: Any) -> VerdictsForm:
    sessions = [each.row.session for one in found for each in one.awaiting]
    return VerdictsForm(typed, sessions=sessions, today=request.today, everything=False)


def _rows(form: VerdictsForm, one: Supervised) -> list[tuple[Any, Any]]:
    """Each session that waits, with its fields."""
    fields = {row.session.pk: row for row in form.rows()}
    return [
        (each, fields[each.row.session.pk])
        for each in one.awaiting
        if each.row.session.pk in fields
    ]
