"""Memberships, as the office enters them."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from applicants import operations
from applicants.forms.groups import SearchForm
from applicants.forms.memberships import MembershipDaysForm, MembershipFilter
from applicants.models import Membership, MembershipImport
from applicants.queries import memberships as standing
from applicants.views.groups import found_by_key, searched
from applicants.views.own import tried

PAGE = 50


State = MembershipFilter.State
STANDING = {
    State.CURRENT: standing.current,
    State.ENDING: standing.ending,
    State.LAPSED: standing.lapsed,
    State.UNKNOWN: standing.unknown,
}


def memberships(request: HttpRequest) -> HttpResponse:
    """Memberships, by name or by how they stand."""
    chosen = MembershipFilter(request.GET)
    asked = chosen.cleaned_data if chosen.is_valid() else {}
    state, name = asked.get("state", ""), asked.get("name", "")
    found = STANDING[State(state)](request.today) if state else Membership.objects.all()
    if name:
        found = found.filter(person__name__icontains=name)
    rows = found.select_related("person", "source").order_by("person__name", "-start", "pk")
    kept = {key: value for key, value in asked.items() if value}
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "filter": chosen,
        "prefix": f"{urlencode(kept)}&" if kept else "",
        "last": MembershipImport.objects.order_by("-complete_to", "-pk").first(),
    }
    return render(request, "applicants/memberships.html", context)


def new_membership(request: HttpRequest) -> HttpResponse:
    """Enter a membership of somebody on record."""
    search = SearchForm(request.GET)
    chosen = found_by_key(request.GET.get("person"))
    form = MembershipDaysForm(request.POST or None) if chosen else None
    if request.method == "POST" and chosen and form and form.is_valid():
        said = form.cleaned_data
        if tried(
            form,
            lambda: operations.record_membership(chosen, **said, by=request.person, at=request.now),
        ):
            messages.success(request, _("Saved: %(name)s.") % {"name": chosen.name})
            return redirect("memberships")
    context = {"chosen": chosen, "form": form, "search": search, "people": searched(search)}
    return render(request, "applicants/new_membership.html", context)


def membership(request: HttpRequest, membership: int) -> HttpResponse:
    """Change a membership: renew it, end it, correct its number."""
    found = get_object_or_404(Membership.objects.select_related("person"), pk=membership)
    initial = {"number": found.number, "start": found.start, "end": found.end}
    form = MembershipDaysForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if tried(
            form,
            lambda: operations.change_membership(found, **said, by=request.person, at=request.now),
        ):
            messages.success(request, _("Saved: %(name)s.") % {"name": found.person.name})
            return redirect("memberships")
    return render(request, "applicants/membership.html", {"membership": found, "form": form})
