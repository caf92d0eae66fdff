from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from applicants import access
from applicants.access import Can
from applicants.models import Application, ApplicationUserPermission, Membership, Ruling
from credentialing import reminders
from credentialing.people.models import Credential, CredentialStatus, Role
from credentialing.records.models import AuditEntry, Letter
from credentialing.records.refusals import Refused
from credentialing.records.reminders import sweep
from reviews import operations
from reviews.models import Ballot, CastVote, Certificate, Decision, Dossier, Vote
from tests.factories import person
from tests.reviews.council.cases import another, overdue, recommend, recommended

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_paper")]
TODAY = timezone.localdate


def stage(society):
    return Application.objects.get(pk=society.case.pk).stage


def kinds(kind):
    return set(Letter.objects.filter(kind=kind).values_list("to__name", flat=True))


# --- Opening -------------------------------------------------------------------------------------


def test_opening_freezes_the_seats_and_tells_those_who_vote():
    society = recommended(3)
    society.council[2].relations.create(
        applicant=society.applicant, kind="supervisor", since="2024-01-01", source="supervision"
    )

    ballot = society.open()

    late = person("council", name="Late")
    seats = {seat.person.name: seat.recused_because for seat in ballot.electors.all()}
    assert seats == {
        "Member A": "",
        "Member B": "",
        "Member C": "Is or was the applicant's supervisor.",
    }
    assert kinds("ballot-opened") == {"Member A", "Member B"}
    may = [
        access.may(member, Can.ELECT, society.case, day=TODAY())
        for member in (*society.council, late)
    ]
    assert may == [True, True, False, False]
    assert stage(society) == "before-council"
    assert Dossier.objects.get().edition == "council"


def test_the_applicants_own_seat_is_recused():
    society = recommended(2)
    Role.objects.create(person=society.applicant, kind="council", start="2020-01-01")

    ballot = society.open()

    own = ballot.electors.get(person=society.applicant)
    assert own.recused_because == "This is the member's own application."


def test_a_ballot_stays_open_three_days_at_least(settings):
    society = recommended()

    with pytest.raises(Refused) as refused:
        society.open(days=2)
    settings.BALLOT_MINIMUM_DAYS = 1

    assert refused.value.field == "closes_at"
    assert society.open(days=2).closed_at is None


def test_a_chair_opens_and_a_member_of_the_committee_does_not():
    society = recommended()
    member = person("committee")
    closes = timezone.now() + timedelta(days=4)

    with pytest.raises(Http404):
        operations.open_ballot(society.case, closes_at=closes, by=member, at=timezone.now())

    ballot = operations.open_ballot(
        society.case, closes_at=closes, by=society.chair, at=timezone.now()
    )
    assert ballot.opened_by == society.chair


def test_a_second_opening_says_what_happened():
    society = recommended()
    society.open()

    with pytest.raises(Refused, match="already put before the Council"):
        society.open()


def test_a_council_of_which_nobody_can_vote_gets_no_ballot():
    society = recommended(0)

    with pytest.raises(Refused, match="Nobody on the Council"):
        society.open()


# --- Voting --------------------------------------------------------------------------------------


def test_a_vote_can_be_changed_and_stays_one_row():
    society = recommended()
    ballot = society.open()
    first = operations.cast(ballot, choice="for", remark="Ready.", by=society.council[0])

    second = operations.cast(ballot, choice="against", remark="", by=society.council[0])

    vote = Vote.objects.get()
    assert (vote.choice, vote.remark, vote.receipt) == ("against", "", second.receipt)
    assert first.receipt != second.receipt


def test_the_audit_trail_keeps_who_voted_and_not_what():
    society = recommended()
    ballot = society.open()

    operations.cast(ballot, choice="against", remark="Not yet.", by=society.council[0])

    entry = AuditEntry.objects.get(act="vote.cast")
    assert (entry.actor, entry.record, entry.before, entry.after) == (
        society.council[0],
        f"ballot {ballot.pk}",
        None,
        None,
    )


