"""A person's page: everything they are to whom, their roles and their account."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from credentialing.office.operations import erase as erase_identity
from credentialing.office.queries.erasure import hindrances
from credentialing.office.queries.people import held
from credentialing.people import operations
from credentialing.people.forms import EndRoleForm, RoleForm
from credentialing.people.models import Person, Role
from credentialing.people.queries import possible_matches, relations_shown


def person(request: HttpRequest, person: int) -> HttpResponse:
    """One person: roles with their terms, relations in words, account or none."""
    known = get_object_or_404(Person.objects.select_related("user", "merged_into"), pk=person)
    if known.merged_into_id:
        return redirect("person", known.merged_into_id)
    return _person_page(request, known)


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


def invite(request: HttpRequest, person: int) -> HttpResponse:
    """Send a link to set up an account."""
    known = get_object_or_404(_people(), pk=person)
    operations.invite(known, by=request.person, at=request.now)
    messages.success(request, _("An invitation leaves for %(to)s.") % {"to": known.email})
    return redirect("person", known.pk)


def let_in(request: HttpRequest, person: int, active: str) -> HttpResponse:
    """Close somebody's account, or open it again."""
    known = get_object_or_404(_people(), pk=person)
    user = operations.let_in(known, active=active == "open", by=request.person)
    said = _("%(name)s can sign in.") if user.is_active else _("%(name)s can't sign in any more.")
    messages.success(request, said % {"name": known.name})
    return redirect("person", known.pk)


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
        "relations": relations_shown(known, to=request.person),
        "held": held(known, to=request.person, day=request.today),
        "matches": possible_matches([known]).get(known.pk, []),
        "invitation": known.invitations.filter(
            void_at__isnull=True, expires_at__gt=request.now
        ).first(),
        "role_form": role_form or RoleForm(initial={"start": request.today}),
    }
    return render(request, "office/person.html", context)


def _ending(request: HttpRequest, role: Role) -> EndRoleForm | None:
    """The form that ends a role; none where it is over."""
    if role.end and role.end < request.today:
        return None
    return EndRoleForm(prefix=f"role-{role.pk}", initial={"end": request.today})


def erase(request: HttpRequest, person: int) -> HttpResponse:
    """What an erasure takes away and what it keeps; and, confirmed, the erasure."""
    known = get_object_or_404(_people(), pk=person)
    if request.method == "POST":
        erase_identity(known, by=request.person, at=request.now)
        messages.success(request, _("Their identity is erased. What was decided stays."))
        return redirect("person", known.pk)
    context = {
        "person": known,
        "own": known.pk == request.person.pk,
        "hindrances": hindrances(known, at=request.now),
    }
    return render(request, "office/erase.html", context)
