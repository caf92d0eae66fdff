"""Possible matches, and two records of one person made one."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from credentialing.office import operations
from credentialing.office.queries import merging as asked
from credentialing.people.forms import PeopleFilter
from credentialing.people.models import Person
from credentialing.people.queries import directory, possible_matches
from credentialing.records.refusals import Refused

PAGE = 50
FOUND = 20


def matches(request: HttpRequest) -> HttpResponse:
    """Everybody who may be on record twice, each two of them once."""
    people = Person.objects.filter(merged_into__isnull=True).order_by("name", "pk")
    found = possible_matches(people)
    pairs = [
        (person, match)
        for person in people
        for match in found.get(person.pk, ())
        if person.pk < match.person.pk
    ]
    page = Paginator(pairs, PAGE).get_page(request.GET.get("page"))
    return render(request, "office/matches.html", {"page": page})


def merge_with(request: HttpRequest, person: int) -> HttpResponse:
    """Choose the other record of a person: those who resemble them, and a search."""
    kept = _known(person)
    form = PeopleFilter(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    found = directory(words, day=request.today).exclude(pk=kept.pk)[:FOUND] if words else []
    matches = possible_matches([kept]).get(kept.pk, [])
    context = {"kept": kept, "filter": form, "words": words, "found": found, "matches": matches}
    return render(request, "office/merge_with.html", context)


def merge(request: HttpRequest, person: int, other: int) -> HttpResponse:
    """What would move from the one record to the other; and, confirmed, the merge."""
    kept, gone = _known(person), _known(other)
    refused = ""
    if request.method == "POST":
        try:
            operations.merge_people(kept, gone, by=request.person, at=request.now)
        except Refused as refusal:
            refused = refusal.message
        else:
            said = _("%(gone)s and %(kept)s are one record now.")
            messages.success(request, said % {"gone": gone, "kept": kept})
            return redirect("person", kept.pk)
    context = {"refused": refused, **_before(request, kept, gone)}
    return render(request, "office/merge.html", context, status=409 if refused else 200)


def different(request: HttpRequest, person: int, other: int) -> HttpResponse:
    """These two are two people: nobody is asked again."""
    one, two = _known(person), _known(other)
    operations.call_different(one, two, by=request.person, at=request.now)
    messages.success(
        request, _("Noted: %(one)s and %(two)s are two people.") % {"one": one, "two": two}
    )
    return redirect("matches")


def _known(key: int) -> Person:
    """A person by key, whether or not the record was merged meanwhile."""
    return get_object_or_404(Person.objects.select_related("user"), pk=key)


def _before(request: HttpRequest, kept: Person, gone: Person) -> dict[str, Any]:
    return {
        "kept": kept,
        "gone": gone,
        "own": request.person.pk in (kept.pk, gone.pk),
        "hindrances": asked.hindrances(kept, gone),
        "moving": asked.moving(gone),
        "staying": asked.staying(gone),
        "both_sign_in": hasattr(kept, "user") and hasattr(gone, "user"),
        "match": next(
            (each for each in possible_matches([kept]).get(kept.pk, ()) if each.person == gone),
            None,
        ),
    }
