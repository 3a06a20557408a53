"""Public keys that verify JSON Web Tokens, from a PEM, JWK or JWKS file."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, SECP384R1, SECP521R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from jwt import PyJWK
from jwt.exceptions import PyJWTError

RSA_BITS: Final = 2048

_RSA: Final = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
_CURVES: Final[Mapping[type, str]] = {SECP256R1: "ES256", SECP384R1: "ES384", SECP521R1: "ES512"}
_PEM: Final = b"-----BEGIN"


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A public key that verifies tokens.

    Attributes:
        key_id: the id by which tokens name it; empty where it has none.
        algorithms: the algorithms of RFC 7518 that it verifies: those of its kind, or the only one that its file names.
        public_key: the key.
    """

    key_id: str
    algorithms: frozenset[str]
    public_key: Any


def parse_token_keys(content: bytes) -> Sequence[TokenKey]:
    """Return the public keys in a file: PEM with one key or more, a JWK, or a JWKS with one key or more.

    Raises:
        ValueError: where a key is symmetric, private, too short or of an unknown kind, or there is none; the text says
            which key.
    """
    keys = _pem_keys(content) if content.lstrip().startswith(_PEM) else _json_keys(content)
    if not keys:
        raise ValueError("holds no key")
    ids = [key.key_id for key in keys]
    if len(set(ids)) < len(ids) and any(ids):
        raise ValueError("two keys have the same id, or several have none")
    return keys


def _pem_keys(content: bytes) -> list[TokenKey]:
    keys = []
    for number, part in enumerate(content.split(_PEM)[1:], start=1):
        try:
            public_key = load_pem_public_key(_PEM + part)
        except ValueError:
            raise ValueError(f"key {number} is no public key in PEM") from None
        keys.append(TokenKey("", _algorithms(public_key, f"key {number}"), public_key))
    return keys


def _json_keys(content: bytes) -> list[TokenKey]:
    try:
        found = json.loads(content)
    except ValueError:
        raise ValueError("is neither PEM nor JSON") from None
    described = found.get("keys", [found]) if isinstance(found, dict) else None
    if not isinstance(described, list) or not all(isinstance(one, dict) for one in described):
        raise ValueError("is neither a JWK nor a JWKS")
    return [_json_key(one, number) for number, one in enumerate(described, start=1)]


def _json_key(described: Mapping[str, Any], number: int) -> TokenKey:
    """Return the key of a JWK.

    Raises:
        ValueError: where it is no public key of a known kind.
    """
    key_id = described.get("kid", "")
    name = f"key {number} ({key_id})" if key_id else f"key {number}"
    if described.get("kty") == "oct":
        raise ValueError(f"{name} is symmetric: who verifies by it can also sign")
    if "d" in described:
        raise ValueError(f"{name} is private: the server needs the public one only")
    if described.get("use", "sig") != "sig":
        raise ValueError(f"{name} is not for signatures")
    try:
        public_key = PyJWK({part: value for part, value in described.items() if part != "alg"}).key
    except (PyJWTError, ValueError, TypeError, KeyError):
        raise ValueError(f"{name} is of an unknown kind") from None
    algorithms = _algorithms(public_key, name)
    only = described.get("alg")
    if only is not None and only not in algorithms:
        raise ValueError(f"{name} is for the algorithm {only!r}, which is none of {', '.join(sorted(algorithms))}")
    return TokenKey(str(key_id), frozenset({only}) if only else algorithms, public_key)


def _algorithms(public_key: object, name: str) -> frozenset[str]:
    """Return the algorithms that a key verifies.

    Raises:
        ValueError: where there is none, or the key is too short.
    """
    match public_key:
        case RSAPublicKey():
            if public_key.key_size < RSA_BITS:
                raise ValueError(f"{name} has {public_key.key_size} bits, and RSA needs {RSA_BITS}")
            return _RSA
        case EllipticCurvePublicKey() if type(public_key.curve) in _CURVES:
            return frozenset({_CURVES[type(public_key.curve)]})
        case Ed25519PublicKey():
            return frozenset({"EdDSA"})
    raise ValueError(f"{name} is of an unknown kind")
