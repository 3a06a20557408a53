"""Page tokens of a list of members or readers."""

from backscroll_server.domain.records import FeedPosition
from backscroll_server.transport.tokens.codec import VERSION, TokenCodec, open_page_token
from backscroll_server.transport.tokens.v1.token_pb2 import MemberListToken, SignedToken


def encode_member_list(
    codec: TokenCodec, *, conversation: int, user: int, query_digest: bytes, after: int, read_at: FeedPosition
) -> str:
    """Return the page token that continues a list of members or readers.

    Args:
        codec: seals the token.
        conversation: the internal number of the conversation.
        user: the internal number of the user who lists.
        query_digest: the digest of the query, which must stay equal from page to page.
        after: the order number, in the conversation, of the last member on the page before.
        read_at: the position of the change feed that the page before held.
    """
    token = MemberListToken(
        version=VERSION,
        epoch=codec.epoch,
        conversation=conversation,
        user=user,
        query_digest=query_digest,
        after_order=after,
        seen_position=read_at.position,
        seen_check=read_at.check,
    )
    return codec.seal(SignedToken(member_list=token).SerializeToString()).decode("ascii")


def decode_member_list(codec: TokenCodec, text: str) -> MemberListToken:
    """Return the fields of a page token of a list of members or readers.

    Raises:
        InvalidArgumentError: `PAGE_TOKEN_MALFORMED` for any text that is not such a token.
        TokenTooOldError: `PAGE_TOKEN_TOO_OLD` for one of another database, or from before a restore.
    """
    token: MemberListToken = open_page_token(codec, text, "member_list")
    return token
