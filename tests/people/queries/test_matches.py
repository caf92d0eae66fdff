"""Who may be on record twice: found by every sign, explained, and asked about once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from credentialing.people.models import Credential, Distinct, Person
from credentialing.people.queries import alike, mailbox, possible_matches
from tests.factories import PersonFactory, person

pytestmark = pytest.mark.django_db


def named(name, email="", **more):
    return Person.objects.create(name=name, email=email, **more)


def test_dots_matter_where_the_provider_says_so():
    assert mailbox("a.b+c@Example.org") == "a.b@example.org"
    assert mailbox("a.b+c@gmail.com") == "ab@gmail.com"


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (("Ann Lee", "ann.lee@gmail.com"), ("A.", "annlee+x@googlemail.com"), "the same mailbox"),
        (("Ann Lee", ""), ("Lee, Ann, MD", ""), "the same name"),
        (("Dr. Zoë Ärlig", ""), ("zoe arlig", ""), "the same name"),
        (("Ann B. Lee", ""), ("Ann Lee", ""), "a similar name"),
        (("Ann Castellan", ""), ("A. Castellan", ""), "a similar name"),
        (("Annelise Castellan", ""), ("Anneliese Castellan", ""), "a similar name"),
        (("Ann Castellan", ""), ("Ann Castelan", ""), "a similar name"),
        (("Ann Lee", ""), ("Ben Lee", ""), None),
        (("Maria Lopez", ""), ("Mario Lopez", ""), None),
        (("Member Number1", ""), ("Member Number2", ""), None),
        (("Ann Lee", ""), ("Ann Rasmussen", ""), None),
        (("Cher", ""), ("Cher Lloyd", ""), None),
    ],
)
def test_two_records_resemble_each_other_or_not(one, other, why):
    first, second = named(*one), named(*other)

    found = possible_matches([first, second])

    expected = {first.pk: [(second, why)], second.pk: [(first, why)]} if why else {}
    assert {
        key: [(match.person, match.because) for match in matches] for key, matches in found.items()
    } == expected


def test_a_credential_number_is_known_however_it_is_written():
    ann, ben = named("Ann Lee"), named("Ben Ho")
    for one, number in ((ann, "ABS-0412"), (ben, "abs 0412")):
        Credential.objects.create(person=one, number=number, title="Leader", since="2020-01-01")

    assert possible_matches([ann])[ann.pk][0].because == "the same credential number"
    assert [match.person for match in alike(name="N. N.", number="Abs 0412")] == [ann, ben]


def test_more_reasons_come_first_and_what_was_merged_still_tells():
    ann = named("Ann Lee", "ann@example.org")
    named("Ann Lee", "other@example.org")
    named("Former Name", "a.lee@example.net", merged_into=ann)

    found = alike(name="Ann Lee", email="A.LEE+new@example.net")

    assert [(match.person.pk == ann.pk, match.because) for match in found] == [
        (True, "the same mailbox; the same name"),
        (False, "the same name"),
    ]


def test_two_who_were_called_different_are_not_asked_about_again():
    ann, other, third = (named("Ann Lee") for _number in range(3))
    Distinct.objects.create(one=ann, other=other, by=person(), at=timezone.now())

    assert [match.person for match in possible_matches([ann])[ann.pk]] == [third]


def test_the_number_of_queries_does_not_grow():
    counts = []
    for number in (3, 27):
        PersonFactory.create_batch(number, name="Ann Lee")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert possible_matches(Person.objects.all())
        counts.append(len(queries))

    assert counts[0] == counts[1]
