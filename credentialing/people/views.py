"""The office's list of people, and the correction of one."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from credentialing.people import operations, queries
from credentialing.people.forms import LettersForm, PeopleFilter, PersonForm
from credentialing.people.models import Person
from credentialing.records import digests

PAGE = 50


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


def my_letters(request: HttpRequest) -> HttpResponse:
    """How letters come to oneself: at once, or once a day; and in which language."""
    me = request.person
    chosen = {
        "daily": int(me.letters_daily),
        "language": me.letter_language or settings.LANGUAGE_CODE,
    }
    form = LettersForm(request.POST or None, initial=chosen)
    if request.method == "POST" and form.is_valid():
        operations.choose_letters(me, **form.cleaned_data, by=me)
        messages.success(request, _("Saved."))
        return redirect("my-letters")
    context = {"form": form, "hour": digests.HOUR}
    return render(request, "account/letters.html", context)


def _people() -> Any:
    return Person.objects.filter(merged_into__isnull=True).select_related("user")
