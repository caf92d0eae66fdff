"""The office's pages on people and roles."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from credentialing.people import operations, queries
from credentialing.people.forms import EndRoleForm, PeopleFilter, PersonForm, RoleForm
from credentialing.people.models import Person, Role

PAGE = 50


def office(request: HttpRequest) -> HttpResponse:
    """What the office does, and where."""
    return render(request, "office/office.html")


def people(request: HttpRequest) -> HttpResponse:
    """Everybody, by name; and a form to enter somebody."""
    form = PersonForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and form.does(
        lambda: operations.enter_person(**form.what(), by=request.person)
    ):
        messages.success(request, _("%(name)s is on record.") % {"name": form.answer.name})
        return redirect("person", form.answer.pk)
    asked = PeopleFilter(request.GET)
    words = asked.cleaned_data["q"] if asked.is_valid() else ""
    found = Paginator(queries.directory(words, day=request.today), PAGE)
    context = {
        "page": found.get_page(request.GET.get("page")),
        "filter": asked,
        "words": words,
        "prefix": f"{urlencode({'q': words})}&" if words else "",
        "form": form,
    }
    return render(request, "office/people.html", context)


def person(request: HttpRequest, person: int) -> HttpResponse:
    """One person: roles with their terms, relations in words, account or none."""
    known = get_object_or_404(Person.objects.select_related("user", "merged_into"), pk=person)
    if known.merged_into_id:
        return redirect("person", known.merged_into_id)
    return _person_page(request, known)


def edit_person(request: HttpRequest, person: int) -> HttpResponse:
    """Correct a name, an address or a profession."""
    known = get_object_or_404(_people(), pk=person)
    form = PersonForm(request.POST if request.method == "POST" else None, person=known)
    if form.is_valid() and form.does(
        lambda: operations.change_person(known, **form.what(), by=request.person)
    ):
        messages.success(request, _("Saved."))
        return redirect("person", known.pk)
    return render(request, "office/edit_person.html", {"form": form, "person": known})


def give_role(request: HttpRequest, person: int) -> HttpResponse:
    """Put somebody into office."""
    known = get_object_or_404(_people(), pk=person)
    form = RoleForm(request.POST)
    if form.is_valid() and form.does(
        lambda: operations.give_role(known, **form.cleaned_data, by=request.person)
    ):
        messages.success(request, _("The role is given, and the Chair is told."))
        return redirect("person", known.pk)
    return _person_page(request, known, role_form=form)


def end_role(request: HttpRequest, role: int) -> HttpResponse:
    """End a term of office on a day."""
    held = get_object_or_404(Role.objects.select_related("person__user"), pk=role)
    form = EndRoleForm(request.POST, prefix=f"role-{held.pk}")
    if form.is_valid() and form.does(
        lambda: operations.end_role(held, on=form.cleaned_data["end"], by=request.person)
    ):
        messages.success(request, _("The last day of the role is set, and the Chair is told."))
        return redirect("person", held.person_id)
    return _person_page(request, held.person, end_form=form)


def _people() -> Any:
    return Person.objects.filter(merged_into__isnull=True).select_related("user")


def _person_page(
    request: HttpRequest,
    known: Person,
    *,
    role_form: RoleForm | None = None,
    end_form: EndRoleForm | None = None,
) -> HttpResponse:
    forms = {end_form.prefix: end_form} if end_form else {}
    roles = [
        (role, forms.get(f"role-{role.pk}") or _ending(request, role))
        for role in known.roles.order_by("-start", "pk")
    ]
    context = {
        "person": known,
        "own": known.pk == request.person.pk,
        "roles": roles,
        "relations": queries.relations_shown(known, to=request.person),
        "credentials": known.credentials.order_by("since", "pk"),
        "role_form": role_form or RoleForm(initial={"start": request.today}),
    }
    return render(request, "office/person.html", context)


def _ending(request: HttpRequest, role: Role) -> EndRoleForm | None:
    """The form that ends a role; none where it is over."""
    if role.end and role.end < request.today:
        return None
    return EndRoleForm(prefix=f"role-{role.pk}", initial={"end": request.today})