def test_who_has_no_seat_finds_no_ballot():
    society = recommended()
    ballot = society.open()
    late = person("council")

    with pytest.raises(Http404):
        operations.cast(ballot, choice="for", remark="", by=late)


def test_a_vote_is_refused_when_the_role_has_ended():
    society = recommended()
    ballot = society.open()
    Role.objects.filter(person=society.council[0]).update(end=TODAY() - timedelta(days=1))

    with pytest.raises(Refused, match="no longer hold a seat"):
        operations.cast(ballot, choice="for", remark="", by=society.council[0])

    assert operations.cast(ballot, choice="for", remark="", by=society.council[1])


def test_a_vote_after_the_closing_time_is_refused_by_the_databases_clock():
    society = recommended()
    ballot = society.open()
    operations.cast(ballot, choice="for", remark="", by=society.council[0])
    overdue(ballot)

    with pytest.raises(Refused, match="ended on"):
        operations.cast(ballot, choice="against", remark="", by=society.council[0])

    assert Vote.objects.get().choice == "for"


def test_a_relation_that_came_later_refuses_the_vote_and_removes_it_from_the_count():
    society = recommended(3)
    ballot = society.open()
    society.vote(ballot, "for", "for", "against")
    society.council[0].relations.create(
        applicant=society.applicant, kind="co-leader", since=TODAY(), source="group"
    )

    with pytest.raises(Refused, match="relation to the applicant"):
        operations.cast(ballot, choice="for", remark="", by=society.council[0])
    closed = society.end(ballot)

    assert (closed.arithmetic["recused"], closed.arithmetic["for"]) == (1, 1)


def test_recusing_after_voting_removes_the_vote_and_the_sight():
    society = recommended()
    ballot = society.open()
    member = society.council[0]
    operations.cast(ballot, choice="for", remark="", by=member)

    operations.recuse(ballot, reason="We once shared a practice.", by=member)

    assert not Vote.objects.exists()
    assert not access.may(member, Can.ELECT, society.case, day=TODAY())
    with pytest.raises(Refused, match="recused"):
        operations.cast(ballot, choice="for", remark="", by=member)
    assert AuditEntry.objects.get(act="ballot.recused").after == {"vote_void": True}


def test_recusing_needs_a_reason():
    society = recommended()
    ballot = society.open()

    with pytest.raises(Refused) as refused:
        operations.recuse(ballot, reason="  ", by=society.council[0])

    assert refused.value.field == "reason"


# --- Closing -------------------------------------------------------------------------------------


def test_nobody_closes_before_the_time():
    society = recommended()
    ballot = society.open()
    society.vote(ballot, "for", "for", "for")

    with pytest.raises(Refused, match="open until"):
        operations.close_ballot(ballot)

    assert operations.close_due_ballots() == 0


def test_a_majority_decides_and_everything_follows():
    society = recommended(3)
    ballot = society.open()
    society.vote(ballot, "for", "for", "against")

    closed = society.end(ballot)

    society.case.refresh_from_db()
    decision = Decision.objects.get()
    credential = Credential.objects.get()
    status = CredentialStatus.objects.get()
    assert closed.outcome == "adopted"
    assert (society.case.stage, society.case.credentialed) == ("decided", True)
    assert (decision.credentialed, decision.credential) == (True, credential)
    assert decision.arithmetic == {
        "seated": 3,
        "recused": 0,
        "left": 0,
        "cast": 3,
        "for": 2,
        "against": 1,
        "abstain": 0,
        "quorum": "0.500",
        "threshold": "0.500",
        "outcome": "adopted",
    }
    assert (status.status, status.by) == ("active", None)
    assert Certificate.objects.get().credential == credential
    assert society.case.moves.order_by("-number").first().by is None
    assert kinds("decision") == {society.applicant.name}
    assert kinds("ballot-closed") == {"Member A", "Member B", "Member C"}
    assert kinds("ballot-closed-chair") == {"Carla Chair"}


