"""Everything that a person is and holds, across every app, for the office."""

from datetime import date
from typing import Any

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applicants.access import CHAIR, Can, visible
from applicants.models import Membership
from credentialing.people.models import Absence, Credential, Distinct, Person, Role
from credentialing.people.queries import declared_of
from credentialing.rules import words
from intensives.models import Enrolment, SmallGroup
from reviews.models import Elector
from supervision.models import Approval, Availability

Held = list[tuple[str, list[dict[str, str]]]]

# Every foreign key to a person is one of these three; a test holds them against the models.
SHOWN = frozenset(
    """
    people.Role.person people.User.person people.Invitation.person people.Absence.person
    people.Relation.person people.Relation.applicant people.Credential.person
    people.Declaration.person people.Declaration.applicant people.Declaration.by
    people.Person.merged_into people.Distinct.one people.Distinct.other
    applicants.Application.applicant applicants.Membership.person
    supervision.Approval.supervisor supervision.Availability.supervisor
    intensives.Enrolment.person intensives.SmallGroup.first_faculty
    intensives.SmallGroup.second_faculty reviews.Elector.person
    """.split()  # noqa: SIM905 - reads better
)
# Who did something; the audit trail says what, and the page leads to it.
ACTING = frozenset(
    """
    by actor recorded_by entered_by confirmed_by uploaded_by asked_by proposed_by opened_by
    planned_by decided_by issued_by taken_by
    """.split()  # noqa: SIM905 - reads better
)
NOT_SHOWN = {
    "applicants.GroupLeader.person": "a relation says it: co-leader",
    "applicants.Debriefing_partners.person": "a relation says it: co-leader",
    "applicants.Attestation.attestor": "a relation says it: attested",
    "supervision.Supervision.applicant": "a relation says it: supervisor",
    "supervision.Supervision.supervisor": "a relation says it: supervisor",
    "intensives.CoLed.faculty": "a relation says it: faculty",
    "intensives.Enrolment.evaluator": "a relation says it: evaluator",
    "intensives.EvaluatorChange.before": "a relation says it: evaluator",
    "intensives.EvaluatorChange.after": "a relation says it: evaluator",
    "applicants.RecusalLifted.person": "the Committee's, beside the relation",
    "intensives.Disclosure.person": "the Chair's, beside a placement",
    "intensives.Agreement.person": "the joint assessment is the three's",
    "reviews.Assignment.to": "the Committee's work",
    "applicants.BalintGroup.applicant": "the applicant's file, which the office does not read",
    "applicants.OtherEvidence.applicant": "the applicant's file, which the office does not read",
    "applicants.LogAct.applicant": "the applicant's file, which the office does not read",
    "applicants.LogImport.applicant": "the applicant's file, which the office does not read",
    "applicants.Attestation.applicant": "the applicant's file, which the office does not read",
    "applicants.Claim.leader": "the applicant's file, which the office does not read",
    "applicants.CalendarFeed.person": "an address that is their own",
    "standing.Tour.person": "what they have been shown of the pages",
    "records.Letter.to": "the outbox shows it, and the page leads to it",
}


def held(person: Person, *, to: Person, day: date) -> Held:
    """What a person holds: headings with lines (text, url), only those with something to say."""
    merged = person.merged.order_by("pk")
    parts = [
        (_("Away"), _absences(person)),
        (_("Credentials"), _credentials(person)),
        (_("Applications"), _applications(person, to=to, day=day)),
        (_("Memberships"), _memberships(person)),
        (_("Approved as a supervisor"), _approvals(person)),
        (_("Intensives"), _intensives(person)),
        (_("Seats on ballots"), _seats(person, to=to, day=day)),
        (_("Declared relations"), _declarations(person, to=to)),
        (
            _("Entered as well as"),
            [{"text": _known_as(each)} for each in merged],
        ),
        (_("Not the same person as"), _different(person)),
    ]
    return [(heading, lines) for heading, lines in parts if lines]


