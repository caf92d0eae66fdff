"""What the Council decides on a credential afterwards: from a day on, and by two officers."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import applicants.operations
from credentialing.people.models import Credential, CredentialStatus
from credentialing.records.models import AuditEntry, Letter
from credentialing.records.refusals import Refused
from reviews import operations
from reviews.models import StatusChange
from tests.factories import person

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate()


@pytest.fixture
def office():
    return person("administrator", name="Ada Office")


@pytest.fixture
def chair():
    return person("chair", name="Carla Chair")


@pytest.fixture
def credential():
    made = Credential.objects.create(
        number="ABS-2345-6789",
        person=person(name="Hanna Holder", listed=True),
        title="Leader",
        since="2025-01-01",
    )
    CredentialStatus.objects.create(credential=made, status="active", since="2025-01-01")
    made.refresh_from_db()
    return made


def entered(credential, by, **said):
    told = {"status": "suspended", "since": today(), "reason": "The Council."} | said
    return operations.set_credential_status(credential, **told, by=by, at=timezone.now())


def confirmed(change, by):
    return operations.confirm_status_change(change, by=by, at=timezone.now())


def signed_in(who):
    client = Client()
    client.force_login(who.user)
    return client


def shown(credential):
    """What strangers, programs and the holder are told of a credential today."""
    visitor, holder = Client(), signed_in(credential.person)
    status = visitor.get(reverse("badge-status", args=[credential.number])).json()
    pages = [
        visitor.get(reverse("register")),
        visitor.get(reverse("verify", args=[credential.number])),
        holder.get(reverse("decision")),
    ]
    words = ["Suspended" if "Suspended," in page.content.decode() else "Active" for page in pages]
    badge = holder.get(reverse("badge", args=[credential.number])).status_code
    return [*words, status["holds"], badge]


HOLDS = ["Active", "Active", "Active", True, 200]
SUSPENDED = ["Suspended", "Suspended", "Suspended", False, 404]


@pytest.mark.parametrize("status", ["suspended", "revoked"])
def test_what_takes_a_credential_away_holds_once_another_officer_confirms_it(
    status, credential, office, chair
):
    change = entered(credential, office, status=status)
    before = list(credential.statuses.order_by("pk").values_list("status", flat=True))
    with pytest.raises(Refused, match="yourself"):
        confirmed(change, office)
    confirmed(change, chair)
    with pytest.raises(Refused, match="already answered"):
        confirmed(change, chair)

    history = credential.statuses.order_by("pk").values_list("status", "by")
    assert before == ["active"]
    assert list(history) == [("active", None), (status, office.pk)]
    assert Letter.objects.get(kind="status-change-entered").to == chair
    assert Letter.objects.get(kind="credential-status").to == credential.person
    acts = AuditEntry.objects.filter(act__startswith="credential.").order_by("pk")
    assert [(each.act, each.actor) for each in acts] == [
        ("credential.status-entered", office),
        ("credential.status-confirmed", chair),
        ("credential.status", office),
    ]


def test_one_officer_reinstates_and_retires(credential, office, chair):
    confirmed(entered(credential, office), chair)

    for status in ("active", "retired"):
        assert entered(credential, office, status=status).status == status

    history = credential.statuses.order_by("pk").values_list("status", flat=True)
    assert list(history) == ["active", "suspended", "active", "retired"]


def test_register_verification_badge_and_holder_follow_the_day(credential, office, chair):
    change = entered(credential, office, since=today() + timedelta(days=1))
    waiting = shown(credential)
    confirmed(change, chair)
    before = shown(credential)
    with pytest.raises(Refused, match="credentialed already"):
        applicants.operations.start_application(credential.person, at=timezone.now())

    operations.set_credential_status(
        credential,
        status="active",
        since=today() + timedelta(days=5),
        reason="Paid.",
        by=office,
        at=timezone.now(),
    )
    found = []
    for days in (1, 4, 5):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            found.append(shown(credential))

    assert (waiting, before) == (HOLDS, HOLDS)
    assert found == [SUSPENDED, SUSPENDED, HOLDS]


def test_a_day_that_has_come_holds_at_once(credential, office, chair):
    confirmed(entered(credential, office, since=today() - timedelta(days=3)), chair)

    assert shown(credential) == SUSPENDED


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"status": "active"}, "status"),
        ({"status": "golden"}, "status"),
        ({"since": timezone.localdate() + timedelta(days=400)}, "since"),
        ({"reason": ""}, "reason"),
    ],
)
def test_a_status_that_makes_no_sense_is_refused_at_its_field(changes, field, credential, office):
    with pytest.raises(Refused) as refused:
        entered(credential, office, **changes)

    assert refused.value.field == field


def test_nothing_holds_before_the_credential_or_the_present_status(credential, office, chair):
    since = credential.since - timedelta(days=1)
    with pytest.raises(Refused, match="was given on 1 January 2025") as given:
        entered(credential, office, since=since)
    confirmed(entered(credential, office), chair)
    with pytest.raises(Refused, match="It is suspended from") as present:
        entered(credential, office, status="active", since=today() - timedelta(days=1))

    assert (given.value.field, present.value.field) == ("since", "since")


def test_one_change_waits_at_a_time_and_can_be_taken_out(credential, office, chair):
    change = entered(credential, office)
    with pytest.raises(Refused, match="waits to be confirmed"):
        entered(credential, office, status="retired")
    with pytest.raises(IntegrityError), transaction.atomic():
        StatusChange.objects.create(
            credential=credential,
            status="revoked",
            since=today(),
            reason="R.",
            entered_by=office,
            entered_at=timezone.now(),
        )

    operations.refuse_status_change(change, by=office, at=timezone.now())
    again = entered(credential, office, status="revoked")

    assert confirmed(again, chair).status == "revoked"


def test_only_an_officer_without_a_relation_to_the_holder_answers(credential, office):
    holder = credential.person
    holder.roles.create(kind="administrator", start="2020-01-01")
    related = person("chair")
    related.relations.create(applicant=holder, kind="supervisor", since="2024-01-01", source="x")
    change = entered(credential, office)
    page = reverse("confirm-status-change", args=[credential.number, change.pk])

    for other in (holder, related, person("committee"), person("council")):
        with pytest.raises(Http404):
            confirmed(change, other)
        assert signed_in(other).get(page).status_code in (403, 404)

    assert confirmed(change, person("administrator")).status == "suspended"


def test_nobody_handles_their_own_credential(credential):
    credential.person.roles.create(kind="administrator", start="2020-01-01")

    with pytest.raises(Refused):
        entered(credential, credential.person)

    page = reverse("credential-status", args=[credential.number])
    assert signed_in(credential.person).get(page).status_code == 404


def test_the_pages_lead_from_one_officer_to_the_other(credential, office, chair):
    page = reverse("credential-status", args=[credential.number])
    said = {"status": "revoked", "since": today(), "reason": "The Council.", "submission": "key"}

    led = [signed_in(office).post(page, said).url for _time in range(2)]
    change = StatusChange.objects.get()
    waits = signed_in(office).get(page).content.decode()
    own = signed_in(office).get(led[0]).content.decode()
    other = signed_in(chair).get(led[0]).content.decode()
    signed_in(chair).post(led[0], {"answer": "confirm"})
    after = signed_in(chair).get(led[0]).content.decode()

    assert led == [reverse("confirm-status-change", args=[credential.number, change.pk])] * 2
    assert "Ada Office has entered “revoked”" in waits
    assert ('value="confirm"' in own, 'value="confirm"' in other) == (False, True)
    assert "Confirmed by Carla Chair" in after
    assert credential.statuses.count() == 2
