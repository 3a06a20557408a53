"""Page tokens of a history. They are assembled from bytes, not by protobuf: every page has two, and this costs less."""

from typing import Final

from backscroll_server.domain.message_codec import bytes_field, length_tag, varint, varint_tag
from backscroll_server.domain.records import FeedPosition
from backscroll_server.transport.tokens.codec import DIGEST_BYTES, VERSION, TokenCodec, open_page_token
from backscroll_server.transport.tokens.v1.token_pb2 import HistoryToken, SignedToken

_USER: Final = varint_tag(HistoryToken.USER_FIELD_NUMBER)
_EPOCH: Final = varint_tag(HistoryToken.EPOCH_FIELD_NUMBER)
_POSITION: Final = varint_tag(HistoryToken.SEEN_POSITION_FIELD_NUMBER)
_CHECK: Final = varint_tag(HistoryToken.SEEN_CHECK_FIELD_NUMBER)

_UP: Final = varint_tag(HistoryToken.BOUNDARY_FIELD_NUMBER)
_DOWN: Final = varint_tag(HistoryToken.DOWN_FIELD_NUMBER) + varint(True) + _UP

# The version and the tag of the field that follows it.
_VERSIONED: Final = (
    varint_tag(HistoryToken.VERSION_FIELD_NUMBER) + varint(VERSION) + varint_tag(HistoryToken.CONVERSATION_FIELD_NUMBER)
)
# The tag and length of a query's digest.
_QUERY: Final = bytes_field(HistoryToken.QUERY_DIGEST_FIELD_NUMBER, bytes(DIGEST_BYTES))[:-DIGEST_BYTES]
# The tag of a token and each length that it can have.
_FRAMES: Final = tuple(length_tag(SignedToken.HISTORY_FIELD_NUMBER) + varint(length) for length in range(128))


def history_walk(
    codec: TokenCodec, *, conversation: int, user: int, query_digest: bytes, read_at: FeedPosition
) -> bytes:
    """Return the encoded fields that the two page tokens of one page of history share, for `encode_history`.

    Args:
        codec: seals the tokens.
        conversation: the internal number of the conversation.
        user: the internal number of the reading user.
        query_digest: the digest of the query, from the function of this name.
        read_at: the position of the change feed that the page held.
    """
    return (
        _VERSIONED
        + varint(conversation)
        + _USER
        + varint(user)
        + _QUERY
        + query_digest
        + _POSITION
        + varint(read_at.position)
        + _CHECK
        + varint(read_at.check)
        + _EPOCH
        + varint(codec.epoch)
    )


def encode_history(codec: TokenCodec, walk: bytes, boundary: int, *, down: bool) -> bytes:
    """Return a page token of a history, as ASCII bytes.

    Args:
        codec: seals the token.
        walk: the bytes that `history_walk` returned.
        boundary: the sequence from which the page goes on: upwards with messages at or below it, downwards with
            messages above it.
        down: whether the page goes towards newer messages.
    """
    token = walk + (_DOWN if down else _UP) + varint(boundary)
    return codec.seal(_FRAMES[len(token)] + token)


def decode_history(codec: TokenCodec, text: str) -> HistoryToken:
    """Return the fields of a page token of a history.

    Raises:
        InvalidArgumentError: `PAGE_TOKEN_MALFORMED` for any text that is not such a token.
        TokenTooOldError: `PAGE_TOKEN_TOO_OLD` for one of another database, or from before a restore.
    """
    token: HistoryToken = open_page_token(codec, text, "history")
    return token
