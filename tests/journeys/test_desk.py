"""The Committee's desk in a real browser: the queue, Exceptional Circumstances, negotiation."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

import applicants.operations
import intensives.operations
from applicants.models import Application
from credentialing.people.models import Relation
from intensives.models import Enrolment, Intensive, SmallGroup
from reviews import operations
from reviews.models import Activity, Appeal, Ballot, CommitteeMeeting, Decision, Timeline
from reviews.queries import queue
from tests import factories
from tests.factories import complete_case, membership, person
from tests.journeys.conftest import Visitor
from tests.reviews.committee import made

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

Sits = Callable[[str], Visitor]


@pytest.fixture
def chair():
    return person("chair", "committee", name="Clara Chair", email="chair@example.org")


def applicant(name: str):
    return person(name=name, email=f"{name.split(maxsplit=1)[0].lower()}@example.org")


def new_case(name: str, stage: str = "accepted", **fields) -> Application:
    """A case in which nothing waits but what the test puts there."""
    case = factories.ApplicationFactory(applicant=applicant(name), stage=stage, **fields)
    membership(case.applicant)
    return case


def candidate_of(offered: Intensive, case: Application, **fields) -> Enrolment:
    return Enrolment.objects.create(
        intensive=offered,
        person=case.applicant,
        role="candidate",
        enrolled_at=timezone.now(),
        **fields,
    )


def appeal_of(case: Application, chair) -> Appeal:
    """The applicant's appeal against a decision on the case that was made today."""
    now = timezone.now()
    ballot = made.ballot(case, chair)
    ballot.closed_at, ballot.outcome = now, Ballot.Outcome.NOT_ADOPTED
    ballot.save()
    Decision.objects.create(
        ballot=ballot, credentialed=False, arithmetic={}, decided_on=case.decided_on, at=now
    )
    return operations.appeal(case, text="Hear my supervisor.", by=case.applicant, at=now)


def a_heap_of_more(chair, offered: Intensive) -> Callable[[], None]:
    """Seventeen more matters; what is returned deals with every one of them, by operations."""
    today = timezone.localdate()
    accepted = [new_case(f"Accepted{n} More", "submitted") for n in range(3)]
    claims = [made.claim(new_case(f"Claims{n} More")) for n in range(3)]
    lapsed = [
        factories.ApplicationFactory(applicant=applicant(f"Lapsed{n} More")) for n in range(2)
    ]
    answers = [new_case(f"Answers{n} More") for n in range(3)]
    late = [new_case(f"Late{n} More", "further-work") for n in range(2)]
    for case in answers:
        made.question(case, chair, answered=True)
    for case in late:
        made.agreed(case, chair, due=today - timedelta(days=3))
    reviewed = made.in_stage("under-review", chair, applicant=applicant("Jon Reviewed"))
    made.frozen(reviewed, chair)
    recommended = made.in_stage("recommended", chair, applicant=applicant("Kim Recommended"))
    first, second = offered.small_groups.order_by("name")
    barred = candidate_of(
        offered, new_case("Ivy Barred"), small_group=first, evaluator=person(name="Vera Evaluator")
    )
    Relation.objects.create(
        person=first.first_faculty,
        applicant=barred.person,
        kind="co-leader",
        since="2024-01-01",
        source="a group",
    )

    def deal() -> None:
        acts = {"by": chair, "at": timezone.now()}
        met = {"reason": "The Committee has met.", "met_on": today, "took_part": [chair.pk]}
        gap = {"accept": [{"code": "membership-gap", "detail": None}]}
        for case in accepted:
            applicants.operations.accept(case, **acts)
        for claim in claims:
            applicants.operations.refuse(claim, **met, **acts)
        for case in lapsed:
            applicants.operations.rule(
                case, kind="accept", requirement="membership", terms=gap, **met, **acts
            )
        for case in answers:
            operations.remark(case, text="That answers it.", **acts)
        for case in late:
            operations.close(case, reason="No answer.", **acts)
        intensives.operations.place(
            barred,
            small_group=second,
            evaluator=barred.evaluator,
            reason="They led together.",
            **acts,
        )
        operations.advise(reviewed, leaning="for", text="Steady.", **acts)
        operations.recommend(
            reviewed,
            outcome="for",
            reasons="Steady.",
            met_on=today,
            took_part=[chair.pk],
            **acts,
        )
        for case in (reviewed, recommended):
            closes = timezone.now() + timedelta(days=4)
            operations.open_ballot(case, closes_at=closes, **acts)

    return deal


