from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applicants.models import Membership, MembershipImport
from tests.factories import membership, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    """A signed-in administrator."""
    somebody = person("administrator")
    client.force_login(somebody.user)
    return somebody


def body(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def test_memberships_are_listed_and_found_by_name(client, office):
    membership(person(name="Ann Example"))
    membership(person(name="Bob Blue"))

    everybody = body(client.get(reverse("memberships")))
    one = body(client.get(reverse("memberships"), {"name": "ann"}))

    assert ("Ann Example" in everybody, "Bob Blue" in everybody) == (True, True)
    assert ("Ann Example" in one, "Bob Blue" in one) == (True, False)


def test_a_membership_is_entered_for_somebody_who_was_found(client, office):
    ann = person(name="Ann Example")

    assert f"?person={ann.pk}" in body(client.get(reverse("new-membership"), {"q": "ann"}))
    client.post(
        f"{reverse('new-membership')}?person={ann.pk}",
        {"start": "2026-01-01", "end": "2026-12-31", "number": "M-1"},
    )

    made = Membership.objects.get()
    assert (made.person, made.number) == (ann, "M-1")


def test_an_overlap_and_an_end_before_the_start_are_refused_at_the_field(client, office):
    ann = person()
    membership(ann, "2024-01-01", "2024-12-31")
    later = membership(ann, "2025-01-01", "2025-12-31")
    url = reverse("membership", args=[later.pk])

    for days in (("2024-06-01", ""), ("2025-06-01", "2025-01-01"), ("0000-00-00", "x")):
        page = body(client.post(url, {"start": days[0], "end": days[1], "number": ""}))
        assert 'class="errors"' in page

    client.post(url, {"start": "2025-01-01", "end": "2026-12-31", "number": ""})
    later.refresh_from_db()
    assert str(later.end) == "2026-12-31"


def test_nobody_enters_their_own_membership(client, office):
    own = f"{reverse('new-membership')}?person={office.pk}"

    page = body(client.post(own, {"start": "2026-01-01", "end": "", "number": ""}))

    assert "another administrator" in page
    assert not Membership.objects.exists()


def test_memberships_are_the_offices_alone(client):
    kept = membership(person())

    for kind in ("chair", "committee", "council"):
        client.force_login(person(kind).user)
        for url in (
            reverse("memberships"),
            reverse("new-membership"),
            reverse("membership", args=[kept.pk]),
        ):
            body(client.get(url), status=404)


def test_the_list_takes_the_same_queries_for_three_rows_and_for_thirty(
    client, office, django_assert_num_queries, django_assert_max_num_queries
):
    for _each in range(3):
        membership(person())
    client.get(reverse("memberships"))
    with django_assert_max_num_queries(20) as few:
        client.get(reverse("memberships"))
    for _each in range(27):
        membership(person())
    with django_assert_num_queries(len(few)):
        client.get(reverse("memberships"))


def test_who_ends_soon_has_lapsed_or_may_have_been_renewed(client, office):
    today = timezone.localdate()
    source = MembershipImport.objects.create(
        complete_to=today - timedelta(days=30), imported_at=timezone.now(), by=person()
    )
    for name, days, listed in (
        ("Soon", 30, None),
        ("Later", 90, None),
        ("Over", -10, None),
        ("Listed over", -40, source),
        ("Perhaps", -10, source),
    ):
        Membership.objects.create(
            person=person(name=name),
            start="2020-01-01",
            end=today + timedelta(days=days),
            source=listed,
        )

    url = reverse("memberships")
    found = {
        state: [row.person.name for row in client.get(url, {"state": state}).context["page"]]
        for state in ("current", "ending", "lapsed", "unknown", "nonsense")
    }

    assert found == {
        "current": ["Later", "Soon"],
        "ending": ["Soon"],
        "lapsed": ["Listed over", "Over"],
        "unknown": ["Perhaps"],
        "nonsense": ["Later", "Listed over", "Over", "Perhaps", "Soon"],
    }
