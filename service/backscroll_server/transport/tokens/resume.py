"""Resume tokens: positions in the change feed, bound to a user and a database."""

from functools import lru_cache

from backscroll_server.domain.errors import DomainError, InvalidArgumentError, Reason
from backscroll_server.domain.records import FeedPosition
from backscroll_server.services.changes.watch import foreign_token
from backscroll_server.services.consistency import CallReads, ConsistentReads
from backscroll_server.services.store import Store
from backscroll_server.transport.tokens.codec import TokenCodec, query_digest


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
        token = self._codec.encode_resume(
            epoch=self._epoch,
            user_digest=_user_digest(user_id),
            position=position.position,
            check=position.check,
        )
        return token.decode("ascii")

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
            token = self._codec.decode_resume(text)
        except InvalidArgumentError:
            # The signature of another database's token cannot be right. It grants nothing, so its form is enough to
            # distinguish it from garbage.
            if self._codec.foreign_epoch(text, self._epoch):
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
