"""The queue and the table of cases: what waits, for whom, in a fixed number of queries."""

import gc
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

import applicants.operations
from credentialing.people.models import Relation
from credentialing.records.models import Letter
from credentialing.records.refusals import Refused
from credentialing.records.reminders import sweep
from credentialing.reminders import TABLE
from intensives.models import Enrolment
from reviews import operations
from reviews.models import Assignment, CommitteeMeeting
from reviews.queries import queue
from tests import factories
from tests.reviews.committee import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def chair():
    return factories.person("chair")


def waiting(person):
    """The headings of the queue, each with the texts and addresses of its items."""
    found = {}
    for each in queue.matters(person, day=made.today()):
        found.setdefault(str(each.question.title), []).append((each.item.text, each.item.url))
    return found


def test_the_queue_says_what_waits_and_where_it_is_done(chair):
    def case(name, stage, **fields):
        return factories.ApplicationFactory(
            applicant=factories.person(name=name), stage=stage, **fields
        )

    new = case("Ann", "submitted")
    claiming = made.claim(case("Ben", "accepted"))
    asked = case("Cleo", "accepted")
    made.question(asked, chair, answered=True)
    candidate = case("Dan", "accepted")
    enrolment = Enrolment.objects.create(
        intensive=factories.intensive(made.today() + timedelta(days=30)),
        person=candidate.applicant,
        role="candidate",
        enrolled_at=timezone.now(),
    )
    working = case("Eva", "further-work")
    made.agreed(working, chair, due=made.today() - timedelta(days=3))
    reviewed = case("Fred", "under-review")
    chosen = case("Gil", "recommended")
    ready = factories.complete_case(applicant=factories.person(name="Hal"))

    found = waiting(chair)

    gap = found.pop("Questions to rule on")
    assert {text.partition(",")[0] for text, _url in gap} == {"Ben", "Cleo", "Dan", "Eva", "Fred"}
    places = {title: [url for _text, url in items] for title, items in found.items()}
    at = "/committee/cases/{}/"
    assert places == {
        "Applications to accept": [at.format(new.reference)],
        "Claims to rule on": [
            reverse("rule-claim", args=[claiming.application.reference, claiming.pk])
        ],
        "Evaluators to assign": [reverse("place", args=[enrolment.pk])],
        "Answers to read": [at.format(asked.reference) + "#questions"],
        "Reviews to open": [reverse("move", args=[ready.reference, "open-review"])],
        "Deadlines missed": [reverse("further-work", args=[working.reference])],
        "Recommendations to make": [reverse("recommend", args=[reviewed.reference])],
        "Ballots to open": [reverse("open-ballot", args=[chosen.reference])],
    }


def test_an_answer_waits_until_the_committee_does_something_on_the_case(chair):
    case = factories.ApplicationFactory()
    factories.membership(case.applicant)
    made.question(case, chair, answered=True)

    before = waiting(chair)
    operations.remark(case, text="Good.", by=chair, at=timezone.now())

    assert (list(before), list(waiting(chair))) == (["Answers to read"], [])


def test_a_proposal_of_the_applicant_waits_for_an_answer_and_ones_own_does_not(chair):
    case = factories.ApplicationFactory(stage="further-work")
    factories.membership(case.applicant)
    opened = made.agreed(case, chair).version.timeline
    by = {"at": timezone.now(), "note": "", "activities": [made.work()]}

    operations.propose_timeline(opened, **by, by=case.applicant)
    theirs = list(waiting(chair))
    operations.propose_timeline(opened, **by, by=chair)

    assert (theirs, list(waiting(chair))) == (["Timelines to answer"], [])


def test_what_only_the_evaluator_can_mend_is_no_question_for_the_committee(chair):
    case = factories.ApplicationFactory()
    factories.membership(case.applicant)
    end = made.today() - timedelta(days=5)
    for months in (200, 100):
        factories.took_part(case.applicant, end - timedelta(days=months))
    colleagues = [factories.person() for _each in range(3)]
    factories.candidacy(case.applicant, end, colleagues[:2], colleagues[2], presented=False)

    assert waiting(chair) == {}


