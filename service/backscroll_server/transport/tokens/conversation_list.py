"""Page tokens of a list of conversations."""

from backscroll_server.domain.records import FeedPosition, ListKey
from backscroll_server.services.conversations.list_page import WalkState
from backscroll_server.transport.tokens.codec import VERSION, TokenCodec, open_page_token
from backscroll_server.transport.tokens.v1.token_pb2 import ConversationListToken, SignedToken


def encode_conversation_list(codec: TokenCodec, *, user: int, query_digest: bytes, walk: WalkState) -> str:
    """Return the page token that continues a walk through a list.

    Args:
        codec: seals the token.
        user: the internal number of the user.
        query_digest: the digest of the filter, which must stay equal from page to page.
        walk: the progress of the walk.
    """
    after = walk.after or ListKey(0, 0, "", 0)
    token = ConversationListToken(
        version=VERSION,
        epoch=codec.epoch,
        user=user,
        query_digest=query_digest,
        first_position=walk.start.position,
        first_check=walk.start.check,
        pin_time=after.pin_time,
        activity_time=after.activity,
        conversation_id=after.conversation_id,
        conversation=after.conversation,
        end_position=walk.end or 0,
        seen_position=walk.read_at.position,
        seen_check=walk.read_at.check,
    )
    return codec.seal(SignedToken(conversation_list=token).SerializeToString()).decode("ascii")


def decode_conversation_list(codec: TokenCodec, text: str) -> ConversationListToken:
    """Return the fields of a page token of a list of conversations.

    Raises:
        InvalidArgumentError: `PAGE_TOKEN_MALFORMED` for any text that is not such a token.
        TokenTooOldError: `PAGE_TOKEN_TOO_OLD` for one of another database, or from before a restore.
    """
    token: ConversationListToken = open_page_token(codec, text, "conversation_list")
    return token


def walk_of(token: ConversationListToken) -> WalkState:
    """Return the progress of the walk that a page token continues."""
    return WalkState(
        start=FeedPosition(token.first_position, token.first_check),
        after=ListKey(token.pin_time, token.activity_time, token.conversation_id, token.conversation),
        end=token.end_position or None,
        read_at=FeedPosition(token.seen_position, token.seen_check),
    )
