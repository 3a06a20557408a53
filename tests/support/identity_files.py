"""Keys, tokens and certificates for tests, new ones each time."""

import base64
import datetime as dt
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

AUDIENCE = "backscroll-test"
DAY = dt.timedelta(days=1)


def private_pem(key: Any) -> bytes:
    """A private key in PEM."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def public_pem(key: Any) -> bytes:
    """The public key of a private one, in PEM."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def new_signer() -> ec.EllipticCurvePrivateKey:
    """A key that signs tokens and certificates."""
    return ec.generate_private_key(ec.SECP256R1())


def token_of(
    key: Any, name: str, *, algorithm: str = "ES256", headers: dict[str, Any] | None = None, **claims: Any
) -> str:
    """A token for a user, or with further claims; a claim that is None is left out."""
    described = {"sub": name, "aud": AUDIENCE, "exp": int(time.time()) + 600} | claims
    given = {claim: value for claim, value in described.items() if value is not None}
    return jwt.encode(given, key, algorithm, headers=headers)


def unsigned_token(name: str) -> str:
    """A token with the algorithm `none`."""

    def part(content: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()

    claims = {"sub": name, "aud": AUDIENCE, "exp": int(time.time()) + 600}
    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}."


@dataclass(frozen=True)
class Certified:
    """A certificate with its private key, in PEM."""

    certificate: bytes
    key: bytes


class Authority:
    """An authority that certifies servers and clients."""

    def __init__(self, name: str = "test authority") -> None:
        self._key = new_signer()
        self._name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        built = self._builder(self._name, self._key.public_key(), 10 * DAY).add_extension(
            x509.BasicConstraints(ca=True, path_length=None), critical=True
        )
        self.certificate = built.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM)

    def certify(
        self,
        common_name: str,
        *,
        dns: tuple[str, ...] = (),
        uris: tuple[str, ...] = (),
        lasts: dt.timedelta = DAY,
    ) -> Certified:
        """A certificate of this authority, with its key."""
        key = new_signer()
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common_name)])
        builder = self._builder(name, key.public_key(), lasts)
        others = [*map(x509.DNSName, dns), *map(x509.UniformResourceIdentifier, uris)]
        if others:
            builder = builder.add_extension(x509.SubjectAlternativeName(others), critical=False)
        signed = builder.sign(self._key, hashes.SHA256())
        return Certified(signed.public_bytes(Encoding.PEM), private_pem(key))

    def _builder(self, name: x509.Name, public_key: Any, lasts: dt.timedelta) -> x509.CertificateBuilder:
        now = dt.datetime.now(dt.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - 2 * DAY)
            .not_valid_after(now + lasts)
        )


def write_private(path: Path, content: bytes | str) -> Path:
    """A file that only its owner may read, replaced in one step."""
    fresh = path.with_suffix(".new")
    fresh.touch(0o600)
    fresh.write_bytes(content if isinstance(content, bytes) else content.encode())
    fresh.replace(path)
    return path
