"""What waits for whoever acts for others, by office or by task; their first page shows it."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import intensives.queries
import supervision.queries
from credentialing.office.queries import letters
from credentialing.people.models import Person, Role
from credentialing.records.models import Letter
from reviews.queries import results
from supervision.models import Supervision

Task = dict[str, Any]


def duties(person: Person, roles: frozenset[str], *, at: datetime) -> list[Task]:
    """What waits for a person, for the component of tasks; their number of queries is fixed.

    Not what waits for the Committee: its queue is worked out from every case.
    """
    found = [*_supervisor(person, at=at), *_assessor(person, at=at)]
    if Role.Kind.COUNCIL in roles:
        found += _council(person, at=at)
    if Role.Kind.ADMINISTRATOR in roles:
        found += _office(person)
    return found


def _task(label: str, url: str, *, hint: str = "") -> Task:
    return {
        "label": label,
        "url": url,
        "state": "needs",
        "word": _("Waits for you"),
        "hint": hint,
    }


def _supervisor(person: Person, *, at: datetime) -> list[Task]:
    theirs = supervision.queries.supervisions_of(person)
    url = reverse("supervisor")
    found = [
        _task(_("%(name)s asks for supervision") % {"name": each.applicant.name}, url)
        for each in theirs
        if each.state == Supervision.State.REQUESTED
    ]
    rows = supervision.queries.logged(theirs, at=at).values() if theirs else ()
    n = sum(row.waits_for_supervisor for of_one in rows for row in of_one)
    if n:
        label = ngettext("Confirm one session", "Confirm %(n)d sessions", n) % {"n": n}
        found.append(_task(label, url))
    return found


def _assessor(person: Person, *, at: datetime) -> list[Task]:
    day = timezone.localdate(at)
    return [
        _task(
            task,
            reverse("candidate", args=[each.enrolment.pk]),
            hint=f"{each.enrolment.person.name}, {each.enrolment.intensive.title}",
        )
        for each in intensives.queries.awaiting(person, day=day)
        for task in each.tasks
    ]


def _council(person: Person, *, at: datetime) -> list[Task]:
    waiting = results.voting_table(person, day=timezone.localdate(at), at=at)
    found = []
    for ballot in waiting.filter(has_voted=False):
        case = ballot.recommendation.application
        closes = date_format(timezone.localtime(ballot.closes_at), "j F Y, H:i")
        found.append(
            _task(
                _("Vote on %(name)s") % {"name": case.applicant.name},
                reverse("ballot", args=[case.reference]),
                hint=_("until %(day)s") % {"day": closes},
            )
        )
    return found


def _office(person: Person) -> list[Task]:
    found = []
    elsewhere = intensives.queries.recorded_elsewhere().exclude(person=person).count()
    if elsewhere:
        label = ngettext(
            "Confirm an intensive attended elsewhere",
            "Confirm %(n)d intensives attended elsewhere",
            elsewhere,
        ) % {"n": elsewhere}
        found.append(_task(label, reverse("office-intensives")))
    shown, outbox = letters.shown(person), reverse("letters")
    doubtful = shown.filter(state=Letter.State.DOUBT).count()
    if doubtful:
        label = ngettext("One letter is in doubt", "%(n)d letters are in doubt", doubtful)
        found.append(_task(label % {"n": doubtful}, f"{outbox}?state={Letter.State.DOUBT}"))
    failed = shown.filter(state=Letter.State.FAILED).count()
    if failed:
        label = ngettext("One letter failed", "%(n)d letters failed", failed)
        found.append(_task(label % {"n": failed}, f"{outbox}?state={Letter.State.FAILED}"))
    return found