@pytest.mark.parametrize("kind", ["supervisor", "co-leader", "evaluator", "faculty"])
def test_a_case_is_in_nobodys_queue_or_table_who_is_related_to_it_or_its_applicant(
    kind, chair, client
):
    case = factories.ApplicationFactory(stage="submitted")
    member = factories.person("committee")
    related = factories.person("deputy")
    Relation.objects.create(
        person=related, applicant=case.applicant, kind=kind, since="2020-01-01", source="test"
    )
    case.applicant.roles.create(kind="chair", start="2015-01-01")

    seen = {}
    for person in (chair, member, related, case.applicant):
        client.force_login(person.user)
        pages = [client.get(reverse(name)).content.decode() for name in ("queue", "cases")]
        seen[person] = [case.reference in page for page in pages]

    assert seen == {
        chair: [True, True],
        member: [True, True],
        related: [False, False],
        case.applicant: [False, False],
    }


def test_a_member_who_is_not_chair_reads_the_queue_and_finds_nothing_to_press(client):
    case = factories.ApplicationFactory(stage="submitted")
    client.force_login(factories.person("committee").user)

    made.claim(case)
    page = client.get(reverse("case", args=[case.reference])).content.decode()
    shown = rows(client.get(reverse("queue")))

    assert "/moves/" not in page
    links = {(item["url"].partition("?")[0], item["action"]) for item in shown}
    assert links == {(reverse("case", args=[case.reference]), "Open the case")}


def rows(page):
    """The rows that a page of the queue shows."""
    return [
        item
        for section in page.context["sections"]
        for group in section["groups"]
        for item in group["items"]
    ]


def submitted(number, name="Ann"):
    """So many cases in which nothing waits but to be accepted."""
    made_ = [
        factories.ApplicationFactory(
            applicant=factories.person(name=f"{name} {each}"), stage="submitted"
        )
        for each in range(number)
    ]
    for case in made_:
        factories.membership(case.applicant)
    return made_


def test_what_the_committee_rules_on_stands_under_its_next_meeting(chair, client):
    factories.ApplicationFactory()  # without a membership: a question to rule on
    submitted(1)
    for days, more in ((-9, {}), (5, {"cancelled_at": timezone.now()}), (9, {}), (30, {})):
        CommitteeMeeting.objects.create(
            day=made.today() + timedelta(days=days),
            planned_by=chair,
            planned_at=timezone.now(),
            **more,
        )
    client.force_login(chair.user)

    sections = client.get(reverse("queue")).context["sections"]

    found = {each["title"]: [group["key"] for group in each["groups"]] for each in sections}
    day = date_format(made.today() + timedelta(days=9), "j F Y")
    assert found == {f"For the meeting of {day}": ["issues"], "At any time": ["accept"]}


def test_each_count_is_the_number_of_rows_that_its_address_opens(chair, client):
    member = factories.person("committee")
    first, second, third = submitted(3)
    made.claim(first)
    yesterday = made.today() - timedelta(days=1)
    for case, to, due in ((first, chair, yesterday), (second, member, None)):
        Assignment.objects.create(
            application=case, matter="accept", to=to, due=due, by=chair, at=timezone.now()
        )
    client.force_login(chair.user)

    page = client.get(reverse("queue"))
    desk = page.context["desk"]

    headings = re.findall(
        r'<h3 id="queue-(\w+)">[^<]*<span class="soft">(\d+)', page.content.decode()
    )
    assert headings == [("claims", "1"), ("accept", "3")]
    counts = {str(tab["label"]): tab["count"] for tab in desk.tabs}
    assert counts == {"All": 4, "Yours": 1, "Nobody’s": 2, "Past their date": 1}
    opened = {str(tab["label"]): len(rows(client.get(tab["url"]))) for tab in desk.tabs}
    assert opened == counts
    kinds = {kind: len(rows(client.get(queue.address(kind, "all")))) for kind, _l in desk.kinds}
    assert kinds == {"": 4, "accept": 3, "claims": 1}
    assert next(label for _kind, label in desk.kinds) == "everything (4)"
    assert third.reference


