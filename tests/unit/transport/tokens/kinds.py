"""The kinds of tokens: one of each, its functions, and the errors for texts that are none of this database's."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from backscroll.v1.consistency_pb2 import Consistency
from backscroll_server.domain.errors import Reason
from backscroll_server.domain.records import FeedPosition
from backscroll_server.services.consistency import ConsistentReads
from backscroll_server.transport.tokens.codec import TokenCodec
from backscroll_server.transport.tokens.conversation_list import (
    decode_conversation_list,
    encode_conversation_list,
    walk_of,
)
from backscroll_server.transport.tokens.feed import FeedTokens
from backscroll_server.transport.tokens.history import decode_history, encode_history, history_walk
from backscroll_server.transport.tokens.member_list import decode_member_list, encode_member_list
from backscroll_server.transport.tokens.v1.token_pb2 import ConversationListToken, HistoryToken, MemberListToken

EPOCH = 2**48 - 1
CODEC = TokenCodec(b"a secret of this database", EPOCH)
POSITION = FeedPosition(2**40, 77)

HISTORY = HistoryToken(
    conversation=7,
    user=12,
    down=True,
    boundary=2**62,
    query_digest=b"8 bytes.",
    seen_position=9,
    seen_check=2**32 - 1,
)
LIST = ConversationListToken(
    user=12, query_digest=b"8 bytes.", first_position=3, activity_time=4, conversation=7, conversation_id="s:a:b"
)
MEMBERS = MemberListToken(conversation=7, user=12, query_digest=b"8 bytes.", after_order=99)


def history_text(codec: TokenCodec, token: HistoryToken = HISTORY) -> str:
    walk = history_walk(
        codec,
        conversation=token.conversation,
        user=token.user,
        query_digest=token.query_digest,
        read_at=FeedPosition(token.seen_position, token.seen_check),
    )
    return encode_history(codec, walk, token.boundary, down=token.down).decode()


def list_text(codec: TokenCodec) -> str:
    return encode_conversation_list(codec, user=LIST.user, query_digest=LIST.query_digest, walk=walk_of(LIST))


def members_text(codec: TokenCodec) -> str:
    return encode_member_list(
        codec,
        conversation=MEMBERS.conversation,
        user=MEMBERS.user,
        query_digest=MEMBERS.query_digest,
        after=MEMBERS.after_order,
        read_at=FeedPosition(MEMBERS.seen_position, MEMBERS.seen_check),
    )


class StoreWithoutReplica:
    """As much of a store as is looked at before anything is read."""

    replica = None


def freshness(codec: TokenCodec, text: str) -> FeedPosition | None:
    """The position that a read with this text for `at_least_as_fresh` must hold."""
    store: Any = StoreWithoutReplica()
    reads = FeedTokens(codec).reads(store, Consistency(at_least_as_fresh=text))
    assert isinstance(reads, ConsistentReads)
    return reads._position


@dataclass(frozen=True)
class Kind:
    """One kind of token, in one of its uses.

    Attributes:
        encode: makes such a token of a database.
        decode: reads it.
        decoded: what is read, but for the version and the epoch.
        field: the path of the field that holds it.
        malformed: the reason for a text that is no such token.
        foreign: the reason for a token of another database.
    """

    encode: Callable[[TokenCodec], str]
    decode: Callable[[TokenCodec, str], Any]
    decoded: Any
    field: str = "page_token"
    malformed: Reason = Reason.PAGE_TOKEN_MALFORMED
    foreign: Reason = Reason.PAGE_TOKEN_TOO_OLD


RESUME = Kind(
    lambda codec: FeedTokens(codec).resume("ann", POSITION),
    lambda codec, text: FeedTokens(codec).watch_start("ann", text),
    POSITION,
    "resume_token",
    Reason.RESUME_TOKEN_MALFORMED,
    Reason.RESUME_TOKEN_FOREIGN,
)
CONSISTENCY = Kind(
    lambda codec: FeedTokens(codec).consistency(POSITION),
    freshness,
    POSITION,
    "consistency.at_least_as_fresh",
    Reason.CONSISTENCY_TOKEN_MALFORMED,
    Reason.CONSISTENCY_TOKEN_FOREIGN,
)

KINDS: dict[str, Kind] = {
    "history": Kind(history_text, decode_history, HISTORY),
    "list": Kind(list_text, decode_conversation_list, LIST),
    "members": Kind(members_text, decode_member_list, MEMBERS),
    "resume": RESUME,
    "consistency": CONSISTENCY,
    "resume in a read": replace(CONSISTENCY, encode=RESUME.encode),
}
