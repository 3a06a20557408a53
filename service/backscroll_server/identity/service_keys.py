"""Service keys: names with the digests of long random texts, which services send with each call."""

import base64
import hashlib
import re
import secrets
from typing import Final

KEY_PREFIX: Final = "bsk_"
"""The beginning of every key, so that it is not taken for a token, and found where it does not belong."""

KEY_BYTES: Final = 32
"""The least random bytes of a key."""

_DIGEST_PREFIX: Final = "sha256:"
_KEY: Final = re.compile(KEY_PREFIX + r"[A-Za-z0-9_-]{43,}")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def new_key() -> str:
    """Return a new key: its prefix and 32 random bytes, in URL-safe base64."""
    return KEY_PREFIX + base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode().rstrip("=")


def digest_of(key: str) -> bytes:
    """Return the SHA-256 digest under which a key is known."""
    return hashlib.sha256(key.encode()).digest()


def key_line(name: str, key: str) -> str:
    """Return the line of a key file that lets a key in, without the key itself."""
    return f"{name} {_DIGEST_PREFIX}{digest_of(key).hex()}"


def require_name(name: str) -> str:
    """Return the name of a key as it is.

    Raises:
        ValueError: where it is none: 1 to 64 letters, digits, dots, dashes and underscores.
    """
    if not _NAME.fullmatch(name):
        # It may be a key in the wrong place.
        raise ValueError("the name of a key has 1 to 64 letters, digits, dots, dashes and underscores")
    return name


def parse_keys(content: bytes) -> dict[bytes, str]:
    """Return the names of the keys in a key file, by digest.

    A line is a name and a key, or a name and `sha256:` with the digest of a key, as `key_line` writes it. A name may
    have several keys. Empty lines, and those that begin with `#`, are passed over.

    Raises:
        ValueError: where a line is something else, or there is no key; its text names the line, not the key.
    """
    names: dict[bytes, str] = {}
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise ValueError("is no text") from None
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        name, *values = words
        if len(values) != 1:
            raise ValueError(f"line {number}: expected a name and a key")
        try:
            names[_digest(values[0])] = require_name(name)
        except ValueError as error:
            raise ValueError(f"line {number}: {error}") from None
    if not names:
        raise ValueError("holds no key")
    return names


def parse_key_list(value: str) -> dict[bytes, str]:
    """Return the names of keys by digest, from a setting: `NAME:KEY`, and further ones after commas.

    Raises:
        ValueError: as `parse_keys`.
    """
    return parse_keys("\n".join(part.replace(":", " ", 1) for part in value.split(",")).encode())


def _digest(value: str) -> bytes:
    if value.startswith(_DIGEST_PREFIX):
        digest = bytes.fromhex(value.removeprefix(_DIGEST_PREFIX))
        if len(digest) != hashlib.sha256().digest_size:
            raise ValueError("a SHA-256 digest has 64 hexadecimal digits")
        return digest
    if not _KEY.fullmatch(value):
        raise ValueError(f"a key is {KEY_PREFIX} and at least {KEY_BYTES} random bytes in URL-safe base64")
    return digest_of(value)
