"""Encoded requests, made before the clock runs or, for sends, by filling a number into an encoded template.

Making a request by protobuf costs the client a good part of what a call costs, and the client must not be the limit.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from itertools import count

from benchmarks.contract import Contract
from benchmarks.dataset import sentence

LIST_MESSAGES = "ListMessages"
SEND_MESSAGE = "SendMessage"
BATCH_SEND_MESSAGES = "BatchSendMessages"
WATCH_EVENTS = "WatchEvents"
LIST_CONVERSATIONS = "ListConversations"
STREAM_CONVERSATIONS = "StreamConversations"
GET_UNREAD_SUMMARY = "GetUnreadSummary"
MARK_ALL_CONVERSATIONS_READ = "MarkAllConversationsRead"
LIST_EVENTS = "ListEvents"
GET_OR_CREATE_CONVERSATION = "GetOrCreateConversation"
ADD_MEMBERS = "AddMembers"
CHECK_HEALTH_PATH = "/grpc.health.v1.Health/Check"

Requests = Callable[[int], Iterator[bytes]]
"""The encoded requests of the round of a number."""

_MARK = "#" * 16
_ROUND_DIGITS = 4


def page_request(contract: Contract, user_id: str, conversation_id: str, sequence: int) -> bytes:
    """Ask for the 50 messages before a sequence."""
    return contract.request(
        LIST_MESSAGES,
        user_id=user_id,
        conversation={"conversation_id": conversation_id},
        start={"sequence": sequence},
        direction="SEARCH_DIRECTION_UP",
        page_size=50,
    )


def list_request(contract: Contract, user_id: str, skip: int, size: int) -> bytes:
    """Ask for a page of a user's list."""
    return contract.request(LIST_CONVERSATIONS, user_id=user_id, page_size=size, skip=skip)


def send_template(contract: Contract, user_id: str, conversation_id: str, number: int) -> bytes:
    """Return a send whose text and client message id have room for a number."""
    return contract.request(
        SEND_MESSAGE,
        user_id=user_id,
        conversation={"conversation_id": conversation_id},
        message={"content": {"text": {"text": f"{sentence(number)} {_MARK}"}}, "client_message_id": _MARK},
    )


def batch_template(contract: Contract, user_id: str, conversation_ids: Sequence[str], size: int) -> bytes:
    """Return a batch of sends to conversations in turn; texts and client message ids have room for a number."""
    items = [
        {
            "conversation": {"conversation_id": conversation_ids[index % len(conversation_ids)]},
            "message": {
                "content": {"text": {"text": f"{sentence(index)} {_MARK}"}},
                "client_message_id": f"{index:03}-{_MARK}",
            },
        }
        for index in range(size)
    ]
    return contract.request(BATCH_SEND_MESSAGES, user_id=user_id, items=items)


def filled(templates: Sequence[bytes]) -> Requests:
    """Return the requests of a round: templates in turn, each with a number that no other request of any round has."""

    def requests(number: int) -> Iterator[bytes]:
        for index in count():
            yield filled_with(templates[index % len(templates)], number, index)[0]

    return requests


def filled_with(template: bytes, number: int, index: int) -> tuple[bytes, bytes]:
    """Return the request of a round with an index in it, and the mark that both make together."""
    mark = _MARK.encode()
    unique = b"%0*d-%0*d" % (_ROUND_DIGITS, number, len(mark) - _ROUND_DIGITS - 1, index)
    return template.replace(mark, unique), unique


def dealt(requests: list[bytes], rounds: int) -> Requests:
    """Deal different requests out to the rounds, shuffled, so that neighbours share as little as strangers."""
    random.Random(1).shuffle(requests)
    share = len(requests) // (rounds + 1)
    return lambda number: iter(requests[number * share : (number + 1) * share])
