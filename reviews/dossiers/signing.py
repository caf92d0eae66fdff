"""The Society's signature under its papers, and whether a paper carries it unbroken.

One key in one file outside of the project. Where there is none it is made at first need, with a
certificate that the Society issues to itself; a Society that has one puts its own there.
"""

import io
import os
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

from credentialing.records.society import current as society_now

NAME = "signing.pem"
YEARS = 20
FIELD = "Society"


class Signature(StrEnum):
    """What a paper's signature says."""

    WHOLE = "whole"  # ours, and nothing was changed since
    BROKEN = "broken"  # ours, and something was changed since
    NONE = "none"  # not ours, or none at all


@dataclass(frozen=True, slots=True)
class Identity:
    """The key, and the certificate that says whose it is."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)


def identity() -> Identity:
    """The Society's key; made, and kept, where there was none."""
    file = Path(settings.SIGNING_FOLDER) / NAME
    if not file.exists():
        _keep(file, _made())
    return _read(str(file), file.stat().st_mtime_ns)


@cache
def _read(file: str, _changed: int) -> Identity:
    content = Path(file).read_bytes()
    key = serialization.load_pem_private_key(content, password=None)
    certificate = x509.load_pem_x509_certificate(content[content.index(b"-----BEGIN CERT") :])
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise TypeError(f"{file}: the key is not one on the curve P-256")
    if certificate.public_key() != key.public_key():
        raise ValueError(f"{file}: the certificate is not that of the key")
    return Identity(key, certificate)


def _made() -> bytes:
    """A key, and a certificate that it signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, settings.SOCIETY_NAME[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, settings.SOCIETY_NAME[:64]),
        ]
    )
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(usage, critical=True)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ) + certificate.public_bytes(serialization.Encoding.PEM)


def _keep(file: Path, content: bytes) -> None:
    """Write it for nobody else to read; of two who do so at once the first one's stays."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    growing = file.with_name(f"{NAME}.{secrets.token_hex(8)}")
    descriptor = os.open(growing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
    try:
        os.link(growing, file)
    except FileExistsError:
        pass
    finally:
        growing.unlink()


def signed(content: bytes, *, reason: str) -> bytes:
    """A PDF with the Society's signature (PAdES) over every byte of it."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
    from pyhanko.sign import signers  # noqa: PLC0415 - half a second, and only where papers are made
    from pyhanko.sign.fields import SigSeedSubFilter  # noqa: PLC0415

    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        name=society_now().name,
        reason=reason,
    )
    out = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    apart(lambda: signers.PdfSigner(metadata, _signer()).sign_pdf(writer, output=out))
    return out.getvalue()


def apart(work: Callable[[], Any]) -> Any:
    """Do it in a thread of its own: the library runs a loop, and none begins inside another."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


def _signer() -> Any:
    from asn1crypto import keys  # noqa: PLC0415
    from asn1crypto import x509 as asn1  # noqa: PLC0415
    from pyhanko.sign.signers import SimpleSigner  # noqa: PLC0415
    from pyhanko_certvalidator.registry import SimpleCertificateStore  # noqa: PLC0415

    own = identity()
    key = own.key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return SimpleSigner(
        signing_cert=asn1.Certificate.load(own.der),
        signing_key=keys.PrivateKeyInfo.load(key),
        cert_registry=SimpleCertificateStore(),
    )


def signature_of(content: bytes) -> Signature:
    """What the signature of a file says that somebody handed in. Never raises."""
    ours = identity().der.hex()
    if ours.encode() not in content and ours.upper().encode() not in content:
        return Signature.NONE  # so that no stranger's file is taken apart
    try:
        return Signature.WHOLE if apart(lambda: _is_whole(content)) else Signature.BROKEN
    except Exception:  # noqa: BLE001 - whatever can't be read was changed
        return Signature.BROKEN


def _is_whole(content: bytes) -> bool:
    from asn1crypto import x509 as asn1  # noqa: PLC0415
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415
    from pyhanko.sign.validation.status import SignatureCoverageLevel  # noqa: PLC0415
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    trusted = asn1.Certificate.load(identity().der)
    context = ValidationContext(trust_roots=[trusted], allow_fetching=False)
    signatures = PdfFileReader(io.BytesIO(content)).embedded_signatures
    if len(signatures) != 1 or signatures[0].signer_cert.dump() != identity().der:
        return False
    status = validate_pdf_signature(signatures[0], context)
    return bool(
        status.intact
        and status.valid
        and status.trusted
        and status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    )