def test_a_chair_clears_a_queue_with_matters_of_every_kind(visitor: Sits, chair) -> None:
    """Twenty-six matters of all thirteen kinds at first, and none in the end.

    The Chair deals with twelve in the browser: every act but that on a placement in conflict,
    which has the page of an evaluator to assign. What is only more of the same, `a_heap_of_more`,
    is dealt with by operations between the first look at the queue and the second.
    """
    today = timezone.localdate()
    CommitteeMeeting.objects.create(
        day=today,
        place="By video",
        planned_by=chair,
        planned_at=timezone.now(),
        present=[chair.pk],
    )
    for number in range(3):
        person("council", name=f"Council {number}")
    accepted = new_case("Ann Accepted", "submitted")
    claim = made.claim(new_case("Ben Claims"))
    lapsed = factories.ApplicationFactory(applicant=applicant("Cleo Lapsed"))
    made.question(new_case("Dan Answers"), chair, answered=True)
    ready = complete_case(applicant=applicant("Eva Ready"))
    working = made.agreed(new_case("Fay Proposes", "further-work"), chair).version.timeline
    operations.propose_timeline(
        working,
        activities=[made.work(due=today + timedelta(days=90))],
        note="I move house in spring.",
        by=working.application.applicant,
        at=timezone.now(),
    )
    late = new_case("Gil Late", "further-work")
    made.agreed(late, chair, due=today - timedelta(days=3))
    candidate = new_case("Hal Candidate")
    offered = factories.intensive(today + timedelta(days=30))
    for name in "AB":
        SmallGroup.objects.create(
            intensive=offered,
            name=f"Group {name}",
            first_faculty=person(name=f"First{name} Faculty"),
            second_faculty=person(name=f"Second{name} Faculty"),
        )
    candidate_of(offered, candidate)
    refused = new_case("Ned Appeals", "decided", credentialed=False)
    appeal_of(refused, chair)
    deal_with_the_rest = a_heap_of_more(chair, offered)
    waiting = {each.question.kind for each in queue.matters(chair, day=today)}
    assert waiting == set(queue.KINDS)

    clara = visitor("Clara at the desk").signs_in("chair@example.org")
    clara.goes("/committee/").reads("26 things wait for the Committee.")
    deal_with_the_rest()
    clara.goes("/committee/").reads("9 things wait for the Committee.")
    clara.reads("For the meeting of").reads("At any time")

    # The keyboard goes from row to row, and Enter opens.
    clara.page.keyboard.press("j")
    clara.page.keyboard.press("j")
    clara.page.keyboard.press("k")
    clara.page.keyboard.press("Enter")
    clara.settles().reads("Rule on the claim")

    # Each matter is dealt with from its row, and leads back to the queue.
    case = "/committee/cases/{}/"
    clara.fills(decision="grant", reason="As the text says.").presses("Show before and after")
    clara.reads("Before and after").presses("Record ruling")
    clara.reads("8 things wait").reads_not("Ben Claims")
    clara.follows("Rule on this").ticks("All of its kind").fills(reason="The office was late.")
    clara.presses("Show before and after").presses("Record ruling").reads_not("Cleo Lapsed")
    clara.goes("/committee/?what=appeals").reads("Ned Appeals").follows("Answer the appeal")
    clara.ticks("The decision stands").fills(reason="Nothing new was said.")
    clara.presses("Answer the appeal").reads("6 things wait").reads_not("Ned Appeals")
    clara.goes(case.format(accepted.reference)).follows("Accept application")
    clara.presses("Accept application")
    clara.goes("/committee/?what=answers").follows("Read the answer")
    clara.goes(clara.page.url.split("#")[0].split("?")[0] + "discussion/")
    clara.fills(text="That answers it.").presses("Add remark")
    clara.goes(f"{case.format(working.application.reference)}further-work/")
    clara.presses("Agree to this version")
    clara.goes(f"{case.format(late.reference)}further-work/").follows("Close case")
    clara.fills(reason="No answer since spring.").presses("Close case")
    clara.goes(f"{case.format(ready.reference)}moves/open-review/?from=queue").presses(
        "Open review"
    )
    clara.reads("Advice to give").follows("Give advice")
    clara.fills(leaning="for", text="Calm, and clear with the group.").presses("Give advice")
    clara.reads_not("Advice to give")
    clara.goes(f"{case.format(ready.reference)}recommend/?from=queue")
    clara.fills(outcome="for", reasons="Two seasons of steady leading.")
    clara.presses("Record recommendation").reads("Ballots to open")
    closes = (timezone.localtime() + timedelta(days=4)).strftime("%Y-%m-%dT%H:%M")
    clara.goes(f"{case.format(ready.reference)}ballot/").fills(closes_at=closes)
    clara.presses("Open ballot")

    # Only the candidate's placement is left, which has a page of its own; somebody takes it.
    clara.goes("/committee/").reads("One thing waits for the Committee.").reads("Hal Candidate")
    clara.page.locator("summary", has_text="Assign").click()
    clara.page.locator("select[name=to]").select_option(label="Clara Chair")
    clara.presses("Assign").reads("Clara Chair has this now.").follows("Yours")
    clara.follows("Assign an evaluator").ticks("Group A")
    clara.chooses("evaluator", "Vera Evaluator").presses("Place candidate")
    clara.goes("/committee/").reads("Nothing waits for the Committee.")
    assert list(queue.matters(chair, day=today)) == []
    stages = dict(Application.objects.values_list("reference", "stage"))
    assert stages[accepted.reference] == "accepted"
    assert stages[late.reference] == "closed"
    assert stages[ready.reference] == "before-council"
    assert claim.rulings.get().met_on == today
    assert lapsed.rulings.get().took_part == [chair.pk]


