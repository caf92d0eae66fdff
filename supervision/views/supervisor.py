"""What a supervisor does: answers requests, adds, declines, reports, says who may ask."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from credentialing.records.submissions import led, once
from supervision import operations, queries
from supervision.forms import (
    AvailabilityForm,
    ForgottenForm,
    ReportForm,
    RequestForm,
)
from supervision.models import Report, Supervision
from supervision.views.own import (
    for_a_reason,
    home,
    of_person,
    own_application,
    sessions_of_person,
    typed,
)


def answer(request: HttpRequest, supervision: int) -> HttpResponse:
    """Accept or decline an applicant."""
    asked = get_object_or_404(of_person(request), pk=supervision, supervisor=request.person)
    form = RequestForm(typed(request))
    if form.is_valid() and form.does(lambda: _answered(request, asked, form)):
        return redirect("supervisor")
    return render(request, "supervision/request.html", {"form": form, "supervision": asked})


def _answered(request: HttpRequest, asked: Supervision, form: RequestForm) -> None:
    if form.cleaned_data["answer"] == "accept":
        operations.accept_supervision(asked, by=request.person, at=request.now)
        said = _("You supervise %(name)s from today.")
    else:
        operations.decline_supervision(
            asked, reason=form.cleaned_data["reason"], by=request.person, at=request.now
        )
        said = _("You declined. %(name)s is told.")
    messages.success(request, said % {"name": asked.applicant.name})


def decline_session(request: HttpRequest, session: int) -> HttpResponse:
    """Say that a session was not as it stands, and why."""
    rows = sessions_of_person(request).filter(supervision__supervisor=request.person)
    row = get_object_or_404(rows, pk=session)
    return for_a_reason(
        request,
        operations.decline_session,
        row,
        hint=_("The applicant reads it and can correct the session."),
        said=_("The applicant is told what is not right."),
        template="supervision/decline.html",
        back=home(request, row.supervision),
        session=row,
        words=queries.in_words(row),
    )


def add_forgotten(request: HttpRequest, supervision: int) -> HttpResponse:
    """Add a session that the applicant has not logged, for them to accept."""
    running = get_object_or_404(of_person(request), pk=supervision, supervisor=request.person)
    if before := led(request):
        return redirect(before)
    form = ForgottenForm(typed(request), today=request.today)
    if form.is_valid() and form.does(lambda: once(request, lambda: _added(request, running, form))):
        return redirect(form.answer)
    context = {"form": form, "supervision": running, "back": home(request, running)}
    return render(request, "supervision/add_forgotten.html", context)


def _added(request: HttpRequest, supervision: Supervision, form: ForgottenForm) -> str:
    operations.add_forgotten(supervision, form.what(), by=request.person, at=request.now)
    name = supervision.applicant.name
    messages.success(request, _("%(name)s is asked to accept the session.") % {"name": name})
    return home(request, supervision)


def availability(request: HttpRequest) -> HttpResponse:
    """What the directory says of the supervisor, in their own hands."""
    approvals = queries.approved_supervisors(request.today)
    approval = next((one for one in approvals if one.supervisor_id == request.person.pk), None)
    if approval is None:
        raise Http404
    said = getattr(approval.supervisor, "availability", None)
    form = AvailabilityForm(typed(request), approval=approval, availability=said)
    if form.is_valid() and form.does(
        lambda: operations.keep_availability(
            request.person,
            takes_requests=form.cleaned_data["takes_requests"],
            places=form.cleaned_data["places"],
            note=form.cleaned_data["note"],
            by=request.person,
            at=request.now,
        )
    ):
        messages.success(request, _("The directory says so from now on."))
        return redirect("supervisor")
    return render(request, "supervision/availability.html", {"form": form, "approval": approval})


def directory(request: HttpRequest) -> HttpResponse:
    """Who is approved as a supervisor, with free places and what they say themselves."""
    application = own_application(request)
    context = {
        "approvals": queries.approved_supervisors(request.today),
        "may_ask": application is not None and application.is_live,
    }
    return render(request, "supervision/directory.html", context)


def report(request: HttpRequest, reference: str, which: str) -> HttpResponse:
    """Write the report of a supervision year, or the final one; save it, or release it."""
    running = queries.of_supervisor(request.person, reference)
    place = next((one for one in queries.report_places(running) if one.slug == which), None)
    if place is None:
        raise Http404
    form = ReportForm(typed(request), report=place.report)
    releases = request.POST.get("action") == "release"
    if form.is_valid() and form.does(lambda: _written(request, running, place, form, releases)):
        said = _("The report is released.") if releases else _("The draft is saved.")
        messages.success(request, said)
        return redirect("supervised", reference)
    context = {"form": form, "place": place, "supervision": running, "reference": reference}
    return render(request, "supervision/report.html", context)


@transaction.atomic
def _written(
    request: HttpRequest,
    supervision: Supervision,
    place: queries.ReportPlace,
    form: ReportForm,
    releases: bool,
) -> Report:
    acts = {"by": request.person, "at": request.now}
    saved = operations.save_report(
        supervision,
        year=place.year,
        text=form.cleaned_data["text"],
        ratings=form.ratings(),
        **acts,
    )
    return operations.release_report(saved, **acts) if releases else saved