def test_a_long_kind_is_cut_short_and_opens_whole_page_by_page(chair, client):
    submitted(52)
    client.force_login(chair.user)

    short = client.get(reverse("queue"))
    group = short.context["sections"][0]["groups"][0]
    pages = [client.get(group["url"] + f"&page={number}") for number in (1, 2)]

    assert (len(rows(short)), group["count"]) == (20, 52)
    assert [len(rows(page)) for page in pages] == [50, 2]


def test_a_matter_is_given_to_a_member_until_a_day_and_handed_on(chair, client):
    (case,) = submitted(1)
    member = factories.person("committee", name="Mia Member")
    due = made.today() + timedelta(days=4)
    address = reverse("assign-matter", args=[case.reference])
    client.force_login(chair.user)

    client.post(address, {"matter": "accept", "to": member.pk, "due": due, "what": "accept"})
    (row,) = rows(client.get(reverse("queue")))
    client.post(address, {"matter": "accept", "to": member.pk, "due": due})
    again = Assignment.objects.count()
    answer = client.post(address, {"matter": "accept", "to": "", "whose": "nobody"})

    assert (row["owner"], row["due"], row["late"]) == ("Mia Member", due, False)
    assert again == 1
    assert answer.url == queue.address("", "nobody")
    assert Assignment.objects.get().ended_at
    assert Letter.objects.get(kind="matter-assigned").to == member


def test_a_member_takes_a_matter_and_returns_it_but_gives_nothing_to_others(chair):
    (case,) = submitted(1)
    member, other = (factories.person("committee") for _each in range(2))
    said = {"matter": "accept", "due": None, "at": timezone.now()}

    operations.assign(case, to=member, by=member, **said)
    with pytest.raises(Refused, match="has this already"):
        operations.assign(case, to=other, by=other, **said)
    with pytest.raises(Refused, match="The Chair gives"):
        operations.assign(case, to=other, by=member, **said)
    operations.assign(case, to=None, by=member, **said)

    assert not Assignment.objects.filter(ended_at__isnull=True).exists()
    assert not Letter.objects.filter(kind="matter-assigned").exists()


@pytest.mark.parametrize("wrong", ["a relation", "the applicant", "a stranger", "over", "past"])
def test_what_can_not_be_assigned_is_refused_in_words(wrong, chair):
    (case,) = submitted(1)
    related = factories.person("committee")
    Relation.objects.create(
        person=related, applicant=case.applicant, kind="evaluator", since="2020-01-01", source="t"
    )
    to = {"a relation": related, "the applicant": case.applicant, "a stranger": factories.person()}
    due = made.today() - timedelta(days=1) if wrong == "past" else None

    with pytest.raises(Refused):
        operations.assign(
            case,
            matter="review" if wrong == "over" else "accept",
            to=to.get(wrong, chair),
            due=due,
            by=chair,
            at=timezone.now(),
        )

    assert not Assignment.objects.exists()


def test_who_has_taken_a_matter_is_reminded_as_long_as_it_waits(chair):
    first, second = submitted(2)
    member = factories.person("committee")
    due = made.today() + timedelta(days=5)
    for case in (first, second):
        operations.assign(case, matter="accept", to=member, due=due, by=chair, at=timezone.now())
    applicants.operations.accept(second, by=chair, at=timezone.now())

    counts = []
    for days in (0, 3, 4, 6, 7):
        sweep(TABLE, at=timezone.now() + timedelta(days=days))
        counts.append(Letter.objects.filter(kind="matter-due", to=member).count())

    assert counts == [0, 1, 1, 2, 2]
    assert set(Letter.objects.filter(kind="matter-due").values_list("case", flat=True)) == {
        first.reference
    }