def test_a_case_under_exceptional_circumstances_up_to_its_recommendation(
    visitor: Sits, chair
) -> None:
    person("committee", name="Mia Member", email="mia@example.org")
    case = complete_case(applicant=applicant("Ann Abroad"))
    case.applicant.supervisions.get().sessions.update(withdrawn_at=timezone.now())
    page = f"/committee/cases/{case.reference}/"

    clara = visitor("Clara makes an exception").signs_in("chair@example.org").goes(page)
    clara.reads("What it needs, and what is not there yet").reads("Twelve supervision sessions")
    clara.follows("Open review under Exceptional Circumstances")
    clara.ticks("Supervision").ticks("Clara Chair")
    clara.fills(reason="Ten years of leading abroad.", met_on=timezone.localdate().isoformat())
    clara.presses("Open review").goes(page).reads("Snapshot 1")
    clara.goes(f"{page}rulings/").reads("Equivalent training in place of supervision")

    # Each writes before reading what the other wrote.
    mia = visitor("Mia advises").signs_in("mia@example.org").goes("/committee/")
    mia.follows("Give advice").fills(leaning="for", text="Her experience is plain to see.")
    mia.presses("Give advice")
    clara.goes(f"{page}discussion/").reads("Given by Mia Member").reads_not("plain to see")
    clara.follows("Give your advice").fills(leaning="for", text="I agree to an exception.")
    clara.presses("Give advice").reads("plain to see")

    clara.goes(f"{page}recommend/").ticks("Clara Chair").ticks("Mia Member")
    clara.fills(
        outcome="for",
        reasons="Equivalent training, and competency shown.",
        met_on=timezone.localdate().isoformat(),
    )
    clara.presses("Record recommendation").reads("The Committee recommends to credential")


