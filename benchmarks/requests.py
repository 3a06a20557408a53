"""Encoded requests, made before the clock runs or, for sends, by filling a number into an encoded template.

Making a request by protobuf costs the client a good part of what a call costs, and the client must not be the limit.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from itertools import count

from backscroll.v1 import conversation_pb2, message_service_pb2
from benchmarks.dataset import sentence

LIST_MESSAGES = "/backscroll.v1.MessageService/ListMessages"
SEND_MESSAGE = "/backscroll.v1.MessageService/SendMessage"
BATCH_SEND_MESSAGES = "/backscroll.v1.MessageService/BatchSendMessages"
WATCH = "/backscroll.v1.EventService/Watch"
LIST_CONVERSATIONS = "/backscroll.v1.ConversationService/ListConversations"
STREAM_CONVERSATIONS = "/backscroll.v1.ConversationService/StreamConversations"
GET_UNREAD_SUMMARY = "/backscroll.v1.ConversationService/GetUnreadSummary"
MARK_ALL_CONVERSATIONS_READ = "/backscroll.v1.ConversationService/MarkAllConversationsRead"
LIST_CHANGES = "/backscroll.v1.EventService/ListChanges"
CHECK_HEALTH = "/grpc.health.v1.Health/Check"

_MARK = "#" * 16
_ROUND_DIGITS = 4


def page_request(user_id: str, conversation_id: str, sequence: int) -> bytes:
    """Ask for the 50 messages before a sequence."""
    return message_service_pb2.ListMessagesRequest(
        user_id=user_id,
        conversation=conversation_pb2.ConversationReference(conversation_id=conversation_id),
        start=message_service_pb2.HistoryStart(sequence=sequence),
        direction=message_service_pb2.SEARCH_DIRECTION_UP,
        page_size=50,
    ).SerializeToString()


def send_template(user_id: str, conversation_id: str, number: int) -> bytes:
    """Return a send whose text and client message id have room for a number."""
    return message_service_pb2.SendMessageRequest(
        user_id=user_id,
        conversation=conversation_pb2.ConversationReference(conversation_id=conversation_id),
        message={"content": {"text": {"text": f"{sentence(number)} {_MARK}"}}, "client_message_id": _MARK},
    ).SerializeToString()


def batch_template(user_id: str, conversation_ids: Sequence[str], size: int) -> bytes:
    """Return a batch of sends to conversations in turn; texts and client message ids have room for a number."""
    request = message_service_pb2.BatchSendMessagesRequest(user_id=user_id)
    for index in range(size):
        request.items.add(
            conversation={"conversation_id": conversation_ids[index % len(conversation_ids)]},
            message={
                "content": {"text": {"text": f"{sentence(index)} {_MARK}"}},
                "client_message_id": f"{index:03}-{_MARK}",
            },
        )
    return request.SerializeToString()


def filled(templates: Sequence[bytes]) -> Callable[[int], Iterator[bytes]]:
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


def dealt(requests: list[bytes], rounds: int) -> Callable[[int], Iterator[bytes]]:
    """Deal different requests out to the rounds, shuffled, so that neighbours share as little as strangers."""
    random.Random(1).shuffle(requests)
    share = len(requests) // (rounds + 1)
    return lambda number: iter(requests[number * share : (number + 1) * share])
