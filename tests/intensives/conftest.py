"""One intensive with its people, as most tests of intensives need it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest

from applicants.models import Application
from credentialing.people.models import Person, Relation
from intensives import operations
from intensives.models import Enrolment, Intensive, SmallGroup
from tests.factories import ApplicationFactory, at, intensive, person

START = date(2026, 6, 10)
END = date(2026, 6, 13)
BEFORE = at("2026-05-01")
DURING = at("2026-06-11")
LAST_DAY = at("2026-06-13", 20)
AFTER = at("2026-06-20")
BODY = {
    "competencies": {"frame": "sound"},
    "narrative": "Held the group well.",
    "strengths": "Calm.",
    "needs": "More silence.",
}


@dataclass
class Scene:
    """An intensive in June 2026, a candidate, two groups of two faculty, and the offices."""

    case: Application = field(default_factory=ApplicationFactory)
    chair: Person = field(default_factory=lambda: person("chair", name="Carla"))
    office: Person = field(default_factory=lambda: person("administrator", name="Olga"))
    fay: Person = field(default_factory=lambda: person(name="Fay"))
    flo: Person = field(default_factory=lambda: person(name="Flo"))
    gus: Person = field(default_factory=lambda: person(name="Gus"))
    gil: Person = field(default_factory=lambda: person(name="Gil"))
    eve: Person = field(default_factory=lambda: person(name="Eve"))
    eli: Person = field(default_factory=lambda: person(name="Eli"))

    def __post_init__(self) -> None:
        self.offered: Intensive = intensive(END, title="Summer Intensive")
        self.group = self.add_group("A", self.fay, self.flo)
        self.other = self.add_group("B", self.gus, self.gil)
        self.enrolment = self.sign_up(self.case.applicant)

    def add_group(self, name: str, first: Person, second: Person) -> SmallGroup:
        return operations.add_small_group(
            self.offered,
            name=name,
            first_faculty=first,
            second_faculty=second,
            by=self.office,
            at=BEFORE,
        )

    @property
    def candidate(self) -> Person:
        return self.case.applicant

    def sign_up(self, who: Person, role: str = "candidate", when: datetime = BEFORE) -> Enrolment:
        return operations.enrol(self.offered, who, role=role, by=who, at=when)

    def place(self, enrolment: Enrolment | None = None, **changes: object) -> Enrolment:
        values = {
            "small_group": self.group,
            "evaluator": self.eve,
            "by": self.chair,
            "at": BEFORE,
        }
        return operations.place(enrolment or self.enrolment, **(values | changes))

    def draft(self, revision: int = 0, *, when: datetime = AFTER, **changes: object):
        values = {"body": BODY, "met_on": END, "by": self.eve, "at": when}
        return operations.save_assessment(self.enrolment, revision=revision, **(values | changes))

    def agreed(self):
        """A draft that both faculty have agreed to."""
        draft = self.draft()
        for member in (self.fay, self.flo):
            operations.agree(draft, revision=draft.revision, by=member, at=AFTER)
        return draft

    def bar(self, who: Person, kind: str = "supervisor", since: date | None = None) -> Relation:
        """Make somebody the candidate's supervisor or home-site co-leader."""
        return Relation.objects.create(
            person=who,
            applicant=self.candidate,
            kind=kind,
            since=since or START - timedelta(days=700),
            source="test",
        )


@pytest.fixture
def scene(db) -> Scene:
    return Scene()


@pytest.fixture
def placed(scene: Scene) -> Scene:
    """The candidate is in group A with Fay and Flo; Eve evaluates."""
    scene.enrolment = scene.place()
    return scene