def test_a_timeline_is_negotiated_over_three_versions_and_a_deadline_is_missed(
    visitor: Sits, chair
) -> None:
    today = timezone.localdate()
    case = factories.complete_case(stage="under-review", applicant=applicant("Ann Applicant"))
    made.frozen(case, chair)
    page = f"/committee/cases/{case.reference}/"

    def due(days: int) -> str:
        return (today + timedelta(days=days)).isoformat()

    clara = visitor("Clara negotiates").signs_in("chair@example.org")
    clara.goes(f"{page}further-work/").fills(
        **{
            "form-0-area": "Protecting the presenter",
            "form-0-activity": "Four more sessions of supervision",
            "form-0-measure": "The supervisor’s report",
            "form-0-due": due(30),
        }
    )
    clara.presses("Propose the timeline")
    ann = visitor("Ann negotiates").signs_in("ann@example.org").goes("/timeline/")
    ann.follows("Propose changes").fills(**{"form-0-due": due(120), "note": "I move house."})
    ann.presses("Send to the Committee")
    clara.goes(f"{page}further-work/").reads("I move house.").reads("before on")
    clara.fills(**{"form-0-due": due(75)}).presses("Propose this version")
    ann.goes("/timeline/").reads("Version 3").presses("Agree to this timeline")
    ann.reads("What both sides agreed to").reads("Earlier versions")

    # She notes how far she is, and misses the day; the Committee goes on.
    activity = Timeline.objects.get().agreed.activities.get()
    ann.goes(f"/timeline/activities/{activity.pk}/").fills(note="Two of four sessions are held.")
    ann.presses("Note progress").reads("Two of four sessions are held.")
    Activity.objects.filter(pk=activity.pk).update(due=today - timedelta(days=1))
    clara.goes("/committee/?what=overdue").follows("Decide how to go on")
    clara.reads("A deadline has passed").reads("Two of four sessions are held.")
    clara.follows("Go on with the review").presses("Return to review")
    clara.goes(page).reads("Under review").reads("Snapshot 2")


def test_the_deputy_acts_where_the_chair_is_related_and_nowhere_else(visitor: Sits, chair) -> None:
    person("deputy", "committee", name="Dora Deputy", email="dora@example.org")
    theirs, other = new_case("Ann Related", "submitted"), new_case("Ben Other", "submitted")
    Relation.objects.create(
        person=chair,
        applicant=theirs.applicant,
        kind="co-leader",
        since="2024-01-01",
        source="a group",
    )
    page = "/committee/cases/{}/"

    clara = visitor("Clara related").signs_in("chair@example.org").goes("/committee/")
    clara.reads("Ben Other").reads_not("Ann Related")
    dora = visitor("Dora stands in").signs_in("dora@example.org")
    dora.goes(page.format(other.reference))
    assert dora.page.get_by_role("link", name="Accept application").count() == 0
    dora.goes(page.format(theirs.reference)).follows("Accept application")
    dora.presses("Accept application").reads("The application is accepted.")

    # The deputy records why the Chair may act on it all the same, and stands back.
    dora.goes(page.format(theirs.reference)).follows("Let Clara Chair act on this case")
    dora.fills(reason="One group, for one year.").presses("Lift recusal")
    dora.reads("May act on this case: One group, for one year.")
    assert dora.page.get_by_role("link", name="Propose another procedure").count() == 0
    clara.goes(page.format(theirs.reference)).reads("May act on this case")
    clara.follows("Recuse Clara Chair again")

    # While the Chair is away the deputy acts on the other case, too.
    until = timezone.localdate() + timedelta(days=7)
    clara.goes("/committee/chair/").fills(until=until.isoformat()).presses("Note the absence")
    clara.page.get_by_text(f"to {until:%-d %B %Y}").first.wait_for()
    dora.goes(page.format(other.reference)).follows("Accept application")
    theirs.refresh_from_db()
    assert theirs.moves.get().by.name == "Dora Deputy"


def test_a_case_moves_to_another_revision_once_both_have_agreed(visitor: Sits, chair) -> None:
    case = complete_case(applicant=applicant("Ann Applicant"))
    page = f"/committee/cases/{case.reference}/"

    clara = visitor("Clara proposes").signs_in("chair@example.org").goes(f"{page}procedure/")
    clara.fills(to="abs-2014", reason="The later text fits the site better.")
    clara.presses("Show before and after").reads("Before and after")
    clara.presses("Propose to the applicant").goes(page).reads("Waits for the applicant")
    ann = visitor("Ann consents").signs_in("ann@example.org").goes("/application/procedure/")
    ann.reads("The later text fits the site better.").fills(answer="agree")
    ann.presses("Send answer")
    clara.goes(page).reads("The applicant agreed")

    case.refresh_from_db()
    assert case.procedure == "abs-2014"
