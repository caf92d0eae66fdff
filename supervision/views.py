"""Pages of supervision: the applicant's, the supervisor's, the one behind a link, the office's."""

import re
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control

from applicants import access
from applicants import operations as case_operations
from applicants.access import Can
from applicants.models import Application, Attestation
from credentialing.people.models import Person
from credentialing.records.submissions import led, once
from supervision import operations, queries
from supervision.forms import (
    ActForm,
    AnswerForm,
    ApprovalForm,
    AskSessionsForm,
    AskSupervisorForm,
    ConfirmForm,
    EndApprovalForm,
    ReasonForm,
    ReportForm,
    RequestForm,
    SessionForm,
    SessionsAnswerForm,
)
from supervision.models import Approval, Session, Supervision

PAGE = 50


def typed(request: HttpRequest) -> Any:
    """What was posted; None where the form is only to be shown."""
    return request.POST if request.method == "POST" else None


# --- The applicant -------------------------------------------------------------------------------


def mine(request: HttpRequest) -> HttpResponse:
    """The applicant's supervision: who supervises, every session and where it stands, reports."""
    rows = Supervision.objects.filter(applicant=request.person).select_related(
        "supervisor", "group"
    )
    supervisions = list(rows.order_by("-asked_at", "-pk"))
    application = _own_application(request)
    if application is None and not supervisions:
        raise Http404
    sessions = queries.logged(supervisions, at=request.now, withdrawn=True)
    reports = queries.reports(supervisions, released=True)
    context = {
        "application": application,
        "supervisions": [
            {
                "supervision": one,
                "sessions": [row for row in sessions[one.pk] if row.standing != "withdrawn"],
                "withdrawn": [row for row in sessions[one.pk] if row.standing == "withdrawn"],
                "to_ask": sum(row.can_be_asked for row in sessions[one.pk]),
                "reports": reports[one.pk],
            }
            for one in supervisions
        ],
        "questions": queries.open_questions(request.person),
    }
    return render(request, "supervision/mine.html", context)


def ask(request: HttpRequest) -> HttpResponse:
    """Choose a supervisor among those who are approved and have a free place."""
    application = _own_application(request)
    if application is None or not application.is_live:
        raise Http404
    approvals = queries.supervisors_with_places(request.today)
    form = AskSupervisorForm(typed(request), applicant=request.person, approvals=approvals)
    if form.is_valid() and form.does(
        lambda: operations.ask_supervisor(
            application,
            form.cleaned_data["supervisor"],
            group=form.cleaned_data["group"],
            by=request.person,
            at=request.now,
        )
    ):
        name = form.cleaned_data["supervisor"].name
        messages.success(request, _("A letter asks %(name)s.") % {"name": name})
        return redirect("my-supervision")
    full = [approval.supervisor.name for approval in approvals if not approval.free]
    return render(request, "supervision/ask.html", {"form": form, "full": full})


def end(request: HttpRequest, supervision: int) -> HttpResponse:
    """Either side ends a supervision, or the applicant takes a request back."""
    running = get_object_or_404(_of_person(request), pk=supervision)
    form = ReasonForm(typed(request), hint=_("The other side reads it."))
    if form.is_valid() and form.does(
        lambda: operations.end_supervision(
            running, reason=form.cleaned_data["reason"], by=request.person, at=request.now
        )
    ):
        messages.success(request, _("The supervision is ended. What was done until today counts."))
        return redirect(
            "supervisor" if running.supervisor_id == request.person.pk else "my-supervision"
        )
    context = {"form": form, "supervision": running, "back": _home(request, running)}
    return render(request, "supervision/end.html", context)


def log_session(request: HttpRequest, supervision: int) -> HttpResponse:
    """Log a session, by the applicant or by the supervisor."""
    running = get_object_or_404(_of_person(request), pk=supervision)
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
    return _home(request, supervision)


def edit_session(request: HttpRequest, session: int) -> HttpResponse:
    """Correct a session; a confirmation of what it was no longer holds."""
    row = get_object_or_404(_sessions_of_person(request), pk=session)
    form = SessionForm(
        typed(request), supervision=row.supervision, today=request.today, session=row
    )
    if form.is_valid() and form.does(
        lambda: operations.correct_session(row, **form.what(), by=request.person, at=request.now)
    ):
        messages.success(request, _("The session is saved."))
        return redirect(_home(request, row.supervision))
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
        "back": _home(request, supervision),
    }
    return render(request, "supervision/session.html", context)


