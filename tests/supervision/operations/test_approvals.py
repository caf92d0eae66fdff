"""Approvals: given, ended, told of; and what the directory says."""

from datetime import date, timedelta

import pytest
from django.http import Http404

from applicants import access
from applicants.access import Can
from credentialing import reminders
from credentialing.records.models import Letter
from credentialing.records.refusals import Refused
from credentialing.records.reminders import sweep
from credentialing.standing.queries import standing
from supervision import operations, queries
from supervision.models import Approval, Availability, Supervision
from tests.factories import ApplicationFactory, person, session
from tests.supervision.made import NOW, TODAY, approved, asked, running

pytestmark = pytest.mark.django_db


def test_only_an_approved_supervisor_can_be_asked():
    case, sue, tom = ApplicationFactory(), approved(), person()

    asked(case, sue)
    with pytest.raises(Refused, match="not an approved supervisor today"):
        asked(case, tom)

    assert list(Supervision.objects.values_list("supervisor", flat=True)) == [sue.pk]


def test_an_approval_holds_on_its_last_day_and_not_on_the_next():
    case, sue = ApplicationFactory(), person()
    approval = Approval.objects.create(supervisor=sue, start="2010-01-01", end=TODAY)

    asked(case, sue)
    approval.end = TODAY - timedelta(days=1)
    approval.save()
    with pytest.raises(Refused, match="not an approved supervisor today"):
        asked(ApplicationFactory(), sue)


def test_nobody_approves_themselves():
    office, sue = person("administrator"), person()
    terms = {"start": TODAY, "end": None, "places": 2, "reason": "Trained.", "at": NOW}

    operations.approve_supervisor(sue, by=office, **terms)
    with pytest.raises(Refused, match="can't approve yourself"):
        operations.approve_supervisor(office, by=office, **terms)

    assert list(Approval.objects.values_list("supervisor", flat=True)) == [sue.pk]


def test_approvals_of_one_person_never_overlap():
    office, sue = person("administrator"), person()
    terms = {"places": 2, "reason": "Trained.", "by": office, "at": NOW}
    operations.approve_supervisor(sue, start=date(2020, 1, 1), end=date(2020, 12, 31), **terms)

    operations.approve_supervisor(sue, start=date(2021, 1, 1), end=None, **terms)
    with pytest.raises(Refused, match="already approved"):
        operations.approve_supervisor(sue, start=date(2020, 12, 31), end=None, **terms)

    assert Approval.objects.count() == 2


def test_the_end_of_an_approval_is_told_to_those_who_are_supervised():
    office, sue = person("administrator"), person()
    supervised = running(sue=sue)

    operations.end_approval(
        Approval.objects.get(), on=TODAY, reason="Moved away.", by=office, at=NOW
    )

    told = Letter.objects.filter(kind="supervisor-approval-ends").values_list("to", flat=True)
    assert set(told) == {sue.pk, supervised.applicant_id}


def ending(on):
    """Somebody supervised whose supervisor's approval ends on a day, and one who only asks."""
    sue = person()
    of = running(sue=sue)
    Approval.objects.filter(supervisor=sue).update(end=on)
    asks = Supervision.objects.create(applicant=person(), supervisor=sue, asked_at=NOW)
    return sue, of, asks


def told(kind):
    rows = Letter.objects.filter(kind=kind).values_list("to", flat=True)
    assert len(rows) == len(set(rows))
    return set(rows)


def test_everybody_concerned_is_told_before_an_approval_ends_and_after_each_once():
    end = TODAY + timedelta(days=40)
    sue, of, asks = ending(end)
    concerned = {sue.pk, of.applicant_id, asks.applicant_id}
    ends, ended = [], []

    for days in (9, 10, 20, 40, 41, 55, 80):
        sweep(reminders.TABLE, at=NOW + timedelta(days=days))
        ends.append(told("supervisor-approval-ends"))
        ended.append(told("supervisor-approval-ended"))

    assert ends == [set()] + [concerned] * 6
    assert ended == [set()] * 4 + [concerned] * 3


def test_nobody_is_alarmed_where_the_next_approval_follows_at_once():
    sue, _of, _asks = ending(TODAY + timedelta(days=5))
    Approval.objects.create(supervisor=sue, start=TODAY + timedelta(days=6))

    for days in (0, 6):
        sweep(reminders.TABLE, at=NOW + timedelta(days=days))

    assert not Letter.objects.exists()


def test_an_approval_that_ends_midway_leaves_earlier_sessions_as_they_are():
    of = running()
    case = of.applicant.applications.get()
    before, after = (session(of, TODAY - timedelta(days=days)) for days in (30, 3))
    operations.end_approval(
        Approval.objects.get(),
        on=TODAY - timedelta(days=10),
        reason="Moved away.",
        by=person("administrator"),
        at=NOW,
    )

    [entry] = [
        each for each in standing(case, TODAY).data["requirements"] if each["id"] == "supervision"
    ]

    assert entry["evidence"] == [before.key]
    assert {"id": after.key, "why": "supervisor-not-approved"} in entry["uncounted"]
    assert told("supervisor-approval-ended") == {of.supervisor_id, of.applicant_id}


def test_the_supervisor_keeps_what_the_directory_says():
    sue = approved(places=3)
    terms = {"note": "Online.", "by": sue, "at": NOW}

    operations.keep_availability(sue, takes_requests=True, places=2, **terms)
    with pytest.raises(Refused, match="up to 3 applicants"):
        operations.keep_availability(sue, takes_requests=True, places=4, **terms)
    with pytest.raises(Http404):
        operations.keep_availability(person(), takes_requests=True, places=1, **terms)

    [line] = queries.approved_supervisors(TODAY)
    assert (line.given, line.free, line.note, line.can_be_asked) == (2, 2, "Online.", True)


def test_who_takes_no_requests_is_not_asked_and_still_accepts_who_asked_before():
    sue = approved()
    waiting = asked(ApplicationFactory(), sue)
    operations.keep_availability(sue, takes_requests=False, places=1, note="", by=sue, at=NOW)

    with pytest.raises(Refused, match="takes no requests"):
        asked(ApplicationFactory(), sue)
    operations.accept_supervision(waiting, by=sue, at=NOW)

    assert Availability.objects.get().takes_requests is False
    assert Supervision.objects.get().state == "active"


def test_a_second_supervisor_takes_over_midway_and_both_their_sessions_count():
    case, sue, tom = ApplicationFactory(), approved(), approved()
    first = running(case, sue, began=TODAY - timedelta(days=200))
    early = session(first, TODAY - timedelta(days=150))
    second = operations.accept_supervision(asked(case, tom), by=tom, at=NOW - timedelta(days=60))
    operations.end_supervision(first, reason="She retires.", by=case.applicant, at=NOW)
    late = session(second, TODAY - timedelta(days=20))

    entry = standing(case, TODAY).entries["supervision"]

    assert entry["evidence"] == [early.key, late.key]
    assert (access.may(sue, Can.FOLLOW, case, day=TODAY)) is False
    assert (access.may(tom, Can.FOLLOW, case, day=TODAY)) is True