def test_closing_copies_the_votes_and_ends_what_the_electors_saw():
    society = recommended(3)
    ballot = society.open()
    votes = society.vote(ballot, "for", "abstain", "against")

    society.end(ballot)

    assert set(CastVote.objects.values_list("choice", "receipt")) == {
        (vote.choice, vote.receipt) for vote in votes
    }
    assert not ApplicationUserPermission.objects.exists()


@pytest.mark.parametrize(
    ("choices", "outcome"),
    [
        (("for", "for", "against", "against"), "not-adopted"),
        (("for", "against", "abstain", ""), "not-adopted"),
        (("abstain", "abstain", "abstain", "abstain"), "not-adopted"),
        (("for", "abstain", "abstain", ""), "adopted"),
        (("for", "for", "", ""), "no-quorum"),
        (("for", "for", "for", ""), "adopted"),
        (("", "", "", ""), "no-quorum"),
    ],
)
def test_quorum_and_threshold_ask_for_more_than_their_share(choices, outcome):
    society = recommended(4)
    ballot = society.open()
    society.vote(ballot, *choices)

    closed = society.end(ballot)

    assert closed.outcome == outcome


def test_a_recused_seat_leaves_numerator_and_denominator():
    society = recommended(4)
    ballot = society.open()
    society.vote(ballot, "for", "for")
    operations.recuse(ballot, reason="A friend.", by=society.council[3])

    closed = society.end(ballot)

    assert closed.outcome == "adopted"  # two of three seats voted
    assert closed.arithmetic["recused"] == 1


def test_a_seat_whose_role_ended_takes_its_vote_along():
    society = recommended(4)
    ballot = society.open()
    society.vote(ballot, "for", "against", "against", "for")
    for member in society.council[1:3]:
        Role.objects.filter(person=member).update(end=TODAY() - timedelta(days=1))

    closed = society.end(ballot)

    assert closed.outcome == "adopted"
    assert (closed.arithmetic["left"], closed.arithmetic["cast"]) == (2, 2)
    assert CastVote.objects.count() == 2
    assert ballot.electors.filter(left_at__isnull=False).count() == 2


def test_without_a_quorum_the_case_is_recommended_as_before_and_can_be_opened_again():
    society = recommended(3)
    ballot = society.open()
    society.vote(ballot, "for")

    closed = society.end(ballot)

    assert (closed.outcome, stage(society)) == ("no-quorum", "recommended")
    assert not Decision.objects.exists()
    again = society.open()
    society.vote(again, "for", "for", "for")
    assert society.end(again).outcome == "adopted"


def test_closing_again_changes_nothing():
    society = recommended(3)
    ballot = society.open()
    society.vote(ballot, "for", "for", "for")
    first = society.end(ballot)

    second = operations.close_ballot(ballot)

    assert second.closed_at == first.closed_at
    assert (operations.close_due_ballots(), Credential.objects.count()) == (0, 1)


def test_the_clock_closes_every_ballot_that_is_due_and_no_other():
    due = recommended(3)
    early = another(due)
    ballots = [due.open(), early.open()]
    due.vote(ballots[0], "for", "for", "for")
    overdue(ballots[0])

    closed = operations.close_due_ballots()

    assert closed == 1
    assert [stage(due), stage(early)] == ["decided", "before-council"]


def test_one_case_that_cannot_be_decided_keeps_no_other_waiting(monkeypatch, caplog):
    broken = recommended(3)
    fine = another(broken)
    for society in (broken, fine):
        ballot = society.open()
        society.vote(ballot, "for", "for", "for")
        overdue(ballot)
    award = operations.decisions.award

    def fails(application, **told):
        if application.pk == broken.case.pk:
            raise RuntimeError("no paper")
        return award(application, **told)

    monkeypatch.setattr(operations.decisions, "award", fails)

    assert operations.close_due_ballots() == 1
    assert [stage(broken), stage(fine)] == ["before-council", "decided"]


