"""The letters about where an applicant stands."""

from datetime import datetime, timedelta

from django.urls import reverse

from applicants.access import Can
from credentialing.records import letters
from credentialing.records.letters import dated
from credentialing.records.letters import words as _
from credentialing.standing.queries import ShortYear


def year_is_short(year: ShortYear, step: timedelta, at: datetime) -> None:
    """To the applicant: a supervision year ends soon and is not full."""
    letters.write(
        "supervision-year-short",
        year.application.applicant,
        occasion=f"{year.requirement} {year.end}",
        subject=_("Your supervision year ends soon"),
        text=_(
            "Your supervision year ends on %(day)s and does not hold all its sessions yet. Your "
            "home page shows how many are still to come, and which wait to be confirmed."
        )
        % {"day": dated(year.end)},
        link=reverse("home"),
        case=year.application.reference,
        needs=Can.OWN,
    )
