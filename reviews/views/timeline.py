"""The applicant's page of further work: read, propose, agree, complete."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

import applicants.queries
from applicants import access
from applicants.access import Can
from applicants.models import Application
from reviews import operations
from reviews.forms import committee as forms
from reviews.models import Activity, TimelineVersion
from reviews.queries import timelines
from reviews.views.acting import done, posted
from reviews.views.activities import asked_for, formset


def own(request: HttpRequest) -> Application:
    """The person's own newest application, or 404."""
    application = applicants.queries.current_application(request.person, day=request.today)
    if application is None:
        raise Http404
    return application


def timeline(request: HttpRequest) -> HttpResponse:
    """What further work is asked of the applicant, by when, and what is done."""
    found = timelines.timeline(own(request), today=request.today)
    return render(request, "reviews/committee/timeline.html", {"timeline": found})


def propose(request: HttpRequest) -> HttpResponse:
    """Propose another version to the Committee."""
    found = timelines.timeline(own(request), today=request.today)
    if not found.is_open:
        return redirect("timeline")
    activities = formset(request, found.rows)
    form = forms.Note(posted(request))

    def act() -> str:
        operations.propose_timeline(
            found.timeline,
            activities=asked_for(activities),
            note=form.cleaned_data["note"],
            by=request.person,
            at=request.now,
        )
        messages.success(request, _("Your proposal was sent to the Committee."))
        return reverse("timeline")

    context = {"form": form, "activities": activities, "back": reverse("timeline")}
    ready = activities.is_bound and activities.is_valid()
    return (ready and done(request, form, act)) or render(
        request, "reviews/committee/propose_timeline.html", context
    )


def agree(request: HttpRequest, version: int) -> HttpResponse:
    """Consent to a version of one's own timeline."""
    wanted = access.fetch(
        request.person,
        Can.OWN,
        TimelineVersion.objects.all(),
        day=request.today,
        through="timeline__application",
        pk=version,
    )
    operations.consent(wanted, by=request.person, at=request.now)
    messages.success(request, _("You have agreed to the timeline."))
    return redirect("timeline")


def complete(request: HttpRequest, activity: int) -> HttpResponse:
    """Note how far an activity is, or that it is done, with a document where there is one."""
    wanted = access.fetch(
        request.person,
        Can.OWN,
        Activity.objects.select_related("version__timeline"),
        day=request.today,
        through="version__timeline__application",
        pk=activity,
    )
    form = forms.Done(posted(request), request.FILES or None)

    def act() -> str:
        said = {"file": form.cleaned_data["file"], "by": request.person, "at": request.now}
        if "progress" in request.POST:
            operations.note_progress(wanted, text=form.cleaned_data["note"], **said)
            messages.success(request, _("Your note is kept; the Committee can read it."))
            return reverse("complete-activity", args=[activity])
        operations.complete_activity(wanted, note=form.cleaned_data["note"], **said)
        messages.success(request, _("The activity is marked as done."))
        return reverse("timeline")

    context = {
        "form": form,
        "activity": wanted,
        "progress": timelines.progress(wanted.version.timeline).get(wanted.same, []),
        "back": reverse("timeline"),
    }
    return done(request, form, act) or render(
        request, "reviews/committee/complete_activity.html", context
    )