def _known_as(person: Person) -> str:
    return ", ".join(filter(None, [person.name, person.email]))


def _absences(person: Person) -> list[dict[str, str]]:
    """When an officer is away; where they are Chair then, with who stands in."""
    seats = list(Role.objects.filter(kind__in=CHAIR).select_related("person").order_by("pk"))

    def at_work(away: Absence, kind: str) -> list[Person]:
        return [
            seat.person
            for seat in seats
            if seat.kind == kind
            and seat.start <= away.until
            and (not seat.end or seat.end >= away.start)
        ]

    lines = []
    for away in Absence.objects.filter(person=person).order_by("start", "pk"):
        said = [days(away.start, away.until)]
        if person in at_work(away, Role.Kind.CHAIR):
            deputies = [one.name for one in at_work(away, Role.Kind.DEPUTY) if one != person]
            said.append(
                _("%(who)s stands in") % {"who": words.listed(deputies)}
                if deputies
                else _("nobody stands in")
            )
        lines.append({"text": ", ".join(said)})
    return lines


def _seats(person: Person, *, to: Person, day: date) -> list[dict[str, str]]:
    operated = visible(to, Can.OPERATE, day=day)
    seats = Elector.objects.filter(
        person=person, ballot__recommendation__application__in=operated
    ).annotate(reference=F("ballot__recommendation__application__reference"))
    return [
        {
            "text": f"{seat.reference}, {_what_of_the_seat(seat)}",
            "url": reverse("office-case", args=[seat.reference]),
        }
        for seat in seats.select_related("ballot").order_by("ballot__closes_at", "pk")
    ]


def _what_of_the_seat(seat: Elector) -> str:
    if seat.recused_at:
        return _("stepped aside")
    if seat.left_at:
        return _("out of office when it closed")
    day = timezone.localdate(seat.ballot.closed_at or seat.ballot.closes_at)
    said = _("closed on %(day)s") if seat.ballot.closed_at else _("open until %(day)s")
    return said % {"day": date_format(day)}


def _declarations(person: Person, *, to: Person) -> list[dict[str, str]]:
    """Of whom something was declared and by whom; the words are for the Committee."""
    return [
        {
            "text": _("%(person)s and %(applicant)s, said by %(by)s on %(day)s")
            % {
                "person": row.person.name,
                "applicant": row.applicant.name,
                "by": row.by.name,
                "day": date_format(timezone.localdate(row.at)),
            }
        }
        for row in declared_of(person.pk)
        if to.pk != row.applicant.current_id
    ]


def _different(person: Person) -> list[dict[str, str]]:
    pairs = Distinct.objects.filter(Q(one=person) | Q(other=person)).select_related("one", "other")
    others = [pair.other if pair.one_id == person.pk else pair.one for pair in pairs.order_by("pk")]
    return [{"text": _known_as(each), "url": reverse("person", args=[each.pk])} for each in others]


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


def term(start: date, end: date | None, number: str) -> str:
    """A membership in words: its days, and its number where it has one."""
    numbered = _("number %(number)s") % {"number": number} if number else ""
    return ", ".join(filter(None, [days(start, end), numbered]))


def _memberships(person: Person) -> list[dict[str, str]]:
    return [
        {
            "text": term(each.start, each.end, each.number),
            "url": reverse("membership", args=[each.pk]),
        }
        for each in Membership.objects.filter(person=person).order_by("start", "pk")
    ]


def _approvals(person: Person) -> list[dict[str, str]]:
    offered = Availability.objects.filter(supervisor=person).first()
    places = "" if offered is None else _what_is_offered(offered)
    return [
        {"text": f"{days(each.start, each.end)}{places}", "url": reverse("approvals")}
        for each in Approval.objects.filter(supervisor=person).order_by("start", "pk")
    ]


def _what_is_offered(offered: Availability) -> str:
    if not offered.takes_requests:
        return _("; takes no requests now")
    return ngettext("; offers one place", "; offers %(n)s places", offered.places) % {
        "n": offered.places
    }


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
