from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applicants.models import BalintGroup, Debriefing, Meeting
from credentialing.people.models import Person
from tests.applicants import cases
from tests.factories import ApplicationFactory, evening, person

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate()


def body(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def said(bob, **more):
    return {
        "date": today().isoformat(),
        "met": "on",
        "minutes": "90",
        "cases": "1",
        "debriefed": "on",
        "debriefed_minutes": "40",
        "partners": [str(bob.pk)],
    } | more


def counts():
    return Meeting.objects.count(), Debriefing.objects.count()


def test_an_evening_is_filled_in_as_the_last_one_was(client, led):
    group, _ann, bob = led
    evening(group, today() - timedelta(days=14), bob, minutes=35)

    page = body(client.get(reverse("log-evening")))

    assert f'value="{today().isoformat()}"' in page
    assert 'value="35"' in page
    assert "Bob Blue" in page
    assert "No patient" in page


def test_an_evening_is_recorded(client, led):
    _group, _ann, bob = led

    response = client.post(reverse("log-evening"), said(bob))

    assert response.status_code == 302
    assert counts() == (1, 1)
    assert list(Debriefing.objects.get().partners.all()) == [bob]


def test_an_evening_sent_twice_is_recorded_once(client, led):
    _group, _ann, bob = led
    form = said(bob, submission="the-same-key")

    client.post(reverse("log-evening"), form)
    again = client.post(reverse("log-evening"), {**form, "again": "on"})

    assert again.status_code == 302
    assert counts() == (1, 1)


def test_a_second_one_on_the_same_day_is_asked_about_and_not_refused(client, led):
    _group, _ann, bob = led
    client.post(reverse("log-evening"), said(bob))

    asked = body(client.post(reverse("log-evening"), said(bob)))
    assert "on record for that day" in asked
    assert 'name="again"' in asked
    assert counts() == (1, 1)

    client.post(reverse("log-evening"), said(bob, again="on"))
    assert counts() == (2, 2)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"date": "2999-01-01"}, "between 1950 and 2100"),
        ({"date": "2099-01-01"}, "to come"),
        ({"date": "1990-01-01"}, "before the group started"),
        ({"date": "0000-00-00"}, "Write a day"),
        ({"date": ""}, "Say on which day"),
        ({"minutes": "9" * 400}, "600"),
        ({"minutes": "many"}, "Write a number"),
        ({"debriefed_minutes": ""}, "Say for how long"),
        ({"partners": []}, "Say with whom"),
        ({"partners": ["9" * 30]}, "leaders of this group"),
        ({"partners": ["x"]}, "leaders of this group"),
        ({"met": "", "debriefed": ""}, "Tick what took place"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, led, more, words):
    _group, _ann, bob = led

    page = body(client.post(reverse("log-evening"), said(bob, **more)))

    assert words in page
    assert counts() == (0, 0)


def test_a_month_in_which_nothing_is_logged_is_a_plain_page(client, led):
    group, _ann, bob = led
    evening(group, today(), bob)

    empty = client.get(reverse("logs"), {"month": "2019-02"})
    nonsense = client.get(reverse("logs"), {"month": "soon", "kind": "x", "group": "-1"})

    assert "Nothing is logged here" in body(empty)
    assert '<option value="2019-02" selected>February 2019</option>' in body(empty)
    assert "available choices" not in body(empty) + body(nonsense)
    assert body(nonsense).count("tasks-hint") == 2


def test_a_log_is_listed_by_month_and_filtered_by_group(client, led):
    group, ann, bob = led
    other = cases.group(ann)
    BalintGroup.objects.filter(pk=other.pk).update(name="Other group")
    evening(group, today(), bob)
    evening(other, today() - timedelta(days=50))

    everything = body(client.get(reverse("logs")))
    one = body(client.get(reverse("logs"), {"group": group.pk}))

    assert everything.count("tasks-hint") == 3
    assert one.count("tasks-hint") == 2
    for odd in ("x", "9" * 30, "-1"):
        body(client.get(reverse("logs"), {"group": odd, "page": odd}))


def test_an_entry_is_corrected_withdrawn_and_put_back(client, led):
    group, _ann, bob = led
    evening(group, today(), bob)
    meeting, debriefing = Meeting.objects.get(), Debriefing.objects.get()

    client.post(
        reverse("edit-meeting", args=[meeting.pk]),
        {"date": today().isoformat(), "minutes": "75", "cases": "2"},
    )
    client.post(
        reverse("edit-debriefing", args=[debriefing.pk]),
        {"date": today().isoformat(), "minutes": "25", "partners": [bob.pk]},
    )
    meeting.refresh_from_db()
    debriefing.refresh_from_db()
    assert (meeting.minutes, meeting.cases, debriefing.minutes) == (75, 2, 25)

    client.post(reverse("withdraw-meeting", args=[meeting.pk]), {"reason": "Wrong day."})
    assert not Meeting.objects.standing().exists()
    assert "Wrong day." in body(client.get(reverse("logs")))

    client.post(reverse("restore-meeting", args=[meeting.pk]))
    assert Meeting.objects.standing().exists()


