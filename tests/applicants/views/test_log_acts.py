from datetime import date

import pytest
import time_machine
from django.urls import reverse

from applicants.models import BalintGroup, Debriefing, LogAct, Meeting
from tests.applicants import cases
from tests.factories import ApplicationFactory, at, evening

pytestmark = pytest.mark.django_db

TODAY = date(2026, 7, 14)  # a Tuesday


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(at(TODAY, 18), tick=False):
        yield


def body(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def said(bob, **more):
    """Every second Saturday, from before Independence Day until the autumn."""
    return {
        "first": "2026-06-06",
        "every_weeks": "2",
        "until": "2026-09-30",
        "country": "US",
        "met": "on",
        "minutes": "90",
        "cases": "1",
        "debriefed": "on",
        "debriefed_minutes": "40",
        "partners": [str(bob.pk)],
        "action": "show",
    } | more


def looked_at(client, form, *days, **more):
    """Record these days, after the page has shown them."""
    page = body(client.post(reverse("repeat-evenings"), {**form, "submission": ""}))
    pattern = page.split('name="pattern" value="')[1].split('"')[0]
    form = {**form, "pattern": pattern, "day": list(days), "action": "record"} | more
    return client.post(reverse("repeat-evenings"), form)


def dates():
    return list(Meeting.objects.standing().order_by("date").values_list("date", flat=True))


def test_the_days_are_shown_without_holidays_and_nothing_to_come_is_recorded(client, led):
    group, _ann, bob = led
    evening(group, date(2026, 6, 20))

    page = body(client.post(reverse("repeat-evenings"), said(bob)))

    assert page.count('name="day"') == 3
    assert page.count("checked>\n") or page.count(" checked") > 3
    assert "Saturday, 4 July 2026" in page
    assert "Independence Day" in page
    assert "on record" in page
    assert "6 days are still to come, the first on 18 July 2026" in page
    assert 'value="2026-06-06" checked' in page
    assert 'value="2026-07-04" checked' not in page
    assert 'value="2026-06-20" checked' not in page
    assert "Independence Day" not in body(
        client.post(reverse("repeat-evenings"), said(bob, country="GB"))
    )


def test_the_ticked_days_are_recorded_in_one_act_once_and_undone(client, led):
    group, _ann, bob = led
    form = said(bob, submission="one-key", keep="on")

    for _time in range(2):
        answer = looked_at(client, form, "2026-06-06", "2026-07-04", "2026-07-18", "1999-01-01")
        assert answer.url == reverse("logs")

    assert dates() == [date(2026, 6, 6), date(2026, 7, 4)]
    assert Debriefing.objects.filter(minutes=40, partners=bob).count() == 2
    group.refresh_from_db()
    assert (group.weekday, group.every_weeks, group.usual_debriefing) == (5, 2, 40)
    assert "4 entries recorded" in body(client.get(reverse("logs")))
    client.post(reverse("undo-act", args=[LogAct.objects.get().pk]))
    assert dates() == []


def test_days_that_were_not_looked_at_are_shown_first(client, led):
    _group, _ann, bob = led

    answer = looked_at(client, said(bob), "2026-06-06", first="2026-06-07")

    assert "Look at them once more" in body(answer)
    assert dates() == []


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"first": "2001-01-01"}, "before the group started"),
        ({"first": "0000-00-00"}, "Write a day"),
        ({"first": ""}, "Say on which day it begins"),
        ({"until": "2026-06-05"}, "before the first evening"),
        ({"until": "2099-01-01"}, "at most three years"),
        ({"until": ""}, "Say until when"),
        ({"every_weeks": "0"}, "0 is not one of"),
        ({"country": "XX"}, "XX is not one of"),
        ({"minutes": "9" * 400}, "600"),
        ({"met": "", "debriefed": ""}, "Tick what took place"),
        ({"partners": ["x"]}, "leaders of this group"),
    ],
)
def test_a_repetition_that_makes_no_sense_shows_no_day_and_stays_typed(client, led, more, words):
    _group, _ann, bob = led

    page = body(client.post(reverse("repeat-evenings"), said(bob, **more)))

    assert words in page
    assert 'name="day"' not in page
    assert 'value="40"' in page


