"""A credential as an Open Badge: signed under the published key, its status to be asked."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from joserfc import jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import KeySet

from credentialing.people.models import Credential, CredentialStatus
from tests.factories import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def credential():
    made = Credential.objects.create(
        number="ABS-2345-6789", person=person(name="Lena Leader"), title="L", since="2026-01-02"
    )
    CredentialStatus.objects.create(credential=made, status="active", since="2026-01-02")
    return made


def downloaded(credential, by):
    client = Client()
    client.force_login(by.user)
    return client.get(reverse("badge", args=[credential.number]))


def test_a_badge_is_checked_under_the_published_key_and_asked_for_its_status(client, credential):
    badge = downloaded(credential, credential.person)
    keys = KeySet.import_key_set(client.get(reverse("badge-keys")).json())

    token = jwt.decode(badge.content.decode(), keys, algorithms=["ES256"])

    said = token.claims
    assert badge["Content-Type"] == "application/vc+jwt"
    assert token.header["alg"] == "ES256"
    assert said["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert said["validFrom"] == "2026-01-02T00:00:00Z"
    assert said["credentialSubject"]["identifier"][0]["identityHash"] == "Lena Leader"
    assert said["issuer"] == client.get(reverse("badge-issuer")).json()
    status = said["credentialStatus"]["id"].partition("/verify/")[2]
    assert client.get(f"/verify/{status}").json()["holds"] is True


def test_the_published_key_holds_nothing_private(client):
    [key] = client.get(reverse("badge-keys")).json()["keys"]

    assert set(key) == {"kty", "crv", "x", "y", "use", "alg", "kid"}


def test_a_changed_badge_does_not_hold(client, credential):
    badge = downloaded(credential, credential.person).content.decode()
    keys = KeySet.import_key_set(client.get(reverse("badge-keys")).json())
    head, body, signature = badge.split(".")
    changed = ".".join([head, body, ("A" if signature[0] != "A" else "B") + signature[1:]])

    with pytest.raises(BadSignatureError):
        jwt.decode(changed, keys, algorithms=["ES256"])


def test_only_the_holder_gets_it_and_only_while_it_holds(client, credential):
    other = downloaded(credential, person()).status_code
    CredentialStatus.objects.create(
        credential=credential, status="revoked", since=timezone.localdate(), reason="R."
    )

    status = client.get(reverse("badge-status", args=[credential.number])).json()

    assert (other, downloaded(credential, credential.person).status_code) == (404, 404)
    assert (status["status"], status["holds"]) == ("revoked", False)
    assert client.get(reverse("badge-status", args=["ABS-0000-0000"])).status_code == 404
