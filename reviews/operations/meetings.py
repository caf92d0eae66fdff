"""The vote that the Council took in a room: entered by one officer, confirmed by another."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants import access, stages
from applicants.access import Can
from applicants.models import Application, Stage
from credentialing.people.models import Person
from credentialing.records import audit
from credentialing.records.refusals import Refused
from reviews.letters import council as letters
from reviews.models import Ballot, Choice, MeetingVote, Recommendation
from reviews.operations import ballots, confirming, decisions
from reviews.queries import ballots as asked


@transaction.atomic
def record_meeting_vote(
    application: Application,
    *,
    held_on: date,
    present: list[int],
    votes_for: int,
    votes_against: int,
    abstained: int,
    minutes: str,
    by: Person,
    at: datetime,
) -> MeetingVote:
    """Enter a meeting's vote on a recommended case; it decides once another officer confirms it."""
    application = Application.objects.select_for_update().get(pk=application.pk)
    day = timezone.localdate(at)
    if not access.may(by, Can.OPERATE, application, day=day):
        raise Http404
    recommendation = _recommended(application)
    ballots.council_of(application)
    if recommendation.meeting_votes.filter(MeetingVote.WAITING).exists():
        raise Refused(_("A meeting's vote on this case waits already to be confirmed."))
    if not timezone.localdate(recommendation.at) <= held_on <= day:
        raise Refused(
            _("Give the day of the meeting: after the recommendation, and not in the future."),
            field="held_on",
        )
    seats = asked.seats(application, day=held_on)
    voters = {seat.person.pk for seat in seats if not seat.because}
    if not present or set(present) - voters:
        raise Refused(
            _("Name who was present: members in office on that day who are not recused."),
            field="present",
        )
    counts = (votes_for, votes_against, abstained)
    if min(counts) < 0 or sum(counts) > len(set(present)):
        raise Refused(
            _("There are more votes than members present."),
            field="votes_for",
        )
    if not minutes.strip():
        raise Refused(_("Enter what the minutes say."), field="minutes")
    vote = MeetingVote.objects.create(
        recommendation=recommendation,
        held_on=held_on,
        present=sorted(set(present)),
        votes_for=votes_for,
        votes_against=votes_against,
        abstained=abstained,
        minutes=minutes.strip(),
        entered_by=by,
        entered_at=at,
    )
    audit.record(
        "meeting-vote.entered",
        application.reference,
        by=by,
        record=f"meeting vote {vote.pk}",
        after={"held_on": held_on},
    )
    letters.meeting_vote_entered(application, vote, day=day)
    return vote


def _recommended(application: Application) -> Recommendation:
    recommendation = asked.recommendation_of(application)
    if application.stage != Stage.RECOMMENDED or recommendation is None:
        raise Refused(stages.already(application))
    return recommendation


@transaction.atomic
def confirm_meeting_vote(vote: MeetingVote, *, by: Person, at: datetime) -> MeetingVote:
    """Confirm what another officer entered; the case is decided by the counts in the same act."""
    application, vote = _locked(vote, by=by, at=at)
    confirming.confirm(vote, by=by, at=at)
    if _recommended(application).pk != vote.recommendation_id:
        raise Refused(_("This vote was on a recommendation that no longer stands."))
    question = ballots.open_question(application, at=at)
    if question:
        raise Refused(
            _("%(question)s The Committee has to rule on this first; then confirm again.")
            % {"question": question}
        )
    audit.record(
        "meeting-vote.confirmed", application.reference, by=by, record=f"meeting vote {vote.pk}"
    )
    _decide(application, vote, at=at)
    return vote


def _decide(application: Application, vote: MeetingVote, *, at: datetime) -> Ballot:
    """The meeting's counts as a closed ballot, and the decision where there was a quorum."""
    council = ballots.council_of(application)
    seats = asked.seats(application, day=vote.held_on)
    ballot = Ballot(
        recommendation=vote.recommendation,
        kind=Ballot.Kind.MEETING,
        opened_at=vote.entered_at,
        opened_by=vote.entered_by,
        closes_at=at,
        quorum=Decimal(str(council.quorum)),
        threshold=Decimal(str(council.threshold)),
        publish="counts",  # a meeting leaves no votes by name
    )
    ballot.arithmetic = asked.tally(
        seated=len(seats),
        recused=sum(bool(seat.because) for seat in seats),
        left=0,
        votes={
            Choice.FOR: vote.votes_for,
            Choice.AGAINST: vote.votes_against,
            Choice.ABSTAIN: vote.abstained,
        },
        quorum=ballot.quorum,
        threshold=ballot.threshold,
    )
    ballot.save()
    ballots.seat_council(ballot, seats, at=at)
    if ballot.arithmetic["outcome"] != Ballot.Outcome.NO_QUORUM:
        decisions.decide(application, ballot, decided_on=vote.held_on, at=at)
    return ballots.end(ballot, application, at=at)


@transaction.atomic
def refuse_meeting_vote(vote: MeetingVote, *, by: Person, at: datetime) -> MeetingVote:
    """Set aside what was entered, so that it can be entered anew; also by who entered it."""
    application, vote = _locked(vote, by=by, at=at)
    confirming.refuse(vote, at=at)
    audit.record(
        "meeting-vote.refused", application.reference, by=by, record=f"meeting vote {vote.pk}"
    )
    return vote


def _locked(vote: MeetingVote, *, by: Person, at: datetime) -> tuple[Application, MeetingVote]:
    """A locked vote with its locked application; 404 for who is no officer."""
    application = Application.objects.select_for_update(of=("self",)).get(
        recommendations__meeting_votes=vote.pk
    )
    vote = MeetingVote.objects.select_for_update().get(pk=vote.pk)
    if not access.may(by, Can.OPEN_BALLOT, application, day=timezone.localdate(at)):
        raise Http404
    return application, vote
