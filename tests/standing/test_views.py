import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

import applicants.operations
from credentialing.standing.queries import foresee, standing, standings
from credentialing.templatetags.components import requirement
from reviews.models import Timeline
from tests.applicants import cases
from tests.factories import (
    ApplicationFactory,
    balint_group,
    complete_case,
    evening,
    membership,
    person,
    session,
    supervision,
)

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate()


def words(response):
    """What the page says, without its markup."""
    assert response.status_code == 200
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.split())


def home(client, who=None, **query):
    if who:
        client.force_login(who.user)
    return client.get(reverse("home"), query)


def test_a_visitor_reads_what_this_is_and_how_to_begin(client):
    page = words(home(client))

    assert "Becoming a credentialed Balint group leader" in page
    assert "Sign in" in page


def test_somebody_without_an_application_is_invited(client):
    assert "Start an application" in words(home(client, person()))


def test_somebody_with_roles_is_led_to_what_they_offer(client):
    page = words(home(client, person("chair", "administrator", "council")))

    for place in ("The Committee's queue", "The office", "The Council"):
        assert place.replace("'", "&#x27;") in page or place in page


def test_an_applicant_reads_what_remains_in_one_sentence_of_the_rules(client):
    case = ApplicationFactory()
    membership(case.applicant)

    page = words(home(client, case.applicant))

    assert (
        "24 months of leading, 24 months of debriefing, twelve supervision sessions, two "
        "intensives and the final intensive remain."
    ) in page
    assert "Basic requirements, 2" in page


def test_an_applicant_with_everything_reads_that_nothing_remains(client):
    case = complete_case()

    page = words(home(client, case.applicant))

    assert "Nothing remains: ready for review." in page


@pytest.mark.parametrize(
    "stage",
    [
        "draft",
        "submitted",
        "returned",
        "accepted",
        "under-review",
        "further-work",
        "recommended",
        "before-council",
        "decided",
        "withdrawn",
        "closed",
    ],
)
def test_every_stage_has_its_home(client, stage):
    case = ApplicationFactory(stage=stage)

    assert "What is next" in words(home(client, case.applicant))


def test_another_day_is_looked_at_by_a_form(client):
    case = complete_case()
    day = today() - timedelta(days=365)

    page = words(home(client, case.applicant, as_of=day.isoformat()))

    assert "This is how your case stood on" in page
    assert "What is next" not in page


@pytest.mark.parametrize(
    "day", ["2999-01-01", "0000-00-00", "yesterday", "1" * 5000, "1700-01-01", "2026-02-30"]
)
def test_a_day_that_cannot_be_looked_at_is_said_at_its_field(client, day):
    case = ApplicationFactory()

    response = home(client, case.applicant, as_of=day)

    assert "This is how your case stood on" not in words(response)
    assert 'class="errors"' in response.content.decode()


def test_what_waits_is_told_with_whose_turn_it_is(client):
    case, chair = cases.accepted()
    lee = person(name="Lee Leader")
    claim = applicants.operations.claim_credit(
        case,
        credit="co-leading",
        facts={"start": "2010-01-01", "end": "2013-01-01", "leader_credentialed": True},
        leader=lee,
        by=case.applicant,
        at=timezone.now(),
    )
    applicants.operations.ask_credentialed_leader(claim, by=case.applicant, at=timezone.now())
    applicants.operations.ask(case, text="In summer?", due=today(), by=chair, at=timezone.now())
    sue = person(name="Sue Super")
    session(supervision(case.applicant, sue, today()), today(), confirmed=False)

    page = words(home(client, case.applicant))

    for said in (
        "Answer a question of the Committee",
        "Waits for you",
        "Waits for the Committee",
        "Waits for Lee Leader",
        "1 supervision session",
        "Waits for Sue Super",
    ):
        assert said in page
    assert "In summer?" not in page


def test_a_returned_application_shows_the_chairs_reason(client):
    case, chair = cases.submitted(), person("chair")
    applicants.operations.return_application(
        case, reason="The second group.", by=chair, at=timezone.now()
    )

    page = words(home(client, case.applicant))

    assert "The second group." in page
    assert "Correct the application" in page


