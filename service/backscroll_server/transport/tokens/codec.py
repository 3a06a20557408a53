"""Encoding of page tokens and resume tokens: small protobuf messages with a signature, which callers cannot forge."""

import base64
import binascii
import hashlib
import hmac
from typing import Final, Literal, NoReturn

from google.protobuf.message import DecodeError

from backscroll.internal.v1.token_pb2 import (
    ConversationListToken,
    HistoryToken,
    MemberListToken,
    ResumeToken,
    SignedToken,
)
from backscroll_server.domain import message_codec
from backscroll_server.domain.errors import InvalidArgumentError, Reason
from backscroll_server.domain.records import FeedPosition

VERSION: Final = 1
SIGNATURE_BYTES: Final = 16
DIGEST_BYTES: Final = 8

# Far above the longest token; keeps a caller's megabytes away from the decoder.
_LONGEST: Final = 512

_URL_SAFE: Final = bytes.maketrans(b"+/", b"-_")
# The version and the tag of the field that follows it.
_VERSIONED: Final = b"\x08" + message_codec.varint(VERSION) + b"\x10"

# The tag and length of a query's digest.
_QUERY: Final = message_codec.bytes_field(6, bytes(DIGEST_BYTES))[:-DIGEST_BYTES]
_LENGTHS: Final = tuple(message_codec.varint(length) for length in range(_LONGEST))

Kind = Literal["history", "conversation_list", "member_list", "resume"]


def history_walk(*, conversation: int, user: int, query_digest: bytes, read_at: FeedPosition) -> bytes:
    """Return the encoded fields that the two page tokens of one page of history share, for `encode_history`.

    Args:
        conversation: the internal number of the conversation.
        user: the internal number of the reading user.
        query_digest: the digest of the query, from the function of this name.
        read_at: the position of the change feed that the page held; position 0, if it is not known, is left out.
    """
    walk = (
        _VERSIONED + message_codec.varint(conversation) + b"\x18" + message_codec.varint(user) + _QUERY + query_digest
    )
    if read_at.position:
        walk += b"\x38" + message_codec.varint(read_at.position) + b"\x40" + message_codec.varint(read_at.check)
    return walk


