from datetime import timedelta

import pytest
from django.utils import timezone

import applicants.operations
from applicants.models import Meeting
from credentialing.standing.queries import standing, standings
from tests.factories import ApplicationFactory, balint_group, complete_case, evening, person

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate()


def test_a_ruling_no_longer_counts_what_was_withdrawn_after_it():
    case, chair = ApplicationFactory(), person("chair")
    group = balint_group(case.applicant)
    for days in (40, 20):
        evening(group, today() - timedelta(days=days))
    first, second = Meeting.objects.order_by("date")
    ruling = {"reason": "Rural.", "met_on": None, "took_part": [], "by": chair}
    applicants.operations.rule(
        case,
        kind="count",
        requirement="leading",
        terms={"count": [first.key, second.key]},
        at=timezone.now(),
        **ruling,
    )

    for number, meeting in enumerate((first, second)):
        applicants.operations.withdraw_evidence(
            meeting, reason="Twice.", by=case.applicant, at=timezone.now()
        )
        counted = [each["count"] for each in standing(case, today()).portfolio["exceptions"]]
        assert counted == ([[second.key]] if number == 0 else [])
        assert standing(case, today()).data["requirements"]


def test_where_many_stand_takes_as_many_queries_as_where_three_do(
    django_assert_num_queries, django_assert_max_num_queries
):
    cases = [complete_case() for _each in range(3)]
    with django_assert_max_num_queries(20) as few:
        standings(cases, today())

    more = [*cases, *(ApplicationFactory() for _each in range(27))]
    with django_assert_num_queries(len(few)):
        standings(more, today())