def withdraw_session(request: HttpRequest, session: int) -> HttpResponse:
    """Withdraw a session with a reason; it can be restored."""
    row = get_object_or_404(_sessions_of_person(request), pk=session)
    form = ReasonForm(typed(request), hint=_("It becomes part of the record."))
    if form.is_valid() and form.does(
        lambda: operations.withdraw_session(
            row, reason=form.cleaned_data["reason"], by=request.person, at=request.now
        )
    ):
        messages.success(request, _("The session is withdrawn. You can restore it below."))
        return redirect(_home(request, row.supervision))
    context = {
        "form": form,
        "session": row,
        "words": queries.in_words(row),
        "back": _home(request, row.supervision),
    }
    return render(request, "supervision/withdraw.html", context)


def restore_session(request: HttpRequest, session: int) -> HttpResponse:
    """Take the withdrawal of a session back."""
    row = get_object_or_404(_sessions_of_person(request), pk=session)
    operations.restore_session(row, by=request.person, at=request.now)
    messages.success(request, _("The session is restored."))
    return redirect(_home(request, row.supervision))


def ask_sessions(request: HttpRequest, supervision: int) -> HttpResponse:
    """Send the supervisor a letter with a link that confirms sessions."""
    mine_only = Supervision.objects.filter(applicant=request.person).select_related("supervisor")
    running = get_object_or_404(mine_only, pk=supervision)
    rows = queries.logged([running], at=request.now)[running.pk]
    open_ones = [row.session for row in reversed(rows) if row.can_be_asked]
    form = AskSessionsForm(typed(request), sessions=open_ones)
    if form.is_valid() and form.does(
        lambda: operations.ask_for_sessions(
            running, form.cleaned_data["sessions"], by=request.person, at=request.now
        )
    ):
        name = running.supervisor.name
        messages.success(request, _("A letter asks %(name)s to confirm them.") % {"name": name})
        return redirect("my-supervision")
    context = {"form": form, "supervision": running, "sessions": open_ones}
    return render(request, "supervision/ask_sessions.html", context)


def remind(request: HttpRequest, attestation: int) -> HttpResponse:
    """Send the question once more, with a new link."""
    asked = get_object_or_404(Attestation.objects.filter(applicant=request.person), pk=attestation)
    operations.remind(asked, by=request.person, at=request.now)
    messages.success(request, _("A letter with a new link is on its way."))
    return redirect("my-supervision")


def withdraw_attestation(request: HttpRequest, attestation: int) -> HttpResponse:
    """Take a question back; its link is void."""
    asked = get_object_or_404(Attestation.objects.filter(applicant=request.person), pk=attestation)
    case_operations.withdraw_attestation(asked, by=request.person, at=request.now)
    messages.success(request, _("The question is taken back, and its link no longer works."))
    return redirect("my-supervision")


def _own_application(request: HttpRequest) -> Application | None:
    own = access.visible(request.person, Can.OWN, day=request.today)
    return own.order_by("-started_at", "-pk").first()


def _of_person(request: HttpRequest) -> Any:
    return queries.of_person(request.person).select_related("applicant", "supervisor")


def _sessions_of_person(request: HttpRequest) -> Any:
    rows = Session.objects.filter(supervision__in=queries.of_person(request.person))
    return rows.select_related("supervision__applicant", "supervision__supervisor")


def _home(request: HttpRequest, supervision: Supervision) -> str:
    """Where a supervision stands on the pages of the person who asks."""
    if supervision.applicant_id == request.person.pk:
        return reverse("my-supervision")
    case = queries.case_of(supervision)
    return reverse("supervised", args=[case.reference]) if case else reverse("supervisor")


# --- The supervisor ------------------------------------------------------------------------------


def applicants(request: HttpRequest) -> HttpResponse:
    """Whom the person supervises, who asks, and what waits for a confirmation."""
    found = queries.supervised(request.person, at=request.now)
    approval = Approval.objects.filter(supervisor=request.person).order_by("-start").first()
    if approval is None and not found:
        raise Http404
    groups = {state: [] for state in Supervision.State.values}
    for one in found:
        groups[one.supervision.state].append(one)
    context = {
        "requests": groups[Supervision.State.REQUESTED],
        "active": groups[Supervision.State.ACTIVE],
        "ended": groups[Supervision.State.ENDED],
        "to_confirm": sum(one.to_confirm for one in found),
        "approval": approval,
    }
    return render(request, "supervision/applicants.html", context)


