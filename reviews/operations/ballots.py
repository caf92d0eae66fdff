"""The Council's ballot: opened, voted on, and closed by the clock alone.

Locks are taken in one order: application, ballot, seat. A deadline is compared with the database's
clock after the locks are held, never with a time that was read before.
"""

import logging
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applicants import access, stages
from applicants.models import Application, Membership, Stage
from applicants.stages import Move
from credentialing.people.models import Person, Role
from credentialing.records import audit
from credentialing.records.refusals import Refused
from credentialing.rules import Council, words
from credentialing.standing.queries import procedure_of, standing
from reviews.letters import council as letters
from reviews.models import Ballot, CastVote, Choice, Elector, Manuscript, MeetingVote, Vote
from reviews.operations import decisions, dossiers
from reviews.operations.locking import share
from reviews.queries import ballots as asked
from reviews.queries import readiness
from reviews.queries.ballots import clock

log = logging.getLogger(__name__)

LONGEST = timedelta(days=180)


def minimum_days() -> int:
    """How many days ahead a ballot closes at least."""
    return int(getattr(settings, "BALLOT_MINIMUM_DAYS", 3))


def council_of(application: Application) -> Council:
    """How the Council votes under the procedure of a case."""
    council = procedure_of(application).council
    if council is None:
        raise Refused(_("The procedure of this case does not say how the Council votes."))
    return council


@transaction.atomic
def open_ballot(
    application: Application, *, closes_at: datetime, by: Person, at: datetime
) -> Ballot:
    """Put a recommended case before the Council: seats frozen, and what its dossier says."""
    application = Application.objects.select_for_update().get(pk=application.pk)
    stages.check(application, Move.OPEN_BALLOT, by=by, at=at)
    council = council_of(application)
    now = clock()
    _check_closing_time(closes_at, now)
    recommendation = asked.recommendation_of(application)
    if MeetingVote.objects.filter(MeetingVote.WAITING, recommendation=recommendation).exists():
        raise Refused(_("A meeting's vote on this case waits. Confirm or refuse it first."))
    seats = asked.seats(application, day=timezone.localdate(now))
    voters = [seat.person for seat in seats if not seat.because]
    if not voters:
        raise Refused(_("Nobody on the Council can vote on this case today."))
    stages.take(application, Move.OPEN_BALLOT, by=by, at=at)
    ballot = Ballot.objects.create(
        recommendation=recommendation,
        opened_at=now,
        opened_by=by,
        closes_at=closes_at,
        quorum=Decimal(str(council.quorum)),
        threshold=Decimal(str(council.threshold)),
        publish=council.publish,
    )
    seat_council(ballot, seats, at=now)
    for person in voters:
        access.give(person, "elector", application)
    audit.record(
        "ballot.opened",
        application.reference,
        by=by,
        record=f"ballot {ballot.pk}",
        after={"closes_at": closes_at, "seated": len(seats), "voters": [p.pk for p in voters]},
    )
    dossiers.freeze(application, ballot, by=by, at=at)
    letters.ballot_opened(application, ballot, voters)
    return ballot


def _check_closing_time(closes_at: datetime, now: datetime) -> None:
    days = minimum_days()
    if closes_at <= now or closes_at < now + timedelta(days=days):
        raise Refused(
            ngettext(
                "Choose a closing time at least %(days)d day from now.",
                "Choose a closing time at least %(days)d days from now.",
                days,
            )
            % {"days": days},
            field="closes_at",
        )
    if closes_at > now + LONGEST:
        raise Refused(_("Choose a closing time within half a year."), field="closes_at")


def seat_council(ballot: Ballot, seats: list[asked.Seat], *, at: datetime) -> None:
    """Freeze the Council's seats on a ballot, the recused ones with their reason."""
    Elector.objects.bulk_create(
        Elector(
            ballot=ballot,
            person=seat.person,
            recused_at=at if seat.because else None,
            recused_because=seat.because,
        )
        for seat in seats
    )


def _open_seat(ballot: Ballot, *, by: Person) -> tuple[Application, Elector, datetime]:
    """The person's own seat on a ballot that is open now; 404 without a seat, else refused."""
    case = Application.objects.filter(recommendations__ballots=ballot.pk).values_list(
        "pk", flat=True
    )
    application_id = case.get()
    share(Application.objects.filter(pk=application_id))
    share(Ballot.objects.filter(pk=ballot.pk))
    share(Role.objects.filter(person=by, kind=Role.Kind.COUNCIL))
    seat = Elector.objects.select_for_update().filter(ballot=ballot.pk, person=by).first()
    now = clock()
    application = Application.objects.select_related("applicant").get(pk=application_id)
    stored = Ballot.objects.get(pk=ballot.pk)
    if seat is None:
        raise Http404
    if stored.closed_at or now >= stored.closes_at or application.stage != Stage.BEFORE_COUNCIL:
        raise Refused(
            _("Voting on this case ended on %(when)s. Nothing was changed.")
            % {"when": _moment(min(stored.closed_at or stored.closes_at, stored.closes_at))}
        )
    if seat.recused_at:
        raise Refused(_("You are recused from this case, so you can't vote on it."))
    if not asked.in_office([by.pk], day=timezone.localdate(now)):
        raise Refused(_("You no longer hold a seat on the Council, so you can't vote."))
    if by.pk in access.recused(application):
        raise Refused(_("You have a relation to the applicant, so you can't vote on this case."))
    return application, seat, now


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j F Y, H:i")


