"""What further work asks of an applicant, and of whom they wait there."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from applicants.models import Application
from reviews.queries import timelines


def tasks(application: Application, *, today: date) -> list[dict[str, Any]]:
    """The timeline as tasks, for the component of that name: to be answered, and to be done."""
    negotiated = timelines.timeline(application, today=today)
    url = reverse("timeline")
    found = []
    if pending := negotiated.pending:
        mine = pending["waits_for_applicant"]
        found.append(
            {
                "label": _("Answer the proposed timeline")
                if mine
                else _("The Committee answers the timeline that you proposed"),
                "url": url,
                "state": "needs",
                "word": _("Waits for you") if mine else _("Waits for the Committee"),
                "hint": _("since %(day)s") % {"day": _day(timezone.localdate(pending["at"]))},
            }
        )
    if negotiated.is_open and negotiated.agreed:
        found += [
            {
                "label": activity.area,
                "url": url,
                "state": "wrong" if activity.due < today else "needs",
                "word": _("Overdue") if activity.due < today else _("Waits for you"),
                "hint": _("until %(day)s") % {"day": _day(activity.due)},
            }
            for activity in (row["asked"] for row in negotiated.agreed["activities"])
            if activity.done_on is None
        ]
    return found


def _day(day: date) -> str:
    return date_format(day, "j F Y")