def answer(request: HttpRequest, supervision: int) -> HttpResponse:
    """Accept or decline an applicant."""
    asked = get_object_or_404(_of_person(request), pk=supervision, supervisor=request.person)
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


def supervised(request: HttpRequest, reference: str) -> HttpResponse:
    """One applicant: sessions to confirm, all sessions, reports."""
    running = queries.of_supervisor(request.person, reference)
    return _supervised_page(request, running, reference)


def confirm_sessions(request: HttpRequest, reference: str) -> HttpResponse:
    """Confirm the sessions that are ticked."""
    running = queries.of_supervisor(request.person, reference)
    rows = queries.logged([running], at=request.now)[running.pk]
    waiting = [row.session for row in reversed(rows) if row.can_be_confirmed]
    form = ConfirmForm(request.POST, sessions=waiting)
    if form.is_valid() and form.does(
        lambda: operations.confirm_sessions(
            form.cleaned_data["sessions"], by=request.person, at=request.now
        )
    ):
        messages.success(
            request, _("Confirmed. %(name)s is told.") % {"name": running.applicant.name}
        )
        return redirect("supervised", reference)
    return _supervised_page(request, running, reference, form)


def _supervised_page(
    request: HttpRequest, supervision: Supervision, reference: str, form: ConfirmForm | None = None
) -> HttpResponse:
    rows = queries.logged([supervision], at=request.now, withdrawn=True)[supervision.pk]
    waiting = [row for row in reversed(rows) if row.can_be_confirmed]
    form = form or ConfirmForm(sessions=[row.session for row in waiting])
    follow = access.visible(request.person, Can.FOLLOW, day=request.today)
    context = {
        "supervision": supervision,
        "reference": reference,
        "form": form,
        "waiting": list(zip(waiting, form["sessions"], strict=False)),
        "others": [row for row in rows if not row.can_be_confirmed and row.standing != "withdrawn"],
        "withdrawn": [row for row in rows if row.standing == "withdrawn"],
        "reports": queries.report_places(supervision),
        "may_follow": follow.filter(reference=reference).exists(),
    }
    return render(request, "supervision/supervised.html", context)


def decline_session(request: HttpRequest, session: int) -> HttpResponse:
    """Say that a session was not as it stands, and why."""
    rows = _sessions_of_person(request).filter(supervision__supervisor=request.person)
    row = get_object_or_404(rows, pk=session)
    form = ReasonForm(typed(request), hint=_("The applicant reads it and can correct the session."))
    if form.is_valid() and form.does(
        lambda: operations.decline_session(
            row, reason=form.cleaned_data["reason"], by=request.person, at=request.now
        )
    ):
        messages.success(request, _("The applicant is told what is not right."))
        return redirect(_home(request, row.supervision))
    context = {
        "form": form,
        "session": row,
        "words": queries.in_words(row),
        "back": _home(request, row.supervision),
    }
    return render(request, "supervision/decline.html", context)


def report(request: HttpRequest, reference: str, which: str) -> HttpResponse:
    """Write the report of a supervision year, or the final one."""
    running = queries.of_supervisor(request.person, reference)
    place = next((one for one in queries.report_places(running) if one.slug == which), None)
    if place is None:
        raise Http404
    form = ReportForm(typed(request), report=place.report)
    if form.is_valid() and form.does(
        lambda: operations.write_report(
            running,
            year=place.year,
            text=form.cleaned_data["text"],
            release=form.cleaned_data["release"],
            by=request.person,
            at=request.now,
        )
    ):
        released = form.cleaned_data["release"]
        messages.success(
            request, _("The report is released.") if released else _("The draft is saved.")
        )
        return redirect("supervised", reference)
    context = {"form": form, "place": place, "supervision": running, "reference": reference}
    return render(request, "supervision/report.html", context)


# --- Behind a link -------------------------------------------------------------------------------

COOKIE = "attest"
HOUR = 60 * 60
TOKEN = re.compile(r"[A-Za-z0-9_-]{20,100}")
unseen = cache_control(no_store=True)