def test_somebody_elses_entries_and_groups_do_not_exist(client, led):
    group, _ann, bob = led
    evening(group, today(), bob)
    meeting, debriefing = Meeting.objects.get(), Debriefing.objects.get()
    client.force_login(ApplicationFactory().applicant.user)

    for name, key in (
        ("edit-meeting", meeting.pk),
        ("withdraw-meeting", meeting.pk),
        ("edit-debriefing", debriefing.pk),
        ("withdraw-debriefing", debriefing.pk),
        ("group", group.pk),
        ("add-leader", group.pk),
        ("edit-meeting", 10**15),
    ):
        body(client.get(reverse(name, args=[key])), status=404)
    body(client.post(reverse("restore-meeting", args=[meeting.pk])), status=404)


def test_the_log_takes_the_same_queries_for_three_evenings_and_for_thirty(
    client, led, django_assert_num_queries, django_assert_max_num_queries
):
    group, _ann, bob = led

    def logged(first, last):
        for number in range(first, last):
            evening(group, today() - timedelta(days=number), bob)

    logged(0, 3)
    client.get(reverse("logs"))
    with django_assert_max_num_queries(30) as few:
        client.get(reverse("logs"))
    logged(3, 30)
    with django_assert_num_queries(len(few)):
        client.get(reverse("logs"))


def test_a_group_is_entered_and_a_new_co_leader_becomes_a_person(client):
    ann = ApplicationFactory().applicant
    client.force_login(ann.user)

    response = client.post(
        reverse("new-group"),
        {"name": "G", "setting": "medical", "start": "2024-01-10", "profession": "physician"},
    )
    group = BalintGroup.objects.get()
    assert response.url == reverse("add-leader", args=[group.pk])

    client.post(
        response.url,
        {"name": "Bea Bright", "email": "bea@example.org", "profession": "psychologist"},
    )
    bea = Person.objects.get(email="bea@example.org")
    assert list(group.leaders.order_by("pk").values_list("person", "profession")) == [
        (ann.pk, "physician"),
        (bea.pk, "psychologist"),
    ]


def test_a_co_leader_on_record_is_found_and_added(client, led):
    group, _ann, _bob = led
    cleo = person(name="Cleo Calm", email="cleo@example.org", profession="counselor")
    url = reverse("add-leader", args=[group.pk])

    found = body(client.get(url, {"q": "cleo"}))
    assert f"?person={cleo.pk}" in found
    assert "cleo@example.org" not in found
    client.post(f"{url}?person={cleo.pk}", {"profession": "counselor", "start": "", "end": ""})

    assert group.leaders.filter(person=cleo, profession="counselor").exists()


def test_a_leaders_time_is_corrected_and_a_mistaken_one_taken_off(client, led):
    group, ann, bob = led
    url = reverse("group", args=[group.pk])
    form = {
        "name": "Renamed",
        "setting": "other",
        "start": group.start.isoformat(),
        "end": "",
        "leaders-TOTAL_FORMS": "2",
        "leaders-INITIAL_FORMS": "2",
        "leaders-0-person": ann.pk,
        "leaders-0-profession": "physician",
        "leaders-1-person": bob.pk,
        "leaders-1-profession": "psychologist",
        "leaders-1-end": today().isoformat(),
    }
    assert "Bob Blue" in body(client.get(url))

    assert client.post(url, form).status_code == 302
    assert group.leaders.get(person=bob).end == today()

    client.post(url, {**form, "leaders-1-DELETE": "on", "leaders-0-DELETE": "on"})
    assert list(group.leaders.values_list("person", flat=True)) == [ann.pk]


@pytest.mark.parametrize(
    "broken",
    [
        {"leaders-1-person": "x"},
        {"leaders-1-person": "9" * 40},
        {"leaders-1-person": "1"},
        {"leaders-TOTAL_FORMS": "x"},
        {"leaders-TOTAL_FORMS": "9" * 20},
        {"start": "0000-00-00"},
        {"setting": "boat"},
    ],
)
def test_a_form_of_a_group_that_makes_no_sense_changes_nothing(client, led, broken):
    group, ann, bob = led
    form = {
        "name": "Renamed",
        "setting": "other",
        "start": group.start.isoformat(),
        "end": "",
        "leaders-TOTAL_FORMS": "2",
        "leaders-INITIAL_FORMS": "2",
        "leaders-0-person": ann.pk,
        "leaders-0-profession": "physician",
        "leaders-1-person": bob.pk,
        "leaders-1-profession": "psychologist",
    } | broken

    body(client.post(reverse("group", args=[group.pk]), form))

    group.refresh_from_db()
    assert group.name == "Tuesday group"


@pytest.mark.parametrize("query", ["", "b", "bob", "BOB bl", "%", "x" * 5000, "bob@", "a@b.c"])
def test_people_are_found_by_name_without_their_addresses(client, led, query):
    page = body(client.get(reverse("person-search"), {"q": query}))

    assert ("Bob Blue" in page) == (query.lower() in {"bob", "bob bl"})
    assert "@example.org" not in page
