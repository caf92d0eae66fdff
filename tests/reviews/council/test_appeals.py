"""An appeal against a decision, and the Chair's answer."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from applicants.models import Application
from credentialing.records.models import AuditEntry, Letter
from credentialing.records.refusals import Refused
from reviews import operations
from reviews.models import Appeal
from reviews.queries import queue
from tests.factories import person
from tests.reviews.council.cases import recommended

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_paper")]
DECISION = reverse("decision")


@pytest.fixture
def society():
    """A case that the Council decided against by a tie."""
    made = recommended(2)
    ballot = made.open()
    made.vote(ballot, "for", "against")
    made.end(ballot)
    made.case.refresh_from_db()
    return made


def signed_in(who) -> Client:
    client = Client()
    client.force_login(who.user)
    return client


def appealed(society, text="Hear the evaluator."):
    return operations.appeal(society.case, text=text, by=society.applicant, at=timezone.now())


def answered(society, *, again, by=None):
    return operations.answer_appeal(
        society.case,
        brought_again=again,
        reason="We heard the evaluator.",
        by=by or society.chair,
        at=timezone.now(),
    )


@pytest.mark.parametrize(("again", "stage"), [(True, "under-review"), (False, "decided")])
def test_an_appeal_is_answered_once_and_both_sides_read_it(society, again, stage):
    appealed(society)
    waits = signed_in(society.applicant).get(DECISION).content.decode()

    answered(society, again=again)

    read = signed_in(society.applicant).get(DECISION).content.decode()
    assert Application.objects.get(pk=society.case.pk).stage == stage
    assert "It waits for the Chair’s answer." in waits
    assert "We heard the evaluator." in read
    assert Letter.objects.get(kind="appeal").to == society.chair
    assert Letter.objects.get(kind="appeal-answered").to == society.applicant
    with pytest.raises(Refused, match="No appeal waits"):
        answered(society, again=again)


def test_one_appeals_once_against_a_decision_that_stands(society):
    appealed(society)
    with pytest.raises(Refused, match="already"):
        appealed(society)
    open_case = recommended(1)
    with pytest.raises(Refused, match="no decision"):
        appealed(open_case)

    assert Appeal.objects.count() == 1


def test_an_appeal_says_something(society):
    with pytest.raises(Refused) as empty:
        appealed(society, text=" ")

    assert empty.value.field == "text"


def test_only_the_applicant_appeals_and_only_a_chair_without_a_relation_answers(society):
    with pytest.raises(Http404):
        operations.appeal(society.case, text="x", by=society.chair, at=timezone.now())
    appealed(society)
    related = person("chair")
    related.relations.create(
        applicant=society.applicant, kind="faculty", since="2024-01-01", source="x"
    )

    for other in (related, society.administrator, society.council[0], person("committee")):
        with pytest.raises(Http404):
            answered(society, again=True, by=other)
    page = reverse("answer-appeal", args=[society.case.reference])
    answers = [
        signed_in(who).get(page).status_code
        for who in (society.chair, related, society.administrator, society.applicant)
    ]

    assert answers == [200, 404, 404, 404]
    assert not AuditEntry.objects.filter(act="appeal.answered").exists()


def test_the_pages_take_an_appeal_and_its_answer(society):
    applicant, chair = signed_in(society.applicant), signed_in(society.chair)
    page = reverse("answer-appeal", args=[society.case.reference])

    offered = applicant.get(DECISION).content.decode()
    empty = applicant.post(reverse("appeal"), {"text": ""})
    for _time in range(2):
        applicant.post(reverse("appeal"), {"text": "Hear the evaluator.", "submission": "key"})
    shown = chair.get(page).content.decode()
    unanswered = chair.post(page, {"answer": "again", "reason": ""})
    chair.post(page, {"answer": "again", "reason": "We will."})

    assert reverse("appeal") in offered
    assert (empty.status_code, unanswered.status_code) == (200, 200)
    assert "Hear the evaluator." in shown
    assert Application.objects.get(pk=society.case.pk).stage == "under-review"
    assert applicant.get(reverse("appeal")).status_code == 404


def waiting(who):
    """What the queue of a member says of appeals, and how many of them it counts."""
    desk = queue.desk(who, day=timezone.localdate(), what="appeals")
    return [each.item.text for each in desk.matters], dict(desk.kinds).get("appeals")


def test_an_appeal_waits_in_the_queue_of_who_reads_the_case_until_it_is_answered(society):
    member, related = person("committee"), person("committee")
    related.relations.create(
        applicant=society.applicant, kind="faculty", since="2024-01-01", source="x"
    )
    before = waiting(society.chair)
    appealed(society)
    later = society.applicant.applications.create(
        reference="LATER1", stage="submitted", procedure="abs-2007", submitted_on="2026-01-01"
    )

    seen = {who: waiting(who) for who in (society.chair, member, related, society.applicant)}
    both = {each.item.case.pk for each in queue.matters(member, day=timezone.localdate())}
    answered(society, again=False)

    day = date_format(society.case.decided_on, "j F Y")
    row = [f"{society.applicant.name} appeals against the decision of {day}."]
    nothing = ([], "Appeals to answer (0)")
    assert before == waiting(society.chair) == nothing
    assert seen == {
        society.chair: (row, "Appeals to answer (1)"),
        member: (row, "Appeals to answer (1)"),
        related: nothing,
        society.applicant: nothing,
    }
    assert both == {society.case.pk, later.pk}
    case = reverse("case", args=[society.case.reference])
    assert "Hear the evaluator." in signed_in(member).get(case).content.decode()


def test_an_appeal_is_taken_until_a_day_and_answered_from_its_row(society):
    made = appealed(society)
    due = timezone.localdate() + timedelta(days=9)
    operations.assign(
        society.case,
        matter=f"appeal:{made.pk}",
        to=society.chair,
        due=due,
        by=society.chair,
        at=timezone.now(),
    )
    chair = signed_in(society.chair)

    page = chair.get(reverse("queue"))
    (group,) = (group for section in page.context["sections"] for group in section["groups"])
    (row,) = group["items"]
    led = chair.post(row["url"], {"answer": "no", "reason": "It was heard."})

    assert (row["owner"], row["due"], row["age"]) == (society.chair.name, due, "today")
    assert (group["count"], row["action"]) == (1, "Answer the appeal")
    assert led.url == reverse("queue")
    assert chair.get(led.url).context["sections"] == []


def test_a_case_that_was_brought_again_without_an_answer_appeals_no_more(society):
    appealed(society)
    operations.bring_again(society.case, reason="New facts.", by=society.chair, at=timezone.now())

    assert waiting(society.chair)[0] == []


def test_before_a_decision_and_after_a_credential_there_is_nothing_to_appeal():
    society = recommended(1)
    before = signed_in(society.applicant).get(reverse("appeal")).status_code
    ballot = society.open()
    society.vote(ballot, "for")
    society.end(ballot)

    after = signed_in(society.applicant).get(reverse("appeal")).status_code

    assert (before, after) == (404, 404)