def test_a_repetition_begins_with_what_is_planned_and_not_yet_logged(client, led):
    group, _ann, bob = led
    BalintGroup.objects.filter(pk=group.pk).update(weekday=1, every_weeks=2, usual_minutes=75)
    evening(group, date(2026, 6, 16), bob)

    page = body(client.get(reverse("repeat-evenings")))

    assert 'value="2026-06-30"' in page
    assert 'value="75"' in page
    assert 'value="2026-07-14"' in body(client.get(reverse("log-evening")))


def test_ticked_entries_are_changed_or_taken_out_together(client, led):
    group, _ann, bob = led
    for day in (date(2026, 6, 2), date(2026, 6, 16)):
        evening(group, day, bob)
    keys = [each.key for model in (Meeting, Debriefing) for each in model.objects.all()]
    url = reverse("several-entries")

    page = body(client.get(url, {"entry": keys}))
    assert "4 entries" in page
    assert "601" in body(client.post(url, {"entry": keys, "action": "change", "minutes": "601"}))
    client.post(url, {"entry": keys, "action": "change", "minutes": "75", "debriefed": "20"})
    assert set(Meeting.objects.values_list("minutes", flat=True)) == {75}
    assert set(Debriefing.objects.values_list("minutes", flat=True)) == {20}

    client.post(url, {"entry": keys, "action": "withdraw"})
    assert dates() == []
    assert "4 entries taken out" in body(client.get(reverse("logs")))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"minutes": "0"}, "greater than or equal to 1"),
        ({"debriefed": "9" * 400}, "600"),
        ({"minutes": "many"}, "Write a number"),
        ({"partners": ["x"]}, "leaders of this group"),
        ({}, "Say what is to be different"),
    ],
)
def test_a_change_of_several_that_makes_no_sense_changes_none(client, led, more, words):
    group, _ann, bob = led
    evening(group, date(2026, 6, 2), bob)
    form = {"entry": [Meeting.objects.get().key, Debriefing.objects.get().key], "action": "change"}

    assert words in body(client.post(reverse("several-entries"), form | more))

    assert (Meeting.objects.get().minutes, Debriefing.objects.get().minutes) == (90, 40)


def test_nobody_elses_entries_or_acts_are_touched(client, led):
    group, _ann, bob = led
    evening(group, TODAY, bob)
    act = LogAct.objects.create(
        applicant=group.applicant, kind="recorded", entries=[], by=bob, at=at(TODAY)
    )
    client.force_login(ApplicationFactory().applicant.user)
    keys = [Meeting.objects.get().key, "x", "m", "m" + "9" * 40, "d-1"]

    answer = client.post(reverse("several-entries"), {"entry": keys, "action": "withdraw"})

    assert answer.url == reverse("logs")
    assert dates() == [TODAY]
    body(client.post(reverse("undo-act", args=[act.pk])), status=404)


def test_a_log_is_filtered_by_group_kind_and_month(client, led):
    group, ann, bob = led
    other = cases.group(ann)
    evening(group, date(2026, 7, 7), bob)
    evening(group, date(2026, 5, 5), bob)
    evening(other, date(2026, 7, 8))

    def listed(**choice):
        return body(client.get(reverse("logs"), choice)).count('name="entry"')

    assert listed() == 5
    assert listed(group=group.pk) == 4
    assert listed(kind="debriefing") == 2
    assert listed(month="2026-07") == 3
    assert listed(month="2026-07", kind="meeting", group=other.pk) == 1
    assert listed(month="1999-13", kind="boat", group="x", page="x") == 5
    empty = body(client.get(reverse("logs"), {"month": "2026-05", "group": other.pk}))
    assert "Show everything" in empty
    assert body(client.get(reverse("logs"), {"tick": "all"})).count(" checked>") == 5


def test_what_was_typed_after_the_sitting_had_ended_is_there_again(client, led):
    _group, ann, bob = led
    for name, form in (("repeat-evenings", said(bob)), ("log-evening", said(bob, cases="7"))):
        page = body(client.get(reverse(name)))
        mark = page.split('name="kept_for" value="')[1].split('"')[0]
        client.logout()

        client.post(reverse(name), {**form, "debriefed_minutes": "47", "kept_for": mark})
        client.force_login(ann.user)

        again = body(client.get(reverse(name)))
        assert "Your sitting had ended" in again
        assert 'value="47"' in again
    assert dates() == []
