"""The applicant's attestations: asked, sent again, taken back, asked anew."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from applicants import operations as case_operations
from applicants import queries as case_queries
from applicants.models import Attestation, BalintGroup, Claim
from credentialing.people.models import Person
from supervision import operations, queries
from supervision.forms import (
    AddressForm,
    AskSessionsForm,
)
from supervision.models import Supervision
from supervision.views.own import own_application, typed


def attestations(request: HttpRequest) -> HttpResponse:
    """Everything that others were asked to attest, and where it stands; and what can be asked."""
    if own_application(request) is None:
        raise Http404
    found = queries.asked(request.person, at=request.now)
    context = {
        "mine": [one for one in found if one.can_be_asked_again or one.standing == "expired"],
        "theirs": [one for one in found if one.standing == "pending" and not one.difference],
        "attested": [one for one in found if one.standing == "attested"],
        "to_ask": queries.to_ask(request.person, found, at=request.now),
    }
    context["is_empty"] = not any(context.values())
    return render(request, "supervision/attestations.html", context)


def ask_sessions(request: HttpRequest, supervision: int) -> HttpResponse:
    """Send the supervisor a letter with a link that confirms sessions."""
    mine_only = Supervision.objects.filter(applicant=request.person)
    running = get_object_or_404(mine_only.select_related("supervisor__user"), pk=supervision)
    rows = queries.logged([running], at=request.now)[running.pk]
    open_ones = [row.session for row in reversed(rows) if row.can_be_asked]
    form = AskSessionsForm(typed(request), sessions=open_ones, attestor=running.supervisor)
    if form.is_valid() and form.does(
        lambda: operations.ask_for_sessions(
            running,
            form.cleaned_data["sessions"],
            address=form.to,
            by=request.person,
            at=request.now,
        )
    ):
        return _sent(request, running.supervisor)
    context = {"form": form, "supervision": running, "sessions": open_ones}
    return render(request, "supervision/ask_sessions.html", context)


def ask_co_leader(request: HttpRequest, group: int, person: int) -> HttpResponse:
    """Ask a co-leader to confirm the evenings and the reviews of a group up to today."""
    own = BalintGroup.objects.filter(applicant=request.person, leaders__person=person)
    led_together = get_object_or_404(own.distinct(), pk=group)
    partner = Person.objects.select_related("user").get(pk=person)
    subject = (led_together.pk, partner.pk, request.today)
    form = AddressForm(typed(request), attestor=partner)
    if form.is_valid() and form.does(
        lambda: case_operations.ask_co_leader(
            led_together, partner, address=form.to, by=request.person, at=request.now
        )
    ):
        return _sent(request, partner)
    statement = case_queries.co_leading(request.person, [subject])[subject]
    return _ask_page(request, form, partner, statement.text)


def ask_claim(request: HttpRequest, claim: int) -> HttpResponse:
    """Ask the leader of a claim to confirm the co-leading and the credential."""
    own = Claim.objects.filter(
        application__applicant=request.person, withdrawn_at__isnull=True, leader__isnull=False
    )
    claimed = get_object_or_404(
        own.select_related("leader__user", "application__applicant", "attestation__answer"),
        pk=claim,
    )
    form = AddressForm(typed(request), attestor=claimed.leader)
    if form.is_valid() and form.does(
        lambda: case_operations.ask_credentialed_leader(
            claimed, address=form.to, by=request.person, at=request.now
        )
    ):
        return _sent(request, claimed.leader)
    text = case_queries.statement_of_claim(claimed).text
    return _ask_page(request, form, claimed.leader, text)


def _ask_page(request: HttpRequest, form: AddressForm, person: Person, text: str) -> HttpResponse:
    context = {"form": form, "person": person, "lines": text.split("\n")}
    return render(request, "supervision/ask_statement.html", context)


def _sent(request: HttpRequest, person: Person) -> HttpResponse:
    messages.success(request, _("A letter asks %(name)s to confirm it.") % {"name": person.name})
    return redirect("my-attestations")


def remind(request: HttpRequest, attestation: int) -> HttpResponse:
    """Send the question once more, with a new link."""
    operations.remind(_own(request, attestation), by=request.person, at=request.now)
    messages.success(request, _("A letter with a new link is on its way."))
    return redirect("my-attestations")


def withdraw_attestation(request: HttpRequest, attestation: int) -> HttpResponse:
    """Take a question back; its link is void."""
    asked = _own(request, attestation)
    case_operations.withdraw_attestation(asked, by=request.person, at=request.now)
    messages.success(request, _("The question is taken back, and its link no longer works."))
    return redirect("my-attestations")


def ask_again(request: HttpRequest, attestation: int) -> HttpResponse:
    """Ask anew what is out of date or was declined, as it now stands."""
    asked = _own(request, attestation)
    operations.ask_again(asked, by=request.person, at=request.now)
    return _sent(request, asked.attestor)


def _own(request: HttpRequest, attestation: int) -> Attestation:
    rows = Attestation.objects.filter(applicant=request.person).select_related("attestor")
    return get_object_or_404(rows, pk=attestation)