def test_reasons_among_the_committee_are_not_the_applicants(client):
    case = ApplicationFactory(stage="under-review")
    case.moves.create(
        number=1,
        move="take-back",
        from_stage="recommended",
        to_stage="under-review",
        at=timezone.now(),
        by=person("chair"),
        reason="A doubt among us.",
    )

    assert "A doubt among us." not in words(home(client, case.applicant))


def test_home_takes_the_same_queries_for_three_evenings_and_for_thirty(
    client, django_assert_num_queries, django_assert_max_num_queries
):
    case = ApplicationFactory()
    membership(case.applicant)
    bob = person()
    group = balint_group(case.applicant, bob)
    sue = person()
    supervised = supervision(case.applicant, sue, case.submitted_on)

    def logged(first, last):
        for number in range(first, last):
            day = today() - timedelta(days=1 + number)
            evening(group, day, bob)
            session(supervised, day, confirmed=number % 2 == 0)

    logged(0, 3)
    home(client, case.applicant)
    with django_assert_max_num_queries(60) as few:
        home(client)
    logged(3, 30)
    with django_assert_num_queries(len(few)):
        home(client)


def test_home_says_when_one_could_be_ready_and_on_what_that_rests(client):
    case = ApplicationFactory()
    membership(case.applicant, end=today() + timedelta(days=90))
    group = balint_group(case.applicant, person())
    for weeks in range(20):
        evening(group, today() - timedelta(days=1 + 14 * weeks))
    foreseen = foresee([standing(case, today())])[0]

    page = words(home(client, case.applicant))

    assert foreseen.day > today()
    assert f"The earliest you could be ready is {foreseen.day:%B %Y}." in page
    assert "keep meeting every fortnight" in page
    assert "your membership, on record until" in page
    assert "three intensives are held that you can attend" in page


@pytest.mark.parametrize("stage", ["under-review", "before-council", "decided", "withdrawn"])
def test_what_lies_with_others_has_no_earliest_day(client, stage):
    case = ApplicationFactory(stage=stage)

    assert "The earliest you could be ready" not in words(home(client, case.applicant))


def test_the_figures_on_home_are_those_of_the_assessment(client):
    case = ApplicationFactory()
    membership(case.applicant)
    bob = person()
    group = balint_group(case.applicant, bob)
    supervised = supervision(case.applicant, person(), case.submitted_on)
    for number in range(9):
        evening(group, today() - timedelta(days=20 * number), bob)
        session(supervised, today() - timedelta(days=40 * number), confirmed=number % 3 > 0)
    now = standing(case, today())

    context = home(client, case.applicant).context

    assert [line["entry"] for line in context["lines"]] == now.data["requirements"]
    for line in context["lines"]:
        shown = requirement(line)
        entry = now.entries[line["entry"]["id"]]
        unconfirmed = [each for each in entry["uncounted"] if each["why"] == "unconfirmed"]
        assert shown["waiting"] == min(len(unconfirmed), entry["remaining"])
        assert shown["waiting"] + shown["to_do"] == entry["remaining"]


def test_the_tour_is_there_until_it_is_put_away(client):
    case = ApplicationFactory()

    first = words(home(client, case.applicant))
    client.post(reverse("end-tour"))
    answer = client.post(reverse("end-tour"))
    second = words(home(client))

    assert (answer.status_code, answer.url) == (302, reverse("home"))
    assert "this page in a minute" in first
    assert "this page in a minute" not in second


def test_further_work_stands_among_what_waits(client):
    case, chair = ApplicationFactory(stage="further-work"), person("chair")
    timeline = Timeline.objects.create(application=case, opened_at=timezone.now())
    version = timeline.versions.create(number=1, by=chair, at=timezone.now())
    due = today() - timedelta(days=3)
    version.activities.create(area="Time", activity="Keep it.", due=due)

    def waits():
        return words(home(client, case.applicant))

    version.consents.create(side="committee", by=chair, at=timezone.now())
    asked = waits()
    version.consents.create(side="applicant", by=case.applicant, at=timezone.now())
    timeline.agreed = version
    timeline.save()
    agreed = waits()

    assert "Answer the proposed timeline" in asked
    assert "Answer the proposed timeline" not in agreed
    assert "Time until" in agreed
    assert "Overdue" in agreed


