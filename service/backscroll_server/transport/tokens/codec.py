"""Sealing of page tokens and resume tokens: small protobuf messages with a signature, which callers cannot forge."""

import base64
import binascii
import hashlib
import hmac
from typing import Any, Final, Literal, NoReturn

from google.protobuf.message import DecodeError

from backscroll_server.domain.errors import InvalidArgumentError, Reason
from backscroll_server.transport.tokens.v1.token_pb2 import SignedToken

VERSION: Final = 1
SIGNATURE_BYTES: Final = 16
DIGEST_BYTES: Final = 8

# Above the longest token, which holds a conversation's id; keeps a caller's megabytes away from the decoder.
_LONGEST: Final = 4096

_URL_SAFE: Final = bytes.maketrans(b"+/", b"-_")

Kind = Literal["history", "conversation_list", "member_list", "resume"]


class TokenCodec:
    """Seals tokens and opens sealed ones.

    A token is `base64url(SignedToken ‖ signature)` without padding; the signature is a keyed BLAKE2b hash of 16 bytes.
    Opening accepts exactly the texts that sealing gives for the same kind of token, secret and version.

    Args:
        secret: the key of the signature, 1 to 64 bytes. It is stored in the database, so that all servers of a database
            accept each other's tokens.

    Raises:
        ValueError: where the secret is empty or longer than 64 bytes.
    """

    def __init__(self, secret: bytes) -> None:
        if not secret:
            raise ValueError("the secret of the tokens is empty")
        # Keying once and copying costs less than keying for each token.
        self._keyed = hashlib.blake2b(key=secret, digest_size=SIGNATURE_BYTES)

    def seal(self, content: bytes) -> bytes:
        """Return a token, as ASCII bytes, from an encoded `SignedToken` whose content has the version `VERSION`."""
        keyed = self._keyed.copy()
        keyed.update(content)
        text = binascii.b2a_base64(content + keyed.digest(), newline=False)
        return text.rstrip(b"=").translate(_URL_SAFE)

    def unseal(self, text: str, kind: Kind) -> Any:
        """Return the content of a token: the message that the field `kind` of `SignedToken` has.

        Raises:
            InvalidArgumentError: `PAGE_TOKEN_MALFORMED` or `RESUME_TOKEN_MALFORMED` for any text that is not a token of
                this kind and of this version with a valid signature.
        """
        try:
            encoded = unverified_content(text)
            # Compared as text: the decoder passes over foreign characters and spare bits, so that one token would have
            # many spellings.
            if not hmac.compare_digest(self.seal(encoded), text.encode("ascii")):
                _refuse(kind)
            signed = SignedToken.FromString(encoded)
        except (ValueError, DecodeError):
            _refuse(kind)
        content = getattr(signed, kind)
        if signed.WhichOneof("content") != kind or content.version != VERSION:
            _refuse(kind)
        return content


def unverified_content(text: str) -> bytes:
    """Return the encoded `SignedToken` of a token, without a look at its signature.

    Raises:
        ValueError: where the text is longer than any token, or no base64.
    """
    if len(text) > _LONGEST:
        raise ValueError("longer than any token")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))[:-SIGNATURE_BYTES]


def query_digest(*parts: str | bytes | int | bool | None) -> bytes:
    """Return a hash, of 8 bytes, of the values that must stay equal from page to page, as those of a filter.

    A token that carries it is signed, so 8 bytes are enough: nobody can make a token for a hash of their choice.

    >>> query_digest("a", "b") == query_digest("ab")
    False
    """
    # A tuple's repr keeps types and borders apart: ("a", "b") is not ("ab",), 1 is not "1".
    return hashlib.blake2b(repr(parts).encode("utf-8", "backslashreplace"), digest_size=DIGEST_BYTES).digest()


def page_token_mismatch() -> InvalidArgumentError:
    """Return the error for a page token that was made for another query: `PAGE_TOKEN_MISMATCH`."""
    return InvalidArgumentError(
        Reason.PAGE_TOKEN_MISMATCH, "the page token belongs to another query", field="page_token"
    )


def _refuse(kind: Kind) -> NoReturn:
    if kind == "resume":
        raise InvalidArgumentError(
            Reason.RESUME_TOKEN_MALFORMED, "the resume token is not one of this server", field="resume_token"
        ) from None
    raise InvalidArgumentError(
        Reason.PAGE_TOKEN_MALFORMED, "the page token is not one of this list", field="page_token"
    ) from None
