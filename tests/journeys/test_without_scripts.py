"""The same pages where no script runs: apply, log an evening, have it attested."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Locator

import applicants.operations as applying
from applicants.models import Attestation, AttestationAnswer, Document
from tests.applicants import cases
from tests.factories import PASSWORD, PDF, complete_case, membership, person
from tests.journeys.conftest import SIZES, Visitor

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

STATEMENT = "I would like to lead with less talking and more trust in the group."


class Plain(Visitor):
    """Somebody whose browser runs no script, on a phone; the other journeys look with axe."""

    def looks(self) -> "Plain":
        assert self.page.evaluate("document.documentElement.scrollWidth") <= SIZES["phone"]["width"]
        return self

    def clicks(self, there: Locator) -> "Plain":
        with self.page.expect_navigation():
            there.click()
        return self.looks()


@pytest.fixture
def plainly(browser: Browser, live_server: Any) -> Iterator[Callable[[str], Plain]]:
    contexts: list[BrowserContext] = []

    def sits_down(who: str) -> Plain:
        context = browser.new_context(viewport=SIZES["phone"], java_script_enabled=False)
        context.set_default_timeout(60_000)
        contexts.append(context)
        return Plain(context, live_server.url, who, "phone")

    yield sits_down
    for context in contexts:
        context.close()


def test_an_application_is_made_and_an_evening_logged_and_attested(
    plainly: Callable[[str], Plain], settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    chair = person("chair", "committee", name="Clara Chair")
    case = cases.filled(
        person(name="Ann Applicant", email="ann@example.org"), leave_out="statement"
    )
    applicant = case.applicant
    membership(applicant)
    bob = person(name="Bob Partner", email="bob@example.net")
    group = cases.group(applicant, bob)
    ann = plainly("Ann").signs_in("ann@example.org")

    # The sitting ends while she writes; what she wrote is there once she has signed in again.
    ann.goes("/application/statement/").fills(statement=STATEMENT, consent="on")
    ann.context.clear_cookies(name="sessionid")
    ann.presses("Save").reads("Sign in")
    ann.fills(login="ann@example.org", password=PASSWORD).presses("Sign in")
    ann.reads("Your sitting had ended when you sent this").presses("Save")
    # She adds a paper, takes it out, puts it back, and hands the form in.
    ann.goes("/documents/").fills(kind="letter", title="A letter")
    ann.page.set_input_files("[name=file]", {"name": "a.pdf", "mimeType": "x/y", "buffer": PDF})
    ann.presses("Add document").reads("A letter")
    ann.presses("Delete").presses("Put back").reads("A letter is back.")
    ann.goes("/application/submit/").presses("Submit application")
    ann.reads("Your application is with the Chair")
    applying.accept(case, by=chair, at=timezone.now())
    # An evening, and what its co-leader says without an account.
    ann.goes(f"/logs/evening/?group={group.pk}").presses("Record evening")
    asked, token = applying.new_attestation(
        kind=Attestation.Kind.CO_LEADING,
        applicant=applicant,
        attestor=bob,
        text="Bob Partner led the Tuesday group with Ann Applicant.",
        digest="0" * 64,
        group=group,
        by=applicant,
        at=timezone.now(),
    )
    bob_at_home = plainly("Bob").goes(f"/attest/{token}/").reads("led the Tuesday group")
    bob_at_home.fills(given="yes", name="Bob Partner", role="Co-leader")
    bob_at_home.presses("Send my answer")

    case.refresh_from_db()
    statement = case.sections.get(key="statement").answers["statement"]
    assert (case.stage, statement) == ("accepted", STATEMENT)
    assert Document.objects.get().withdrawn_at is None
    assert group.meetings.count() == 1
    assert AttestationAnswer.objects.get(attestation=asked).given


def test_a_membership_is_looked_at_before_it_is_saved(plainly: Callable[[str], Plain]) -> None:
    person("administrator", name="Otto Office", email="office@example.org")
    today = timezone.localdate()
    case = complete_case(applicant=person(name="Ann Applicant", email="ann@example.org"))
    held = case.applicant.memberships.get()
    otto = plainly("Otto").signs_in("office@example.org")

    otto.goes(f"/office/memberships/{held.pk}/").fills(end=(today - timedelta(days=9)).isoformat())
    otto.presses("Show what changes").reads("Case under way").reads("(9 days)")
    otto.photograph("membership-ended")
    otto.presses("Change what you entered").fills(end="")
    otto.presses("Show what changes").reads("This would change nothing in the assessment today.")
    otto.presses("Save").reads("Saved: Ann Applicant.")
    held.refresh_from_db()
    assert held.end is None
