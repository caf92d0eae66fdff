"""A society goes live in the middle of its work: five lists, brought in through the pages."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import StringIO
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from applicants.models import Application, Membership, Stage
from credentialing.people.models import Credential, Person
from credentialing.records.models import Letter
from credentialing.records.tables import write_csv
from credentialing.rules import assess, load_procedure, read_portfolio, words
from credentialing.standing.queries import standings
from intensives.models import Enrolment
from supervision.models import Approval
from tests.journeys.conftest import Visitor
from tests.journeys.test_the_office import joins
from tests.journeys.test_walking_case import link_in_letter, signs_up
from tests.rules import building

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

FIRST = """
    Abel Bela Cato Dido Edda Finn Gero Hela Ivo Juna Kilo Lida Mako Nela Otis
    """.split()  # noqa: SIM905 - reads better
LAST = """
    Adro Bruma Celto Dranu Elbor Fasko Grilu Holmer Istu Jorva Kelma Lundo Mirsa Norbe Ostri Pelku
    Quando Rilmo Surta Tolvi
    """.split()  # noqa: SIM905 - reads better
LEADERS = [f"{first} {last}" for last, first in product(LAST, FIRST)]  # 300
APPLICANTS = [f"Una {last}er" for last in (*LAST, "Umbra", "Velde", "Warlo", "Xanti", "Zorbe")]
ACCEPTED = 20  # of the 25 cases; the others wait for the Chair


def address(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@example.org"


@dataclass(frozen=True)
class Papers:
    """What the papers of a society say, as of a day."""

    today: date
    submitted: date = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "submitted", self.today - timedelta(days=420))

    def leaders(self) -> bytes:
        rows: list[list[Any]] = [
            [f"AB-{2000 + 7 * place}", name, address(name), date(1998 + place % 25, 5, 1)]
            for place, name in enumerate(LEADERS)
        ]
        rows[100:100] = [
            ["AB-1", "Wanda Wrong", "wanda@example.org", "in spring"],
            ["", "Nora Numberless", "nora@example.org", "2001-05-01"],
            ["AB-2000", "Tina Twice", "tina@example.org", "2001-05-01"],
        ]
        return write_csv(["Cert.", "Leader", "Reached at", "Awarded"], rows)

    def approvals(self) -> bytes:
        rows: list[list[Any]] = [[name, address(name), "2015-01-01", 3] for name in LEADERS[:40]]
        rows.append([LEADERS[0], address(LEADERS[0]), "2020-01-01", 3])
        rows.append([LEADERS[41], address(LEADERS[41]), "2020-01-01", "many"])
        return write_csv(["Name", "E-mail address", "Approved on", "Places"], rows)

    @property
    def intensives(self) -> list[tuple[str, date, date, list[str]]]:
        """Ten years: title, days, who took part; the applicants at the last two."""
        found = []
        for year in range(self.today.year - 10, self.today.year):
            there = LEADERS[(year % 10) * 20 : (year % 10) * 20 + 40]
            if year >= self.today.year - 2:
                there = there + APPLICANTS
            found.append((f"Leader Intensive {year}", date(year, 6, 2), date(year, 6, 5), there))
        return found

    def attendance(self) -> bytes:
        rows = [
            [title, "Boston", start, end, name, address(name)]
            for title, start, end, there in self.intensives
            for name in there
        ]
        rows.insert(9, ["Leader Intensive 2099", "", "2099-06-02", "2099-06-05", LEADERS[0], ""])
        heading = ["Intensive", "Place", "First day", "Last day", "Name", "E-mail address"]
        return write_csv(heading, rows)

    def members(self) -> bytes:
        rows: list[list[Any]] = [
            [place, name, address(name), "2012-01-01", self.today + timedelta(days=90)]
            for place, name in enumerate([*LEADERS, *APPLICANTS])
        ]
        rows[50][3], rows[60][4] = "01/32/2012", "2011-12-31"
        return write_csv(["Id", "Full name", "Mail", "Joined", "Paid through"], rows)

    def case(self, place: int) -> dict[str, Any]:
        """One running case: what a row of the list says."""
        submitted = self.submitted + timedelta(days=place)
        accepted = submitted + timedelta(days=14) if place < ACCEPTED else None
        group_start = submitted - timedelta(days=20)
        meetings = list(_every(14, group_start, self.today - timedelta(days=2)))
        return {
            "submitted": submitted,
            "accepted": accepted,
            "group_start": group_start,
            "meetings": meetings,
            "debriefings": meetings[:-1],
            "sessions": list(_every(31, accepted, self.today)) if accepted else [],
        }

    def cases(self) -> bytes:
        heading = [
            *("Name", "E-mail address", "Profession", "Submitted", "Accepted", "Group", "Setting"),
            *("Group since", "Co-leader", "Co-leader’s address", "Co-leader’s profession"),
            *("Meetings", "Debriefings", "Minutes of debriefing", "Supervisor"),
            *("Supervisor’s address", "Supervision sessions"),
        ]
        rows = []
        for place, name in enumerate(APPLICANTS):
            case, partner, supervisor = self.case(place), LEADERS[200 + place], LEADERS[place]
            cells = ["; ".join(map(str, case[kind])) for kind in ("meetings", "debriefings")]
            rows.append(
                [
                    *(name, address(name), "physician", case["submitted"], case["accepted"]),
                    *(f"Group of {name}", "medical", case["group_start"]),
                    *(partner, address(partner), "psychologist", *cells, 40),
                    *(supervisor, address(supervisor), "; ".join(map(str, case["sessions"]))),
                ]
            )
        rows.append(["Vera Vague", address("Vera Vague"), "", "2024-01-01", "2023-01-01"])
        return write_csv(heading, rows)

    def portfolio(self, place: int) -> dict[str, Any]:
        """The same case for the rules alone, written down without the application."""
        case, name = self.case(place), APPLICANTS[place]
        return building.portfolio(
            application={"submitted": str(case["submitted"]), "accepted": str(case["accepted"])},
            memberships=[{"start": "2012-01-01", "end": str(self.today + timedelta(days=90))}],
            groups=[building.group(start=str(case["group_start"]))],
            supervisors=[{"person": "sue", "approved": [{"start": "2015-01-01"}]}],
            meetings=building.meetings(list(map(str, case["meetings"]))),
            debriefings=building.debriefings(list(map(str, case["debriefings"])), minutes=40),
            supervision=building.sessions(list(map(str, case["sessions"]))),
            intensives=[
                building.intensive(title, str(start))
                for title, start, _end, there in self.intensives
                if name in there
            ],
        )


def _every(days: int, first: date, until: date) -> Iterable[date]:
    while first < until:
        yield first
        first += timedelta(days)


def brings(
    otto: Visitor, kind: str, content: bytes, *, is_careful: bool = False, **said: str
) -> Visitor:
    """Choose a file and look at what it would do; carefully, or as one does it again."""
    otto.is_careful = is_careful
    otto.goes(f"/office/lists/{kind}/").fills(**said)
    return otto.attaches(f"{kind}.csv", content).presses("Look at it")


def brings_in(otto: Visitor, rows: int, left_out: int) -> Visitor:
    """Bring in what can be read, at once or in the background, and leave out the rest."""
    otto.ticks("Leave out the rows").presses(f"Bring in {rows} rows")
    done = f"{rows} rows were brought in, {left_out} with problems left out."
    otto.page.get_by_text(done).first.wait_for()
    return otto


def test_a_society_goes_live_with_five_lists(
    visitor: Callable[[str], Visitor], worker: Path
) -> None:
    papers = Papers(timezone.localdate())
    today = papers.today.isoformat()
    out = StringIO()
    call_command("first_administrator", "Otto Office", "office@example.org", stdout=out)
    otto = visitor("Otto going live")
    otto.is_careful = False
    joins(otto, re.search(r"/join/\S+/", out.getvalue()).group(), "office@example.org")

    # Headings that nobody knows: the columns are matched once, and that is remembered.
    leaders = papers.leaders()
    brings(otto, "leaders", leaders, is_careful=True).reads("Say which column holds")
    otto.fills(name="Leader", email="Reached at", number="Cert.", since="Awarded")
    otto.presses("Use these columns").reads("300 to be added").reads("2 can’t be read")
    assert b"Wanda" not in (faults := otto.downloads("Everything that is wrong"))
    assert b"102,Awarded,in spring" in faults
    brings_in(otto, 300, 3)
    brings(otto, "leaders", leaders).reads("300 on record already").reads("There is nothing to")

    for kind, content, rows, left_out, beside in (
        ("approvals", papers.approvals(), 40, 2, {}),
        ("intensives", papers.attendance(), 450, 1, {}),
        ("memberships", papers.members(), 323, 2, {"complete_to": today}),
        ("cases", papers.cases(), 25, 1, {}),
    ):
        brings(otto, kind, content, is_careful=kind in ("approvals", "cases"), **beside)
        brings_in(otto, rows, left_out)
        brings(otto, kind, content, **beside).reads(f"{rows} on record already")
        otto.reads("There is nothing to do")
    assert Person.objects.count() == 1 + 300 + 25
    assert (Credential.objects.count(), Approval.objects.count()) == (300, 40)
    assert (Enrolment.objects.count(), Membership.objects.count()) == (450, 323)
    assert Application.objects.filter(stage=Stage.ACCEPTED).count() == ACCEPTED
    assert set(Letter.objects.values_list("kind", flat=True)) == {"invitation"}

    # The Chair is one of the leaders; her queue holds the cases that wait.
    clara = Person.objects.get(name=LEADERS[299])
    otto.goes(f"/office/people/{clara.pk}/").fills(kind="chair").presses("Give role")
    otto.presses("Invite to set up an account")
    chair = visitor("Clara going live")
    chair.is_careful = False
    joins(chair, link_in_letter(worker, "/join/"), clara.email).goes("/committee/")
    for name in APPLICANTS[ACCEPTED:]:
        chair.reads(name)
    chair.goes("/committee/cases/").reads("25").reads(APPLICANTS[0])

    # An applicant finds her case, with what remains by the rules alone.
    name = APPLICANTS[0]
    una = visitor("Una going live")
    una.is_careful = False
    signs_up(una, name, address(name))
    una.is_careful = True
    una.goes("/")
    alone = assess(
        load_procedure(settings.PROCEDURE), read_portfolio(papers.portfolio(0)), papers.today
    ).as_data()
    case = Application.objects.get(applicant__name=name)
    stored = standings([case], papers.today)[0].data
    figures = ("id", "status", "done", "required", "remaining")
    assert [[each[key] for key in figures] for each in stored["requirements"]] == [
        [each[key] for key in figures] for each in alone["requirements"]
    ]
    lacking = [words.remains(each) for each in alone["requirements"] if each["remaining"]]
    assert len(lacking) > 3
    for words_of_it in lacking:
        una.reads(words_of_it)
    una.goes("/supervisors/").reads(LEADERS[39])

    # Ended by hand, her membership would leave a gap; that is seen, and not saved.
    member = Membership.objects.get(person=case.applicant)
    otto.goes(f"/office/memberships/{member.pk}/")
    otto.is_careful = True
    otto.fills(end=(papers.today - timedelta(days=9)).isoformat()).presses("Show what changes")
    otto.reads(case.reference).reads("Membership lapsed").reads("(9 days)")
