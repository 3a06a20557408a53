"""Resume tokens and consistency tokens: positions in the change feed.

A read returns a resume token, from which its user can watch; a write returns a consistency token, from which nobody
can. A read takes either, of any user, as the least that it must reflect.
"""

from functools import lru_cache
from typing import Final

from backscroll.v1.consistency_pb2 import Consistency
from backscroll_server.domain.errors import InvalidArgumentError, Reason, TokenTooOldError
from backscroll_server.domain.message_codec import bytes_field, varint, varint_tag
from backscroll_server.domain.records import FeedPosition
from backscroll_server.services.changes.watch import foreign_token
from backscroll_server.services.consistency import CallReads, ConsistentReads, FastReads, foreign_position
from backscroll_server.services.store import Store
from backscroll_server.transport.tokens.codec import VERSION, TokenCodec, TokenError, query_digest
from backscroll_server.transport.tokens.v1.token_pb2 import ConsistencyToken, ResumeToken, SignedToken

_FRESHNESS_FIELD: Final = "consistency.at_least_as_fresh"

_USER: Final = ResumeToken.USER_DIGEST_FIELD_NUMBER
_POSITION: Final = varint_tag(ResumeToken.POSITION_FIELD_NUMBER)
_CHECK: Final = varint_tag(ResumeToken.CHECK_FIELD_NUMBER)
_RESUME: Final = SignedToken.RESUME_FIELD_NUMBER
_WRITE_POSITION: Final = varint_tag(ConsistencyToken.POSITION_FIELD_NUMBER)
_WRITE_CHECK: Final = varint_tag(ConsistencyToken.CHECK_FIELD_NUMBER)
_CONSISTENCY: Final = SignedToken.CONSISTENCY_FIELD_NUMBER

# The version and the tag of the field that follows it, the same in both kinds.
_VERSIONED: Final = (
    varint_tag(ResumeToken.VERSION_FIELD_NUMBER) + varint(VERSION) + varint_tag(ResumeToken.EPOCH_FIELD_NUMBER)
)


class FeedTokens:
    """Writes and reads the tokens of one database that stand for positions in its change feed.

    They are assembled from bytes, not by protobuf, because every response has one.

    Args:
        codec: seals the tokens and opens them.
    """

    def __init__(self, codec: TokenCodec) -> None:
        self._codec = codec
        self._head = _VERSIONED + varint(codec.epoch)

    def resume(self, user_id: str, position: FeedPosition) -> str:
        """Return the resume token of the moment of a read; to watch from, it is valid for this user only."""
        token = (
            self._head
            + bytes_field(_USER, _user_digest(user_id))
            + _POSITION
            + varint(position.position)
            + _CHECK
            + varint(position.check)
        )
        return self._codec.seal(bytes_field(_RESUME, token)).decode("ascii")

    def consistency(self, position: FeedPosition) -> str:
        """Return the consistency token of a write."""
        token = self._head + _WRITE_POSITION + varint(position.position) + _WRITE_CHECK + varint(position.check)
        return self._codec.seal(bytes_field(_CONSISTENCY, token)).decode("ascii")

    def watch_start(self, user_id: str, text: str) -> FeedPosition | None:
        """Return the position from which a watch goes on; None if the text is empty.

        Raises:
            InvalidArgumentError: `RESUME_TOKEN_MALFORMED` if it is no token of the feed, `NOT_A_RESUME_TOKEN` for a
                consistency token, `RESUME_TOKEN_MISMATCH` for the token of another user.
            TokenTooOldError: `RESUME_TOKEN_FOREIGN` for a token of another database; `RESUME_TOKEN_TOO_OLD` for one of
                version 1, which does not say whether a read or a write returned it.
        """
        if not text:
            return None
        try:
            kind, token = self._codec.unseal(text)
        except TokenError as error:
            raise foreign_token() if error.foreign else _malformed() from None
        if kind == "consistency":
            raise InvalidArgumentError(
                Reason.NOT_A_RESUME_TOKEN,
                "is the token of a write, from which nobody can watch: use the resume token of a read",
                field="resume_token",
            )
        if kind != "resume":
            raise _malformed()
        if token.user_digest != _user_digest(user_id):
            raise InvalidArgumentError(
                Reason.RESUME_TOKEN_MISMATCH, "is the token of another user", field="resume_token"
            )
        if token.version != VERSION:
            raise TokenTooOldError(
                Reason.RESUME_TOKEN_TOO_OLD,
                "was issued by an older version of the server: list again, and watch from the new token",
                field="resume_token",
            )
        return FeedPosition(token.position, token.check)

    def reads(self, store: Store, consistency: Consistency) -> CallReads:
        """Return the object with which a call reads from the database.

        Args:
            store: the open database.
            consistency: how fresh the data must be.

        Raises:
            InvalidArgumentError: `OUT_OF_BOUNDS` for a flag that is false, `CONSISTENCY_TOKEN_MALFORMED` for a text
                that is no token of the feed.
            TokenTooOldError: `CONSISTENCY_TOKEN_FOREIGN` for a token of another database.
        """
        kind = consistency.WhichOneof("requirement")
        if kind is None:
            return CallReads(store)
        if kind == "at_least_as_fresh":
            return ConsistentReads(store, self._position(consistency.at_least_as_fresh))
        if not getattr(consistency, kind):
            raise InvalidArgumentError(Reason.OUT_OF_BOUNDS, "may only be true", field=f"consistency.{kind}")
        return CallReads(store) if kind == "latest" else FastReads(store)

    def _position(self, text: str) -> FeedPosition:
        try:
            kind, token = self._codec.unseal(text)
        except TokenError as error:
            raise foreign_position() if error.foreign else _malformed_freshness() from None
        if kind not in ("resume", "consistency"):
            raise _malformed_freshness()
        return FeedPosition(token.position, token.check)


@lru_cache(maxsize=65536)
def _user_digest(user_id: str) -> bytes:
    return query_digest(user_id)


def _malformed() -> InvalidArgumentError:
    return InvalidArgumentError(
        Reason.RESUME_TOKEN_MALFORMED, "is not a resume token of this server", field="resume_token"
    )


def _malformed_freshness() -> InvalidArgumentError:
    return InvalidArgumentError(
        Reason.CONSISTENCY_TOKEN_MALFORMED, "is not a token of this server", field=_FRESHNESS_FIELD
    )
