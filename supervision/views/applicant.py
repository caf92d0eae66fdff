"""The applicant's pages: who supervises, and every session."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from credentialing.records.submissions import led, once
from supervision import operations, queries
from supervision.forms import (
    AskSupervisorForm,
    SessionForm,
)
from supervision.models import Forgotten, Session, Supervision
from supervision.views.own import (
    for_a_reason,
    home,
    of_person,
    own_application,
    sessions_of_person,
    typed,
)


def mine(request: HttpRequest) -> HttpResponse:
    """The applicant's supervision: who supervises, every session and where it stands, reports."""
    rows = Supervision.objects.filter(applicant=request.person).select_related(
        "supervisor", "group"
    )
    supervisions = list(rows.order_by("-asked_at", "-pk"))
    application = own_application(request)
    if application is None and not supervisions:
        raise Http404
    sessions = queries.logged(supervisions, at=request.now, withdrawn=True)
    reports = queries.reports(supervisions, released=True)
    added = queries.forgotten(supervisions)
    context = {
        "application": application,
        "supervisions": [
            {
                "supervision": one,
                "sessions": [row for row in sessions[one.pk] if row.standing != "withdrawn"],
                "withdrawn": [row for row in sessions[one.pk] if row.standing == "withdrawn"],
                "to_ask": sum(row.can_be_asked for row in sessions[one.pk]),
                "forgotten": [(row, queries.in_words(row)) for row in added[one.pk]],
                "reports": reports[one.pk],
            }
            for one in supervisions
        ],
    }
    return render(request, "supervision/mine.html", context)


def ask(request: HttpRequest) -> HttpResponse:
    """Choose a supervisor among those who are approved and have a free place."""
    application = own_application(request)
    if application is None or not application.is_live:
        raise Http404
    approvals = queries.approved_supervisors(request.today)
    form = AskSupervisorForm(typed(request), applicant=request.person, approvals=approvals)
    if form.is_valid() and form.does(
        lambda: operations.ask_supervisor(
            application,
            form.cleaned_data["supervisor"],
            group=form.cleaned_data["group"],
            word=form.cleaned_data["word"],
            by=request.person,
            at=request.now,
        )
    ):
        name = form.cleaned_data["supervisor"].name
        messages.success(request, _("A letter asks %(name)s.") % {"name": name})
        return redirect("my-supervision")
    full = [one.supervisor.name for one in approvals if not one.can_be_asked]
    return render(request, "supervision/ask.html", {"form": form, "full": full})


def end(request: HttpRequest, supervision: int) -> HttpResponse:
    """Either side ends a supervision, or the applicant takes a request back."""
    running = get_object_or_404(of_person(request), pk=supervision)
    supervises = running.supervisor_id == request.person.pk
    return for_a_reason(
        request,
        operations.end_supervision,
        running,
        hint=_("The other side reads it."),
        said=_("The supervision is ended. What was done until today counts."),
        template="supervision/end.html",
        back=home(request, running),
        then=reverse("supervisor" if supervises else "my-supervision"),
        supervision=running,
    )


def log_session(request: HttpRequest, supervision: int) -> HttpResponse:
    """The applicant logs a session."""
    running = get_object_or_404(of_person(request), pk=supervision, applicant=request.person)
    if before := led(request):
        return redirect(before)
    form = SessionForm(typed(request), supervision=running, today=request.today)
    if form.is_valid() and form.does(
        lambda: once(request, lambda: _logged(request, running, form))
    ):
        return redirect(form.answer)
    return _session_page(request, form, running, None)


def _logged(request: HttpRequest, supervision: Supervision, form: SessionForm) -> str:
    operations.log_session(supervision, **form.what(), by=request.person, at=request.now)
    messages.success(request, _("The session is logged."))
    return home(request, supervision)


def edit_session(request: HttpRequest, session: int) -> HttpResponse:
    """Correct a session; a confirmation of what it was no longer holds."""
    row = get_object_or_404(sessions_of_person(request), pk=session)
    form = SessionForm(
        typed(request), supervision=row.supervision, today=request.today, session=row
    )
    if form.is_valid() and form.does(
        lambda: operations.correct_session(row, **form.what(), by=request.person, at=request.now)
    ):
        messages.success(request, _("The session is saved."))
        return redirect(home(request, row.supervision))
    return _session_page(request, form, row.supervision, row)


def _session_page(
    request: HttpRequest, form: SessionForm, supervision: Supervision, session: Session | None
) -> HttpResponse:
    confirmed = session is not None and queries.confirmation(session) is not None
    context = {
        "form": form,
        "supervision": supervision,
        "session": session,
        "confirmed": confirmed,
        "mine": supervision.supervisor_id == request.person.pk,
        "back": home(request, supervision),
    }
    return render(request, "supervision/session.html", context)


def withdraw_session(request: HttpRequest, session: int) -> HttpResponse:
    """Withdraw a session with a reason; it can be restored."""
    row = get_object_or_404(sessions_of_person(request), pk=session)
    return for_a_reason(
        request,
        operations.withdraw_session,
        row,
        hint=_("It becomes part of the record."),
        said=_("The session is withdrawn. You can restore it below."),
        template="supervision/withdraw.html",
        back=home(request, row.supervision),
        words=queries.in_words(row),
    )


def restore_session(request: HttpRequest, session: int) -> HttpResponse:
    """Take the withdrawal of a session back."""
    row = get_object_or_404(sessions_of_person(request), pk=session)
    operations.restore_session(row, by=request.person, at=request.now)
    messages.success(request, _("The session is restored."))
    return redirect(home(request, row.supervision))


def accept_forgotten(request: HttpRequest, forgotten: int) -> HttpResponse:
    """Accept a session that the supervisor added."""
    operations.accept_forgotten(_added(request, forgotten), by=request.person, at=request.now)
    messages.success(request, _("The session is logged, and confirmed by your supervisor."))
    return redirect("my-supervision")


def decline_forgotten(request: HttpRequest, forgotten: int) -> HttpResponse:
    """Say why a session that the supervisor added is not accepted."""
    row = _added(request, forgotten)
    return for_a_reason(
        request,
        operations.decline_forgotten,
        row,
        hint=_("Your supervisor reads it."),
        said=_("Your supervisor is told."),
        template="supervision/decline_forgotten.html",
        back=reverse("my-supervision"),
        row=row,
        words=queries.in_words(row),
    )


def _added(request: HttpRequest, forgotten: int) -> Forgotten:
    rows = Forgotten.objects.filter(supervision__applicant=request.person)
    return get_object_or_404(rows.select_related("supervision__supervisor"), pk=forgotten)
