"""Cases in the stages of the review, with the rows that each stage rests on."""

from datetime import timedelta

from django.utils import timezone

from applicants.models import Application, Claim, Question
from credentialing.people.models import Person
from credentialing.standing.models import Snapshot
from credentialing.standing.queries import standing
from reviews.models import (
    Activity,
    Ballot,
    Consent,
    Recommendation,
    Timeline,
    TimelineVersion,
)
from tests import factories


def today():
    return timezone.localdate()


def frozen(case: Application, by: Person) -> Snapshot:
    """A snapshot of the case as it stands."""
    now = standing(case, today())
    return Snapshot.objects.create(
        application=case,
        number=case.snapshots.count() + 1,
        as_of=today(),
        procedure=case.procedure,
        portfolio=now.portfolio,
        assessment=now.data,
        digest="0" * 64,
        taken_at=timezone.now(),
        taken_by=by,
    )


def recommended(case: Application, by: Person, outcome: str = "for") -> Recommendation:
    """A recommendation on a snapshot made now."""
    return Recommendation.objects.create(
        application=case,
        snapshot=frozen(case, by),
        outcome=outcome,
        reasons="Leads with care.",
        met_on=today(),
        took_part=[by.pk],
        by=by,
        at=timezone.now(),
    )


def ballot(case: Application, by: Person) -> Ballot:
    """An open ballot on a recommendation made now."""
    return Ballot.objects.create(
        recommendation=recommended(case, by),
        opened_at=timezone.now(),
        opened_by=by,
        closes_at=timezone.now() + timedelta(days=5),
        quorum="0.5",
        threshold="0.5",
        publish="names",
    )


def work(**fields) -> dict:
    """An activity as it is asked for."""
    due = today() + timedelta(days=60)
    return {
        "area": "Holding the frame",
        "activity": "Lead six more groups and review each.",
        "measure": "Six reviews.",
        "due": due,
    } | fields


def agreed(case: Application, by: Person, *, due=None, done: bool = False) -> Activity:
    """An open timeline with one activity to which both sides agreed."""
    opened = Timeline.objects.create(application=case, opened_at=timezone.now())
    version = TimelineVersion.objects.create(timeline=opened, number=1, by=by, at=timezone.now())
    activity = Activity.objects.create(
        version=version,
        **work(due=due or today() + timedelta(days=60)),
        done_on=today() if done else None,
    )
    for side, who in (("committee", by), ("applicant", case.applicant)):
        Consent.objects.create(version=version, side=side, by=who, at=timezone.now())
    opened.agreed = version
    opened.save()
    return activity


def in_stage(stage: str, by: Person, **fields) -> Application:
    """A case that meets every requirement, in a stage, with what the stage rests on."""
    if stage == "decided":
        fields = {"credentialed": False} | fields
    case = factories.complete_case(stage=stage, **fields)
    if stage == "recommended":
        recommended(case, by)
    if stage == "before-council":
        ballot(case, by)
    if stage == "further-work":
        agreed(case, by, done=True)
    return case


def claim(case: Application, credit: str = "balint-group-member", **facts) -> Claim:
    """A claim to credit that the text supports, unless told otherwise."""
    said = {"start": "2015-01-01", "end": "2019-01-01", "per_month": 2} | facts
    return Claim.objects.create(
        application=case, credit=credit, facts=said, claimed_at=timezone.now()
    )


def question(case: Application, by: Person, *, answered: bool = False) -> Question:
    """A question to the applicant, asked yesterday."""
    return Question.objects.create(
        application=case,
        text="Which group?",
        due=today() + timedelta(days=7),
        asked_by=by,
        asked_at=timezone.now() - timedelta(days=1),
        answer="Tuesday." if answered else "",
        answered_at=timezone.now() if answered else None,
    )