@unseen
def attest_link(request: HttpRequest, token: str) -> HttpResponse:
    """Trade the token in the address for a short cookie of its own kind, and a clean address.

    Nothing else happens, and it is the same for every token: mail scanners follow links.
    """
    answer = redirect("attest")
    answer.set_signed_cookie(
        COOKIE,
        token if TOKEN.fullmatch(token) else "-",
        salt="attest",
        max_age=HOUR,
        path=reverse("attest"),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return answer


@unseen
def attest(request: HttpRequest) -> HttpResponse:
    """Exactly what is attested; answered once, by a POST from this page."""
    asked = case_operations.attestation_by_token(_token(request))
    if asked is None:
        return render(request, "supervision/attest_dead.html", status=404)
    if queries.out_of_date(asked):
        return render(request, "supervision/attest_changed.html", {"attestation": asked})
    form, act = _question(request, asked)
    if form.is_valid() and form.does(act):
        answer = redirect("attested")
        answer.delete_cookie(COOKIE, path=reverse("attest"), samesite="Lax")
        return answer
    sessions = queries.asked_sessions(asked) if isinstance(form, SessionsAnswerForm) else []
    context = {
        "form": form,
        "attestation": asked,
        "changed": [queries.in_words(session) for session, current in sessions if not current],
    }
    return render(request, "supervision/attest.html", context)


def _question(request: HttpRequest, asked: Attestation) -> tuple[ActForm, Any]:
    """The form that an attestation is answered with, and the act of its answer."""
    if asked.kind == Attestation.Kind.SESSIONS:
        current = [session for session, same in queries.asked_sessions(asked) if same]
        form = SessionsAnswerForm(
            typed(request),
            sessions=current,
            initial={"name": asked.attestor.name, "role": _("Balint supervisor")},
        )
        return form, lambda: operations.answer_sessions(
            asked,
            ticked=form.ticked(),
            reasons=form.reasons(),
            name=form.cleaned_data["name"],
            role=form.cleaned_data["role"],
            at=request.now,
        )
    form = AnswerForm(typed(request), initial={"name": asked.attestor.name})
    return form, lambda: case_operations.answer_attestation(
        asked,
        given=form.cleaned_data["given"] == "yes",
        name=form.cleaned_data["name"],
        role=form.cleaned_data["role"],
        reason=form.cleaned_data["reason"],
        by_link=True,
        at=request.now,
    )


@unseen
def attest_again(request: HttpRequest) -> HttpResponse:
    """Send a new link to the address of an old one; the words never tell whether there was one."""
    if request.method == "POST":
        digest = sha256(_token(request).encode()).hexdigest()
        operations.send_new_link(digest, at=request.now)
        return redirect("attest-again")
    return render(request, "supervision/attest_again.html")


@unseen
def attested(request: HttpRequest) -> HttpResponse:
    """The answer is recorded."""
    return render(request, "supervision/attested.html")


def _token(request: HttpRequest) -> str:
    return request.get_signed_cookie(COOKIE, default="", salt="attest", max_age=HOUR)


# --- The office ----------------------------------------------------------------------------------


def approvals(request: HttpRequest) -> HttpResponse:
    """Who is approved as a supervisor, from when to when, and how many places are taken."""
    rows = queries.approvals(request.today)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "supervision/approvals.html", {"page": page})


def approve(request: HttpRequest, person: int) -> HttpResponse:
    """Approve a person as a supervisor."""
    known = get_object_or_404(Person.objects.filter(merged_into__isnull=True), pk=person)
    form = ApprovalForm(typed(request), initial={"start": request.today, "places": 3})
    if form.is_valid() and form.does(
        lambda: operations.approve_supervisor(
            known,
            **{name: form.cleaned_data[name] for name in ("start", "end", "places", "reason")},
            by=request.person,
            at=request.now,
        )
    ):
        messages.success(request, _("%(name)s is an approved supervisor.") % {"name": known.name})
        return redirect("approvals")
    return render(request, "supervision/approve.html", {"form": form, "person": known})


def end_approval(request: HttpRequest, approval: int) -> HttpResponse:
    """Set the last day of an approval."""
    row = get_object_or_404(Approval.objects.select_related("supervisor"), pk=approval)
    form = EndApprovalForm(typed(request), initial={"on": request.today})
    if form.is_valid() and form.does(
        lambda: operations.end_approval(
            row,
            on=form.cleaned_data["on"],
            reason=form.cleaned_data["reason"],
            by=request.person,
            at=request.now,
        )
    ):
        messages.success(request, _("The last day of the approval is set."))
        return redirect("approvals")
    return render(request, "supervision/end_approval.html", {"form": form, "approval": row})