def what_if(client, who=None, **query):
    if who:
        client.force_login(who.user)
    return client.get(reverse("what-if"), query)


def test_what_if_shows_before_and_after_and_keeps_nothing(client):
    case = ApplicationFactory()
    group = balint_group(case.applicant, person())
    until = today() + timedelta(days=150)
    asked = {"until": until.isoformat(), "meetings": "14", "debriefings": "0", "intensives": "1"}

    page = what_if(client, case.applicant, **asked)

    rows = {row["label"]: row for row in page.context["rows"]}
    assert "24 months of leading remain." in rows["Leading"]["before"]
    assert "20 months of leading remain." in rows["Leading"]["after"]
    assert rows["Debriefing"]["changed"] is False
    assert "1 of 2 intensives" in rows["Intensives as a participant"]["after"]
    assert group.meetings.count() == 0
    assert "What would remain" in words(page)


def test_what_if_begins_with_half_a_year_as_it_goes_on(client):
    case = ApplicationFactory()

    page = what_if(client, case.applicant)

    assert page.context["form"]["meetings"].value() == "14"
    assert page.context["until"] == today() + timedelta(days=182)


def test_a_credit_and_planned_sessions_can_be_supposed(client):
    case = ApplicationFactory()
    supervised = supervision(case.applicant, person(), today() - timedelta(days=30))
    planned = session(supervised, today() + timedelta(days=20), confirmed=False)
    type(planned).objects.filter(pk=planned.pk).update(state="planned")
    asked = {"until": (today() + timedelta(days=60)).isoformat(), "planned": "on"}
    asked["supervision"] = "0"

    page = what_if(client, case.applicant, credit="balint-group-member", in_lieu="3", **asked)

    rows = {row["label"]: row for row in page.context["rows"]}
    assert "1 of 12 sessions" in rows["Supervision"]["after"]
    assert "One intensive remains." in rows["Intensives as a participant"]["after"]
    assert words(what_if(client, credit="co-leading", in_lieu="3", **asked))


@pytest.mark.parametrize(
    "asked",
    [
        {"until": "1999-01-01"},
        {"until": "9999-12-31"},
        {"until": "tomorrow"},
        {"until": "2030-01-01", "meetings": "13"},
        {"until": "2030-01-01", "intensives": "99"},
        {"until": "2030-01-01", "credit": "zz"},
        {"until": "2030-01-01", "in_lieu": "-1"},
    ],
)
def test_a_plan_that_cannot_be_read_is_said_at_its_field(client, asked):
    page = what_if(client, ApplicationFactory().applicant, **asked)

    assert "rows" not in page.context
    assert 'class="errors"' in page.content.decode()


def test_without_an_application_there_is_nothing_to_suppose(client):
    assert what_if(client, person()).status_code == 404


def test_many_cases_are_foreseen_in_one_query(django_assert_num_queries):
    cases = standings([ApplicationFactory() for _each in range(3)], today())

    with django_assert_num_queries(1):
        found = foresee(cases)

    assert [each.day for each in found] == [found[0].day] * 3
    with django_assert_num_queries(0):
        assert foresee([]) == []


def test_how_this_works_is_the_procedure_clause_by_clause(client, settings):
    settings.PROCEDURE = "abs-2014"

    page = words(client.get(reverse("how-this-works")))

    assert "Credentialing Roadmap, 9" in page
    assert "The published source of this procedure is partial" in page
    assert "A month without a meeting does not count toward the two years." in page
    assert "More than half of the members who have not recused themselves must vote." in page
    assert "Once it is granted, the number is 1 for intensives as a participant." in page


def test_another_revision_can_be_read_and_ones_own_is_pointed_to(client):
    case = ApplicationFactory()
    client.force_login(case.applicant.user)

    def read(**asked):
        return words(client.get(reverse("how-this-works"), asked))

    own, other, unknown = read(), read(procedure="abs-2014"), read(procedure="zz")

    assert "Your own case is judged by another revision" not in own
    assert "Your own case is judged by another revision" in other
    assert "not the one by which new applications are judged here" in other
    assert "Six supervision sessions in each of two years" in unknown
