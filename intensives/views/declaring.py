"""One's own relations: what the record says, what one declares, what one takes back."""

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from credentialing.people.models import Declaration
from credentialing.people.operations import declare, take_back_declaration
from credentialing.people.queries import declarations_of
from intensives import queries
from intensives.forms import DeclareForm
from intensives.views.acting import act, doing, typed


def relations(request: HttpRequest) -> HttpResponse:
    """What one declared, what the record says of oneself as an applicant, and a form."""
    if request.person is None:
        raise Http404
    offered = queries.declarable(request.person, day=request.today)
    form = DeclareForm(typed(request), person=request.person, offered=offered)
    if form.is_valid() and form.does(
        doing(
            request,
            lambda: declare(**form.what(), by=request.person, at=request.now),
            _("Declared. It is shown to who decides on the case."),
            reverse("relations"),
        )
    ):
        return redirect(form.answer)
    context = {
        "form": form,
        "may_declare": bool(form.pairs),
        "declared": declarations_of(request.person),
        "known": queries.known_to(request.person),
    }
    return render(request, "intensives/relations.html", context)


def take_back(request: HttpRequest, declaration: int) -> HttpResponse:
    """Take back what one declared."""
    own = Q(by=request.person) | Q(by__merged_into=request.person)
    mine = Declaration.objects.filter(own).select_related("person", "applicant", "by")
    said = get_object_or_404(mine, pk=declaration)
    return act(
        request,
        lambda: take_back_declaration(said, by=request.person, at=request.now),
        _("Taken back."),
        reverse("relations"),
    )
