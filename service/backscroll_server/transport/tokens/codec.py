"""Sealing of tokens: small protobuf messages with a signature, which callers cannot forge."""

import base64
import binascii
import hashlib
import hmac
from typing import Any, Final, Literal, NamedTuple
from zlib import crc32

from google.protobuf.message import DecodeError

from backscroll_server.domain.errors import DomainError, InvalidArgumentError, Reason, TokenTooOldError
from backscroll_server.domain.message_codec import fixed32_tag
from backscroll_server.services.views.access import Caller
from backscroll_server.transport.tokens.v1.token_pb2 import SignedToken

VERSION: Final = 2
SIGNATURE_BYTES: Final = 16
DIGEST_BYTES: Final = 8

# Above the longest token, which holds a conversation's id; keeps a caller's megabytes away from the decoder.
_LONGEST: Final = 4096

_URL_SAFE: Final = bytes.maketrans(b"+/", b"-_")

_CHECKSUM_TAG: Final = fixed32_tag(SignedToken.CHECKSUM_FIELD_NUMBER)
_CHECKSUM_BYTES: Final = len(_CHECKSUM_TAG) + 4

Kind = Literal["history", "conversation_list", "member_list", "resume", "consistency"]


class TokenError(ValueError):
    """A text that is no token of this database in its present epoch.

    Args:
        foreign: whether it has the form of a token that another database wrote, or this one before a restore.
    """

    def __init__(self, *, foreign: bool) -> None:
        super().__init__("the token is of another database" if foreign else "this is no token")
        self.foreign = foreign


class Token(NamedTuple):
    """The content of a token.

    Attributes:
        kind: the field of `SignedToken` that holds it.
        fields: the message in that field.
    """

    kind: str
    fields: Any


class TokenCodec:
    """Seals tokens and opens sealed ones.

    A token is `base64url(SignedToken ‖ signature)` without padding; the signature is a keyed BLAKE2b hash of 16 bytes.
    Opening accepts exactly the texts that sealing gives for the same secret and epoch.

    Args:
        secret: the key of the signature, 1 to 64 bytes. It is stored in the database, so that all servers of a database
            accept each other's tokens.
        epoch: the number that identifies the database; it changes when the database is restored from a copy.

    Attributes:
        epoch: the same number, which every content holds.

    Raises:
        ValueError: where the secret is empty or longer than 64 bytes.
    """

    def __init__(self, secret: bytes, epoch: int) -> None:
        if not secret:
            raise ValueError("the secret of the tokens is empty")
        self.epoch = epoch
        # Keying once and copying costs less than keying for each token.
        self._keyed = hashlib.blake2b(key=secret, digest_size=SIGNATURE_BYTES)

    def seal(self, content: bytes) -> bytes:
        """Return a token, as ASCII bytes, from the encoded field of a `SignedToken` that holds its content."""
        return self._sign(content + _CHECKSUM_TAG + crc32(content).to_bytes(4, "little"))

    def _sign(self, encoded: bytes) -> bytes:
        keyed = self._keyed.copy()
        keyed.update(encoded)
        text = binascii.b2a_base64(encoded + keyed.digest(), newline=False)
        return text.rstrip(b"=").translate(_URL_SAFE)

    def unseal(self, text: str) -> Token:
        """Return the kind and the content of a token, of any version.

        Raises:
            TokenError: for any text that is not a token of this database and epoch with a valid signature.
        """
        if len(text) > _LONGEST:
            raise TokenError(foreign=False)
        try:
            encoded = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))[:-SIGNATURE_BYTES]
            # Compared as text: the decoder passes over foreign characters and spare bits, so that one token would have
            # many spellings.
            genuine = hmac.compare_digest(self._sign(encoded), text.encode("ascii"))
            signed = SignedToken.FromString(encoded)
        except (ValueError, DecodeError):
            raise TokenError(foreign=False) from None
        kind = signed.WhichOneof("content")
        if kind is None:
            raise TokenError(foreign=False)
        fields = getattr(signed, kind)
        if fields.epoch != self.epoch or not genuine:
            # The signature of another database cannot be verified. Its tokens grant nothing here, so that their form
            # is enough to distinguish them from garbage.
            whole = genuine or _has_checksum(encoded)
            raise TokenError(foreign=whole and fields.epoch not in (0, self.epoch))
        return Token(kind, fields)


def _has_checksum(encoded: bytes) -> bool:
    content, checksum = encoded[:-_CHECKSUM_BYTES], encoded[-_CHECKSUM_BYTES:]
    return checksum == _CHECKSUM_TAG + crc32(content).to_bytes(4, "little")


def open_page_token(codec: TokenCodec, text: str, kind: Kind) -> Any:
    """Return the content of a page token: the message that the field `kind` of `SignedToken` holds.

    Raises:
        InvalidArgumentError: `PAGE_TOKEN_MALFORMED` for any text that is not a token of this kind and of the present
            version.
        TokenTooOldError: `PAGE_TOKEN_TOO_OLD` for a token of another database, or of this one before a restore.
    """
    try:
        token = codec.unseal(text)
    except TokenError as error:
        raise _page_token_too_old() if error.foreign else _page_token_malformed() from None
    if token.kind != kind or token.fields.version != VERSION:
        raise _page_token_malformed()
    return token.fields


def _page_token_malformed() -> DomainError:
    return InvalidArgumentError(Reason.PAGE_TOKEN_MALFORMED, "is not a page token of this list", field="page_token")


def _page_token_too_old() -> DomainError:
    return TokenTooOldError(
        Reason.PAGE_TOKEN_TOO_OLD,
        "is of another database or from before a restore: begin again without a page token",
        field="page_token",
    )


def query_digest(*parts: str | bytes | int | bool | None) -> bytes:
    """Return a hash, of 8 bytes, of the values that must stay equal from page to page, as those of a filter.

    A token that carries it is signed, so 8 bytes are enough: nobody can make a token for a hash of their choice.

    >>> query_digest("a", "b") == query_digest("ab")
    False
    """
    # A tuple's repr keeps types and borders apart: ("a", "b") is not ("ab",), 1 is not "1".
    return hashlib.blake2b(repr(parts).encode("utf-8", "backslashreplace"), digest_size=DIGEST_BYTES).digest()


def service_parts(caller: Caller) -> tuple[str, ...]:
    """Return what the digest of a query has besides where it reads with the rights of a service; else nothing.

    So a page token of such a read is not used in another, and the reverse.
    """
    return ("as_service", caller.user_id) if caller.as_service else ()


def bound_user(caller: Caller, user: int) -> int:
    """Return the internal number of the user to whom a page token is bound; 0 where the digest has the user's id.

    A service may name a user who has no number yet and gets one between two pages.
    """
    return 0 if caller.as_service else user


def page_token_mismatch() -> InvalidArgumentError:
    """Return the error for a page token that was made for another query: `PAGE_TOKEN_MISMATCH`."""
    return InvalidArgumentError(Reason.PAGE_TOKEN_MISMATCH, "belongs to another query", field="page_token")
