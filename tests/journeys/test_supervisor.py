"""A supervisor with three applicants over two years, and what each of them sees of it.

The two years are rows; accepting, attesting, adding and reporting happen in the browser.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.utils import timezone

from applicants import access
from applicants.models import Application, BalintGroup
from credentialing.people.models import Person
from credentialing.records.models import Letter
from credentialing.standing.queries import standing
from supervision.models import Approval, Confirmation, Report, Session, Supervision
from supervision.operations import ask_supervisor
from tests.factories import (
    ApplicationFactory,
    balint_group,
    evening,
    person,
    session,
    supervision,
)
from tests.journeys.conftest import SIZES, Visitor

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@dataclass
class World:
    """Sue, two whom she supervises for two years, and one who asks her."""

    sue: Person
    ann: Supervision
    ben: Supervision
    cat: Application
    group: BalintGroup
    bob: Person

    @property
    def case(self) -> Application:
        return self.ann.applicant.applications.get()


@pytest.fixture
def world() -> World:
    today = timezone.localdate()
    began = today - relativedelta(months=22)
    sue = person(name="Sue Supervisor", email="sue@example.org")
    Approval.objects.create(supervisor=sue, start="2015-01-01", places=3)
    running = []
    for name in ("Ann", "Ben"):
        applicant = person(name=f"{name} Applicant", email=f"{name.lower()}@example.org")
        case = ApplicationFactory(applicant=applicant, submitted_on=began - timedelta(days=7))
        of = supervision(applicant, sue, began)
        access.give(sue, "supervisor", case)
        for number in range(8):
            session(of, began + relativedelta(months=2 * number, days=5))
        running.append(of)
    ann, ben = running
    bob = Person.objects.create(
        name="Bob Partner", email="bob@example.net", profession="psychologist"
    )
    group = balint_group(ann.applicant, bob, began)
    for number in range(24):
        evening(group, began + timedelta(days=28 * number), bob)
    for days in (9, 23, 37):
        session(ann, today - timedelta(days=days), confirmed=False)
    session(ben, today - timedelta(days=12), confirmed=False)
    cat = ApplicationFactory(applicant=person(name="Cat Applicant", email="cat@example.org"))
    ask_supervisor(
        cat,
        sue,
        group=None,
        word="I lead a group of residents.",
        by=cat.applicant,
        at=timezone.now(),
    )
    return World(sue=sue, ann=ann, ben=ben, cat=cat, group=group, bob=bob)


def opens(visitor: Visitor, row: Session) -> str:
    """Open what can be said beside the tick of a session."""
    field = visitor.page.locator(f"[name='reason-{row.pk}']")
    visitor.page.locator("details", has=field).locator("summary").click()
    return f"reason-{row.pk}"


def attests(sue: Visitor, world: World) -> None:
    """One form for both applicants: one row taken off, one corrected, the others as they stand."""
    open_ones = list(
        Session.objects.filter(confirmations__isnull=True).order_by("supervision", "date")
    )
    wrong, other, *_rest = open_ones
    sue.goes("/supervisor/").reads("4 sessions wait").reads("Will count")
    reason = opens(sue, wrong)
    sue.page.locator(f"[name='tick-{wrong.pk}']").uncheck()
    sue.fills(**{reason: "We had to cancel that one."})
    opens(sue, other)
    sue.fills(**{f"minutes-{other.pk}": "45"})
    sue.presses("Record what I said").reads("Ann Applicant and Ben Applicant can see it.")
    assert set(Confirmation.objects.filter(given=False).values_list("session", flat=True)) == {
        wrong.pk
    }


def test_a_supervisor_with_three_applicants(
    visitor: Callable[[str], Visitor], world: World
) -> None:
    today = timezone.localdate()
    case = world.case
    sue = visitor("Sue").signs_in("sue@example.org")
    sue.goes("/supervisor/").follows("Answer Cat Applicant").reads("I lead a group of residents.")
    sue.fills(answer="accept").presses("Send answer").reads("You supervise Cat Applicant")
    attests(sue, world)

    # A session that Ann forgot, and the report of the year.
    sue.goes(f"/supervisor/{case.reference}/").follows("Add a session that is missing")
    sue.fills(date=(today - timedelta(days=51)).isoformat(), minutes="50").presses("Add session")
    sue.reads("Waits for Ann Applicant to accept")
    sue.follows("Year 1").fills(
        **{
            "text": "Ann has grown into a calm leader.",
            "rating-frame": "strength",
            "rating-process": "growing",
            "remark-process": "Silences come back as questions.",
        }
    )
    sue.presses("Save draft").reads("The draft is saved.")
    sue.follows("Year 1").presses("Release report").reads("The report is released.")
    sue.goes("/supervisors/availability/").fills(places="3", note="Online on Thursdays.")
    sue.presses("Save").reads("Online on Thursdays.")
    sue.goes(f"/follow/{case.reference}/").reads("What remains for Ann Applicant")

    # Ann accepts it, reads the report, and asks her co-leader.
    ann = visitor("Ann").signs_in("ann@example.org")
    ann.goes("/supervision/").reads("Sue Supervisor remembers").reads("We had to cancel that one.")
    ann.presses("Accept", exact=False).reads("The session is logged")
    ann.page.locator("summary", has_text="Report, year 1").click()
    ann.looks().reads("still growing").reads("Silences come back as questions.")
    ann.goes("/attestations/").reads("Co-leading of “Tuesday group”")
    ann.follows("Ask Bob Partner").presses("Send the letter").reads("Waits for an answer")

    # Bob has no account: a phone, one page, one button.
    bob = visitor("Bob")
    link = Letter.objects.get(kind="attestation-asked").link
    bob.page.set_viewport_size(SIZES["phone"])
    bob.goes(link).reads("In this time it met 24 times.")
    assert bob.page.url.endswith("/attest/")
    bob.fills(given="yes").presses("Send my answer").reads("Your answer is recorded.")
    bob.goes(link).reads("This link no longer works")

    # An evening is added afterwards: out of date, with the difference, and asked again.
    evening(world.group, today - timedelta(days=3), world.bob)
    ann.looked_at.clear()  # the same addresses say something else now
    bob.looked_at.clear()
    ann.goes("/attestations/").reads("Out of date").reads("In this time it met 25 times.")
    ann.presses("Ask again").reads("Waits for an answer")
    bob.goes(Letter.objects.filter(kind="attestation-asked").latest("pk").link)
    bob.reads("What differs from what you confirmed before")

    entry = standing(case, today).entries["supervision"]
    sue.goes("/supervisor/").reads("No session waits for your confirmation.")
    sue.goes(f"/supervisor/{case.reference}/").reads(f"holds {held(entry, today)} sessions of 6")
    assert entry["done"] == 11
    assert Report.objects.get().released_at is not None


def held(entry: dict, today: date) -> int:
    """The sessions of the supervision year under way, as the rules count them."""
    return entry["detail"]["years"][-1]["sessions"]
