"""Resume tokens: places in the change feed, bound to a user and a database."""

from functools import lru_cache

from backscroll_server.storage.feed_rows import FeedPosition
from backscroll_server.transport.tokens import TokenCodec, query_digest


class ResumeTokens:
    """Writes resume tokens.

    Args:
        codec: signs them.
        epoch: the database's epoch.
    """

    def __init__(self, codec: TokenCodec, epoch: int) -> None:
        self._codec = codec
        self._epoch = epoch

    def encode(self, user_id: str, position: FeedPosition) -> str:
        """The token of a user for a place in the feed."""
        token = self._codec.encode_resume(
            epoch=self._epoch,
            user_digest=_user_digest(user_id),
            position=position.position,
            check=position.check,
        )
        return token.decode("ascii")


@lru_cache(maxsize=65536)
def _user_digest(user_id: str) -> bytes:
    return query_digest(user_id)
