"""The rows of a timeline's form, with one more on request, also without a script."""

from typing import Any

from django.forms import BaseFormSet
from django.http import HttpRequest

from reviews.forms.committee import MOST_ACTIVITIES, Activities, Activity

FIELDS = tuple(Activity.base_fields)


def formset(request: HttpRequest, rows: list[dict[str, Any]]) -> BaseFormSet:
    """The rows as sent; with a row more where that was asked; or `rows`, where nothing was sent."""
    if request.method != "POST":
        return Activities(initial=rows or [{}])
    if "add" in request.POST:
        return Activities(initial=[*typed(request), {}][:MOST_ACTIVITIES])
    # Every row but the first may be left empty, also one that was filled in before.
    return Activities({**request.POST.dict(), "form-INITIAL_FORMS": "0"})


def typed(request: HttpRequest) -> list[dict[str, str]]:
    """What stands in the rows as they were sent, unread."""
    return [
        {name: request.POST.get(f"form-{place}-{name}", "") for name in FIELDS}
        for place in range(MOST_ACTIVITIES)
        if f"form-{place}-{FIELDS[0]}" in request.POST
    ]


def asked_for(activities: BaseFormSet) -> list[dict[str, Any]]:
    """The activities of a valid form, empty rows left out."""
    return [form.cleaned_data for form in activities if form.cleaned_data]
