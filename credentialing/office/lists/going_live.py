"""The five lists with which a society begins in the middle of its work."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from applicants.models import ENDED as OVER
from applicants.models import Application, BalintGroup, Debriefing, Meeting
from credentialing.office.lists.base import Column, Kind, Line, Problem, Reader, State
from credentialing.office.operations import going_live
from credentialing.people.models import Credential, Person, Profession
from credentialing.records.society import current as society_now
from credentialing.rules import load_procedure
from credentialing.rules.errors import ProcedureError
from intensives.models import Enrolment
from supervision.models import Approval, Session

NAME = Column(
    key="name", label=_lazy("Name"), names=("full name",), needed=True, example="Ann Example"
)
EMAIL = Column(
    key="email",
    label=_lazy("E-mail address"),
    names=("e-mail", "mail", "email address"),
    example="ann@example.org",
)
PROFESSION = Column(key="profession", label=_lazy("Profession"), example="physician")
NUMBER = Column(
    key="number",
    label=_lazy("Credential number"),
    names=("number", "no", "certificate number"),
    needed=True,
    example="ABS-0412",
)
SINCE = Column(
    key="since",
    label=_lazy("Since"),
    names=("from", "credentialed", "credentialed on", "date"),
    needed=True,
    example="2014-05-01",
)


class People(Kind):
    """Everybody whom the Society knows."""

    key = "people"
    label = _lazy("People")
    lead = _lazy("Everybody who has a part: one row for each person, whatever roles they hold.")
    columns = (NAME, EMAIL, PROFESSION)

    def begin(self, *, day: date, by: Person) -> None:
        super().begin(day=day, by=by)
        self.seen: set[int] = set()

    def line(self, row: Reader) -> Line:
        someone = self.known.find(row, number="")
        profession = dict(Profession.choices).get(someone.profession, "")
        adds = ", ".join(filter(None, [someone.email, str(profession)]))
        state = State.ADD if someone.is_new else State.CHANGE if adds else State.SAME
        if id(someone) in self.seen:
            state = State.SAME
        self.seen.add(id(someone))
        return Line(
            number=row.row.line,
            state=state,
            who=someone.name,
            text=adds,
            act=None if state == State.SAME else lambda *, by, at: someone.entered(by=by),
        )


class Leaders(Kind):
    """Credentialed leaders with the numbers that they have."""

    key = "leaders"
    label = _lazy("Credentialed leaders")
    lead = _lazy(
        "Whoever was credentialed before, with number and day. They are the supervisors, the "
        "faculty, the Council, and the credentialed leaders of earlier groups."
    )
    columns = (
        NUMBER,
        NAME,
        EMAIL,
        PROFESSION,
        SINCE,
        Column(key="title", label=_lazy("Title"), example="Credentialed Balint Group Leader"),
    )

    def begin(self, *, day: date, by: Person) -> None:
        super().begin(day=day, by=by)
        self.numbers = {
            each.number.casefold(): (each.person, each.since)
            for each in Credential.objects.select_related("person")
        }

    def line(self, row: Reader) -> Line:
        number, since = row.text("number", needed=True, most=20), row.day("since", needed=True)
        title = row.text("title", most=120)
        held = self.numbers.get(number.casefold())
        someone = self.known.find(row)
        if someone.person == self.by:
            raise Problem(
                _("Your own credential is entered by another administrator."), state=State.CONFLICT
            )
        text = f"{number}, {date_format(since)}"
        if held:
            person, day = held
            if person != someone.person or day != since:
                raise Problem(
                    _("%(number)s is on record for %(name)s since %(day)s.")
                    % {"number": number, "name": person, "day": date_format(day)},
                    state=State.CONFLICT,
                )
            return Line(number=row.row.line, state=State.SAME, who=someone.name, text=text)
        self.numbers[number.casefold()] = (someone.person or someone, since)
        return Line(
            number=row.row.line,
            state=State.ADD,
            who=someone.name,
            text=text,
            act=lambda *, by, at: going_live.bring_in_credential(
                someone.entered(by=by), number=number, title=title, since=since, by=by, at=at
            ),
        )


class Approvals(Kind):
    """Who is approved as a supervisor."""

    key = "approvals"
    label = _lazy("Approved supervisors")
    lead = _lazy("Who may supervise, from when, and for how many applicants at the same time.")
    columns = (
        NAME,
        EMAIL,
        Column(key="number", label=_lazy("Credential number"), example="ABS-0412"),
        Column(
            key="start",
            label=_lazy("From"),
            names=("since", "approved", "approved on", "start"),
            needed=True,
            example="2018-01-01",
        ),
        Column(key="end", label=_lazy("Until"), names=("end",), example=""),
        Column(key="places", label=_lazy("Places"), names=("applicants",), example="3"),
    )

    def begin(self, *, day: date, by: Person) -> None:
        super().begin(day=day, by=by)
        self.held: dict[Any, list[tuple[date, date | None]]] = {}
        for supervisor, start, end in Approval.objects.values_list("supervisor", "start", "end"):
            self.held.setdefault(supervisor, []).append((start, end))

    def line(self, row: Reader) -> Line:
        start, end = row.between("start", "end")
        someone = self.known.find(row)
        if someone.person == self.by:
            raise Problem(_("Somebody else approves you."), state=State.CONFLICT)
        places = row.text("places") or "3"
        if not places.isdecimal() or not 1 <= int(places) <= 50:
            raise Problem(_("Give the places as a number from 1 to 50."))
        held = self.held.setdefault(someone.person.pk if someone.person else id(someone), [])
        text = _("from %(day)s") % {"day": date_format(start)}
        if (start, end) in held:
            return Line(number=row.row.line, state=State.SAME, who=someone.name, text=text)
        if any((not till or start <= till) and (not end or since <= end) for since, till in held):
            raise Problem(_("Approved already in part of that time."), state=State.CONFLICT)
        held.append((start, end))
        return Line(
            number=row.row.line,
            state=State.ADD,
            who=someone.name,
            text=text,
            act=lambda *, by, at: going_live.bring_in_approval(
                someone.entered(by=by), start=start, end=end, places=int(places), by=by, at=at
            ),
        )


class Intensives(Kind):
    """Past intensives with who completed them: a row for each attendance."""

    key = "intensives"
    label = _lazy("Past intensives")
    lead = _lazy("Who completed which intensive: a row for each person and intensive.")
    columns = (
        Column(
            key="title",
            label=_lazy("Intensive"),
            names=("title",),
            needed=True,
            example="Leader Intensive",
        ),
        Column(key="organiser", label=_lazy("Organiser"), example="American Balint Society"),
        Column(key="place", label=_lazy("Place"), example="Boston"),
        Column(
            key="start",
            label=_lazy("First day"),
            names=("start", "from"),
            needed=True,
            example="2019-10-03",
        ),
        Column(
            key="end",
            label=_lazy("Last day"),
            names=("end", "until"),
            needed=True,
            example="2019-10-06",
        ),
        NAME,
        EMAIL,
    )

    def begin(self, *, day: date, by: Person) -> None:
        super().begin(day=day, by=by)
        self.held = {
            (title.casefold(), start, end, person)
            for title, start, end, person in Enrolment.objects.exclude(
                state=Enrolment.State.CANCELLED
            ).values_list("intensive__title", "intensive__start", "intensive__end", "person")
        }

    def line(self, row: Reader) -> Line:
        title = row.text("title", needed=True, most=160)
        start, end = row.between("start", "end")
        if end is None:
            raise Problem(_("Last day is missing."))
        if end > self.day:
            raise Problem(_("Only an intensive that is over is brought in here."))
        organiser = row.text("organiser", most=120) or society_now().name
        place = row.text("place", most=160)
        someone = self.known.find(row, number="")
        if someone.person == self.by:
            raise Problem(
                _("Your own attendance is entered by another administrator."), state=State.CONFLICT
            )
        text = f"{title}, {date_format(end)}"
        key = (title.casefold(), start, end, someone.person.pk if someone.person else id(someone))
        if key in self.held:
            return Line(number=row.row.line, state=State.SAME, who=someone.name, text=text)
        self.held.add(key)

        def act(*, by: Person, at: datetime) -> None:
            intensive = going_live.past_intensive(
                title=title, organiser=organiser, place=place, start=start, end=end, by=by
            )
            going_live.bring_in_attendance(someone.entered(by=by), intensive, by=by, at=at)

        return Line(number=row.row.line, state=State.ADD, who=someone.name, text=text, act=act)


class Cases(Kind):
    """Running cases with the stage that they have reached and what their papers document."""

    key = "cases"
    label = _lazy("Running cases")
    lead = _lazy(
        "A row for each case that is under way. Days of meetings, debriefings and supervision "
        "sessions stand in one cell each, parted by semicolons; all of it is entered as "
        "documented elsewhere."
    )
    columns = (
        NAME,
        Column(
            key="email",
            label=_lazy("E-mail address"),
            names=("e-mail", "mail"),
            needed=True,
            example="ann@example.org",
        ),
        PROFESSION,
        Column(
            key="submitted",
            label=_lazy("Submitted"),
            names=("applied", "application date"),
            needed=True,
            example="2025-03-01",
        ),
        Column(key="accepted", label=_lazy("Accepted"), example="2025-03-20"),
        Column(key="procedure", label=_lazy("Procedure"), example="abs-2007"),
        Column(key="group", label=_lazy("Group"), names=("balint group",), example="Tuesday group"),
        Column(key="setting", label=_lazy("Setting"), example="medical"),
        Column(key="group_start", label=_lazy("Group since"), example="2025-03-04"),
        Column(key="partner_name", label=_lazy("Co-leader"), example="Bob Example"),
        Column(key="partner_email", label=_lazy("Co-leader’s address"), example="bob@example.org"),
        Column(
            key="partner_profession", label=_lazy("Co-leader’s profession"), example="psychologist"
        ),
        Column(key="meetings", label=_lazy("Meetings"), example="2025-03-04; 2025-03-18"),
        Column(key="debriefings", label=_lazy("Debriefings"), example="2025-03-04; 2025-03-18"),
        Column(key="debriefed", label=_lazy("Minutes of debriefing"), example="40"),
        Column(key="supervisor_name", label=_lazy("Supervisor"), example="Sue Example"),
        Column(
            key="supervisor_email", label=_lazy("Supervisor’s address"), example="sue@example.org"
        ),
        Column(key="began", label=_lazy("Supervision began"), example="2025-03-25"),
        Column(key="sessions", label=_lazy("Supervision sessions"), example="2025-04-01"),
    )

    def begin(self, *, day: date, by: Person) -> None:
        super().begin(day=day, by=by)
        self.cases = {
            case.applicant_id: case
            for case in Application.objects.exclude(stage__in=OVER).order_by("pk")
        }
        self.logged: dict[int, set[tuple[str, date]]] = {}
        for kind, rows, applicant in (
            ("meetings", Meeting, "group__applicant"),
            ("debriefings", Debriefing, "group__applicant"),
            ("sessions", Session, "supervision__applicant"),
        ):
            for person, on in rows.objects.standing().values_list(applicant, "date"):
                self.logged.setdefault(person, set()).add((kind, on))
        self.seen: set[Any] = set()

    def line(self, row: Reader) -> Line:
        submitted, accepted = row.between("submitted", "accepted")
        evidence = {kind: row.days(kind) for kind in ("meetings", "debriefings", "sessions")}
        self._check_past(submitted, accepted, evidence)
        procedure = self._procedure(row)
        someone = self.known.find(row, number="")
        if someone.person == self.by:
            raise Problem(
                _("Your own case is brought in by another administrator."), state=State.CONFLICT
            )
        key = someone.person.pk if someone.person else id(someone)
        case = self.cases.get(key)
        if key in self.seen or (case and case.submitted_on != submitted):
            raise Problem(
                _("%(name)s has another case under way.") % {"name": someone.name},
                state=State.CONFLICT,
            )
        self.seen.add(key)
        logged = self.logged.get(key, set())
        lacking = {
            kind: [day for day in days if (kind, day) not in logged]
            for kind, days in evidence.items()
        }
        act = self._act(
            row,
            someone,
            {"submitted": submitted, "accepted": accepted, "procedure": procedure},
            evidence,
        )
        count = sum(map(len, lacking.values()))
        if case and not count:
            return Line(
                number=row.row.line, state=State.SAME, who=someone.name, text=case.reference
            )
        text = _("submitted %(day)s, %(count)s entries of the log") % {
            "day": date_format(submitted),
            "count": count,
        }
        return Line(
            number=row.row.line,
            state=State.CHANGE if case else State.ADD,
            who=someone.name,
            text=text,
            act=act,
        )

    def _check_past(
        self, submitted: date, accepted: date | None, evidence: dict[str, list[date]]
    ) -> None:
        days = [
            submitted,
            *filter(None, [accepted]),
            *(day for all_ in evidence.values() for day in all_),
        ]
        if max(days) > self.day:
            raise Problem(_("%(day)s is still to come.") % {"day": date_format(max(days))})

    @staticmethod
    def _procedure(row: Reader) -> str:
        procedure = row.text("procedure", most=40) or settings.PROCEDURE
        try:
            load_procedure(procedure)
        except (ProcedureError, OSError) as unknown:
            raise Problem(
                _("There is no procedure “%(procedure)s”.") % {"procedure": procedure}
            ) from unknown
        return procedure

    def _act(
        self,
        row: Reader,
        someone: Any,
        case: dict[str, Any],
        evidence: dict[str, list[date]],
    ) -> Any:
        """What is done with a row; everything that it needs is read, and refused, before."""
        professions = dict(Profession.choices)
        group = None
        partner = self.known.find(row, "partner_", number="") if row.text("partner_name") else None
        supervisor = (
            self.known.find(row, "supervisor_", number="") if row.text("supervisor_name") else None
        )
        profession = row.one_of("partner_profession", professions)
        setting = row.one_of("setting", dict(BalintGroup.Setting.choices), default="other")
        name, start = row.text("group", most=120), row.day("group_start")
        earliest = min([*evidence["meetings"], *evidence["debriefings"]], default=None)
        if earliest and not name:
            raise Problem(_("Meetings and debriefings need the name of their group."))
        if name:
            start = start or earliest or case["submitted"]
            if earliest and earliest < start:
                raise Problem(
                    _("The group met on %(day)s, before it started.")
                    % {"day": date_format(earliest)}
                )
        if evidence["sessions"] and not supervisor:
            raise Problem(_("Supervision sessions need a supervisor."))
        minutes = row.text("debriefed") or "30"
        if not minutes.isdecimal() or not 1 <= int(minutes) <= 300:
            raise Problem(_("Give the minutes of debriefing as a number."))
        began = row.day("began")

        def act(*, by: Person, at: datetime) -> None:
            nonlocal group
            if name and start:
                group = going_live.Group(
                    name=name,
                    setting=setting,
                    start=start,
                    partner=partner.entered(by=by) if partner else None,
                    partner_profession=profession,
                )
            going_live.bring_in_case(
                someone.entered(by=by),
                **case,
                group=group,
                evidence=going_live.Evidence(
                    meetings=tuple(evidence["meetings"]),
                    debriefings=tuple(evidence["debriefings"]),
                    debriefed=int(minutes),
                    sessions=tuple(evidence["sessions"]),
                    supervisor=supervisor.entered(by=by) if supervisor else None,
                    began=began,
                ),
                by=by,
                at=at,
            )

        return act