def test_who_came_from_the_queue_is_led_back_to_it(chair, client):
    (case,) = submitted(1)
    client.force_login(chair.user)
    address = reverse("move", args=[case.reference, "accept"])

    assert client.post(address + "?from=queue").url == reverse("queue")


def many(number):
    """So many cases with everything that the queue looks at."""
    chair = factories.person("chair")
    for _each in range(number):
        supervisor, partner = factories.person(), factories.person()
        case = factories.ApplicationFactory()
        group = factories.balint_group(case.applicant, partner)
        factories.evening(group, made.today() - timedelta(days=9), partner)
        course = factories.supervision(case.applicant, supervisor, "2026-01-01", group)
        factories.session(course, made.today() - timedelta(days=9))
        made.claim(case)
        made.question(case, chair, answered=True)
        Enrolment.objects.create(
            intensive=factories.intensive(made.today() + timedelta(days=30)),
            person=case.applicant,
            role="candidate",
            enrolled_at=timezone.now(),
        )
        made.agreed(
            factories.ApplicationFactory(stage="further-work"),
            chair,
            due=made.today() - timedelta(days=3),
        )
    return chair


@pytest.mark.parametrize("name", ["queue", "cases"])
def test_the_number_of_queries_is_the_same_for_few_cases_and_for_many(name, client):
    counts = []
    for number in (2, 18):
        client.force_login(many(number).user)
        client.get(reverse(name))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = client.get(reverse(name))
        assert page.status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_queue_of_many_cases_is_not_searched_for_garbage_again_and_again(client):
    client.force_login(many(18).user)
    client.get(reverse("queue"))
    searches = []

    gc.collect()
    gc.callbacks.append(lambda phase, told: searches.append(told) if phase == "start" else None)
    client.get(reverse("queue"))
    gc.callbacks.pop()

    assert len(searches) < 5


def test_the_table_filters_by_stage_and_orders_by_what_is_asked(chair, client):
    zoe = factories.ApplicationFactory(applicant=factories.person(name="Zoe"), stage="accepted")
    amy = factories.ApplicationFactory(applicant=factories.person(name="Amy"), stage="accepted")
    gone = factories.ApplicationFactory(applicant=factories.person(name="Gus"), stage="closed")
    zoe.moves.create(
        number=1, move="accept", from_stage="submitted", to_stage="accepted", at=timezone.now()
    )
    client.force_login(chair.user)

    def rows(**asked):
        page = client.get(reverse("cases"), asked)
        return [row[0]["text"] for row in page.context["rows"]]

    assert rows() == ["Zoe", "Amy"]
    assert rows(order="name") == ["Amy", "Zoe"]
    assert rows(stage="closed") == ["Gus"]
    assert rows(stage="all", order="name") == ["Amy", "Gus", "Zoe"]
    assert rows(stage="under-review") == []
    assert rows(stage="'; DROP TABLE", order="applicant__user__password") == ["Zoe", "Amy"]
    assert (amy.reference, gone.reference) != ("", "")


def test_two_applications_of_one_person_are_told_apart(chair, client):
    closed = factories.ApplicationFactory(stage="closed")
    closed.submitted_on = made.today() - timedelta(days=900)
    closed.accepted_on = closed.submitted_on
    closed.save()
    later = factories.ApplicationFactory(applicant=closed.applicant, stage="submitted")
    client.force_login(chair.user)

    page = client.get(reverse("cases"), {"stage": "all", "order": "submitted"})

    words = {str(row[1]["word"]): row[0]["url"] for row in page.context["rows"]}
    assert words == {
        "Closed": reverse("case", args=[closed.reference]),
        "Submitted": reverse("case", args=[later.reference]),
    }
