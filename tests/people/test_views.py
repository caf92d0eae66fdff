"""The office's pages on people: who is who, who holds which role."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from credentialing.people.models import Person, Relation, Role
from tests.factories import PersonFactory, person

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def office():
    client = Client()
    client.person = person("administrator", name="Olive Office")
    client.force_login(client.person.user)
    return client


def text(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_the_office_leads_to_every_place(office):
    page = office.get(reverse("office")).content.decode()

    places = ["people", "approvals", "letters", "audit"]
    places += ["memberships", "office-intensives", "office-cases"]
    assert [name for name in places if f'href="{reverse(name)}"' not in page] == []


def test_people_are_found_by_a_part_of_their_name_or_address(office):
    for name, email in (("Ann Example", "ann@x.org"), ("Łukasz Żółć", "lz@y.org")):
        PersonFactory(name=name, email=email)

    found = {
        words: [one.name for one in office.get(reverse("people"), {"q": words}).context["page"]]
        for words in ("exam ann", "żół", "@Y.ORG", "nobody", "%")
    }

    assert found == {
        "exam ann": ["Ann Example"],
        "żół": ["Łukasz Żółć"],
        "@Y.ORG": ["Łukasz Żółć"],
        "nobody": [],
        "%": [],
    }


def test_somebody_of_a_known_name_is_asked_about_and_entered_once_sure(office):
    PersonFactory(name="Ann Example", email="ann@example.org")
    form = {"name": "ann  example", "email": "other@example.org", "profession": ""}

    asked = office.post(reverse("people"), form)
    office.post(reverse("people"), form | {"sure": "on"})

    assert "ann@example.org" in str(asked.context["form"].errors["sure"])
    assert Person.objects.filter(name__iexact="ann example").count() == 2


def test_a_known_address_leads_to_the_person_who_has_it(office):
    ann = PersonFactory(name="Ann Example", email="ann@example.org")

    answer = office.post(reverse("people"), {"name": "A. Example", "email": "ANN@example.org"})

    assert (answer.status_code, answer.url) == (302, reverse("person", args=[ann.pk]))


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "x" * 201), ("email", "not an address"), ("profession", "astronaut")],
)
def test_a_bad_field_is_named(office, field, value):
    form = {"name": "Ann", "email": "", "profession": ""} | {field: value}

    answer = office.post(reverse("people"), form)

    assert (answer.status_code, set(answer.context["form"].errors)) == (200, {field})


def test_a_person_page_says_roles_relations_and_account(office):
    sue = person("council", name="Sue", since="2021-05-01")
    ann = PersonFactory(name="Ann")
    Relation.objects.create(
        person=sue, applicant=ann, kind="supervisor", since="2022-03-04", source="test"
    )

    hers = text(office.get(reverse("person", args=[sue.pk])))
    anns = text(office.get(reverse("person", args=[ann.pk])))

    assert "since 1 May 2021, without an end" in hers
    assert "Supervisor – Ann, since 4 March 2022" in hers
    assert "yes, signs in" in hers
    assert "Supervisor: Sue, since 4 March 2022" in anns
    assert "Holds no role" in anns


def test_the_own_case_shows_nothing_to_the_office(office):
    """Who evaluates the administrator is not for the administrator to find out."""
    eve = person(name="Eve")
    Relation.objects.create(
        person=eve, applicant=office.person, kind="evaluator", since=TODAY, source="test"
    )

    hers = text(office.get(reverse("person", args=[eve.pk])))
    own = text(office.get(reverse("person", args=[office.person.pk])))

    assert "Evaluator" not in hers
    assert "Eve" not in own


def test_a_role_is_given_and_ended(office):
    ann = person(name="Ann")

    office.post(
        reverse("give-role", args=[ann.pk]), {"kind": "council", "start": "2024-01-01", "end": ""}
    )
    role = Role.objects.get(person=ann)
    office.post(reverse("end-role", args=[role.pk]), {f"role-{role.pk}-end": "2024-12-31"})

    role.refresh_from_db()
    assert (role.kind, role.end.isoformat()) == ("council", "2024-12-31")


def test_a_refused_role_says_why_at_the_form(office):
    ann = person("council", name="Ann")
    role = ann.roles.get()

    twice = office.post(
        reverse("give-role", args=[ann.pk]), {"kind": "council", "start": "2024-01-01"}
    )
    early = office.post(reverse("end-role", args=[role.pk]), {f"role-{role.pk}-end": "2000-01-01"})
    own = office.post(
        reverse("give-role", args=[office.person.pk]), {"kind": "chair", "start": "2024-01-01"}
    )

    assert "already holds this office" in text(twice)
    assert "before it started" in text(early)
    assert own.status_code == 200
    assert set(office.person.roles.values_list("kind", flat=True)) == {"administrator"}


@pytest.mark.parametrize("day", ["0000-00-00", "2026-02-30", "99999-01-01", "1026-01-01", "x", ""])
def test_a_bad_day_is_named(office, day):
    ann = person()

    answer = office.post(reverse("give-role", args=[ann.pk]), {"kind": "chair", "start": day})

    assert (answer.status_code, list(answer.context["role_form"].errors)) == (200, ["start"])


def test_somebody_who_was_merged_leads_to_the_one_they_are(office):
    ann = PersonFactory()
    double = PersonFactory(merged_into=ann)

    answer = office.get(reverse("person", args=[double.pk]))

    assert answer.url == reverse("person", args=[ann.pk])


def test_an_unknown_person_and_a_huge_number_do_not_exist(office):
    answers = [office.get(f"/office/people/{key}/") for key in (10**6, 10**30)]

    assert {answer.status_code for answer in answers} == {404}


def test_the_list_takes_as_many_queries_for_30_people_as_for_3(office):
    def cost():
        with CaptureQueriesContext(connection) as counted:
            office.get(reverse("people"))
        return len(counted)

    counts = []
    for rows in (3, 27):
        for _ in range(rows):
            Role.objects.create(person=PersonFactory(), kind="council", start="2020-01-01")
        counts.append(cost())

    assert counts[0] == counts[1]


def test_pages_keep_what_was_searched(office):
    for number in range(60):
        PersonFactory(name=f"Sam & Co {number}")

    page = office.get(reverse("people"), {"q": "sam &"}).content.decode()

    assert "?q=sam+%26&amp;page=2" in page
