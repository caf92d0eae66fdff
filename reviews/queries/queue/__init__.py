"""What waits for the Committee: under the next meeting or at any time, for whom, until when."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants import access
from applicants.access import Can
from applicants.models import StageMove
from credentialing.people.models import Person
from credentialing.people.queries import holders
from credentialing.standing.queries import standings
from credentialing.templatetags.words import day as written
from credentialing.templatetags.words import relative
from reviews.models import Assignment, CommitteeMeeting
from reviews.queries.cases import LIVE, readable
from reviews.queries.queue.matters import Item, Waiting, overdue
from reviews.queries.queue.questions import QUESTIONS, Question

__all__ = ["KINDS", "WHOSE", "Desk", "Item", "Matter", "desk", "matters", "next_meeting", "overdue"]

SHOWN = 20  # of a kind, where several are shown
KINDS = {question.kind: question for question in QUESTIONS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One thing that waits, and who has taken it."""

    question: Question
    item: Item
    assignment: Assignment | None
    acts: bool  # the reader can do it; else it is the Chair's

    @property
    def due(self) -> date | None:
        """The next date: what was agreed with its owner, or else its own."""
        return (self.assignment and self.assignment.due) or self.item.due

    def row(self, today: date, colleagues: list[tuple[int, str]]) -> dict[str, Any]:
        """The matter as the component takes it; who does not act as Chair is led to the case."""
        item = self.item
        reference = item.case.reference
        url, action = item.url, item.action
        if not self.acts:
            url, action = reverse("case", args=[reference]), _("Open the case")
        path, _hash, anchor = url.partition("#")
        owner = self.assignment.to if self.assignment else None
        return {
            "text": item.text,
            "url": f"{path}?from=queue{'#' * bool(anchor)}{anchor}",
            "action": action,
            "age": relative(item.since, today) if item.since else "",
            "owner": owner.name if owner else "",
            "due": self.due,
            "late": self.due is not None and self.due < today,
            "assign": not item.for_anybody
            and {
                "url": reverse("assign-matter", args=[reference]),
                "matter": item.matter,
                "colleagues": colleagues,
                "owner": owner.pk if owner else None,
                "due": self.assignment.due if self.assignment else None,
            },
        }


