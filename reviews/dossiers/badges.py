"""A credential as an Open Badge 3.0: a signed text that other programs can check by themselves.

It is a verifiable credential as a JWT (ES256) under the Society's signing key, which is published.
It says what the certificate says; whether it holds today is asked at its status address.
"""

from datetime import UTC, datetime, time
from typing import Any

from cryptography.hazmat.primitives import serialization
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from joserfc import jwt
from joserfc.jwk import ECKey

from credentialing.people.models import Credential, CredentialStatus
from credentialing.records.society import current as society_now
from reviews.dossiers import signing
from reviews.dossiers.certificates import address

ALGORITHM = "ES256"
CONTEXT = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]


def badge(credential: Credential) -> str:
    """The badge of a credential, signed."""
    claims = content(credential)
    registered = {
        "iss": claims["issuer"]["id"],
        "jti": claims["id"],
        "nbf": int(_begins(credential).timestamp()),
    }
    header = {"alg": ALGORITHM, "typ": "JWT", "kid": _kid()}
    return jwt.encode(header, claims | registered, _key(), algorithms=[ALGORITHM])


def content(credential: Credential) -> dict[str, Any]:
    """What a badge says."""
    return {
        "@context": CONTEXT,
        "id": address(credential.number),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": issuer(),
        "validFrom": _begins(credential).isoformat().replace("+00:00", "Z"),
        "name": credential.title,
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "identityHash": credential.person.name,
                    "identityType": "name",
                    "hashed": False,
                }
            ],
            "achievement": {
                "id": settings.SITE_URL + reverse("how-this-works"),
                "type": ["Achievement"],
                "achievementType": "Certification",
                "name": credential.title,
                "description": _("Awarded by decision of the Society's Council."),
                "criteria": {"id": settings.SITE_URL + reverse("how-this-works")},
            },
        },
        "credentialStatus": {
            "id": settings.SITE_URL + reverse("badge-status", args=[credential.number]),
            "type": "CredentialStatus",
        },
    }


def issuer() -> dict[str, Any]:
    """Who issues badges."""
    return {
        "id": settings.SITE_URL + reverse("badge-issuer"),
        "type": ["Profile"],
        "name": society_now().name,
        "url": settings.SITE_URL,
    }


def keys() -> dict[str, Any]:
    """The public key under which badges are checked."""
    public = _key().as_dict(private=False)
    return {"keys": [public | {"use": "sig", "alg": ALGORITHM, "kid": _kid()}]}


def status(credential: Credential) -> dict[str, Any]:
    """Whether a badge holds today; `credential` comes with its status."""
    said = credential.status  # type: ignore[attr-defined]
    return {
        "id": settings.SITE_URL + reverse("badge-status", args=[credential.number]),
        "type": "CredentialStatus",
        "credential": address(credential.number),
        "status": said,
        "holds": said == CredentialStatus.Status.ACTIVE,
        "since": credential.status_since.isoformat(),  # type: ignore[attr-defined]
    }


def _begins(credential: Credential) -> datetime:
    return datetime.combine(credential.since, time(), tzinfo=UTC)


def _key() -> ECKey:
    return ECKey.import_key(
        signing.identity().key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def _kid() -> str:
    """The address of the key, with its thumbprint."""
    return f"{settings.SITE_URL}{reverse('badge-keys')}#{_key().thumbprint()}"
