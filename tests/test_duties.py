"""What waits for whoever acts for others, on their first page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from credentialing.duties import duties
from credentialing.people.models import Person
from credentialing.people.queries import roles_of
from credentialing.records.models import Letter
from intensives.models import Enrolment
from reviews import operations
from tests.factories import (
    ApplicationFactory,
    candidacy,
    intensive,
    person,
    session,
    supervision,
)
from tests.reviews.council.cases import another, recommended

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_paper")]


def waits(whom: Person) -> list[str]:
    now = timezone.now()
    roles = roles_of(whom, timezone.localdate(now))
    return [task["label"] for task in duties(whom, roles, at=now)]


def page(whom: Person) -> str:
    client = Client()
    client.force_login(whom.user)
    return client.get("/").content.decode()


def test_a_supervisor_reads_who_asks_and_how_many_sessions_wait():
    today, sue = timezone.localdate(), person(name="Sue Supervisor")
    applicant = ApplicationFactory(stage="accepted").applicant
    running = supervision(applicant, sue, today - timedelta(days=90))
    session(running, today - timedelta(days=60))
    assert waits(sue) == []

    session(running, today - timedelta(days=30), confirmed=False)
    session(running, today - timedelta(days=20), confirmed=False)
    asking = supervision(person(name="Ann Asks"), sue, today)
    asking.state, asking.began = "requested", None
    asking.save()

    assert waits(sue) == ["Ann Asks asks for supervision", "Confirm 2 sessions"]
    assert "Confirm 2 sessions" in page(sue)


def test_the_three_of_a_candidate_read_what_is_theirs_to_do():
    today = timezone.localdate()
    fay, flo, eve = person(name="Fay"), person(name="Flo"), person(name="Eve")
    applicant = ApplicationFactory(stage="accepted").applicant
    candidacy(applicant, today - timedelta(days=1), (fay, flo), eve, presented=False)

    assert waits(fay) == waits(flo) == ["Read the joint assessment and answer."]
    assert waits(eve) == []  # who waits for the two
    assert waits(person(name="Somebody")) == []


def test_a_council_member_reads_which_vote_is_open_until_it_is_cast(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    society = recommended()
    ballot = society.open()
    [member, recused, _third] = society.council
    assert waits(member) == [f"Vote on {society.applicant.name}"]

    society.vote(ballot, "for")
    operations.recuse(ballot, reason="We share a practice.", by=recused)

    assert waits(member) == waits(recused) == []


def test_the_office_reads_what_came_from_elsewhere_and_which_letters_need_it():
    ada, now = person("administrator", name="Ada Office"), timezone.now()
    assert waits(ada) == []
    Enrolment.objects.create(
        intensive=intensive(timezone.localdate(), elsewhere=True, published_at=None),
        person=ApplicationFactory().applicant,
        role="participant",
        enrolled_at=now,
    )
    for number, state in enumerate(("in-doubt", "failed", "failed")):
        Letter.objects.create(
            kind="accepted",
            occasion=f"test {number}",
            to=ada,
            address="ada@example.org",
            subject="A letter",
            text="Words.",
            state=state,
        )

    assert waits(ada) == [
        "Confirm an intensive attended elsewhere",
        "One letter is in doubt",
        "2 letters failed",
    ]
    assert "2 letters failed" in page(ada)


def test_more_that_waits_asks_no_more_queries(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    society, today = recommended(), timezone.localdate()
    member = society.council[0]
    roles = frozenset({"council", "administrator"})

    def asked() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert duties(member, roles, at=timezone.now())
        return len(counted)

    def more(case) -> None:
        case.open()
        applicant = ApplicationFactory(stage="accepted").applicant
        running = supervision(applicant, member, today - timedelta(days=90))
        session(running, today - timedelta(days=20), confirmed=False)
        candidate = ApplicationFactory(stage="accepted").applicant
        pair, ended = (member, person()), today - timedelta(days=1)
        candidacy(candidate, ended, pair, person(), presented=False)

    more(society)
    few = asked()
    more(another(society))
    more(another(society))

    assert asked() == few
