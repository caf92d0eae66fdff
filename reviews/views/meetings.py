"""Meetings of the Committee: planned, prepared, recorded."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applicants import access
from credentialing.people.queries import holders
from credentialing.records import jobs
from credentialing.records.submissions import once
from reviews import operations
from reviews.forms import committee as forms
from reviews.models import AgendaItem, CommitteeMeeting
from reviews.queries import meetings as held
from reviews.views.acting import done, posted


def meetings(request: HttpRequest) -> HttpResponse:
    """The meetings to come and those that were; and a new one."""
    acts = bool(request.roles & access.CHAIR)
    form = forms.Plan(posted(request))
    if form.is_bound and not acts:
        raise Http404

    def act() -> str:
        said = {name: form.cleaned_data[name] for name in ("day", "place")}
        made = operations.plan_meeting(**said, by=request.person, at=request.now)
        return reverse("committee-meeting", args=[made.pk])

    context = {
        "form": form if acts else None,
        "planned": held.planned(request.today),
        "past": held.past(request.today)[:50],
    }
    return done(request, form, act) or render(request, "reviews/committee/meetings.html", context)


def meeting(request: HttpRequest, sitting: int) -> HttpResponse:
    """One meeting: its agenda, what is decided, who was there."""
    wanted = get_object_or_404(CommitteeMeeting, pk=sitting)
    acts = bool(request.roles & access.CHAIR)
    is_open = wanted.closed_at is None and wanted.cancelled_at is None
    groups = held.agenda(wanted, request.person, day=request.today)
    form = forms.Minutes(
        posted(request),
        people=holders(*access.COMMITTEE, day=wanted.day),
        items=[item for row in groups if row["acts"] for item in row["items"]],
        present=wanted.present,
    )
    if form.is_bound and not acts:
        raise Http404

    def act() -> str:
        by = {"by": request.person, "at": request.now}
        operations.record_minutes(
            wanted, present=form.cleaned_data["present"], decisions=form.decisions(), **by
        )
        if "close" in request.POST:
            operations.close_meeting(wanted, **by)
            messages.success(request, _("The meeting is closed; its minutes stand."))
        else:
            messages.success(request, _("The minutes are kept."))
        return reverse("committee-meeting", args=[sitting])

    context = {
        "meeting": wanted,
        "is_open": is_open,
        "groups": form.placed(groups),
        "present": held.present(wanted),
        "acts": acts and is_open,
        "records": acts and is_open and wanted.day <= request.today,
        "form": form,
    }
    return done(request, form, act) or render(request, "reviews/committee/meeting.html", context)


def fill(request: HttpRequest, sitting: int) -> HttpResponse:
    """Put what waits on the agenda."""
    wanted = get_object_or_404(CommitteeMeeting, pk=sitting)
    number = operations.fill_agenda(wanted, by=request.person, at=request.now)
    said = ngettext(
        "%(n)d matter was put on the agenda.", "%(n)d matters were put on the agenda.", number
    )
    messages.success(
        request, said % {"n": number} if number else _("Everything that waits is on the agenda.")
    )
    return redirect("committee-meeting", sitting)


def drop(request: HttpRequest, sitting: int, item: int) -> HttpResponse:
    """Take a matter off the agenda."""
    wanted = get_object_or_404(AgendaItem, pk=item, meeting=sitting)
    operations.drop_from_agenda(wanted, by=request.person, at=request.now)
    messages.success(request, _("The matter is off the agenda; it stays in the queue."))
    return redirect("committee-meeting", sitting)


def cancel(request: HttpRequest, sitting: int) -> HttpResponse:
    """Call a meeting off."""
    wanted = get_object_or_404(CommitteeMeeting, pk=sitting)
    operations.cancel_meeting(wanted, by=request.person, at=request.now)
    messages.success(request, _("The meeting is called off."))
    return redirect("committee-meetings")


def papers(request: HttpRequest, sitting: int, paper: str) -> HttpResponse:
    """Ask for the packet or the minutes as a PDF."""
    wanted = get_object_or_404(CommitteeMeeting, pk=sitting)
    if paper not in ("packet", "minutes"):
        raise Http404
    page = reverse("committee-meeting", args=[wanted.pk])

    def act() -> str:
        job = jobs.ask(f"meeting-{paper}", by=request.person, page=page, meeting=wanted.pk)
        return reverse("job", args=[job.pk])

    return redirect(once(request, act))
