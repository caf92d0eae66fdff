"""Everything that a person is and holds, across every app, for the office."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from applicants.access import Can, visible
from applicants.models import Membership
from credentialing.people.models import Credential, Person
from intensives.models import Enrolment, SmallGroup
from supervision.models import Approval

Held = list[tuple[str, list[dict[str, str]]]]


def held(person: Person, *, to: Person, day: date) -> Held:
    """What a person holds: headings with lines (text, url), only those with something to say."""
    parts = [
        (_("Credentials"), _credentials(person)),
        (_("Applications"), _applications(person, to=to, day=day)),
        (_("Memberships"), _memberships(person)),
        (_("Approved as a supervisor"), _approvals(person)),
        (_("Intensives"), _intensives(person)),
    ]
    return [(heading, lines) for heading, lines in parts if lines]


def days(start: date, end: date | None) -> str:
    """From when to when, in words."""
    if end is None:
        return _("since %(start)s") % {"start": date_format(start)}
    return _("%(start)s to %(end)s") % {"start": date_format(start), "end": date_format(end)}


def _credentials(person: Person) -> list[dict[str, str]]:
    return [
        {
            "text": f"{each.number}, {each.title}, {days(each.since, None)}",
            "url": reverse("credential-status", args=[each.number]),
        }
        for each in Credential.objects.filter(person=person).order_by("since", "pk")
    ]


def _applications(person: Person, *, to: Person, day: date) -> list[dict[str, str]]:
    """The cases that the reader operates: never their own."""
    found = visible(to, Can.OPERATE, day=day).filter(applicant=person).order_by("started_at", "pk")
    return [
        {
            "text": f"{each.reference}, {each.get_stage_display()}",
            "url": reverse("office-case", args=[each.reference]),
        }
        for each in found
    ]


def _memberships(person: Person) -> list[dict[str, str]]:
    return [
        {
            "text": ", ".join(filter(None, [days(each.start, each.end), each.number])),
            "url": reverse("membership", args=[each.pk]),
        }
        for each in Membership.objects.filter(person=person).order_by("start", "pk")
    ]


def _approvals(person: Person) -> list[dict[str, str]]:
    return [
        {"text": days(each.start, each.end), "url": reverse("approvals")}
        for each in Approval.objects.filter(supervisor=person).order_by("start", "pk")
    ]


def _intensives(person: Person) -> list[dict[str, str]]:
    taught = SmallGroup.objects.filter(Q(first_faculty=person) | Q(second_faculty=person))
    lines = [
        (each.intensive, _("faculty of %(group)s") % {"group": each.name})
        for each in taught.select_related("intensive")
    ]
    lines += [
        (each.intensive, f"{each.get_role_display()}, {_what_became(each)}")
        for each in Enrolment.objects.filter(person=person).select_related("intensive")
    ]
    lines.sort(key=lambda line: (line[0].start, line[0].pk))
    return [
        {
            "text": f"{intensive.title}, {date_format(intensive.end)}: {said}",
            "url": reverse("office-intensive", args=[intensive.pk]),
        }
        for intensive, said in lines
    ]


def _what_became(enrolment: Enrolment) -> Any:
    return _("completed") if enrolment.completed else enrolment.get_state_display()
