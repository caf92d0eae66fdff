"""Persons, roles and relations: what can happen, and what is refused."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from credentialing.people import operations, queries
from credentialing.people.models import Person, Relation, Role
from credentialing.records.models import AuditEntry, Letter
from credentialing.records.refusals import Refused
from tests.factories import PersonFactory, person

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def test_a_person_is_entered_once_whatever_the_case_of_the_address():
    office = person("administrator")

    first = operations.enter_person(name="Ann", email="ann@example.org", by=office)
    again = operations.enter_person(name="Ann Example", email="ANN@example.org", by=office)

    assert first == again
    assert AuditEntry.objects.filter(act="person.entered").count() == 1


def test_nobody_gives_or_ends_their_own_role():
    office, other = person("administrator"), person("administrator")

    with pytest.raises(Refused, match="your own roles"):
        operations.give_role(office, "chair", start=TODAY, end=None, by=office)
    with pytest.raises(Refused, match="your own roles"):
        operations.end_role(office.roles.get(), on=TODAY, by=office)
    operations.give_role(office, "chair", start=TODAY, end=None, by=other)

    assert set(office.roles.values_list("kind", flat=True)) == {"administrator", "chair"}


def test_the_chair_of_today_is_told_of_every_change():
    chair, former, office = person("chair"), person(), person("administrator")
    Role.objects.create(person=former, kind="chair", start="2010-01-01", end="2011-01-01")

    role = operations.give_role(person(), "council", start=date(2010, 6, 1), end=None, by=office)
    operations.end_role(role, on=TODAY, by=office)

    told = Letter.objects.filter(kind="role-changed").values_list("to", flat=True)
    assert list(told) == [chair.pk, chair.pk]


def test_terms_of_one_office_never_overlap():
    office, ann = person("administrator"), person()
    operations.give_role(ann, "council", start=date(2020, 1, 1), end=date(2020, 6, 30), by=office)

    operations.give_role(ann, "council", start=date(2020, 7, 1), end=None, by=office)
    operations.give_role(ann, "chair", start=date(2020, 6, 1), end=None, by=office)
    with pytest.raises(Refused, match="already holds"):
        operations.give_role(ann, "council", start=date(2020, 6, 30), end=None, by=office)

    assert ann.roles.count() == 3


def test_a_term_ends_after_it_starts_and_is_not_stretched():
    office, ann = person("administrator"), person()
    role = operations.give_role(
        ann, "council", start=date(2020, 1, 1), end=date(2020, 12, 31), by=office
    )

    for wrong in (date(2019, 12, 31), date(2021, 1, 1)):
        with pytest.raises(Refused):
            operations.end_role(role, on=wrong, by=office)
    operations.end_role(role, on=date(2020, 6, 30), by=office)

    assert Role.objects.get(pk=role.pk).end == date(2020, 6, 30)


def test_losing_one_role_keeps_what_another_gives():
    ann, office = person("chair", "council"), person("administrator")

    yesterday = TODAY - timedelta(days=1)
    operations.end_role(ann.roles.get(kind="chair"), on=yesterday, by=office)

    assert queries.roles_of(ann, TODAY) == {"council"}
    assert queries.roles_of(ann, yesterday) == {"chair", "council"}


def test_the_earliest_day_of_a_relation_is_kept_and_nobody_is_related_to_themselves():
    sue, ann = PersonFactory(), PersonFactory()

    for since in (date(2022, 1, 1), date(2020, 1, 1), date(2024, 1, 1)):
        operations.relate(sue, ann, "supervisor", since=since, source="test")
    operations.relate(ann, ann, "supervisor", since=TODAY, source="test")

    assert Relation.objects.get().since == date(2020, 1, 1)


def test_the_office_corrects_an_address_but_not_that_of_an_account():
    office, ann, kim = person("administrator"), person(), PersonFactory(email="")
    words = {"profession": "physician", "by": office}

    operations.change_person(kim, name=kim.name, email="kim@example.org", **words)
    with pytest.raises(Refused, match="sign in with this address"):
        operations.change_person(ann, name=ann.name, email="x@example.org", **words)
    with pytest.raises(Refused, match="Somebody else has this address"):
        operations.change_person(kim, name=kim.name, email=ann.email.upper(), **words)

    assert Person.objects.get(pk=kim.pk).email == "kim@example.org"
    assert AuditEntry.objects.get(act="person.changed").after == {"fields": ["email"]}


def test_the_trail_holds_keys_and_no_names():
    office, ann = person("administrator"), person(name="Ann Secret", email="ann@secret.example")
    operations.give_role(ann, "council", start=TODAY, end=None, by=office)
    operations.change_person(ann, name="Ann Other", email=ann.email, profession="", by=office)

    assert "ecret" not in str(list(AuditEntry.objects.values()))
