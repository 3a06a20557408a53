"""The kinds of tokens: one of each, its functions, and the error for a text that is none."""

from collections.abc import Callable
from functools import partial
from typing import Any

from backscroll_server.domain.errors import Reason
from backscroll_server.domain.records import FeedPosition
from backscroll_server.transport.tokens.codec import TokenCodec
from backscroll_server.transport.tokens.conversation_list import (
    decode_conversation_list,
    encode_conversation_list,
    walk_of,
)
from backscroll_server.transport.tokens.history import decode_history, encode_history, history_walk
from backscroll_server.transport.tokens.member_list import decode_member_list, encode_member_list
from backscroll_server.transport.tokens.resume import decode_resume, encode_resume
from backscroll_server.transport.tokens.v1.token_pb2 import (
    ConversationListToken,
    HistoryToken,
    MemberListToken,
    ResumeToken,
)

CODEC = TokenCodec(b"a secret of this database")

HISTORY = HistoryToken(
    conversation=7, user=12, down=True, boundary=2**62, query_digest=b"8 bytes.", seen_position=9, seen_check=2**32 - 1
)
LIST = ConversationListToken(user=12, query_digest=b"8 bytes.", first_position=3, activity_time=4, conversation=7)
MEMBERS = MemberListToken(conversation=7, user=12, query_digest=b"8 bytes.", after_order=99)
RESUME = ResumeToken(epoch=1, user_digest=b"8 bytes.", position=2**40, check=77)


def history_text(token: HistoryToken, codec: TokenCodec = CODEC) -> str:
    walk = history_walk(
        conversation=token.conversation,
        user=token.user,
        query_digest=token.query_digest,
        read_at=FeedPosition(token.seen_position, token.seen_check),
    )
    return encode_history(codec, walk, token.boundary, down=token.down).decode()


def list_text(token: ConversationListToken) -> str:
    return encode_conversation_list(CODEC, user=token.user, query_digest=token.query_digest, walk=walk_of(token))


def members_text(token: MemberListToken) -> str:
    return encode_member_list(
        CODEC,
        conversation=token.conversation,
        user=token.user,
        query_digest=token.query_digest,
        after=token.after_order,
        read_at=FeedPosition(token.seen_position, token.seen_check),
    )


def resume_text(token: ResumeToken) -> str:
    return encode_resume(CODEC, token.epoch, token.user_digest, FeedPosition(token.position, token.check)).decode()


Kind = tuple[Any, Callable[[Any], str], Callable[[str], Any], Reason, str]

KINDS: dict[str, Kind] = {
    "history": (HISTORY, history_text, partial(decode_history, CODEC), Reason.PAGE_TOKEN_MALFORMED, "page_token"),
    "list": (
        LIST,
        list_text,
        partial(decode_conversation_list, CODEC),
        Reason.PAGE_TOKEN_MALFORMED,
        "page_token",
    ),
    "members": (
        MEMBERS,
        members_text,
        partial(decode_member_list, CODEC),
        Reason.PAGE_TOKEN_MALFORMED,
        "page_token",
    ),
    "resume": (RESUME, resume_text, partial(decode_resume, CODEC), Reason.RESUME_TOKEN_MALFORMED, "resume_token"),
}
