from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applicants import operations
from applicants.models import Membership, MembershipImport
from applicants.queries.memberships import terms
from credentialing.records.models import AuditEntry
from credentialing.records.refusals import Refused
from tests.factories import ApplicationFactory, membership, person

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def office(client):
    """A signed-in administrator."""
    somebody = person("administrator")
    client.force_login(somebody.user)
    return somebody


def body(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def saved(client, url, **said):
    """What is entered, looked at and then saved, as the page leads through it."""
    looked_at = client.post(url, {"number": ""} | said)
    seen = looked_at.context.get("seen", "")
    return client.post(url, {"number": ""} | said | {"step": "save", "seen": seen})


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
    saved(
        client,
        f"{reverse('new-membership')}?person={ann.pk}",
        start="2026-01-01",
        end="2026-12-31",
        number="M-1",
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

    saved(client, url, start="2025-01-01", end="2026-12-31")
    later.refresh_from_db()
    assert str(later.end) == "2026-12-31"


def test_nobody_enters_their_own_membership(client, office):
    own = f"{reverse('new-membership')}?person={office.pk}"

    page = body(client.post(own, {"start": "2026-01-01", "end": "", "number": ""}))

    assert "another administrator" in page
    assert not Membership.objects.exists()


@pytest.fixture
def lapsed(office):
    """A case whose applicant's membership ended forty days ago."""
    case = ApplicationFactory(applicant=person(name="Ann Example"))
    membership(case.applicant, case.submitted_on, TODAY - timedelta(days=40))
    return case


def test_what_a_membership_changes_for_a_running_case_is_seen_before_it_is_saved(client, lapsed):
    url = f"{reverse('new-membership')}?person={lapsed.applicant_id}"
    renewal = {"start": TODAY - timedelta(days=39), "end": "", "number": "M-1"}

    preview = client.post(url, renewal)
    kept = lapsed.applicant.memberships.count(), AuditEntry.objects.count()
    edited = client.post(url, renewal | {"step": "edit"})
    done = client.post(url, renewal | {"step": "save", "seen": preview.context["seen"]})

    rows = preview.context["comparison"]
    assert [row["label"] for row in rows] == ["Membership"]
    assert ("40 days" in rows[0]["before"], "40 days" in rows[0]["after"]) == (True, False)
    assert (kept, AuditEntry.objects.count()) == ((1, 0), 1)
    assert 'value="M-1"' in body(edited)
    assert (done.url, lapsed.applicant.memberships.count()) == (reverse("memberships"), 2)


def test_an_end_and_a_correction_by_hand_are_looked_at_as_well(client, lapsed):
    held = lapsed.applicant.memberships.get()
    url = reverse("membership", args=[held.pk])
    earlier = {"start": held.start, "end": TODAY - timedelta(days=60), "number": ""}

    ended = client.post(url, earlier)
    numbered = client.post(url, {"start": held.start, "end": held.end, "number": "7"})

    assert "60 days" in ended.context["comparison"][0]["after"]
    assert numbered.context["comparison"] == []
    assert "This would change nothing in the assessment today." in body(numbered)
    held.refresh_from_db()
    assert (held.end, held.number) == (TODAY - timedelta(days=40), "")


def test_who_has_no_case_under_way_is_told_of_as_such(client, office):
    url = f"{reverse('new-membership')}?person={person().pk}"

    page = body(client.post(url, {"start": "2026-01-01", "end": "", "number": ""}))

    assert "No case of theirs is under way; nothing else changes." in page
    assert not Membership.objects.exists()


def test_what_another_administrator_saved_in_between_is_shown_and_nothing_is_overwritten(
    client, lapsed
):
    held = lapsed.applicant.memberships.get()
    url = reverse("membership", args=[held.pk])
    mine = {"start": held.start, "end": TODAY, "number": ""}
    seen = client.post(url, mine).context["seen"]
    saved(client, url, start=held.start, end=held.end, number="theirs")

    page = client.post(url, mine | {"step": "save", "seen": seen})

    held.refresh_from_db()
    assert "The record has changed since you looked. Nothing was saved" in body(page)
    assert "theirs" in body(page)
    assert (held.end, held.number) == (TODAY - timedelta(days=40), "theirs")


def test_a_clash_at_the_very_moment_is_refused_under_the_lock(office, lapsed):
    ann, seen = lapsed.applicant, terms(lapsed.applicant)
    membership(ann, TODAY, None)

    with pytest.raises(Refused, match="has changed since you looked"):
        operations.record_membership(
            ann,
            start=TODAY - timedelta(days=39),
            end=TODAY - timedelta(days=1),
            number="",
            seen=seen,
            by=office,
            at=timezone.now(),
        )

    assert ann.memberships.count() == 2


def test_a_double_click_saves_once_and_leads_on(client, office):
    url = f"{reverse('new-membership')}?person={person().pk}"
    entered = {"start": "2026-01-01", "end": "", "number": "", "submission": "once"}
    press = entered | {"step": "save", "seen": client.post(url, entered).context["seen"]}

    first, second = (client.post(url, press) for _each in range(2))

    assert (first.url, second.url) == (reverse("memberships"), reverse("memberships"))
    assert Membership.objects.count() == 1


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
