from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applicants import operations
from applicants.models import BalintGroup
from credentialing.people.models import Person
from tests.applicants import cases
from tests.factories import ApplicationFactory, person

pytestmark = pytest.mark.django_db

NOT_ASKED_FOR = "are not those asked for"


@pytest.fixture
def ann(client):
    """A signed-in applicant."""
    applicant = ApplicationFactory().applicant
    client.force_login(applicant.user)
    return applicant


def body(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def new_group(**more):
    return {
        "name": "Tuesday group",
        "setting": "medical",
        "start": "2024-01-09",
        "profession": "physician",
    } | more


def test_a_pair_that_does_not_fit_is_spoken_of_at_once_and_a_fitting_one_is_not(client, ann):
    fitting = cases.group(ann, person(name="Bob Blue"))
    BalintGroup.objects.filter(pk=fitting.pk).update(name="Fits")
    operations.update_group(
        cases.group(ann),
        name="Does not",
        setting="medical",
        start=timezone.localdate() - timedelta(days=9),
        end=None,
        leaders=[{"person": person(name="Ned"), "profession": "nurse"}],
        by=ann,
        at=timezone.now(),
    )

    page = body(client.get(reverse("groups")))

    assert page.count(NOT_ASKED_FOR) == 1
    assert "group “Does not” " + NOT_ASKED_FOR in page
    assert "the Committee will be asked" in page


@pytest.mark.parametrize(("profession", "asked"), [("nurse", 1), ("psychologist", 0), ("", 0)])
def test_advice_comes_while_a_leader_is_being_named(client, ann, profession, asked):
    led = cases.group(ann)

    page = body(client.get(reverse("leader-advice", args=[led.pk]), {"profession": profession}))

    assert page.count(NOT_ASKED_FOR) == asked
    assert led.leaders.count() == 1


def test_somebody_named_anew_who_is_like_somebody_known_is_asked_about(client, ann):
    led = cases.group(ann)
    known = person(name="Beatrice Bright", email="bea@example.org")
    url = reverse("add-leader", args=[led.pk])
    said = {"name": "B. Bright", "email": "new@example.org", "profession": "psychologist"}

    asked = body(client.post(url, said))
    assert f"?person={known.pk}" in asked
    assert 'value="B. Bright"' in asked
    same_address = {**said, "email": "BEA@example.org", "another": "on"}
    assert "has this address" in body(client.post(url, same_address))
    assert led.leaders.count() == 1

    client.post(url, {**said, "another": "on"})
    assert led.leaders.filter(person=Person.objects.get(email="new@example.org")).exists()


def test_how_a_group_meets_is_kept_and_said(client, ann):
    schedule = {"weekday": "1", "every_weeks": "2", "meets_at": "18:30", "usual_minutes": "90"}

    client.post(reverse("new-group"), new_group(**schedule))

    led = BalintGroup.objects.get()
    assert (led.weekday, led.every_weeks, led.meets_at) == (1, 2, time(18, 30))
    assert "Every second Tuesday at 18:30, 90 minutes." in body(client.get(reverse("groups")))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"weekday": "1"}, "and how often"),
        ({"every_weeks": "2"}, "on which weekday"),
        ({"weekday": "9", "every_weeks": "2"}, "9 is not one of the available choices"),
        ({"meets_at": "half past"}, "Write a time as in 18:30"),
        ({"usual_minutes": "9999"}, "600"),
        ({"start": "0000-00-00"}, "Write a day"),
        ({"start": "2024-05-01", "end": "2024-04-01"}, "ends before it starts"),
        ({"name": " "}, "This field is required"),
        ({"name": "n" * 100_000}, "at most 120"),
        ({"profession": "sailor"}, "sailor is not one of"),
    ],
)
def test_a_group_that_makes_no_sense_is_not_entered_and_stays_typed(client, ann, more, words):
    page = body(client.post(reverse("new-group"), new_group(**more)))

    assert words in page
    assert 'value="Tuesday group"' in page or "name" in more
    assert not BalintGroup.objects.exists()


def test_the_groups_take_the_same_queries_for_three_and_for_thirty(
    client, ann, django_assert_num_queries, django_assert_max_num_queries
):
    def entered(how_many):
        for _number in range(how_many):
            cases.group(ann, person())

    entered(3)
    client.get(reverse("groups"))
    with django_assert_max_num_queries(30) as few:
        client.get(reverse("groups"))
    entered(27)
    with django_assert_num_queries(len(few)):
        client.get(reverse("groups"))
