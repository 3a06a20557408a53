"""Resume tokens: positions in the change feed, bound to a user and a database."""

from functools import lru_cache
from typing import Final

from google.protobuf.message import DecodeError

from backscroll_server.domain.errors import DomainError, InvalidArgumentError, Reason
from backscroll_server.domain.message_codec import bytes_field, varint, varint_tag
from backscroll_server.domain.records import FeedPosition
from backscroll_server.services.changes.watch import foreign_token
from backscroll_server.services.consistency import CallReads, ConsistentReads
from backscroll_server.services.store import Store
from backscroll_server.transport.tokens.codec import (
    DIGEST_BYTES,
    VERSION,
    TokenCodec,
    query_digest,
    unverified_content,
)
from backscroll_server.transport.tokens.v1.token_pb2 import ResumeToken, SignedToken

_USER: Final = ResumeToken.USER_DIGEST_FIELD_NUMBER
_POSITION: Final = varint_tag(ResumeToken.POSITION_FIELD_NUMBER)
_CHECK: Final = varint_tag(ResumeToken.CHECK_FIELD_NUMBER)
_TOKEN: Final = SignedToken.RESUME_FIELD_NUMBER

# The version and the tag of the field that follows it.
_VERSIONED: Final = (
    varint_tag(ResumeToken.VERSION_FIELD_NUMBER) + varint(VERSION) + varint_tag(ResumeToken.EPOCH_FIELD_NUMBER)
)


class ResumeTokens:
    """Writes and reads the resume tokens of one database.

    Args:
        codec: encodes and signs the tokens.
        epoch: the number that identifies the database; it changes when the database is restored from a copy.
    """

    def __init__(self, codec: TokenCodec, epoch: int) -> None:
        self._codec = codec
        self._epoch = epoch

    def encode(self, user_id: str, position: FeedPosition) -> str:
        """Return the resume token that stands for a position in the change feed, valid for this user only."""
        return encode_resume(self._codec, self._epoch, _user_digest(user_id), position).decode("ascii")

    def decode(self, user_id: str, text: str) -> FeedPosition | None:
        """Return the position in the change feed that a resume token stands for; None if the text is empty.

        Raises:
            InvalidArgumentError: `RESUME_TOKEN_MALFORMED` if it is no valid token, `RESUME_TOKEN_MISMATCH` if it is the
                token of another user.
            TokenTooOldError: `RESUME_TOKEN_FOREIGN` if it is a token of another database.
        """
        if not text:
            return None
        try:
            token = decode_resume(self._codec, text)
        except InvalidArgumentError:
            # The signature of another database's token cannot be right. It grants nothing, so its form is enough to
            # distinguish it from garbage.
            if _is_foreign(text, self._epoch):
                raise foreign_token() from None
            raise
        if token.epoch != self._epoch:
            raise foreign_token()
        if token.user_digest != _user_digest(user_id):
            raise InvalidArgumentError(
                Reason.RESUME_TOKEN_MISMATCH, "the resume token is another user's", field="resume_token"
            )
        return FeedPosition(token.position, token.check)

    def reads(self, store: Store, user_id: str, text: str) -> CallReads:
        """Return the object with which a call reads from the database.

        Args:
            store: the open database.
            user_id: the calling user.
            text: the field `at_least_as_fresh` of the request. With a resume token, reads hold at least the position of
                the token, and may run on a standby; if empty, they hold everything that was answered before.

        Raises:
            InvalidArgumentError: `RESUME_TOKEN_MALFORMED` if it is no valid token, `RESUME_TOKEN_MISMATCH` if it is the
                token of another user.
            TokenTooOldError: `RESUME_TOKEN_FOREIGN` if it is a token of another database.
        """
        try:
            position = self.decode(user_id, text)
        except DomainError as error:
            raise type(error)(error.reason, error.message, field="at_least_as_fresh") from None
        return CallReads(store) if position is None else ConsistentReads(store, position)


@lru_cache(maxsize=65536)
def _user_digest(user_id: str) -> bytes:
    return query_digest(user_id)


def encode_resume(codec: TokenCodec, epoch: int, user_digest: bytes, position: FeedPosition) -> bytes:
    """Return a resume token, as ASCII bytes; assembled from bytes, because every write has one.

    Args:
        codec: seals the token.
        epoch: the number that identifies the database.
        user_digest: 8 bytes that identify the user, from `query_digest`.
        position: the position in the change feed, with the random check of the feed's row there.
    """
    token = (
        _VERSIONED
        + varint(epoch)
        + bytes_field(_USER, user_digest)
        + _POSITION
        + varint(position.position)
        + _CHECK
        + varint(position.check)
    )
    return codec.seal(bytes_field(_TOKEN, token))


def decode_resume(codec: TokenCodec, text: str) -> ResumeToken:
    """Return the fields of a resume token.

    Raises:
        InvalidArgumentError: `RESUME_TOKEN_MALFORMED` for any text that is not such a token with a valid signature.
    """
    token: ResumeToken = codec.unseal(text, "resume")
    return token


def _is_foreign(text: str, epoch: int) -> bool:
    """Return whether a text has the form of a resume token of another database; its signature is not checked.

    Args:
        text: the text that a caller gave as a resume token.
        epoch: the number that identifies this database.
    """
    try:
        signed = SignedToken.FromString(unverified_content(text))
    except (ValueError, DecodeError):
        return False
    token = signed.resume
    whole = len(token.user_digest) == DIGEST_BYTES and token.version == VERSION and token.epoch > 0
    return signed.WhichOneof("content") == "resume" and whole and token.epoch != epoch
