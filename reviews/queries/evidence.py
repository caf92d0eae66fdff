"""The file of a case: the form as submitted, the logs with what counts, what was handed in."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from applicants.models import (
    Application,
    BalintGroup,
    Debriefing,
    Evidence,
    GroupLeader,
    Meeting,
    Membership,
    Version,
)
from applicants.queries import papers, shown, submissions, withdrawn
from applicants.sections import PARTS, Part
from credentialing.people.models import Person
from credentialing.rules import words
from credentialing.standing.queries import Standing
from intensives.models import CoLed, Enrolment
from intensives.queries import presented
from reviews.queries.lines import title
from supervision.models import Report, Session, Supervision
from supervision.queries import Asked, asked, report_title

Table = dict[str, Any]


def evidence(application: Application, now: Standing) -> dict[str, Any]:
    """The form, the memberships, what was logged at home and who attested it."""
    counts = Counting(now)
    applicant = application.applicant
    return {
        "form": form(application),
        "submissions": submissions(application),
        "tables": [
            memberships(applicant),
            groups(applicant),
            meetings(applicant, counts),
            debriefings(applicant, counts),
            attestations(applicant, at=timezone.now()),
        ],
    }


def supervised(application: Application, now: Standing) -> dict[str, Any]:
    """Who supervised the applicant, the sessions, and the reports."""
    applicant = application.applicant
    return {
        "tables": [supervisions(applicant), sessions(applicant, Counting(now))],
        "reports": reports(applicant),
    }


def assessed(application: Application, now: Standing) -> dict[str, Any]:
    """The intensives, and the joint assessment once it was presented."""
    return {
        "tables": [intensives(application.applicant, Counting(now))],
        "assessments": presented(application),
    }


class Counting:
    """What each item of evidence counts for, and why it does not."""

    def __init__(self, now: Standing) -> None:
        self.counted: dict[str, list[str]] = defaultdict(list)
        self.why: dict[str, str] = {}
        self.as_of = now.as_of
        for entry in now.entries.values():
            in_lieu = entry["detail"].get("in_lieu", [])
            for key in [*entry["evidence"], *in_lieu]:
                self.counted[key].append(title(entry["id"]))
            for said in entry["uncounted"]:
                self.why[said["id"]] = words.uncounted(said)

    def cell(self, item: Evidence | Enrolment) -> dict[str, str]:
        """Whether an item counts, as a cell of a table."""
        if getattr(item, "withdrawn_at", None):
            reason = getattr(item, "withdrawn_because", "")
            return {"state": "idle", "word": _("Withdrawn: %(reason)s") % {"reason": reason}}
        if item.key in self.counted:
            return {"state": "done", "word": words.listed(self.counted[item.key])}
        why = self.why.get(item.key)
        if why:
            return {"state": "idle", "word": _("Not counted: %(why)s") % {"why": why}}
        day = item.intensive.end if isinstance(item, Enrolment) else item.date
        return {
            "state": "idle",
            "word": _("Still to come") if day > self.as_of else _("No requirement asks for it"),
        }


def form(application: Application) -> list[dict[str, Any]]:
    """The form as last submitted, part by part; nothing before the first submission."""
    version = Version.objects.filter(application=application).order_by("-number").first()
    if version is None:
        return []
    return [
        {"title": part.title, "said": said}
        for key, part in PARTS.items()
        if (said := _said(part, version.sections.get(key) or {}))
    ]


def _said(part: Part, answers: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (str(label), shown(answers[name]))
        for name, label in part.answers.items()
        if answers.get(name) not in (None, "", [])
    ]


def _columns(*labels: str) -> list[dict[str, str]]:
    return [{"label": label} for label in labels]


def _day(value: Any) -> str:
    return date_format(value, "j F Y") if value else ""


def memberships(applicant: Person) -> Table:
    """The applicant's memberships."""
    rows = Membership.objects.filter(person=applicant).order_by("-start", "pk")
    return {
        "caption": _("Membership"),
        "columns": _columns(_("From"), _("To"), _("Number")),
        "rows": [[_day(each.start), _day(each.end) or _("open"), each.number] for each in rows],
        "empty": _("No membership is on record."),
    }


def groups(applicant: Person) -> Table:
    """The applicant's groups and who leads them."""
    leaders = Prefetch("leaders", GroupLeader.objects.select_related("person").order_by("pk"))
    rows = BalintGroup.objects.filter(applicant=applicant).prefetch_related(leaders)
    return {
        "caption": _("Groups"),
        "columns": _columns(_("Group"), _("Setting"), _("From"), _("To"), _("Leaders")),
        "rows": [
            [
                group.name,
                group.get_setting_display(),
                _day(group.start),
                _day(group.end) or _("open"),
                words.listed(
                    [
                        f"{leader.person.name} ({leader.get_profession_display()})"
                        for leader in group.leaders.all()
                    ]
                ),
            ]
            for group in rows.order_by("start", "pk")
        ],
        "empty": _("No group is on record."),
    }


def meetings(applicant: Person, counts: Counting) -> Table:
    """The meetings of the applicant's groups, newest first."""
    rows = Meeting.objects.filter(group__applicant=applicant).select_related("group")
    return {
        "caption": _("Group meetings"),
        "columns": _columns(_("Date"), _("Group"), _("Minutes"), _("Cases"), _("Counts for")),
        "rows": [
            [_day(each.date), each.group.name, each.minutes or "", each.cases, counts.cell(each)]
            for each in _newest(rows)
        ],
        "empty": _("No meeting is logged."),
    }


