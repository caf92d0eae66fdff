"""Each move of the Committee, by each kind of person, in each stage: the table and nothing else."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.http import Http404
from django.utils import timezone

import applicants.operations
from applicants import access, stages
from applicants.access import Can
from applicants.models import Ruling, Stage
from applicants.stages import STEPS, Move
from credentialing.people.models import Relation, Role
from credentialing.people.operations import set_away
from credentialing.records.models import AuditEntry, Letter
from credentialing.records.refusals import Refused
from reviews import operations
from reviews.models import Timeline
from tests import factories
from tests.reviews.committee import made

pytestmark = pytest.mark.django_db

ACTING = {"chair"}
MOVES = (
    Move.ACCEPT,
    Move.RETURN,
    Move.CLOSE,
    Move.REOPEN,
    Move.OPEN_REVIEW,
    Move.ASK_FURTHER_WORK,
    Move.BACK_TO_REVIEW,
    Move.RECOMMEND,
    Move.TAKE_BACK,
    Move.SEND_BACK,
    Move.BRING_AGAIN,
)


def act(move, case, by, chair):
    """Make a move with whatever it needs."""
    common = {"by": by, "at": timezone.now()}
    why = {"reason": "The Committee decided so."}
    {
        Move.ACCEPT: lambda: applicants.operations.accept(case, **common),
        Move.RETURN: lambda: applicants.operations.return_application(case, **why, **common),
        Move.CLOSE: lambda: operations.close(case, **why, **common),
        Move.REOPEN: lambda: applicants.operations.reopen(case, **why, **common),
        Move.OPEN_REVIEW: lambda: operations.open_review(case, **common),
        Move.ASK_FURTHER_WORK: lambda: operations.ask_further_work(
            case, activities=[made.work()], note="", **common
        ),
        Move.BACK_TO_REVIEW: lambda: operations.back_to_review(case, **common),
        Move.RECOMMEND: lambda: operations.recommend(
            case,
            outcome="for",
            reasons="Leads with care.",
            met_on=made.today(),
            took_part=[chair.pk],
            **common,
        ),
        Move.TAKE_BACK: lambda: operations.take_back(case, **why, **common),
        Move.SEND_BACK: lambda: operations.send_back(case, **why, **common),
        Move.BRING_AGAIN: lambda: operations.bring_again(case, **why, **common),
    }[move]()


def people(case):
    """Every kind of person, by name of the kind."""
    kinds = {
        "stranger": factories.person(),
        "committee": factories.person("committee"),
        "council": factories.person("council"),
        "administrator": factories.person("administrator"),
        "deputy": factories.person("deputy"),
        "supervisor": factories.person("chair"),
        "co-leader": factories.person("chair"),
        "evaluator": factories.person("chair"),
        "faculty": factories.person("deputy"),
        "former chair": factories.person(),
    }
    Role.objects.create(
        person=kinds["former chair"],
        kind="chair",
        start="2015-01-01",
        end=made.today() - timedelta(days=1),
    )
    for kind in ("supervisor", "co-leader", "evaluator", "faculty"):
        Relation.objects.create(
            person=kinds[kind],
            applicant=case.applicant,
            kind=kind,
            since="2020-01-01",
            source="test",
        )
    return kinds | {"applicant": case.applicant}


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage != Stage.DRAFT])
def test_a_move_of_the_committee_happens_where_and_by_whom_the_table_says_so(stage):
    chair = factories.person("chair")
    case = made.in_stage(stage, chair)
    # The applicant is a Chair, too: on their own case that opens nothing.
    Role.objects.create(person=case.applicant, kind="chair", start="2015-01-01")
    everybody = people(case) | {"chair": chair}

    found, expected = {}, {}
    for move in MOVES:
        for kind, by in everybody.items():
            own = kind == "applicant" and move is Move.BACK_TO_REVIEW
            if kind not in ACTING and not own:
                expected[move, kind] = "not found"
            elif stage in STEPS[move].sources:
                expected[move, kind] = "done"
            else:
                expected[move, kind] = "refused"
            found[move, kind] = outcome(move, case, by, chair)

    assert found == expected


WHO = {
    Can.CHAIR: {"chair"},
    Can.OWN: {"applicant"},
    Can.OPEN_BALLOT: {"chair", "administrator"},
}


@pytest.mark.parametrize("stage", list(Stage))
def test_the_table_and_nothing_else_is_what_happens_to_a_case(stage):
    chair = factories.person("chair")
    case = factories.ApplicationFactory(stage=stage)
    if stage == "decided":
        case.credentialed = False
        case.save()
    everybody = people(case) | {"chair": chair, "the clock": None}

    found, expected = set(), set()
    for move, step in STEPS.items():
        acting = set().union(*(WHO[can] for can in step.who)) or {"the clock"}
        if stage in step.sources:
            # A draft is nobody's but the applicant's.
            acting &= {"applicant"} if stage == "draft" else acting
            expected |= {(move, kind, step.target or "accepted") for kind in acting}
        for kind, by in everybody.items():
            case.refresh_from_db()
            try:
                with transaction.atomic():
                    found.add((move, kind, taken(case, move, by).stage))
                    transaction.set_rollback(True)
            except (Http404, Refused):
                pass

    assert found == expected


def taken(case, move, by):
    """The case, moved along a row of the table with the dates that the move makes."""
    today = made.today()
    case.submitted_on, case.procedure = case.submitted_on or today, "abs-2007"
    if move in (Move.ACCEPT, Move.REOPEN):
        case.accepted_on = case.accepted_on or today
    if move is Move.DECIDE:
        case.decided_on, case.credentialed = today, False
    if move is Move.BRING_AGAIN:
        case.decided_on = case.credentialed = None
    to = Stage.ACCEPTED if STEPS[move].target is None else None
    return stages.take(case, move, by=by, at=timezone.now(), reason="It was decided so.", to=to)


@pytest.mark.parametrize("why", ["the chair is there", "away", "related", "the applicant", "gone"])
def test_a_deputy_acts_only_where_no_chair_can(why):
    chair, deputy = factories.person("chair"), factories.person("deputy")
    case = factories.ApplicationFactory(
        stage="submitted", **({"applicant": chair} if why == "the applicant" else {})
    )
    if why == "away":
        set_away(
            chair,
            start=made.today(),
            until=made.today() + timedelta(days=9),
            by=chair,
            at=timezone.now(),
        )
    if why == "related":
        Relation.objects.create(
            person=chair,
            applicant=case.applicant,
            kind="faculty",
            since="2020-01-01",
            source="test",
        )
    if why == "gone":
        chair.roles.update(end=made.today() - timedelta(days=1))

    acts = access.may(deputy, Can.CHAIR, case, day=made.today())
    ballots = access.may(deputy, Can.OPEN_BALLOT, case, day=made.today())
    told = {person.pk for person in access.chairs(case, day=made.today())}

    stands_in = why != "the chair is there"
    assert (acts, ballots) == (stands_in, stands_in)
    assert told == {
        "the chair is there": {chair.pk},
        "away": {chair.pk, deputy.pk},
    }.get(why, {deputy.pk})
    assert access.may(deputy, Can.DISCUSS, case, day=made.today())


def test_a_deputy_stops_acting_on_the_day_the_chair_is_back():
    chair, deputy = factories.person("chair"), factories.person("deputy")
    case = factories.ApplicationFactory(stage="submitted")
    said = {"by": chair, "at": timezone.now(), "start": made.today()}
    last = made.today() + timedelta(days=4)
    set_away(chair, until=last, **said)

    assert Letter.objects.get(kind="standing-in").to == deputy
    days = [
        access.may(deputy, Can.CHAIR, case, day=day)
        for day in (made.today(), last, last + timedelta(days=1))
    ]
    set_away(chair, until=None, **said)

    assert days == [True, True, False]
    assert not access.may(deputy, Can.CHAIR, case, day=made.today())


def test_only_the_chair_or_the_office_says_that_the_chair_is_away():
    chair, deputy = factories.person("chair"), factories.person("deputy")
    office = factories.person("administrator")
    said = {"start": made.today(), "until": made.today(), "at": timezone.now()}

    with pytest.raises(Refused):
        set_away(chair, by=deputy, **said)
    with pytest.raises(Refused):
        set_away(chair, by=chair, **(said | {"until": made.today() - timedelta(days=1)}))
    set_away(chair, by=office, **said)

    assert chair.absences.count() == 1


def outcome(move, case, by, chair):
    try:
        with transaction.atomic():
            act(move, case, by, chair)
            case.refresh_from_db()
            assert case.stage == STEPS[move].target or move is Move.REOPEN
            transaction.set_rollback(True)
    except Http404:
        return "not found"
    except Refused:
        return "refused"
    finally:
        case.refresh_from_db()
    return "done"


@pytest.mark.parametrize("move", [move for move in MOVES if STEPS[move].reason])
def test_what_needs_a_reason_is_refused_without_one(move):
    chair = factories.person("chair")
    case = made.in_stage(STEPS[move].sources[0], chair)
    by = {"by": chair, "at": timezone.now()}
    meeting = {"met_on": made.today(), "took_part": [chair.pk]}
    operation = {
        Move.RETURN: applicants.operations.return_application,
        Move.CLOSE: operations.close,
        Move.REOPEN: applicants.operations.reopen,
        Move.RECOMMEND: lambda case, reason, **by: operations.recommend(
            case, outcome="for", reasons=reason, **meeting, **by
        ),
        Move.TAKE_BACK: operations.take_back,
        Move.SEND_BACK: operations.send_back,
        Move.BRING_AGAIN: operations.bring_again,
    }[move]

    with pytest.raises(Refused) as refused:
        operation(case, reason="  ", **by)

    assert refused.value.field in ("reason", "reasons")
    case.refresh_from_db()
    assert case.stage == STEPS[move].sources[0]


def test_a_ready_case_is_frozen_when_its_review_opens():
    chair = factories.person("chair")
    case = factories.complete_case()

    snapshot = operations.open_review(case, by=chair, at=timezone.now())

    case.refresh_from_db()
    assert case.stage == "under-review"
    assert (snapshot.number, snapshot.assessment["ready_for_review"]) == (1, True)
    assert Letter.objects.filter(kind="review-opened", to=case.applicant).count() == 1
    acts = AuditEntry.objects.filter(case=case.reference).values_list("act", flat=True)
    assert set(acts) >= {"application.open-review", "snapshot.taken"}


def test_a_case_that_is_not_ready_opens_only_with_every_unmet_requirement_named():
    chair = factories.person("chair")
    case = factories.complete_case()
    case.applicant.supervisions.get().sessions.update(withdrawn_at=timezone.now())
    case.applicant.balint_groups.get().debriefings.update(withdrawn_at=timezone.now())
    ruling = {"reason": "Ten years abroad.", "met_on": made.today(), "took_part": [chair.pk]}
    by = {"by": chair, "at": timezone.now()}

    with pytest.raises(Refused, match="supervision"):
        operations.open_review(case, **by)
    with pytest.raises(Refused, match=r"names these requirements: supervision\."):
        operations.open_review(case, equivalence={**ruling, "requirements": ["debriefing"]}, **by)
    assert Ruling.objects.count() == 0
    with pytest.raises(Refused, match="the final intensive"):
        operations.open_review(
            case, equivalence={**ruling, "requirements": ["intensive-candidate"]}, **by
        )
    case.refresh_from_db()
    assert case.stage == "accepted"


def test_equivalent_training_opens_the_review_where_it_names_all_that_is_unmet():
    chair = factories.person("chair")
    case = factories.complete_case()
    case.applicant.supervisions.get().sessions.update(withdrawn_at=timezone.now())

    operations.open_review(
        case,
        equivalence={
            "requirements": ["supervision"],
            "reason": "Ten years abroad.",
            "met_on": made.today(),
            "took_part": [chair.pk],
        },
        by=chair,
        at=timezone.now(),
    )

    case.refresh_from_db()
    assert case.stage == "under-review"
    assert Ruling.objects.get().terms == {"requirements": ["supervision"]}


def test_nothing_is_recommended_before_the_joint_assessment_is_presented_to_both():
    chair = factories.person("chair")
    case = factories.complete_case(stage="under-review")
    snapshot = made.frozen(case, chair)
    with transaction.atomic():
        case.applicant.enrolments.filter(role="candidate").update(completed=False)
        with pytest.raises(Refused, match="joint assessment"):
            recommend(case, chair)
        transaction.set_rollback(True)

    recommendation = recommend(case, chair)

    assert recommendation.snapshot == snapshot
    case.refresh_from_db()
    assert case.stage == "recommended"


def test_a_recommendation_rests_on_a_snapshot_that_holds_the_presented_assessment():
    chair = factories.person("chair")
    case = factories.complete_case(stage="under-review")
    enrolments = case.applicant.enrolments.filter(role="candidate")
    enrolments.update(completed=False)
    made.frozen(case, chair)
    enrolments.update(completed=True)

    recommendation = recommend(case, chair)

    assert recommendation.snapshot.number == 2


def test_a_gap_in_the_membership_has_to_be_acknowledged_unless_it_was_ruled_on():
    chair = factories.person("chair")
    case = factories.complete_case(stage="under-review")
    made.frozen(case, chair)
    case.applicant.memberships.update(end=made.today() - timedelta(days=10))

    with pytest.raises(Refused, match="Membership lapsed") as refused:
        recommend(case, chair)
    assert refused.value.field == "acknowledges_gap"
    with transaction.atomic():
        assert recommend(case, chair, acknowledges_gap=True)
        transaction.set_rollback(True)
    case.refresh_from_db()
    applicants.operations.rule(
        case,
        kind="accept",
        requirement="membership",
        terms={"accept": [{"code": "membership-gap", "detail": None}]},
        reason="The office was late.",
        met_on=made.today(),
        took_part=[chair.pk],
        by=chair,
        at=timezone.now(),
    )

    assert recommend(case, chair)


def recommend(case, chair, **more):
    said = {
        "outcome": "for",
        "reasons": "Leads with care.",
        "met_on": made.today(),
        "took_part": [chair.pk],
    }
    return operations.recommend(case, **(said | more), by=chair, at=timezone.now())


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("outcome", "perhaps"),
        ("reasons", " "),
        ("met_on", None),
        ("met_on", "tomorrow"),
        ("took_part", []),
        ("took_part", "the supervisor"),
        ("took_part", "a stranger"),
    ],
)
def test_a_recommendation_says_what_why_when_and_by_whom(field, wrong):
    chair = factories.person("chair")
    case = factories.complete_case(stage="under-review")
    supervisor = case.applicant.supervisions.get().supervisor
    Role.objects.create(person=supervisor, kind="committee", start="2015-01-01")
    values = {
        "tomorrow": made.today() + timedelta(days=1),
        "the supervisor": [chair.pk, supervisor.pk],
        "a stranger": [factories.person().pk],
    }

    with pytest.raises(Refused) as refused:
        recommend(case, chair, **{field: values.get(str(wrong), wrong)})

    assert refused.value.field == field
    assert not case.recommendations.exists()


def test_neither_the_outcome_nor_the_reasons_reach_what_the_applicant_reads():
    chair = factories.person("chair")
    case = factories.complete_case(stage="under-review")

    recommend(case, chair, outcome="against", reasons="Too quick to advise.")
    operations.take_back(case, reason="We met again.", by=chair, at=timezone.now())

    read = [*case.moves.values_list("reason", flat=True)]
    read += Letter.objects.filter(to=case.applicant).values_list("text", flat=True)
    told = " ".join(read)
    assert not any(secret in told for secret in ("against", "advise", "met again"))
    assert case.recommendations.get().taken_back.reason == "We met again."


def test_sending_back_ends_the_open_ballot_without_a_result():
    chair = factories.person("chair")
    case = factories.complete_case(stage="before-council")
    ballot = made.ballot(case, chair)

    operations.send_back(case, reason="New facts.", by=chair, at=timezone.now())

    ballot.refresh_from_db()
    case.refresh_from_db()
    assert (ballot.outcome, case.stage) == ("withdrawn", "under-review")
    assert ballot.recommendation.taken_back.reason == "New facts."


def test_closing_a_case_ends_its_ballot_and_its_timeline():
    chair = factories.person("chair")
    before, working = (made.in_stage(stage, chair) for stage in ("before-council", "further-work"))

    for case in (before, working):
        operations.close(case, reason="Abandoned.", by=chair, at=timezone.now())

    assert before.recommendations.get().ballots.get().outcome == "withdrawn"
    assert not Timeline.objects.filter(closed_at__isnull=True).exists()


def test_a_case_decided_against_is_brought_again_and_its_decision_stays_in_the_history():
    chair = factories.person("chair")
    lost = factories.complete_case(stage="decided", credentialed=False)
    won = factories.complete_case(stage="decided", credentialed=True)

    operations.bring_again(lost, reason="New facts.", by=chair, at=timezone.now())
    with pytest.raises(Refused, match="credential"):
        operations.bring_again(won, reason="New facts.", by=chair, at=timezone.now())

    lost.refresh_from_db()
    assert (lost.stage, lost.decided_on, lost.credentialed) == ("under-review", None, None)
    assert lost.snapshots.get().number == 1


def test_a_remark_is_the_committees_alone():
    chair = factories.person("chair")
    case = factories.ApplicationFactory()
    member = factories.person("committee")
    others = [factories.person("council"), factories.person("administrator"), case.applicant]

    operations.remark(case, text="Let us wait.", by=member, at=timezone.now())
    for other in others:
        with pytest.raises(Http404):
            operations.remark(case, text="Me too.", by=other, at=timezone.now())
    with pytest.raises(Refused):
        operations.remark(case, text=" ", by=chair, at=timezone.now())

    assert [remark.text for remark in case.remarks.all()] == ["Let us wait."]


def test_a_snapshot_is_taken_while_under_review_and_numbered_on():
    chair = factories.person("chair")
    case = factories.complete_case(stage="under-review")
    elsewhere = factories.ApplicationFactory()

    numbers = [
        operations.take_snapshot(case, by=chair, at=timezone.now()).number for _each in range(2)
    ]

    assert numbers == [1, 2]
    with pytest.raises(Refused):
        operations.take_snapshot(elsewhere, by=chair, at=timezone.now())
    with pytest.raises(Http404):
        operations.take_snapshot(case, by=factories.person("committee"), at=timezone.now())
