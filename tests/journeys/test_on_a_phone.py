"""An applicant's first two months on a phone, from signing up to reading where she stands."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from applicants.models import Application
from credentialing.people.models import Person
from credentialing.rules import load_procedure, words
from supervision.models import Session
from tests.factories import PASSWORD, at, session, supervision
from tests.journeys.conftest import Visitor
from tests.journeys.test_walking_case import applies, leads_a_group, link_in_letter, signs_up

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

TRAINING = "A process group, every week for a year, and a laboratory of four months."


def test_two_months_on_a_phone(visitor: Callable[..., Visitor], worker: Path) -> None:
    today = timezone.localdate()
    begin = today - timedelta(days=60)
    sue = Person.objects.create(
        name="Sue Sharp", email="sue@example.net", profession="psychiatrist"
    )
    with time_machine.travel(at(begin, 15)):
        ann = signs_up(visitor("Ann on a phone", "phone"), "Ann Applicant", "ann@example.org")
        applies(ann)
        a_sitting_ends(ann)
        leads_a_group(ann, begin)
        ann.goes("/application/submit/").presses("Submit application").reads("Submitted")
    case = Application.objects.get()
    running = supervision(case.applicant, sue, begin)

    # Her evenings: a month at once, then the list that she kept elsewhere.
    ann.signs_in("ann@example.org").goes("/logs/repeat/").ticks("We debriefed")
    ann.fills(
        first=(begin + timedelta(days=1)).isoformat(),
        every_weeks="1",
        until=(begin + timedelta(days=29)).isoformat(),
        country="none",
        debriefed_minutes="40",
    )
    ann.looked_at.clear()  # the days stand under the same address
    ann.presses("Show the days").presses("Record the ticked evenings")
    ann.reads("5 evenings are in your log.").reads("10 entries recorded")
    imports(ann, [begin + timedelta(days=days) for days in (36, 43)])

    # Four sessions are confirmed by somebody without an account; one is corrected afterwards.
    for days in (10, 20, 30):
        session(running, begin + timedelta(days=days), confirmed=False)
    ann.goes(reverse("log-session", args=[running.pk])).fills(
        date=(begin + timedelta(days=40)).isoformat(), minutes="60"
    )
    ann.presses("Log session")
    ann.goes(reverse("ask-sessions", args=[running.pk])).presses("Send the letter")
    holder = visitor("Sue without an account", "phone").goes(link_in_letter(worker, "/attest/"))
    holder.fills(name="Sue Sharp", role="Supervisor").presses("Send my answer").reads("Thank you")
    ann.goes(reverse("my-supervision")).reads_not("Changed since")
    ann.goes(reverse("edit-session", args=[Session.objects.latest("date").pk]))
    ann.fills(minutes="45").presses("Save", exact=False)
    ann.goes(reverse("my-supervision")).reads("Changed since it was confirmed")

    # A credit, and where she stands.
    ann.goes("/claims/balint-group-member/").fills(
        start="2012-01-01", end="2014-12-31", per_month="2"
    )
    ann.presses("Claim credit").goes("/?as_of=").goes("/calendar/")
    ann.presses("Make a private address").reads(".ics").goes("/")
    assessment = assessed(case)
    assert shown(ann, assessment) == expected(assessment)
    assert words.summary(assessment, load_procedure("abs-2007")) in ann.page.inner_text("h1")
    done = {entry["id"]: entry["done"] for entry in assessment["requirements"]}
    assert (done["leading"], done["supervision"]) == (1, 3)


def a_sitting_ends(ann: Visitor) -> None:
    """What she types is there again after the session was lost and she signed in anew."""
    ann.goes("/application/training/").fills(description=TRAINING)
    ann.context.clear_cookies()
    ann.presses("Save").fills(login="ann@example.org", password=PASSWORD).presses("Sign in")
    ann.reads("Your sitting had ended")
    assert ann.page.locator("[name=description]").input_value() == TRAINING
    ann.presses("Save")


def imports(ann: Visitor, days: list[Any]) -> None:
    """A table with good rows and three bad ones: each is named, the good ones are recorded."""
    good = "".join(f"{day},Tuesday group,90,1,35,Bob\n" for day in days)
    bad = "2024-02-30,Tuesday group,90,1,,\n2026-01-05,Friday group,90,1,,\n,Tuesday group,x,1,,\n"
    heading = "Date,Group,Minutes,Cases,Debriefing minutes,With\n"
    ann.goes("/logs/import/").attaches("evenings.csv", (heading + good + bad).encode())
    ann.presses("Look at the file").reads("3 rows have something wrong")
    ann.reads("This is no day of the calendar.").reads("No group of yours is called so.")
    ann.reads("This is no such number.")
    ann.presses("Import the 4 good entries")
    ann.page.get_by_text("4 entries are in your log.").wait_for()
    ann.looks().goes("/logs/").reads("4 entries imported")


def assessed(case: Application) -> dict[str, Any]:
    """What the command says of the case."""
    out = StringIO()
    call_command("assess", applicant=case.reference, stdout=out)
    return json.loads(out.getvalue())


def expected(assessment: dict[str, Any]) -> dict[str, Any]:
    """The figures of each requirement: counted and to come; the entries that count and do not."""
    return {
        entry["id"]: {
            "figures": (entry["done"], entry["remaining"])
            if (entry["required"] or 0) > 1
            else None,
            "counted": len(entry["evidence"]),
            "not": len(entry["uncounted"]),
        }
        for entry in assessment["requirements"]
    }


def _has_figures(entry: dict[str, Any]) -> bool:
    return (entry["required"] or 0) > 1


def shown(ann: Visitor, assessment: dict[str, Any]) -> dict[str, Any]:
    """The same as the page shows it: to come is what waits and what is to do."""
    found = {}
    for entry in assessment["requirements"]:
        line = ann.page.locator(f"#requirement-{entry['id']}")
        figures = [int(each) for each in line.locator(".figures dd").all_inner_texts()]
        opening = line.locator(".evidence")
        lists = [part.locator("li").count() for part in opening.locator("> div").all()]
        labels = opening.locator("> div > p").all_text_contents()
        parts = dict(zip(labels, lists, strict=True))
        found[entry["id"]] = {
            "figures": (figures[0], figures[1] + figures[2]) if figures else None,
            "counted": parts.get("Counted", 0),
            "not": parts.get("Not counted", 0),
        }
    return found