Test = Callable[[Matter, Person, date], bool]
WHOSE: dict[str, tuple[Any, Test]] = {
    "all": (gettext_lazy("All"), lambda matter, person, day: True),
    "mine": (
        gettext_lazy("Yours"),
        lambda matter, person, day: bool(
            matter.assignment and matter.assignment.to_id == person.pk
        ),
    ),
    "nobody": (gettext_lazy("Nobody’s"), lambda matter, person, day: matter.assignment is None),
    "late": (
        gettext_lazy("Past their date"),
        lambda matter, person, day: matter.due is not None and matter.due < day,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What waits on the cases that a person reads, of a kind and for somebody, as asked."""

    person: Person
    today: date
    everything: list[Matter]
    what: str  # a kind, or ""
    whose: str
    meeting: CommitteeMeeting | None
    colleagues: list[tuple[int, str]] = field(default_factory=list)

    def _chosen(self, what: str, whose: str) -> list[Matter]:
        test = WHOSE[whose][1]
        return [
            each
            for each in self.everything
            if what in ("", each.question.kind) and test(each, self.person, self.today)
        ]

    @property
    def matters(self) -> list[Matter]:
        """What the filters leave, the oldest of each kind first."""
        return self._chosen(self.what, self.whose)

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """The filters by owner, each with the number of what it opens."""
        return [
            {
                "label": label,
                "url": address(self.what, whose),
                "current": whose == self.whose,
                "count": len(self._chosen(self.what, whose)),
            }
            for whose, (label, _test) in WHOSE.items()
        ]

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """The filters by kind, each with the number of what it opens."""
        every = [("", _("everything"), len(self._chosen("", self.whose)))]
        every += [
            (kind, str(question.title), len(self._chosen(kind, self.whose)))
            for kind, question in KINDS.items()
        ]
        return [
            (kind, f"{label} ({number})")
            for kind, label, number in every
            if number or kind in ("", self.what)
        ]

    def sections(self, shown: Iterable[Matter] | None = None) -> list[dict[str, Any]]:
        """The matters under the next meeting and those of any time, by kind; none empty."""
        matters = self.matters if shown is None else list(shown)
        found = []
        for in_meeting, title in ((True, self.meeting_title), (False, _("At any time"))):
            groups = [
                self._group(question, of_kind, whole=shown is not None)
                for question in QUESTIONS
                if question.in_meeting is in_meeting
                and (of_kind := [each for each in matters if each.question is question])
            ]
            if groups:
                found.append({"title": title, "groups": groups, "in_meeting": in_meeting})
        return found

    @property
    def meeting_title(self) -> str:
        if self.meeting is None:
            return _("For the next meeting")
        return _("For the meeting of %(day)s") % {"day": written(self.meeting.day)}

    def _group(self, question: Question, matters: list[Matter], *, whole: bool) -> dict[str, Any]:
        rows = matters if whole else matters[:SHOWN]
        return {
            "key": question.kind,
            "title": question.title,
            "count": len(self._chosen(question.kind, self.whose)),
            "url": "" if len(rows) == len(matters) else address(question.kind, self.whose),
            "items": [each.row(self.today, self.colleagues) for each in rows],
        }


def address(what: str, whose: str) -> str:
    """Where these filters are open; it can be kept as a bookmark."""
    said = {"what": what, "whose": whose if whose != "all" else ""}
    query = "&".join(f"{name}={value}" for name, value in said.items() if value)
    return f"{reverse('queue')}?{query}" if query else reverse("queue")


def desk(person: Person, *, day: date, what: str = "", whose: str = "all") -> Desk:
    """What waits on the cases that a person reads.

    The number of queries is the same for three cases and for three thousand.
    """
    readers = holders(*access.COMMITTEE, day=day)
    return Desk(
        person=person,
        today=day,
        everything=matters(person, day=day),
        what=what,
        whose=whose,
        meeting=next_meeting(day),
        colleagues=list(readers.values_list("pk", "name")),
    )


def next_meeting(day: date) -> CommitteeMeeting | None:
    """The next meeting that is planned and not yet over."""
    planned = CommitteeMeeting.objects.filter(
        day__gte=day, cancelled_at__isnull=True, closed_at__isnull=True
    )
    return planned.order_by("day", "pk").first()


def matters(person: Person, *, day: date, reference: str = "") -> list[Matter]:
    """Everything that waits on the cases that a person reads, or on one of them, by kind."""
    moved = StageMove.objects.filter(application=OuterRef("pk")).order_by("-number")
    seen = readable(person, day=day)
    if reference:
        seen = seen.filter(reference=reference)
    live = (
        seen.filter(stage__in=LIVE)
        .select_related("applicant")
        .annotate(moved_at=Subquery(moved.values("at")[:1]))
        .order_by("pk")
    )
    waiting = Waiting(reader=person, today=day, readable=seen, standings=standings(live, day))
    found = [
        (question, item)
        for question in QUESTIONS
        for item in sorted(question.ask(waiting), key=lambda item: item.since or date.max)
    ]
    acting = set(access.visible(person, Can.CHAIR, day=day).values_list("pk", flat=True))
    taken = assigned({item.case.pk for _question, item in found})
    return [
        Matter(
            question=question,
            item=item,
            assignment=taken.get((item.case.pk, item.matter)),
            acts=item.for_anybody or item.case.pk in acting,
        )
        for question, item in found
    ]


def assigned(cases: Iterable[int]) -> dict[tuple[int, str], Assignment]:
    """Who has taken what on these cases."""
    rows = Assignment.objects.filter(application__in=list(cases), ended_at__isnull=True)
    return {(each.application_id, each.matter): each for each in rows.select_related("to")}