def debriefings(applicant: Person, counts: Counting) -> Table:
    """The reviews of the groups' process, newest first."""
    partners = Prefetch("partners", Person.objects.order_by("name", "pk"))
    rows = Debriefing.objects.filter(group__applicant=applicant).prefetch_related(partners)
    return {
        "caption": _("Debriefings"),
        "columns": _columns(_("Date"), _("With"), _("Minutes"), _("Counts for")),
        "rows": [
            [
                _day(each.date),
                words.listed([partner.name for partner in each.partners.all()]),
                each.minutes or "",
                counts.cell(each),
            ]
            for each in _newest(rows)
        ],
        "empty": _("No debriefing is logged."),
    }


def supervisions(applicant: Person) -> Table:
    """The supervisors, from when to when, the newest first."""
    rows = Supervision.objects.filter(applicant=applicant).select_related("supervisor", "group")
    return {
        "caption": _("Supervisors"),
        "columns": _columns(_("Supervisor"), _("State"), _("From"), _("To"), _("Group")),
        "rows": [
            [
                each.supervisor.name,
                each.get_state_display(),
                _day(each.began),
                _day(each.ended),
                each.group.name if each.group else "",
            ]
            for each in rows.order_by("-asked_at", "-pk")
        ],
        "empty": _("Nobody supervises the applicant."),
    }


def sessions(applicant: Person, counts: Counting) -> Table:
    """The supervision sessions, newest first."""
    rows = Session.objects.filter(supervision__applicant=applicant)
    return {
        "caption": _("Supervision sessions"),
        "columns": _columns(_("Date"), _("Supervisor"), _("State"), _("Counts for")),
        "rows": [
            [
                _day(each.date),
                each.supervision.supervisor.name,
                each.get_state_display(),
                counts.cell(each),
            ]
            for each in _newest(rows.select_related("supervision__supervisor"))
        ],
        "empty": _("No supervision session is logged."),
    }


def _newest(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.order_by("-date", "-pk")


def intensives(applicant: Person, counts: Counting) -> Table:
    """The intensives of the applicant, newest first."""
    rows = (
        Enrolment.objects.filter(person=applicant)
        .exclude(state=Enrolment.State.CANCELLED)
        .select_related("intensive", "evaluator")
        .prefetch_related(Prefetch("co_led", CoLed.objects.select_related("faculty")))
        .order_by("-intensive__end", "-pk")
    )
    return {
        "caption": _("Intensives"),
        "columns": _columns(
            _("Intensive"), _("Ended"), _("As"), _("Co-led with"), _("Evaluator"), _("Counts for")
        ),
        "rows": [
            [
                f"{each.intensive.title}, {each.intensive.organiser}",
                _day(each.intensive.end),
                each.get_role_display(),
                words.listed([led.faculty.name for led in each.co_led.all()]),
                each.evaluator.name if each.evaluator else "",
                counts.cell(each),
            ]
            for each in rows
        ],
        "empty": _("No intensive is on record."),
    }


def attestations(applicant: Person, *, at: datetime) -> Table:
    """Who was asked to attest what, and where it stands."""
    return {
        "caption": _("Attestations"),
        "columns": _columns(_("What"), _("By"), _("Asked"), _("Answer"), _("The words")),
        "rows": [
            [
                one.attestation.get_kind_display(),
                one.attestation.attestor.name,
                _day(one.attestation.asked_at),
                {"state": one.state, "word": _answer(one)},
                one.attestation.text,
            ]
            for one in asked(applicant, at=at, superseded=True)
        ],
        "empty": _("Nobody was asked to attest anything."),
    }


def _answer(one: Asked) -> str:
    """Where a question stands, since when, and how it was answered."""
    if one.answer is None:
        return one.in_words
    said = f"{one.in_words}, {_day(one.answer.at)}"
    if one.standing == "declined":
        return f"{said}: {one.answer.reason}"
    if one.answer.scan_id:
        return _("%(said)s (documented elsewhere)") % {"said": said}
    if one.went_elsewhere:
        return _("%(said)s (at an address that the applicant gave)") % {"said": said}
    return said


def documents(application: Application) -> Table:
    """The documents that were handed in, with their earlier versions, and what was withdrawn."""
    return {
        "caption": _("Documents"),
        "columns": _columns(_("Document"), _("Kind"), _("Handed in"), _("For"), _("Version")),
        "rows": [
            [
                {"text": each.title, "url": reverse("document", args=[each.pk])},
                each.get_kind_display(),
                _day(each.uploaded_at),
                paper.belongs_to,
                _("replaced by a newer one") if number else _("the newest"),
            ]
            for paper in papers(application)
            for number, each in enumerate([paper.document, *paper.earlier])
        ]
        + [
            [
                each.title,
                each.get_kind_display(),
                _day(each.uploaded_at),
                "",
                {
                    "state": "idle",
                    "word": _("Withdrawn: %(reason)s") % {"reason": each.withdrawn_because},
                },
            ]
            for each in withdrawn(application)
        ],
        "empty": _("No document was handed in."),
    }


def reports(applicant: Person) -> list[dict[str, Any]]:
    """The supervisors' reports that were released, the final one of each last."""
    rows = Report.objects.filter(
        supervision__in=Supervision.objects.filter(applicant=applicant),
        released_at__isnull=False,
    ).select_related("supervision__supervisor")
    return [
        {
            "title": report_title(each.year),
            "by": each.supervision.supervisor.name,
            "at": each.released_at,
            "report": each,
        }
        for each in rows.order_by("supervision", "year", "pk")
    ]
