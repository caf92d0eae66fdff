"""Memberships, as the office enters them: what changes for a case is seen before it is saved."""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from applicants import operations
from applicants.forms.groups import SearchForm
from applicants.forms.memberships import MembershipDaysForm, MembershipFilter
from applicants.models import Membership, MembershipImport
from applicants.queries import memberships as standing
from applicants.queries.memberships import terms
from applicants.views.groups import found_by_key, searched
from credentialing.office.queries.effects import before_and_after, changes, running
from credentialing.office.queries.people import term
from credentialing.people.models import Person
from credentialing.standing.queries import Standing
from reviews.views.acting import in_two_steps, posted

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
    return render(request, "office/memberships.html", context)


def new_membership(request: HttpRequest) -> HttpResponse:
    """Enter a membership of somebody on record."""
    chosen = found_by_key(request.GET.get("person"))
    if chosen:
        form = MembershipDaysForm(posted(request))
        enter = partial(operations.record_membership, chosen)
        return _looked_at_first(request, chosen, form, enter, "office/new_membership.html")
    search = SearchForm(request.GET)
    context = {"search": search, "people": searched(search)}
    return render(request, "office/new_membership.html", context)


def membership(request: HttpRequest, membership: int) -> HttpResponse:
    """Change a membership: renew it, end it, correct its number."""
    found = get_object_or_404(Membership.objects.select_related("person"), pk=membership)
    initial = {"number": found.number, "start": found.start, "end": found.end}
    form = MembershipDaysForm(posted(request), initial=initial)
    change = partial(operations.change_membership, found)
    context = {"on_record": term(**initial)}
    return _looked_at_first(
        request, found.person, form, change, "office/membership.html", **context
    )


def _looked_at_first(
    request: HttpRequest,
    person: Person,
    form: MembershipDaysForm,
    save: Callable[..., Membership],
    template: str,
    **context: Any,
) -> HttpResponse:
    """The days of a membership, then what they change for a case under way, then the saving."""
    seen = terms(person)
    cases = running([person], to=request.person, at=request.now)

    def act() -> str:
        save(**form.facts, seen=seen, by=request.person, at=request.now)
        return reverse("memberships")

    def saved() -> str:
        page = act()
        messages.success(request, _("Saved: %(name)s.") % {"name": person.name})
        return page

    def compare() -> tuple[Standing, Standing] | None:
        return next(iter(before_and_after(cases, act, at=request.now)), None)

    context |= {
        "person": person,
        "case": next(iter(cases), None),
        "said": term(**form.facts) if form.is_valid() else "",
        "nothing": "" if cases else _("No case of theirs is under way; nothing else changes."),
        "back": reverse("memberships"),
    }
    return in_two_steps(
        request,
        form,
        template=template,
        context=context,
        compare=compare,
        act=saved,
        rows=changes,
        stood=str(seen),
    )
