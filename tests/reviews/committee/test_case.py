"""The tabs of a case: what the next move needs, other days, and what changed between two."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

import applicants.operations
from credentialing.standing.queries import standing
from reviews.models import CommitteeMeeting
from reviews.queries import readiness
from tests import factories
from tests.reviews.committee import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def chair():
    return factories.person("chair")


def needs(case):
    """What the next move of a case needs, each with whether it is there."""
    found = readiness.next_move(standing(case, made.today()))
    return found and (
        str(found["label"]),
        found["possible"],
        {str(task["label"]): task["state"] for task in found["tasks"]},
    )


def test_the_next_move_names_each_requirement_that_is_not_met_and_why():
    case = factories.complete_case()
    case.applicant.supervisions.get().sessions.update(withdrawn_at=timezone.now())
    case.applicant.memberships.update(end=made.today() - timedelta(days=9))

    found = readiness.next_move(standing(case, made.today()))

    told = {str(task["label"]): (task["state"], task["hint"]) for task in found["tasks"]}
    assert {str(task["word"]) for task in found["tasks"]} == {"A question to rule on"}
    assert set(told) == {"Supervision", "Membership"}
    assert told["Supervision"] == ("needs", "Twelve supervision sessions remain.")
    assert told["Membership"][0] == "needs"
    assert told["Membership"][1].startswith("Membership lapsed: ")
    assert not found["possible"]


def test_what_a_ruling_of_equivalence_names_no_longer_keeps_the_review_from_opening(chair):
    case = factories.complete_case()
    case.applicant.supervisions.get().sessions.update(withdrawn_at=timezone.now())
    before = needs(case)
    applicants.operations.rule(
        case,
        kind="equivalence",
        terms={"requirements": ["supervision"]},
        reason="Ten years abroad.",
        met_on=made.today(),
        took_part=[chair.pk],
        by=chair,
        at=timezone.now(),
    )

    assert before == ("Open review", False, {"Supervision": "needs"})
    assert needs(case) == ("Open review", True, {"Supervision": "done"})


def test_each_stage_says_what_leads_on(chair):
    cases = {
        stage: made.in_stage(stage, chair)
        for stage in ("submitted", "accepted", "under-review", "further-work", "recommended")
    }
    over = made.in_stage("closed", chair)
    cases["submitted"].membership_unconfirmed = True

    found = {stage: needs(case)[:2] for stage, case in cases.items()}

    assert found == {
        "submitted": ("Accept application", False),
        "accepted": ("Open review", True),
        "under-review": ("Record recommendation", True),
        "further-work": ("Return to review", True),
        "recommended": ("Open ballot", True),
    }
    assert needs(over) is None


def test_the_day_that_is_looked_at_goes_along_from_tab_to_tab(chair, client):
    case = factories.complete_case()
    client.force_login(chair.user)
    then = made.today() - timedelta(days=200)

    page = client.get(reverse("case-supervision", args=[case.reference]), {"as_of": then})

    dated = [tab["url"] for tab in page.context["tabs"] if "as_of=" in tab["url"]]
    assert len(dated) == 5
    assert all(url.endswith(f"?as_of={then}") for url in dated)
    sessions = page.context["tables"][1]["rows"]
    states = {row[3]["state"] for row in sessions if isinstance(row[3], dict)}
    assert states == {"done", "idle"}  # the later ones do not count yet


def test_what_changed_since_the_last_meeting_is_named_line_by_line(chair, client):
    case = factories.complete_case()
    meeting = made.today() - timedelta(days=40)
    CommitteeMeeting.objects.create(day=meeting, planned_by=chair, planned_at=timezone.now())
    made.question(case, chair)
    client.force_login(chair.user)
    address = reverse("case-history", args=[case.reference])

    whole = client.get(address)
    since = client.get(address, {"since": meeting})
    none = client.get(address, {"since": made.today(), "until": made.today()})

    assert f"?since={meeting}" in whole.content.decode()
    changed = {row["label"] for row in since.context["rows"] if row["changed"]}
    assert "The final intensive" in changed
    assert {label for label, _said in since.context["logged"]} == {"Group meetings", "Debriefings"}
    assert [each["text"] for each in since.context["events"]] == ["Question asked: Which group?"]
    assert (none.context["changed"], none.context["logged"], none.context["events"]) == (0, [], [])


@pytest.mark.parametrize(
    "asked",
    [
        {"since": "0000-00-00"},
        {"since": "2026-02-30", "until": "x"},
        {"since": "9999-01-01"},
        {"since": "2025-01-02", "until": "2025-01-01"},
        {"since": ""},
    ],
)
def test_days_that_are_none_or_stand_the_wrong_way_round_are_asked_again(chair, asked):
    case = factories.ApplicationFactory()
    client = Client()
    client.force_login(chair.user)

    page = client.get(reverse("case-history", args=[case.reference]), asked)

    assert (page.status_code, "since" in page.context) == (200, False)
    assert page.context["filter"].errors


@pytest.mark.parametrize("tab", ["evidence", "supervision", "intensives", "documents"])
def test_a_tab_asks_the_database_as_often_for_much_evidence_as_for_little(tab, chair, client):
    case = factories.complete_case()
    course = case.applicant.supervisions.get()
    partner = case.applicant.balint_groups.get().leaders.exclude(person=case.applicant).get().person
    client.force_login(chair.user)
    address = reverse(f"case-{tab}", args=[case.reference])

    counts = []
    for _turn in range(2):
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
        for number in range(20):
            day = made.today() - timedelta(days=number + 1)
            factories.evening(course.group, day, partner)
            factories.session(course, day)
        factories.took_part(case.applicant, made.today() - timedelta(days=400))

    assert counts[0] == counts[1]
