"""Who is likely to be ready for a final intensive, and whether faculty suffice."""

from datetime import date, timedelta
from itertools import permutations
from random import Random

import pytest
from django.urls import reverse
from django.utils import timezone

from credentialing.people.models import Credential, Relation
from credentialing.standing.capacity import forecast, placeable, quarters_from
from intensives.models import Enrolment
from tests.factories import (
    ApplicationFactory,
    at,
    balint_group,
    complete_case,
    evening,
    intensive,
    person,
)


def today():
    return timezone.localdate()


def leader():
    made = person()
    Credential.objects.create(number=f"L{made.pk}", person=made, title="Leader", since="2015-01-01")
    return made


def without_final():
    """A case in which everything but the final intensive is done."""
    case = complete_case()
    Enrolment.objects.filter(person=case.applicant, role="candidate").update(state="cancelled")
    return case


def test_quarters_begin_in_january_april_july_and_october():
    assert quarters_from(date(2026, 11, 25), 3) == [
        date(2026, 10, 1),
        date(2027, 1, 1),
        date(2027, 4, 1),
    ]


def test_faculty_and_evaluators_are_found_for_all_whenever_that_is_possible():
    rng = Random(4)
    for _case in range(200):
        faculty = list(range(10, 10 + rng.randint(3, 7)))
        bars = {
            candidate: {each for each in faculty if rng.random() < 0.4}
            for candidate in range(rng.randint(1, 2))
        }

        def all_fit(bars=bars, faculty=faculty):
            seats = [bars[candidate] for candidate in bars for _faculty in range(2)]
            seats += [set() for _evaluator in bars]  # of whom the text asks nothing
            return any(
                all(who not in barred for barred, who in zip(seats, chosen, strict=True))
                for chosen in permutations(faculty, len(seats))
            )

        found = placeable(bars, faculty)

        assert found <= set(bars)
        assert (found == set(bars)) is all_fit()


@pytest.mark.django_db
def test_each_candidate_stands_in_the_quarter_in_which_they_could_be_ready():
    ready, beginner = without_final(), ApplicationFactory()
    group = balint_group(beginner.applicant, person())
    for weeks in range(10):
        evening(group, today() - timedelta(days=1 + 14 * weeks))
    signed_up = ApplicationFactory()
    coming = intensive(today() + timedelta(days=100))
    Enrolment.objects.create(
        intensive=coming, person=signed_up.applicant, role="candidate", enrolled_at=at(today())
    )

    found = forecast(by=person("administrator"), day=today())

    def quarter_of(case):
        return [
            quarter.start
            for quarter in found.quarters
            for each in quarter.candidates
            if each.application == case
        ]

    starts = quarters_from(today(), 9)
    assert quarter_of(ready) == [starts[0]]
    assert quarter_of(signed_up) == [max(s for s in starts if s <= coming.end)]
    assert quarter_of(beginner) != [starts[0]]
    assert [each for quarter in found.quarters for each in quarter.offered] == [coming]


@pytest.mark.django_db
def test_who_was_supervisor_or_co_leader_cannot_be_faculty():
    case = without_final()
    known = set(Credential.objects.values_list("person", flat=True))
    assert not known
    leaders = [leader(), leader(), leader()]

    def short():
        return forecast(by=person("administrator"), day=today()).quarters[0].short

    enough = short()
    Relation.objects.create(
        person=leaders[0],
        applicant=case.applicant,
        kind="supervisor",
        since=today(),
        source="before",
    )
    # Who supervised may evaluate, but then one faculty member lacks.
    assert (enough, short()) == (0, 0)
    Relation.objects.create(
        person=leaders[1],
        applicant=case.applicant,
        kind="co-leader",
        since=today(),
        source="before",
    )
    assert short() == 1
    leader()
    assert short() == 0


@pytest.mark.django_db
def test_two_faculty_without_an_evaluator_do_not_suffice():
    without_final()
    for _each in range(2):
        leader()

    assert forecast(by=person("administrator"), day=today()).quarters[0].short == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sessions", "groups", "room", "crowded"),
    [
        (2, 1, 1, True),
        (5, 1, 2, False),
        (2, 2, 2, False),
        (None, 1, None, False),
        (2, 0, None, False),
    ],
)
def test_the_groups_announced_take_a_candidate_for_each_two_sessions(
    sessions, groups, room, crowded
):
    for _each in range(2):
        without_final()
    starts = quarters_from(today(), 2)
    coming = intensive(max(today() + timedelta(days=1), starts[0]), sessions=sessions)
    for number in range(groups):
        coming.small_groups.create(
            name=f"{number}", first_faculty=person(), second_faculty=person()
        )
    quarter = next(
        each
        for each in forecast(by=person("administrator"), day=today()).quarters
        if coming in each.offered
    )

    assert (len(quarter.candidates), quarter.room, quarter.crowded) == (2, room, crowded)


@pytest.mark.django_db
def test_the_own_case_and_what_is_done_are_not_in_it():
    office = person("administrator")
    ApplicationFactory(applicant=office)
    complete_case()
    ApplicationFactory(stage="draft")

    found = forecast(by=office, day=today())

    assert [quarter.candidates for quarter in found.quarters] == [[]] * 8
    assert (found.later, found.unseen) == ([], [])


@pytest.mark.django_db
def test_the_page_draws_the_quarters_in_the_same_queries_for_three_and_for_thirty(
    client, django_assert_num_queries, django_assert_max_num_queries
):
    office = person("administrator")
    client.force_login(office.user)
    without_final()
    for _each in range(2):
        ApplicationFactory()
    client.get(reverse("capacity"))
    with django_assert_max_num_queries(50) as few:
        page = client.get(reverse("capacity")).content.decode()
    for _each in range(27):
        ApplicationFactory()

    with django_assert_num_queries(len(few)):
        client.get(reverse("capacity"))
    assert "1 likely to be ready" in page
    assert "Lacks for 1 candidate" in page
