"""What the office's pages of a case show: stage and names, ballots, dossiers, credentials."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants import access
from applicants.access import Can
from applicants.models import Application, Stage
from applicants.stages import STEPS, Move
from credentialing.people.models import Credential, Person
from credentialing.records.submissions import new_key
from credentialing.rules import words
from credentialing.standing.queries import procedure_of, standing
from credentialing.templatetags.words import moment
from reviews.models import Ballot, Dossier, MeetingVote
from reviews.queries import ballots, dossiers, readiness, register, results


def suggested_closing(now: datetime, minimum: int, days: int) -> datetime:
    """So many days from now (or the least, if that is more), at the end of the working day."""
    day = timezone.localtime(now) + timedelta(days=max(minimum + 1, days))
    return day.replace(hour=18, minute=0, second=0, microsecond=0, tzinfo=None)


def cases(person: Person, *, day: date, stage: str, name: str) -> QuerySet[Application]:
    """The cases that the office operates, by stage and by name or reference, by name."""
    found = access.visible(person, Can.OPERATE, day=day).select_related("applicant")
    if stage:
        found = found.filter(stage=stage)
    for part in name.split()[:8]:
        found = found.filter(Q(applicant__name__icontains=part) | Q(reference__icontains=part))
    closing = Ballot.objects.filter(
        recommendation__application=OuterRef("pk"), closed_at__isnull=True
    )
    return found.annotate(closes_at=Subquery(closing.values("closes_at")[:1])).order_by(
        "applicant__name", "pk"
    )


def with_dossier(person: Person, *, day: date, stage: str, name: str) -> QuerySet[Application]:
    """Those of the office's cases of which a dossier can be issued, by name."""
    found = cases(person, day=day, stage=stage, name=name)
    return found.exclude(stage=Stage.DRAFT).filter(submitted_on__isnull=False)


def cases_address(asked: Mapping[str, str]) -> str:
    """The address of the office's cases that fit."""
    return f"{reverse('office-cases')}?{kept(asked)}".rstrip("?&")


def in_words(asked: Mapping[str, str]) -> str:
    """The filter in words; empty where all cases fit."""
    said = []
    if asked["stage"]:
        said.append(_("stage: %(stage)s") % {"stage": Stage(asked["stage"]).label})
    if asked["name"]:
        said.append(_("name or reference: %(name)s") % {"name": asked["name"]})
    return "; ".join(said)


def rows(found: Iterable[Application]) -> list[list[Any]]:
    """The office's table of cases."""
    return [
        [
            {"text": case.applicant.name, "url": reverse("office-case", args=[case.reference])},
            case.reference,
            str(case.get_stage_display()),
            moment(case.closes_at),
        ]
        for case in found
    ]


def kept(asked: Mapping[str, str]) -> str:
    """The filter as a prefix of further addresses."""
    said = {name: value for name, value in asked.items() if value}
    return f"{urlencode(said)}&" if said else ""


def ballot_page(case: Application, *, at: datetime, sees_who_voted: bool) -> dict[str, Any]:
    """Who would vote on a recommended case, or how far its ballot is."""
    day = timezone.localdate(at)
    ballot = ballots.open_on(case)
    recommended = case.stage == Stage.RECOMMENDED
    council = procedure_of(case).council
    gaps = readiness.gaps(standing(case, day)) if recommended else []
    seats = ballots.seats(case, day=day) if recommended else []
    return {
        "case": case,
        "recommended": recommended,
        "seats": seats,
        "voters": sum(not seat.because for seat in seats),
        "gaps": [words.issue(gap) for gap in gaps],
        "quorum": results.share(str(council.quorum)) if council else "",
        "threshold": results.share(str(council.threshold)) if council else "",
        "names": bool(council) and council.publish == "names",
        "house_rules": list(council.house_rules) if council else [],
        "ballot": ballot,
        "making": results.dossier_of(ballot, at=at).get("making") if ballot else None,
        "voting": results.seats(ballot) if ballot and sees_who_voted else [],
        "waiting_vote": waiting_meeting_vote(case),
        "past": past_ballots(case),
    }


def past_ballots(case: Application) -> list[Ballot]:
    """The closed ballots of a case, the newest first."""
    return list(register.ballots_of(case).filter(closed_at__isnull=False))


def waiting_meeting_vote(case: Application) -> MeetingVote | None:
    """The meeting's vote on a case that waits for a second officer."""
    waiting = MeetingVote.objects.filter(MeetingVote.WAITING, recommendation__application=case)
    return waiting.first()


def meeting_members(case: Application, *, day: date) -> list[Person]:
    """The members who may have been present at a meeting since the recommendation."""
    recommendation = ballots.recommendation_of(case)
    since = timezone.localdate(recommendation.at) if recommendation else day
    found = {
        seat.person.pk: seat.person
        for on in {since, day}
        for seat in ballots.seats(case, day=on)
        if not seat.because
    }
    return sorted(found.values(), key=lambda person: (person.name, person.pk))


def meeting_vote_page(vote: MeetingVote, person: Person) -> dict[str, Any]:
    """What was entered of a meeting's vote, and whether this person may confirm it."""
    present = Person.objects.filter(pk__in=vote.present).order_by("name", "pk")
    return {
        "case": vote.recommendation.application,
        "vote": vote,
        "present": [each.name for each in present],
        "own": vote.entered_by_id == person.pk,
    }


def case_page(case: Application, *, day: date) -> dict[str, Any]:
    """One case for the office: no document, no reason, no content of a vote."""
    ballot = ballots.open_on(case)
    credentials = Credential.objects.filter(case=case.reference, person=case.applicant)
    return {
        "case": case,
        "recommendation": ballots.recommendation_of(case),
        "ballot": ballot,
        "voting": results.seats(ballot) if ballot else [],
        "past": [
            {"ballot": each, "sums": results.sums(each.arithmetic or {})}
            for each in past_ballots(case)
        ],
        "waiting_vote": waiting_meeting_vote(case),
        "moves": [
            {
                "at": move.at,
                "text": str(STEPS[Move(move.move)].done).capitalize(),
                "who": move.by.name if move.by else _("the clock"),
            }
            for move in case.moves.select_related("by").order_by("-number")
        ],
        "may_open": case.stage == Stage.RECOMMENDED,
        "dossiers": list(dossiers.issued(case)),
        "keys": [new_key() for _each in Dossier.Edition],
        "may_issue": bool(case.submitted_on) and case.stage != Stage.DRAFT,
        "credentials": list(register.with_status(credentials, day=day)),
    }
