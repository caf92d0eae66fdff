"""Behind a link: what is attested, answered once. Never a login, and no sight of anything else."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from applicants import operations as case_operations
from applicants.models import Attestation
from credentialing.records.links import trade, traded, unseen, used
from supervision import operations, queries
from supervision.forms import (
    AnswerForm,
    OnceForm,
    SessionsAnswerForm,
)
from supervision.views.own import typed

PAGE = "attest"


@unseen
def attest_link(request: HttpRequest, token: str) -> HttpResponse:
    """Trade the link for a cookie."""
    return trade(request, token, page=PAGE)


@unseen
def attest(request: HttpRequest) -> HttpResponse:
    """Exactly what is attested; answered once, by a POST from this page."""
    asked = case_operations.attestation_behind(traded(request, page=PAGE))
    if asked is None:
        return render(request, "supervision/attest_dead.html", status=404)
    if queries.out_of_date(asked):
        context = {"attestation": asked, "difference": queries.changed_since(asked)}
        return render(request, "supervision/attest_changed.html", context)
    form, act = _question(request, asked)
    if form.is_valid() and form.does(act):
        return used(redirect("attested"), page=PAGE)
    context = {
        "form": form,
        "rows": [(None, row) for row in form.rows()] if asked.kind == "sessions" else [],
        "attestation": asked,
        "lines": asked.text.split("\n"),
        "before": _before(asked, at=request.now),
        "changed": queries.changed_since(asked),
    }
    return render(request, "supervision/attest.html", context)


def _before(asked: Attestation, *, at: Any) -> list[dict[str, Any]]:
    """What the attestor confirmed before, where what is asked now differs from it."""
    if asked.kind != Attestation.Kind.SESSIONS:
        return queries.before(asked)
    sessions = [session for session, same in queries.asked_sessions(asked) if same]
    rows = queries.logged([session.supervision for session in sessions[:1]], at=at)
    wanted = {session.pk for session in sessions}
    return [
        line
        for of in rows.values()
        for row in of
        if row.session.pk in wanted
        for line in row.difference
    ]


def _question(request: HttpRequest, asked: Attestation) -> tuple[OnceForm, Any]:
    """The form that an attestation is answered with, and the act of its answer."""
    if asked.kind == Attestation.Kind.SESSIONS:
        current = [session for session, same in queries.asked_sessions(asked) if same]
        form = SessionsAnswerForm(
            typed(request),
            sessions=current,
            today=request.today,
            initial={"name": asked.attestor.name, "role": _("Balint supervisor")},
        )
        return form, lambda: operations.answer_sessions(
            asked,
            form.verdicts(),
            form.remembered(),
            name=form.cleaned_data["name"],
            role=form.cleaned_data["role"],
            at=request.now,
        )
    roles = {
        Attestation.Kind.CO_LEADING: _("Co-leader of the group"),
        Attestation.Kind.CREDENTIALED: _("Credentialed Balint group leader"),
    }
    form = AnswerForm(
        typed(request), initial={"name": asked.attestor.name, "role": roles[asked.kind]}
    )
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
        operations.send_new_link(traded(request, page=PAGE), at=request.now)
        return redirect("attest-again")
    return render(request, "supervision/attest_again.html")


@unseen
def attested(request: HttpRequest) -> HttpResponse:
    """The answer is recorded."""
    return render(request, "supervision/attested.html")