def test_a_gap_of_membership_holds_the_decision_until_the_committee_has_ruled():
    society = recommended(3)
    ballot = society.open()
    society.vote(ballot, "for", "for", "for")
    Membership.objects.filter(person=society.applicant).update(end=TODAY() - timedelta(days=3))

    held = society.end(ballot)

    assert (held.closed_at, stage(society)) == (None, "before-council")
    assert "Membership lapsed" in held.held_because
    assert kinds("decision-held") == {"Carla Chair", "Ada Office"}
    assert not access.may(society.council[0], Can.ELECT, society.case, day=TODAY())
    assert operations.close_due_ballots() == 0
    assert Letter.objects.filter(kind="decision-held").count() == 2
    Ruling.objects.create(
        application=society.case,
        kind="accept",
        requirement="membership",
        terms={"accept": [{"code": "membership-gap", "detail": None}]},
        reason="Paid late.",
        ruled_on=TODAY(),
        by=society.chair,
        at=timezone.now(),
    )
    assert operations.close_ballot(ballot).outcome == "adopted"
    assert CastVote.objects.count() == 3


def test_a_second_ballot_after_not_adopted_can_end_otherwise():
    society = recommended(3)
    ballot = society.open()
    society.vote(ballot, "against", "against", "for")
    society.end(ballot)
    refused = Application.objects.get(pk=society.case.pk)

    operations.bring_again(refused, reason="New work.", by=society.chair, at=timezone.now())
    Application.objects.filter(pk=refused.pk).update(stage="recommended")
    recommend(society.case, by=society.chair)
    again = society.open()
    society.vote(again, "for", "for", "for")
    society.end(again)

    decided = Decision.objects.order_by("pk").values_list("credentialed", flat=True)
    assert list(decided) == [False, True]
    assert Application.objects.get(pk=society.case.pk).credentialed is True


# --- Withdrawn -----------------------------------------------------------------------------------


def test_sending_back_withdraws_the_ballot_with_its_votes():
    society = recommended(3)
    ballot = society.open()
    society.vote(ballot, "for")

    operations.send_back(society.case, reason="A page lacks.", by=society.chair, at=timezone.now())

    ballot.refresh_from_db()
    assert (ballot.outcome, Vote.objects.count(), CastVote.objects.count()) == ("withdrawn", 0, 0)
    assert kinds("ballot-withdrawn") == {"Member A", "Member B", "Member C"}
    assert not ApplicationUserPermission.objects.exists()
    with pytest.raises(Refused):
        operations.cast(ballot, choice="for", remark="", by=society.council[1])


def test_an_applicant_who_withdraws_takes_the_case_from_the_council():
    society = recommended(3)
    ballot = society.open()
    society.vote(ballot, "for", "for", "for")
    Application.objects.filter(pk=society.case.pk).update(stage="withdrawn")

    with pytest.raises(Refused):
        operations.cast(ballot, choice="against", remark="", by=society.council[0])
    closed = operations.close_due_ballots()

    assert closed == 1
    assert Ballot.objects.get().outcome == "withdrawn"
    assert stage(society) == "withdrawn"


def test_those_who_have_not_voted_are_reminded_once():
    society = recommended(3)
    ballot = society.open()
    society.vote(ballot, "for")
    Ballot.objects.update(closes_at=timezone.now() + timedelta(hours=40))

    for _again in range(2):
        sweep(reminders.TABLE, at=timezone.now())

    assert sorted(
        Letter.objects.filter(kind="ballot-closes-soon").values_list("to__name", flat=True)
    ) == ["Member B", "Member C"]
    assert ballot.closed_at is None


def test_no_letter_says_what_was_recommended_voted_or_decided():
    society = recommended(3, outcome="against")
    ballot = society.open()
    society.vote(ballot, "against", "for", "against")
    society.end(ballot)

    told = " ".join(f"{letter.subject} {letter.text}" for letter in Letter.objects.all()).lower()

    assert [
        word for word in ("against", "adopted", "credentialed", "reasons") if word in told
    ] == []


def test_relations_are_stored_as_the_record_gives_them():
    society = recommended(3)
    society.open()
    from credentialing.relations import due, stored

    assert {given for given in due() if given[1] == "elector"} == {
        given for given in stored() if given[1] == "elector"
    }
