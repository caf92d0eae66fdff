from datetime import timedelta

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from credentialing.people.models import Credential, CredentialStatus, Person
from credentialing.records.models import AuditEntry
from reviews import operations
from reviews.operations.decisions import new_number
from tests.factories import person

pytestmark = pytest.mark.django_db


def credential(of, number="ABS-2345-6789", **statuses):
    made = Credential.objects.create(number=number, person=of, title="Leader", since="2025-01-01")
    for status, since in ({"active": "2025-01-01"} | statuses).items():
        CredentialStatus.objects.create(credential=made, status=status, since=since)
    return made


def text(response):
    return response.content.decode()


def test_only_those_who_agreed_stand_in_the_register(client):
    credential(person(name="Lena Listed", listed=True), "ABS-AAAA-2222")
    credential(person(name="Nora Notlisted"), "ABS-BBBB-3333")

    page = text(client.get(reverse("register")))

    assert ("Lena Listed" in page, "Nora Notlisted" in page) == (True, False)


def test_the_register_is_searched_by_name_through_a_form(client):
    credential(person(name="Lena Listed", listed=True), "ABS-AAAA-2222")
    credential(person(name="Otto Other", listed=True), "ABS-BBBB-3333")

    page = text(client.get(reverse("register"), {"name": "lena"}))

    assert ("Lena Listed" in page, "Otto Other" in page) == (True, False)


@pytest.mark.parametrize("query", ["name=%25", "name=" + "x" * 9000, "page=99999999999999999999"])
def test_odd_questions_get_a_page(client, query):
    credential(person(name="Lena Listed", listed=True))

    assert client.get(f"{reverse('register')}?{query}").status_code == 200


def test_a_revoked_credential_is_shown_with_its_day(client):
    since = timezone.localdate() - timedelta(days=2)
    made = credential(person(name="Lena Listed", listed=True), revoked=since)

    pages = [
        text(client.get(address))
        for address in (reverse("register"), reverse("verify", args=[made.number]))
    ]

    assert [f"Revoked, {since.day} {since:%B %Y}" in page for page in pages] == [True, True]


def test_a_number_is_verified_listed_or_not_however_it_is_typed(client):
    made = credential(person(name="Nora Notlisted"))

    found = client.get(reverse("register"), {"number": " abs 2345 6789 "}, follow=True)

    assert found.redirect_chain == [(reverse("verify", args=[made.number]), 302)]
    assert "Nora Notlisted" in text(found)


def test_an_unknown_number_says_so(client):
    response = client.get(reverse("verify", args=["ABS-0000-0000"]))

    assert response.status_code == 404
    assert "No credential has this number" in text(response)


def test_the_register_asks_the_same_number_of_questions_for_three_and_for_thirty(
    client, django_assert_num_queries, django_assert_max_num_queries
):
    def fill(count):
        for number in range(count):
            credential(person(name=f"Leader {number}", listed=True), new_number())

    fill(3)
    with django_assert_max_num_queries(10) as few:
        client.get(reverse("register"))
    fill(27)

    with django_assert_num_queries(len(few)):
        client.get(reverse("register"))


def test_the_holder_says_whether_to_be_listed(client):
    holder = person(name="Hanna Holder")
    credential(holder)
    client.force_login(holder.user)

    client.post(reverse("listing"), {"listed": "on"})
    listed = Person.objects.get(pk=holder.pk).listed
    client.post(reverse("listing"))

    assert (listed, Person.objects.get(pk=holder.pk).listed) == (True, False)
    assert AuditEntry.objects.filter(act="register.listing").count() == 2


def test_who_has_no_credential_has_nothing_to_list():
    nobody = person()

    with pytest.raises(Http404):
        operations.set_listing(nobody, listed=True, by=nobody, at=timezone.now())


def test_numbers_tell_nothing_of_how_many_there_are():
    numbers = {new_number() for _each in range(200)}

    assert len(numbers) == 200
    assert {len(number) for number in numbers} == {13}
    assert all(number.startswith("ABS-") for number in numbers)
