"""A form that saves itself while it is typed, and a person who is faster than the connection."""

import time
from collections.abc import Callable
from typing import Any

import pytest

import applicants.views.sections
from applicants.models import Section
from tests.applicants import cases
from tests.factories import person
from tests.journeys.conftest import Visitor

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_pressing_save_while_a_draft_is_on_its_way(
    visitor: Callable[..., Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer about the draft comes late: what is pressed waits for it and clashes not."""
    render = applicants.views.sections.render

    def slowly(request: Any, template: str, *rest: Any) -> Any:
        if template == "applicants/section_saved.html":
            time.sleep(1)
        return render(request, template, *rest)

    monkeypatch.setattr(applicants.views.sections, "render", slowly)
    ann = person(name="Ann Applicant", email="ann@example.org")
    cases.filled(ann, leave_out="practice")
    visitor("Ann in a hurry").signs_in("ann@example.org").goes("/application/practice/").fills(
        institution="County clinic", description="Family medicine."
    ).presses("Save").reads("Saved: ")
    saved = Section.objects.get(key="practice").answers
    assert (saved["institution"], saved["description"]) == ("County clinic", "Family medicine.")
