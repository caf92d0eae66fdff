"""What is typed on a connection that is slow, or gone."""

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


def test_pressing_save_without_a_connection(visitor: Callable[..., Visitor]) -> None:
    """The page stays with what was typed and says so; once there is a connection, it is sent."""
    ann = person(name="Ann Applicant", email="ann@example.org")
    cases.filled(ann, leave_out="practice")
    here = visitor("Ann on a train").signs_in("ann@example.org").goes("/application/practice/")
    here.context.set_offline(True)
    here.fills(institution="County clinic", description="Family medicine.")
    here.page.get_by_role("main").get_by_role("button", name="Save", exact=True).click()
    here.reads("There is no connection. Nothing was sent")
    assert here.page.locator("[name=description]").input_value() == "Family medicine."

    here.context.set_offline(False)
    here.page.locator("#offline").wait_for(state="hidden")
    here.presses("Save").reads("Saved: ")
    assert Section.objects.get(key="practice").answers["institution"] == "County clinic"
