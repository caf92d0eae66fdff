"""Whether a file that somebody hands in is a paper as the Society issued it."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from credentialing.people.models import Credential
from reviews.dossiers import signing
from reviews.dossiers.signing import Signature
from reviews.models import Dossier
from reviews.queries import register


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is known of a file: byte for byte as issued, or not; and what its signature says."""

    digest: str
    signature: Signature
    credential: Credential | None = None
    dossier: Dossier | None = None

    @property
    def as_issued(self) -> bool:
        return bool(self.credential or self.dossier)

    @property
    def was_changed(self) -> bool:
        """It carries the Society's signature, and is no file that the Society issued."""
        return not self.as_issued and self.signature is not Signature.NONE

    @property
    def status(self) -> dict[str, Any] | None:
        """What the credential of a certificate is worth today."""
        return register.status(self.credential) if self.credential else None


def verdict(content: bytes, *, day: date) -> Verdict:
    """Compare a file with every paper that was issued; of a dossier nothing is told but which."""
    digest = hashlib.sha256(content).hexdigest()
    certified = Credential.objects.filter(certificate__sha256=digest)
    return Verdict(
        digest=digest,
        signature=signing.signature_of(content),
        credential=register.with_status(certified, day=day).first(),
        dossier=Dossier.objects.filter(sha256=digest).first(),
    )
