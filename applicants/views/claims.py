"""Credit for prior experience: what the text says, what was claimed, what was ruled."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from applicants import access, operations
from applicants.access import Can
from applicants.forms.claims import ClaimForm, needs_leader
from applicants.forms.documents import DocumentForm
from applicants.forms.groups import NewPersonForm, SearchForm
from applicants.models import Application, Claim
from applicants.queries import credits_of, earlier_claim, procedure_of, shortfalls
from applicants.views.documents import added
from applicants.views.groups import found_by_key, searched
from applicants.views.own import forgotten, mine, tried, what_was_typed
from credentialing.people.models import Person
from credentialing.people.operations import enter_person
from credentialing.records import keeping
from credentialing.records.submissions import led, once
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
    if led(request) or forgotten(request):
        return redirect(led(request) or request.path)
    earlier, typed = earlier_claim(request.person, credit), what_was_typed(request)
    initial = ClaimForm.initial_of(earlier.facts) if earlier else {}
    form = ClaimForm(typed, credit=asked, initial=initial)
    leader = _leader(request, earlier) if needs_leader(asked) else {}
    checks = request.htmx or request.POST.get("action") == "check"
    if request.method == "POST" and not checks:
        claim = partial(_claim, request, application, credit, form, leader)
        if form.is_valid() and _is_known(leader) and tried(form, lambda: once(request, claim)):
            keeping.forget(request)
            messages.success(request, _("Your claim is on record. The Committee rules on it."))
            return redirect("claims")
    context = {
        "kept": typed is not None and request.method != "POST",
        "earlier": earlier,
        "credit": asked,
        "title": words.name(asked.id),
        "form": form,
        "leader": leader,
        "lacking": _lacking(request, application, credit, form, leader) if checks else None,
    }
    template = "applicants/_support.html" if request.htmx else "applicants/claim.html"
    return render(request, template, context)


def _lacking(
    request: HttpRequest,
    application: Application,
    credit: str,
    form: ClaimForm,
    leader: dict[str, Any],
) -> list[str]:
    """What the text needs and what is typed so far does not show."""
    form.is_valid()
    return shortfalls(
        application, credit, form.facts, with_leader=_names(leader), as_of=request.today
    )


def _leader(request: HttpRequest, earlier: Claim | None) -> dict[str, Any]:
    """The leader of the claim: as in the earlier one, found on record, or somebody new."""
    search = SearchForm(request.GET)
    asked = request.GET.get("person")
    chosen = found_by_key(asked) if asked else earlier and earlier.leader
    form = None if chosen else NewPersonForm(request.POST or None, prefix="leader")
    return {"chosen": chosen, "form": form, "search": search, "people": searched(search)}


def _names(leader: dict[str, Any]) -> bool:
    """Whether anybody is named as the leader, well or not."""
    form = leader.get("form")
    return bool(leader.get("chosen") or (form and form["name"].value()))


def _is_known(leader: dict[str, Any]) -> bool:
    return not leader or leader["chosen"] is not None or leader["form"].is_valid()


@transaction.atomic
def _claim(
    request: HttpRequest,
    application: Application,
    credit: str,
    form: ClaimForm,
    leader: dict[str, Any],
) -> str:
    person: Person | None = leader.get("chosen")
    if leader and person is None:
        person = enter_person(**leader["form"].cleaned_data, by=request.person)
    who = {"by": request.person, "at": request.now}
    operations.claim_credit(application, credit=credit, facts=form.facts, leader=person, **who)
    return reverse("claims")


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


def claim_document(request: HttpRequest, claim: int) -> HttpResponse:
    """Hand in a document with a claim."""
    found = own_claim(request, claim)
    form = DocumentForm(request.POST or None, request.FILES or None)
    here = reverse("claims")
    if request.method == "POST" and added(request, form, found.application, to=here, claim=found):
        return redirect(here)
    context = {"form": form, "title": words.name(found.credit)}
    return render(request, "applicants/claim_document.html", context)


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
