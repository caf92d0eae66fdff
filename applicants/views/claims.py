"""Credit for prior experience: what the text says, what was claimed, what was ruled."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from applicants import access, operations
from applicants.access import Can
from applicants.forms.claims import ClaimForm, needs_leader
from applicants.forms.groups import NewPersonForm, SearchForm
from applicants.models import Application, Claim
from applicants.queries import credits_of, procedure_of, shortfalls
from applicants.views.groups import found_by_key, searched
from applicants.views.own import mine, tried
from credentialing.people.models import Person
from credentialing.people.operations import enter_person
from credentialing.rules import words


def claims(request: HttpRequest) -> HttpResponse:
    """Each credit of the procedure with its text, and what became of the claims for it."""
    application = mine(request)
    context = {
        "application": application,
        "credits": credits_of(application, as_of=request.today),
        "is_live": application.is_live,
    }
    return render(request, "applicants/claims.html", context)


def claim_credit(request: HttpRequest, credit: str) -> HttpResponse:
    """Claim a credit; before it is saved the page can say whether the text supports it."""
    application = mine(request)
    asked = procedure_of(application).credit(credit)
    if asked is None:
        raise Http404
    form = ClaimForm(request.POST or None, credit=asked)
    leader = _leader(request) if needs_leader(asked) else {}
    lacking: list[str] | None = None
    if request.method == "POST" and form.is_valid() and _is_known(leader):
        if request.POST.get("action") == "check":
            lacking = shortfalls(
                application, credit, form.facts, with_leader=bool(leader), as_of=request.today
            )
        elif tried(form, lambda: _claim(request, application, credit, form.facts, leader)):
            messages.success(request, _("Your claim is on record. The Committee rules on it."))
            return redirect("claims")
    context = {
        "credit": asked,
        "title": words.name(asked.id),
        "form": form,
        "leader": leader,
        "lacking": lacking,
    }
    return render(request, "applicants/claim.html", context)


def _leader(request: HttpRequest) -> dict[str, Any]:
    """The leader of the claim: found among the people on record, or somebody new."""
    search = SearchForm(request.GET)
    chosen = found_by_key(request.GET.get("person"))
    form = None if chosen else NewPersonForm(request.POST or None, prefix="leader")
    return {"chosen": chosen, "form": form, "search": search, "people": searched(search)}


def _is_known(leader: dict[str, Any]) -> bool:
    return not leader or leader["chosen"] is not None or leader["form"].is_valid()


@transaction.atomic
def _claim(
    request: HttpRequest,
    application: Application,
    credit: str,
    facts: dict[str, Any],
    leader: dict[str, Any],
) -> Claim:
    person: Person | None = leader.get("chosen")
    if leader and person is None:
        person = enter_person(**leader["form"].cleaned_data, by=request.person)
    return operations.claim_credit(
        application, credit=credit, facts=facts, leader=person, by=request.person, at=request.now
    )


def own_claim(request: HttpRequest, claim: int) -> Claim:
    """A claim of the person's own; otherwise it does not exist."""
    return access.fetch(
        request.person,
        Can.OWN,
        Claim.objects.select_related("application", "leader"),
        day=request.today,
        through="application",
        pk=claim,
    )


def withdraw_claim(request: HttpRequest, claim: int) -> HttpResponse:
    """Take a claim back."""
    operations.withdraw_claim(own_claim(request, claim), by=request.person, at=request.now)
    messages.success(request, _("The claim is withdrawn."))
    return redirect("claims")


def ask_leader(request: HttpRequest, claim: int) -> HttpResponse:
    """Send the claim's leader a link to confirm it."""
    asked = operations.ask_credentialed_leader(
        own_claim(request, claim), by=request.person, at=request.now
    )
    messages.success(
        request, _("A link is on its way to %(name)s.") % {"name": asked.attestor.name}
    )
    return redirect("claims")