@transaction.atomic
def cast(ballot: Ballot, *, choice: str, remark: str, by: Person) -> Vote:
    """Cast a vote, or change it: one row for each seat, until the ballot closes.

    The audit trail keeps who and when, never the content.
    """
    application, seat, now = _open_seat(ballot, by=by)
    if choice not in Choice.values:
        raise Refused(_("Choose for, against or abstain."), field="choice")
    vote, _new = Vote.objects.update_or_create(
        elector=seat,
        defaults={
            "choice": choice,
            "remark": remark.strip(),
            "cast_at": now,
            "receipt": "-".join((decisions.drawn(4), decisions.drawn(4), decisions.drawn(4))),
        },
    )
    audit.record("vote.cast", application.reference, by=by, record=f"ballot {seat.ballot_id}")
    return vote


@transaction.atomic
def recuse(ballot: Ballot, *, reason: str, by: Person) -> Elector:
    """Leave a case to the others, with a reason; a vote that was already cast is removed."""
    application, seat, now = _open_seat(ballot, by=by)
    if not reason.strip():
        raise Refused(_("Say why; the reason is shown beside your name."), field="reason")
    voided, _rows = Vote.objects.filter(elector=seat).delete()
    seat.recused_at, seat.recused_because = now, reason.strip()
    seat.vote_is_void = bool(voided)
    seat.save(update_fields=["recused_at", "recused_because", "vote_is_void"])
    access.take(by, "elector", application)
    audit.record(
        "ballot.recused",
        application.reference,
        by=by,
        record=f"ballot {seat.ballot_id}",
        after={"vote_void": seat.vote_is_void},
    )
    return seat


@transaction.atomic
def close_ballot(ballot: Ballot) -> Ballot:
    """Close a ballot whose time has come and decide, once; closed already, it stays as it is.

    Where the membership raises a question the decision is held until the Committee has ruled.
    """
    application = Application.objects.select_for_update(of=("self",)).get(
        recommendations__ballots=ballot.pk
    )
    ballot = Ballot.objects.select_for_update().get(pk=ballot.pk)
    return _close(ballot, application)


def close_due_ballots() -> int:
    """Close every ballot whose time has come, each by itself; returns how many were closed.

    A ballot of a case that is no longer before the Council is withdrawn.
    """
    due = Ballot.objects.filter(
        Q(closes_at__lte=clock()) | ~Q(recommendation__application__stage=Stage.BEFORE_COUNCIL),
        closed_at__isnull=True,
    ).order_by("closes_at", "pk")
    closed = 0
    for ballot_id, application_id in due.values_list("pk", "recommendation__application"):
        try:
            closed += _close_if_free(ballot_id, application_id)
        except Exception:  # one case that can't be decided keeps no other waiting
            log.exception("Ballot %s could not be closed.", ballot_id)
    return closed


@transaction.atomic
def _close_if_free(ballot_id: int, application_id: int) -> bool:
    free = Application.objects.select_for_update(skip_locked=True).filter(pk=application_id)
    application = free.first()
    if application is None:
        return False
    ballots = Ballot.objects.select_for_update(skip_locked=True)
    ballot = ballots.filter(pk=ballot_id, closed_at__isnull=True).first()
    return ballot is not None and _close(ballot, application).closed_at is not None


def _close(ballot: Ballot, application: Application) -> Ballot:
    """Close a locked ballot of a locked application."""
    now = clock()
    if ballot.closed_at:
        return ballot
    if application.stage != Stage.BEFORE_COUNCIL:
        return _withdraw(ballot, application, by=None, at=now)
    if now < ballot.closes_at:
        raise Refused(
            _("This ballot is open until %(when)s.") % {"when": _moment(ballot.closes_at)}
        )
    if ballot.arithmetic is None:
        _count(ballot, application, at=now)
    if ballot.arithmetic["outcome"] == Ballot.Outcome.NO_QUORUM:
        stages.take(application, Move.NO_DECISION, by=None, at=now)
        return end(ballot, application, at=now)
    why = open_question(application, at=now)
    if why:
        return _hold(ballot, application, why, at=now)
    decisions.decide(application, ballot, decided_on=timezone.localdate(now), at=now)
    return end(ballot, application, at=now)


