"""What is planned for an applicant, as a calendar: groups by their schedules, and supervision.

A calendar is often shared and read by other programs: it holds the groups' names and nobody's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from applicants.models import BalintGroup
from applicants.queries import planned_days
from credentialing.people.models import Person
from credentialing.records.society import current as society_now
from supervision.models import Session

AHEAD = timedelta(days=366)
USUAL = 90  # minutes of a meeting whose length nobody has said


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """Something that is to take place: on a day, or from a moment on for some minutes."""

    key: str
    title: str
    day: date
    at: time | None
    minutes: int | None


def planned(person: Person, *, day: date) -> list[Planned]:
    """What is planned for a person from a day on, for a year, in three queries."""
    groups = BalintGroup.objects.filter(applicant=person).order_by("pk")
    days = planned_days(groups, after=day - timedelta(days=1), until=day + AHEAD)
    found = [
        Planned(
            key=f"{group.key}-{each:%Y%m%d}",
            title=group.name,
            day=each,
            at=group.meets_at,
            minutes=(group.usual_minutes or USUAL) + (group.usual_debriefing or 0),
        )
        for group, its_days in days.items()
        for each in its_days
    ]
    sessions = Session.objects.standing().filter(
        supervision__applicant=person, state=Session.State.PLANNED, date__gte=day
    )
    found += [
        Planned(
            key=session.key,
            title=_("Supervision"),
            day=session.date,
            at=None,
            minutes=session.minutes,
        )
        for session in sessions
    ]
    return sorted(found, key=lambda each: (each.day, each.at or time.min, each.key))


def written(items: Iterable[Planned], *, at: datetime) -> bytes:
    """The calendar as a file that calendars read."""
    host = urlsplit(settings.SITE_URL).hostname
    calendar = Calendar()
    calendar.add("prodid", f"-//{society_now().short_name}//Credentialing//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Balint groups and supervision"))
    calendar.add("refresh-interval", timedelta(hours=12), parameters={"VALUE": "DURATION"})
    for item in items:
        event = Event()
        event.add("uid", f"{item.key}@{host}")
        event.add("dtstamp", at)
        event.add("summary", item.title)
        if item.at is None:
            event.add("dtstart", item.day)
        else:
            # An instant, which needs no table of time zones and is right across the clock change.
            local = timezone.make_aware(datetime.combine(item.day, item.at))
            start = local.astimezone(UTC)
            event.add("dtstart", start)
            event.add("dtend", start + timedelta(minutes=item.minutes or USUAL))
        calendar.add_component(event)
    return calendar.to_ical()
