"""The office: who is approved as a supervisor, and what was attested on paper."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from applicants import access
from applicants import operations as case_operations
from applicants import queries as case_queries
from applicants.access import Can
from applicants.models import Application, Attestation, BalintGroup, Claim
from credentialing.people.models import Person
from supervision import operations, queries
from supervision.forms import (
    ApprovalForm,
    EndApprovalForm,
    PaperForm,
)
from supervision.models import Approval, Supervision
from supervision.views.own import files, typed

PAGE = 50


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


def papers(request: HttpRequest, reference: str) -> HttpResponse:
    """What of a case can be entered as attested on paper, and what was."""
    case = _operated(request, reference)
    found = queries.asked(case.applicant, at=request.now)
    context = {
        "case": case,
        "places": queries.to_ask(case.applicant, [], at=request.now),
        "entered": [one for one in found if one.answer and one.answer.scan_id],
    }
    return render(request, "supervision/papers.html", context)


def paper_sessions(request: HttpRequest, reference: str, subject: int) -> HttpResponse:
    """Enter sessions that were attested on paper, with the scan."""
    case = _operated(request, reference)
    rows = Supervision.objects.filter(applicant=case.applicant, state__in=queries.COUNTED_ONCE)
    running = get_object_or_404(rows.select_related("supervisor"), pk=subject)
    logged = queries.logged([running], at=request.now)[running.pk]
    sessions = [row.session for row in reversed(logged) if row.can_be_confirmed]
    if not sessions:
        raise Http404
    form = PaperForm(typed(request), files(request), today=request.today, sessions=sessions)
    if form.is_valid() and form.does(
        lambda: operations.enter_paper_sessions(
            case, running, form.chosen(), **form.what(), by=request.person, at=request.now
        )
    ):
        return _entered(request, case)
    return _paper_page(request, form, case, running.supervisor, "")


def paper_statement(
    request: HttpRequest, reference: str, what: str, subject: int, person: int
) -> HttpResponse:
    """Enter a co-leading or a leader's credential that was attested on paper, with the scan."""
    case = _operated(request, reference)
    find = {"co-leading": _paper_co_leading, "claim": _paper_claim}.get(what)
    if find is None:
        raise Http404
    signed_until = PaperForm(typed(request), files(request), today=request.today)
    day = signed_until.cleaned_data["signed_on"] if signed_until.is_valid() else request.today
    attestor, text, enter = find(case, subject, person, day)
    form = signed_until
    if form.is_valid() and form.does(
        lambda: enter(**form.what(), by=request.person, at=request.now)
    ):
        return _entered(request, case)
    return _paper_page(request, form, case, attestor, text)


def _paper_co_leading(case: Application, subject: int, person: int, day: Any) -> Any:
    own = BalintGroup.objects.filter(applicant=case.applicant, leaders__person=person)
    group = get_object_or_404(own.exclude(leaders__isnull=True).distinct(), pk=subject)
    partner = get_object_or_404(Person, pk=person)
    led_until = (group.pk, partner.pk, day)
    statement = case_queries.co_leading(case.applicant, [led_until])[led_until]
    return (
        partner,
        statement.text,
        partial(
            case_operations.enter_paper,
            case,
            kind=Attestation.Kind.CO_LEADING,
            attestor=partner,
            statement=statement,
            group=group,
            as_of=day,
        ),
    )


def _paper_claim(case: Application, subject: int, person: int, _day: Any) -> Any:
    own = Claim.objects.filter(application=case, withdrawn_at__isnull=True, leader=person)
    claim = get_object_or_404(own.select_related("leader", "application__applicant"), pk=subject)
    text = case_queries.statement_of_claim(claim).text
    return claim.leader, text, partial(case_operations.enter_paper_of_claim, claim)


def _operated(request: HttpRequest, reference: str) -> Application:
    rows = Application.objects.select_related("applicant")
    return access.fetch(request.person, Can.OPERATE, rows, day=request.today, reference=reference)


def _paper_page(
    request: HttpRequest, form: PaperForm, case: Application, attestor: Person, text: str
) -> HttpResponse:
    context = {"form": form, "case": case, "person": attestor, "lines": text.split("\n")}
    return render(request, "supervision/paper.html", context)


def _entered(request: HttpRequest, case: Application) -> HttpResponse:
    messages.success(request, _("It is on record, marked as documented elsewhere."))
    return redirect("papers", case.reference)