def _count(ballot: Ballot, application: Application, *, at: datetime) -> None:
    """Copy the votes of the seats that still vote into the record, once, and add them up.

    Whoever was out of office when voting ended, or became related to the applicant meanwhile,
    leaves numerator and denominator.
    """
    seats = list(ballot.electors.select_related("vote").order_by("pk"))
    people = [seat.person_id for seat in seats]
    share(Role.objects.filter(person__in=people, kind=Role.Kind.COUNCIL))
    sitting = asked.in_office(people, day=timezone.localdate(ballot.closes_at))
    relations = access.recused(application)
    counted = []
    for seat in seats:
        if seat.recused_at:
            continue
        if seat.person_id in relations:
            seat.recused_at = at
            seat.recused_because = _("Became related to the applicant while the ballot was open.")
        elif seat.person_id not in sitting:
            seat.left_at = at
        else:
            counted.append(seat)
            continue
        seat.vote_is_void = hasattr(seat, "vote")
        seat.save(update_fields=["recused_at", "recused_because", "left_at", "vote_is_void"])
    votes = [seat.vote for seat in counted if hasattr(seat, "vote")]
    CastVote.objects.bulk_create(
        CastVote(elector=vote.elector, choice=vote.choice, remark=vote.remark, receipt=vote.receipt)
        for vote in votes
    )
    ballot.arithmetic = asked.tally(
        seated=len(seats),
        recused=sum(seat.recused_at is not None for seat in seats),
        left=sum(seat.left_at is not None for seat in seats),
        votes=Counter(vote.choice for vote in votes),
        quorum=ballot.quorum,
        threshold=ballot.threshold,
    )
    ballot.save(update_fields=["arithmetic"])
    release_electors(ballot, application)


def release_electors(ballot: Ballot, application: Application) -> None:
    """End what a ballot showed to its electors."""
    for seat in ballot.electors.select_related("person__user"):
        access.take(seat.person, "elector", application)


def open_question(application: Application, *, at: datetime) -> str:
    """The question of membership that holds a decision, in words; empty where there is none."""
    share(Membership.objects.filter(person=application.applicant_id))
    gaps = readiness.gaps(standing(application, timezone.localdate(at)))
    return " ".join(words.issue(gap) for gap in gaps)


def _hold(ballot: Ballot, application: Application, why: str, *, at: datetime) -> Ballot:
    if ballot.held_because != why:
        ballot.held_because = why
        ballot.save(update_fields=["held_because"])
        audit.record("decision.held", application.reference, by=None, record=f"ballot {ballot.pk}")
        letters.held(application, ballot, day=timezone.localdate(at))
    return ballot


def end(ballot: Ballot, application: Application, *, at: datetime) -> Ballot:
    """Close a counted ballot with its outcome, and tell whom it concerns."""
    ballot.closed_at, ballot.outcome = at, ballot.arithmetic["outcome"]
    ballot.held_because = ""
    ballot.save(update_fields=["closed_at", "outcome", "held_because"])
    audit.record(
        "ballot.closed",
        application.reference,
        by=None,
        record=f"ballot {ballot.pk}",
        after={"outcome": ballot.outcome},
    )
    voters = ballot.electors.filter(recused_at__isnull=True, left_at__isnull=True)
    letters.ballot_closed(
        application, ballot, [seat.person for seat in voters.select_related("person")]
    )
    return ballot


@transaction.atomic
def withdraw_ballot(application: Application, *, by: Person, at: datetime) -> Ballot | None:
    """Close the open ballot of a locked case without counting, because the case goes elsewhere.

    The caller moves the case. None where no ballot is open.
    """
    ballot = (
        Ballot.objects.select_for_update(of=("self",))
        .filter(recommendation__application=application, closed_at__isnull=True)
        .first()
    )
    return ballot and _withdraw(ballot, application, by=by, at=at)


def _withdraw(
    ballot: Ballot, application: Application, *, by: Person | None, at: datetime
) -> Ballot:
    seats = list(ballot.electors.filter(recused_at__isnull=True).select_related("person"))
    Vote.objects.filter(elector__ballot=ballot).delete()
    Manuscript.objects.filter(ballot=ballot).delete()  # the Council reads no dossier of it
    ballot.closed_at, ballot.outcome, ballot.held_because = at, Ballot.Outcome.WITHDRAWN, ""
    ballot.save(update_fields=["closed_at", "outcome", "held_because"])
    release_electors(ballot, application)
    audit.record("ballot.withdrawn", application.reference, by=by, record=f"ballot {ballot.pk}")
    letters.ballot_withdrawn(application, ballot, [seat.person for seat in seats])
    return ballot