class TokenCodec:
    """Writes and reads page tokens and resume tokens.

    A token is `base64url(SignedToken ‖ signature)` without padding; the signature is a keyed BLAKE2b hash of 16 bytes.
    Encoding sets the version. Decoding accepts exactly the texts that encoding gives for the same kind of token, secret
    and version.

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

    def encode_history(self, walk: bytes, boundary: int, *, down: bool) -> bytes:
        """Return a page token of a history, as ASCII bytes.

        It is assembled from bytes, not by protobuf, because every page has two tokens and this costs less.

        Args:
            walk: the bytes that `history_walk` returned.
            boundary: the sequence from which the page goes on: upwards with messages at or below it, downwards with
                messages above it.
            down: whether the page goes towards newer messages.
        """
        token = walk + (b"\x20\x01\x28" if down else b"\x28") + message_codec.varint(boundary)
        return self._seal(b"\x0a" + _LENGTHS[len(token)] + token)

    def encode_conversation_list(self, token: ConversationListToken) -> str:
        """Return a page token of a list of conversations; sets the version, whatever version `token` has."""
        signed = SignedToken(conversation_list=token)
        signed.conversation_list.version = VERSION
        return self._encode(signed)

    def encode_member_list(self, token: MemberListToken) -> str:
        """Return a page token of a list of members or readers; sets the version, whatever version `token` has."""
        signed = SignedToken(member_list=token)
        signed.member_list.version = VERSION
        return self._encode(signed)

    def encode_resume(self, *, epoch: int, user_digest: bytes, position: int, check: int) -> bytes:
        """Return a resume token, as ASCII bytes; assembled from bytes, because every write has one.

        Args:
            epoch: the number that identifies the database.
            user_digest: 8 bytes that identify the user, from `query_digest`.
            position: the position in the change feed.
            check: the random check of the feed's row at that position.
        """
        token = (
            _VERSIONED
            + message_codec.varint(epoch)
            + message_codec.bytes_field(3, user_digest)
            + b"\x20"
            + message_codec.varint(position)
            + b"\x28"
            + message_codec.varint(check)
        )
        return self._seal(message_codec.bytes_field(4, token))

    def decode_history(self, text: str) -> HistoryToken:
        """Return the fields of a page token of a history.

        Raises:
            InvalidArgumentError: `PAGE_TOKEN_MALFORMED` for any text that is not such a token with a valid signature.
        """
        token = self._decode(text, "history").history
        return token if token.version == VERSION else _refuse("history")

    def decode_conversation_list(self, text: str) -> ConversationListToken:
        """Return the fields of a page token of a list of conversations.

        Raises:
            InvalidArgumentError: `PAGE_TOKEN_MALFORMED` for any text that is not such a token with a valid signature.
        """
        token = self._decode(text, "conversation_list").conversation_list
        return token if token.version == VERSION else _refuse("conversation_list")

    def decode_member_list(self, text: str) -> MemberListToken:
        """Return the fields of a page token of a list of members or readers.

        Raises:
            InvalidArgumentError: `PAGE_TOKEN_MALFORMED` for any text that is not such a token with a valid signature.
        """
        token = self._decode(text, "member_list").member_list
        return token if token.version == VERSION else _refuse("member_list")

    def decode_resume(self, text: str) -> ResumeToken:
        """Return the fields of a resume token.

        Raises:
            InvalidArgumentError: `RESUME_TOKEN_MALFORMED` for any text that is not such a token with a valid signature.
        """
        token = self._decode(text, "resume").resume
        return token if token.version == VERSION else _refuse("resume")

    def foreign_epoch(self, text: str, epoch: int) -> bool:
        """Return whether a text has the form of a resume token of another database; its signature is not checked.

        Args:
            text: the text that a caller gave as a resume token.
            epoch: the number that identifies this database.
        """
        try:
            signed = SignedToken.FromString(_from_text(text)[:-SIGNATURE_BYTES])
        except (ValueError, DecodeError):
            return False
        token = signed.resume
        whole = len(token.user_digest) == DIGEST_BYTES and token.version == VERSION and token.epoch > 0
        return signed.WhichOneof("content") == "resume" and whole and token.epoch != epoch

    def _encode(self, signed: SignedToken) -> str:
        return self._seal(signed.SerializeToString()).decode("ascii")

    def _seal(self, content: bytes) -> bytes:
        keyed = self._keyed.copy()
        keyed.update(content)
        text = binascii.b2a_base64(content + keyed.digest(), newline=False)
        return text.rstrip(b"=").translate(_URL_SAFE)

    def _decode(self, text: str, kind: Kind) -> SignedToken:
        try:
            raw = _from_text(text)
        except ValueError:
            _refuse(kind)
        content = raw[:-SIGNATURE_BYTES]
        # Compared as text: the decoder passes over foreign characters and spare bits, so that one token would have many
        # spellings.
        if not hmac.compare_digest(self._seal(content), text.encode("ascii")):
            _refuse(kind)
        try:
            signed = SignedToken.FromString(content)
        except DecodeError:
            _refuse(kind)
        if signed.WhichOneof("content") != kind:
            _refuse(kind)
        return signed


def query_digest(*parts: str | bytes | int | bool | None) -> bytes:
    """Return a hash, of 8 bytes, of the values that must stay equal from page to page, as those of a filter.

    A token that carries it is signed, so 8 bytes are enough: nobody can make a token for a hash of their choice.

    >>> query_digest("a", "b") == query_digest("ab")
    False
    """
    # A tuple's repr keeps types and borders apart: ("a", "b") is not ("ab",), 1 is not "1".
    return hashlib.blake2b(repr(parts).encode("utf-8", "backslashreplace"), digest_size=DIGEST_BYTES).digest()


def _from_text(text: str) -> bytes:
    if len(text) > _LONGEST:
        raise ValueError("longer than any token")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _refuse(kind: Kind) -> NoReturn:
    if kind == "resume":
        raise InvalidArgumentError(
            Reason.RESUME_TOKEN_MALFORMED, "the resume token is not one of this server", field="resume_token"
        )
    raise InvalidArgumentError(
        Reason.PAGE_TOKEN_MALFORMED, "the page token is not one of this list", field="page_token"
    )
