"""An applicant at a browser, whose log the pages show."""

import pytest

from tests.applicants import cases
from tests.factories import ApplicationFactory, person


@pytest.fixture
def led(client, request):
    """A signed-in applicant with a group of the last hundred days, and its co-leader Bob."""
    if "today" in request.fixturenames:
        request.getfixturevalue("today")
    ann, bob = ApplicationFactory().applicant, person(name="Bob Blue", profession="psychologist")
    client.force_login(ann.user)
    return cases.group(ann, bob), ann, bob
