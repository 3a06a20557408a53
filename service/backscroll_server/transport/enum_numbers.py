"""The enumerations that have other numbers in the database than in the contract."""

from typing import Any, Final

from backscroll.v1 import conversation_pb2
from backscroll_server.domain.enums import ConversationType, ReceiveOption

CONVERSATION_TYPES: Final[dict[int, ConversationType]] = {
    conversation_pb2.CONVERSATION_TYPE_SINGLE: ConversationType.SINGLE,
    conversation_pb2.CONVERSATION_TYPE_GROUP: ConversationType.GROUP,
    conversation_pb2.CONVERSATION_TYPE_SYSTEM: ConversationType.SYSTEM,
    conversation_pb2.CONVERSATION_TYPE_CHAT_ROOM: ConversationType.CHAT_ROOM,
}
"""Conversation types by their numbers in the contract."""

RECEIVE_OPTIONS: Final[dict[int, ReceiveOption]] = {
    conversation_pb2.RECEIVE_OPTION_BLOCKED: ReceiveOption.BLOCKED,
    conversation_pb2.RECEIVE_OPTION_MUTED: ReceiveOption.MUTED,
    conversation_pb2.RECEIVE_OPTION_NORMAL: ReceiveOption.NORMAL,
}
"""Receive options by their numbers in the contract."""

TYPE_NUMBERS: Final[dict[int, Any]] = {kind: number for number, kind in CONVERSATION_TYPES.items()}
"""The contract's numbers of conversation types by the stored ones."""

OPTION_NUMBERS: Final[dict[int, Any]] = {option: number for number, option in RECEIVE_OPTIONS.items()}
"""The contract's numbers of receive options by the stored ones."""
