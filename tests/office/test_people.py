"""A person's page says everything that somebody is to whom."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applicants.models import RecusalLifted
from credentialing.office.operations import merge_people
from credentialing.office.queries.merging import pointers
from credentialing.office.queries.people import ACTING, NOT_SHOWN, SHOWN, held
from credentialing.people.models import Absence, Declaration, Distinct, Person, Relation
from credentialing.people.operations import declare, take_back_declaration
from credentialing.people.queries import declarations_of
from credentialing.people.queries.ties import declared
from supervision.models import Approval, Availability
from tests.factories import ApplicationFactory, PersonFactory, person

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
NOW = timezone.now()


@pytest.fixture
def office():
    return person("administrator", name="Olive Office")


def lines(whose, office):
    """Each heading of the page with its lines as text."""
    return {
        str(heading): [line["text"] for line in found]
        for heading, found in held(whose, to=office, day=TODAY)
    }


def test_every_foreign_key_to_a_person_is_shown_or_left_out_for_a_reason():
    found = {pointer.label for pointer in pointers()}
    acts = {label for label in found if label.rpartition(".")[2] in ACTING} - SHOWN

    assert found - SHOWN - set(NOT_SHOWN) - acts == set(), "show it, or say in NOT_SHOWN why not"
    assert (SHOWN | set(NOT_SHOWN)) - found == set()
    assert SHOWN & set(NOT_SHOWN) == set()


def test_an_absence_says_who_stands_in_for_a_chair(office):
    chair, member = person("chair", name="Cora"), person("committee", name="Mia")
    person("deputy", name="Dora")
    for away in (chair, member):
        Absence.objects.create(
            person=away, start="2026-07-03", until="2026-07-17", by=office, at=NOW
        )

    assert lines(chair, office)["Away"] == ["3 July 2026 to 17 July 2026, Dora stands in"]
    assert lines(member, office)["Away"] == ["3 July 2026 to 17 July 2026"]


def test_a_chair_without_a_deputy_is_away_with_nobody_standing_in(office):
    chair = person("chair")
    Absence.objects.create(person=chair, start="2026-07-03", until="2026-07-17", by=office, at=NOW)

    assert lines(chair, office)["Away"] == ["3 July 2026 to 17 July 2026, nobody stands in"]


def test_what_was_declared_of_a_merged_record_is_on_the_page_of_who_stands(office):
    kept, gone = PersonFactory(name="Sue"), PersonFactory(name="Susan", email="susan@example.org")
    case = ApplicationFactory(applicant=person(name="Ann"))
    declare(gone, case.applicant, words="Friends.", by=gone, at=NOW)
    RecusalLifted.objects.create(
        application=case, person=kept, reason="Long ago.", by=person("chair"), at=NOW
    )

    merge_people(kept, gone, by=office, at=NOW)

    said = lines(kept, office)
    assert said["Declared relations"] == [
        f"Susan and Ann, said by Susan on {TODAY.day} {TODAY:%B %Y}"
    ]
    assert said["Entered as well as"] == ["Susan, susan@example.org"]
    assert "Friends." not in str(said)
    assert "Long ago." not in str(said)
    assert declared([case.applicant_id]) == {(kept.pk, case.applicant_id): "“Friends.” (Susan)"}


def test_what_one_declared_under_a_merged_record_can_be_taken_back(office):
    kept, gone, ann = (PersonFactory() for _each in range(3))
    declare(gone, ann, words="Friends.", by=gone, at=NOW)
    merge_people(kept, gone, by=office, at=NOW)

    take_back_declaration(declarations_of(kept)[0], by=kept, at=NOW + timedelta(minutes=1))

    assert declarations_of(kept) == []
    assert not Relation.objects.filter(kind=Relation.Kind.DECLARED).exists()


def test_what_is_said_of_the_readers_own_case_is_left_out(office):
    sue = PersonFactory(name="Sue")
    own = ApplicationFactory(applicant=office)
    Declaration.objects.create(person=sue, applicant=office, by=sue, words="Friends.", at=NOW)
    RecusalLifted.objects.create(
        application=own, person=sue, reason="Long ago.", by=person("chair"), at=NOW
    )

    assert lines(sue, office) == {}


def test_places_and_different_people_are_told(client, office):
    sue, other = PersonFactory(name="Sue"), PersonFactory(name="Sue", email="")
    Approval.objects.create(supervisor=sue, start="2020-01-01")
    Availability.objects.create(supervisor=sue, takes_requests=True, places=2, changed_at=NOW)
    one, two = sorted((sue, other), key=lambda each: each.pk)
    Distinct.objects.create(one=one, other=two, by=office, at=NOW)
    client.force_login(office.user)

    page = client.get(reverse("person", args=[sue.pk])).content.decode()

    assert lines(sue, office)["Approved as a supervisor"] == [
        "since 1 January 2020; offers 2 places"
    ]
    assert f'<a href="{reverse("person", args=[other.pk])}">Sue</a>' in page
    assert f"{reverse('letters')}?person={sue.pk}" in page
    assert Person.objects.count() == 3


def test_the_page_takes_as_many_queries_for_thirty_absences_and_declarations_as_for_three(
    office, django_assert_num_queries, django_assert_max_num_queries
):
    chair = person("chair")

    def more(first, last):
        for number in range(first, last):
            day = TODAY + timedelta(days=2 * number)
            Absence.objects.create(person=chair, start=day, until=day, by=office, at=NOW)
            declare(chair, PersonFactory(), words="Friends.", by=chair, at=NOW)

    more(0, 3)
    with django_assert_max_num_queries(30) as few:
        lines(chair, office)
    more(3, 30)
    with django_assert_num_queries(len(few)):
        lines(chair, office)
