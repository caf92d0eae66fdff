"""Memberships, as the Society's member system gives them out."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from applicants.models import Membership, MembershipImport
from applicants.operations import bring_in_memberships
from credentialing.office.lists.base import Column, Kind, Line, Problem, Reader, Someone, State
from credentialing.people.models import Person


@dataclass(slots=True, kw_only=True)
class Change:
    """A membership to enter (without a key) or to change, and whose it is."""

    whose: Someone
    start: date
    end: date | None
    number: str
    key: int | None = None


class Memberships(Kind):
    """Who is a member from when until when. The list is complete up to a day, and no further."""

    key = "memberships"
    label = _lazy("Memberships")
    lead = _lazy(
        "A row for each member and term. A row with a later end extends what is on record, one "
        "with an earlier end ends it; a term after a gap is entered beside the earlier one."
    )
    has_complete_to = True
    columns = (
        Column(
            key="number",
            label=_lazy("Member number"),
            names=("member id", "id", "membership number", "no"),
            example="4711",
        ),
        Column(
            key="name", label=_lazy("Name"), names=("full name", "member"), example="Ann Example"
        ),
        Column(
            key="email",
            label=_lazy("E-mail address"),
            names=("e-mail", "mail", "email address"),
            example="ann@example.org",
        ),
        Column(
            key="start",
            label=_lazy("From"),
            names=("start", "member since", "joined", "begin", "start date", "since"),
            needed=True,
            example="2026-01-01",
        ),
        Column(
            key="end",
            label=_lazy("Until"),
            names=("end", "paid through", "expires", "expiry", "end date", "valid until"),
            example="2026-12-31",
        ),
    )

    def begin(self, *, day: date, by: Person) -> None:
        super().begin(day=day, by=by)
        self.held: dict[Any, list[Change]] = defaultdict(list)
        for held in Membership.objects.select_related("person").order_by("start", "pk"):
            self.held[held.person_id].append(
                Change(
                    whose=Someone(name=held.person.name, person=held.person),
                    start=held.start,
                    end=held.end,
                    number=held.number,
                    key=held.pk,
                )
            )

    def line(self, row: Reader) -> Line:
        start, end = row.between("start", "end")
        whose, number = self.known.find(row), row.text("number", most=40)
        if whose.person == self.by:
            raise Problem(
                _("Your own membership is entered by another administrator."), state=State.CONFLICT
            )
        terms = self.held[whose.person.pk if whose.person else id(whose)]
        meets = [term for term in terms if _meet(term, start, end)]
        if not meets:
            change = Change(whose=whose, start=start, end=end, number=number)
            terms.append(change)
            return self._says(row, State.ADD, change, _closing(terms, change))
        if len(meets) > 1:
            raise Problem(
                _("%(days)s spans several terms on record, with a gap between them.")
                % {"days": _days(start, end)},
                state=State.CONFLICT,
            )
        term = meets[0]
        term.whose = whose
        if start < term.start:
            raise Problem(
                _("On record it starts later: %(days)s.") % {"days": _days(term.start, term.end)},
                state=State.CONFLICT,
            )
        return self._against(row, term, start, end, number)

    def _against(
        self, row: Reader, term: Change, start: date, end: date | None, number: str
    ) -> Line:
        """A row that meets one term on record and starts no earlier."""
        before = _days(term.start, term.end)
        later = term.end is not None and (end is None or end > term.end)
        if end == term.end or (start > term.start and not later):
            if end != term.end:
                raise Problem(
                    _("On record it lasts longer: %(days)s.") % {"days": before},
                    state=State.CONFLICT,
                )
            if not number or number == term.number:
                return Line(number=row.row.line, state=State.SAME, who=term.whose.name, text=before)
        state = State.CHANGE if later or end == term.end else State.END
        term.end, term.number = end, number or term.number
        return self._says(row, state, term, _("was %(days)s") % {"days": before})

    @staticmethod
    def _says(row: Reader, state: State, change: Change, more: str) -> Line:
        new = _("new on record") if change.whose.is_new else ""
        text = ", ".join(filter(None, [_days(change.start, change.end), more, new]))
        return Line(
            number=row.row.line,
            state=state,
            who=change.whose.name,
            text=text,
            change=change,
            applicant=change.whose.person,
        )

    def carry_out(self, lines: list[Line], *, source: Any, by: Person, at: datetime) -> None:
        """All of these at once: a list has thousands of rows."""
        unique = {id(line.change): line.change for line in lines if line.change}
        stored = MembershipImport.objects.create(
            complete_to=date.fromisoformat(source.choices["complete_to"]), imported_at=at, by=by
        )
        bring_in_memberships(
            [
                (change.key, change.whose.entered(by=by), change.start, change.end, change.number)
                for change in unique.values()
            ],
            source=stored,
            by=by,
            at=at,
        )


def _meet(term: Change, start: date, end: date | None) -> bool:
    begins_late = term.end is not None and start > term.end
    ends_early = end is not None and end < term.start
    return not (begins_late or ends_early)


def _closing(terms: list[Change], change: Change) -> str:
    """Where a term begins the day after another, there is no gap between them."""
    day_before = change.start - timedelta(days=1)
    renewed = any(term.end == day_before for term in terms)
    return _("renewed without a gap") if renewed else ""


def _days(start: date, end: date | None) -> str:
    if end is None:
        return _("from %(start)s on") % {"start": date_format(start)}
    return _("%(start)s to %(end)s") % {"start": date_format(start), "end": date_format(end)}
