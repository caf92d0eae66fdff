"""Rulings: on a requirement, on a claim, and their revocation, each seen before it is made."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import applicants.operations
from applicants import access, stages
from applicants.models import Application, Claim, Ruling
from credentialing.records.refusals import Refused
from credentialing.rules import Requirement, words
from credentialing.standing.queries import Standing, standing
from reviews.forms import committee as forms
from reviews.queries import lines
from reviews.queries import rulings as ruled
from reviews.views.acting import chaired, head, in_two_steps, posted

KINDS = {
    Ruling.Kind.ACCEPT: gettext_lazy("Accept"),
    Ruling.Kind.COUNT: gettext_lazy("Count evidence"),
    Ruling.Kind.SET: gettext_lazy("Change the numbers"),
    Ruling.Kind.WAIVE: gettext_lazy("Waive"),
}


def going_on(request: HttpRequest, reference: str) -> Application:
    """The case on which the person may act as Chair; refused once it has ended."""
    application = chaired(request, reference)
    if not application.is_live:
        raise Refused(stages.already(application))
    return application


def rule(request: HttpRequest, reference: str, requirement: str) -> HttpResponse:
    """Rule on a requirement: accept an issue, count evidence, set a number, or waive it."""
    application = going_on(request, reference)
    now = standing(application, request.today)
    wanted = now.procedure.requirement(requirement)
    if wanted is None:
        raise Http404
    kind = _kind(request, now, wanted)
    form, refusal = _form(request, application, now, wanted, kind)

    def compare() -> tuple[Standing, Standing]:
        return now, ruled.with_exception(
            now,
            requirement=wanted.id,
            terms=form.terms(),
            day=request.today,
            reason=form.cleaned_data["reason"],
        )

    def act() -> str:
        applicants.operations.rule(
            application,
            kind=kind,
            requirement=wanted.id,
            terms=form.terms(),
            reason=form.cleaned_data["reason"],
            **form.meeting,
            by=request.person,
            at=request.now,
        )
        messages.success(request, _("The ruling is recorded."))
        return reverse("case-rulings", args=[reference])

    here = reverse("rule", args=[reference, wanted.id])
    line = next(each for each in lines.lines(now) if each["entry"]["id"] == wanted.id)
    context = head(request, application) | {
        "requirement": wanted,
        "line": line,
        "refusal": refusal,
        "kinds": [
            {"label": label, "url": f"{here}?kind={each}", "current": each == kind}
            for each, label in KINDS.items()
        ],
        "precedents": ruled.precedents(
            request.person,
            kind=kind,
            requirement=wanted.id,
            day=request.today,
            but=application,
        ),
        "back": reverse("case", args=[reference]),
    }
    return in_two_steps(
        request,
        form,
        template="reviews/committee/rule.html",
        context=context,
        compare=compare,
        act=act,
    )


def _kind(request: HttpRequest, now: Standing, wanted: Requirement) -> Ruling.Kind:
    """The kind of ruling asked for; else the first that makes sense."""
    asked = request.GET.get("kind", "")
    if asked in KINDS:
        return Ruling.Kind(asked)
    entry = now.entries[wanted.id]
    if ruled.acceptable(entry):
        return Ruling.Kind.ACCEPT
    if ruled.countable(entry):
        return Ruling.Kind.COUNT
    return Ruling.Kind.SET if wanted.adjustable else Ruling.Kind.WAIVE


def _form(
    request: HttpRequest,
    application: Application,
    now: Standing,
    wanted: Requirement,
    kind: Ruling.Kind,
) -> tuple[Any, str]:
    """The form of a kind of ruling; or why the procedure leaves nothing to rule in this way."""
    entry = now.entries[wanted.id]
    common = {
        "people": access.committee(application, day=request.today),
        "today": request.today,
    }
    data = posted(request)
    if kind == Ruling.Kind.ACCEPT:
        offered = [(issue, now.issue(issue)) for issue in ruled.acceptable(entry)]
        form: Any = forms.Accept(data, offered=offered, **common)
        return form, "" if offered else _nothing_to_accept(entry)
    if kind == Ruling.Kind.COUNT:
        known = lines.labels(now)
        items = [
            (said["id"], f"{known.get(said['id'], said['id'])}: {words.uncounted(said)}")
            for said in ruled.countable(entry)
        ]
        form = forms.Count(data, offered=items, **common)
        return form, "" if items else _("Nothing was left out that a ruling could count.")
    if kind == Ruling.Kind.SET:
        in_force = ruled.settings_of(wanted, now)
        form = forms.Set(
            data, requirement=wanted, in_force=in_force, names=ruled.PARAMETERS, **common
        )
        return form, "" if in_force else _("The procedure lets nothing of this be adjusted.")
    form = forms.Waive(data, **common)
    return form, "" if wanted.may_waive else _("The procedure does not let this be waived.")


def _nothing_to_accept(entry: Any) -> str:
    if entry["issues"]:
        return _(
            "The procedure demands that the joint assessment is presented to the candidate and "
            "to the Committee. That can't be accepted as it stands; the evaluator presents it."
        )
    return _("The rules put no question before the Committee here.")


def rule_on_claim(request: HttpRequest, reference: str, claim: int) -> HttpResponse:
    """Grant or refuse a claim to credit for prior experience."""
    application = going_on(request, reference)
    wanted = Claim.objects.filter(
        pk=claim, application=application, withdrawn_at__isnull=True
    ).first()
    now = standing(application, request.today)
    credit = now.procedure.credit(wanted.credit) if wanted else None
    if wanted is None or credit is None:
        raise Http404
    form = forms.RuleOnClaim(
        posted(request),
        most_in_lieu=now.procedure.most_in_lieu(credit),
        people=access.committee(application, day=request.today),
        today=request.today,
    )

    def compare() -> tuple[Standing, Standing]:
        return now, ruled.with_claim(
            now,
            wanted,
            granted=form.granted,
            in_lieu_per_year=form.amount,
            day=request.today,
        )

    def act() -> str:
        common = {
            "reason": form.cleaned_data["reason"],
            **form.meeting,
            "by": request.person,
            "at": request.now,
        }
        if form.granted:
            applicants.operations.grant(wanted, in_lieu_per_year=form.amount, **common)
        else:
            applicants.operations.refuse(wanted, **common)
        messages.success(request, _("The ruling is recorded."))
        return reverse("case-rulings", args=[reference])

    said = next(each for each in now.data["claims"] if each["id"] == wanted.key)
    context = head(request, application) | {
        "credit": credit,
        "title": lines.title(wanted.credit),
        "state": words.claim(said),
        "facts": ruled.facts(wanted, now),
        "precedents": [
            each
            for kind in (Ruling.Kind.GRANT, Ruling.Kind.REFUSE)
            for each in ruled.precedents(
                request.person, kind=kind, credit=credit.id, day=request.today, but=application
            )
        ],
        "back": reverse("case-rulings", args=[reference]),
    }
    return in_two_steps(
        request,
        form,
        template="reviews/committee/rule_claim.html",
        context=context,
        compare=compare,
        act=act,
    )


def revoke(request: HttpRequest, reference: str, ruling: int) -> HttpResponse:
    """Revoke a ruling, with what that changes."""
    application = going_on(request, reference)
    wanted = ruled.revocable(application).filter(pk=ruling).first()
    if wanted is None:
        raise Http404
    now = standing(application, request.today)
    form = forms.Revoke(posted(request))

    def compare() -> tuple[Standing, Standing]:
        return now, ruled.without(now, wanted, day=request.today)

    def act() -> str:
        applicants.operations.revoke(
            wanted, reason=form.cleaned_data["reason"], by=request.person, at=request.now
        )
        messages.success(request, _("The ruling is revoked."))
        return reverse("case-rulings", args=[reference])

    context = head(request, application) | {
        "ruling": ruled.describe(wanted, lines.labels(now)),
        "reason": wanted.reason,
        "ruled_on": wanted.ruled_on,
        "back": reverse("case-rulings", args=[reference]),
    }
    return in_two_steps(
        request,
        form,
        template="reviews/committee/revoke.html",
        context=context,
        compare=compare,
        act=act,
    )
