"""Send messages to a user, follow the user's events over lost connections and restarts, and page the history.

Usage: python follow.py USER PEER COUNT, with the package backscroll-client alone. COUNT messages go from PEER to
USER; the status is 0 when they have come. Environment: BACKSCROLL_ADDRESS (else 127.0.0.1:50051), BACKSCROLL_TLS_CA (a
file of the authority of the server's certificate, else plain text), BACKSCROLL_TOKEN (a service key, or a token).
"""

import os
import random
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import grpc
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status

from backscroll.v1.conversation_pb2 import CONVERSATION_TYPE_SINGLE, ConversationReference, ConversationTarget
from backscroll.v1.conversation_service_pb2 import GetOrCreateConversationRequest
from backscroll.v1.conversation_service_pb2_grpc import ConversationServiceStub
from backscroll.v1.event_service_pb2 import WatchEventsRequest
from backscroll.v1.event_service_pb2_grpc import EventServiceStub
from backscroll.v1.message_pb2 import Content, Message, OutgoingMessage, TextContent
from backscroll.v1.message_service_pb2 import ListMessagesRequest, SearchDirection, SendMessageRequest
from backscroll.v1.message_service_pb2_grpc import MessageServiceStub

METADATA = [("authorization", f"Bearer {token}")] if (token := os.environ.get("BACKSCROLL_TOKEN")) else []
PASSING = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.DEADLINE_EXCEEDED)


def connect() -> grpc.Channel:
    """Return a channel that retries what is safe in any case, and notices a connection that is lost without a word."""
    address, authority = os.environ.get("BACKSCROLL_ADDRESS", "127.0.0.1:50051"), os.environ.get("BACKSCROLL_TLS_CA")
    options = [
        ("grpc.service_config", (files("backscroll") / "grpc_service_config.json").read_text()),
        ("grpc.keepalive_time_ms", 30_000),
        ("grpc.max_reconnect_backoff_ms", 2_000),
    ]
    if not authority:
        return grpc.insecure_channel(address, options)
    return grpc.secure_channel(address, grpc.ssl_channel_credentials(Path(authority).read_bytes()), options)


def wait(error: Any, attempt: int) -> int:
    """Wait after an error that passes, as long as RetryInfo says, else longer each time; return the next attempt."""
    if error.code() not in PASSING:
        raise error
    retry = RetryInfo()
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            for detail in Status.FromString(value).details:
                detail.Unpack(retry)
    seconds = retry.retry_delay.ToTimedelta().total_seconds() or 0.1 * 2 ** min(attempt, 6)
    time.sleep(seconds * random.uniform(1, 1.2))  # Clients that lost one server do not come back together.
    return attempt + 1


def patiently(method: Callable[..., Any], request: Any) -> Any:
    """Make a call that is safe to repeat, with attempts while the server is away or busy."""
    attempt = 0
    while True:
        try:
            return method(request, timeout=10, metadata=METADATA)
        except grpc.RpcError as error:
            attempt = wait(error, attempt)


def pair_with(user: str) -> ConversationReference:
    """Return the conversation of the caller with a user."""
    return ConversationReference(target=ConversationTarget(type=CONVERSATION_TYPE_SINGLE, id=user))


def send(channel: grpc.Channel, user: str, peer: str, count: int) -> None:
    """Send messages from the peer to the user. With its client_message_id a repeated attempt stores nothing twice."""
    try:
        for number in range(count):
            text = Content(text=TextContent(text=f"number {number}"))
            message = OutgoingMessage(content=text, client_message_id=str(uuid.uuid4()))
            request = SendMessageRequest(user_id=peer, conversation=pair_with(user), message=message)
            patiently(MessageServiceStub(channel).SendMessage, request)
            time.sleep(0.1)
    except grpc.RpcError as error:
        print(error, file=sys.stderr, flush=True)
        os._exit(1)  # The main thread waits for messages that do not come.


def history(channel: grpc.Channel, user: str, peer: str, direction: SearchDirection) -> Iterator[Message]:
    """Yield the user's whole history with the peer, page by page: newest first for UP, oldest first for DOWN."""
    create = GetOrCreateConversationRequest(user_id=user, conversation=pair_with(peer))
    patiently(ConversationServiceStub(channel).GetOrCreateConversation, create)
    request = ListMessagesRequest(user_id=user, conversation=pair_with(peer), direction=direction, page_size=50)
    more = True
    while more:
        page = patiently(MessageServiceStub(channel).ListMessages, request)
        yield from page.messages
        request.page_token = page.next_page_token
        more = bool(page.next_page_token)


def follow(channel: grpc.Channel, user: str, peer: str) -> Iterator[list[Message]]:
    """Yield the messages that reach a user as they come, without end; where it begins, those that are stored."""
    token, attempt = "", 0
    while True:
        try:
            request = WatchEventsRequest(user_id=user, resume_token=token)
            for response in EventServiceStub(channel).WatchEvents(request, metadata=METADATA):
                come = [one.message_received.message for one in response.events if one.HasField("message_received")]
                yield come if token else [*history(channel, user, peer, SearchDirection.SEARCH_DIRECTION_DOWN), *come]
                token, attempt = response.resume_token, 0  # Store it together with what the events changed.
        except grpc.RpcError as error:
            if error.code() is grpc.StatusCode.OUT_OF_RANGE:
                print(f"begins again: {error.details()}", flush=True)
                token = ""
            else:
                attempt = wait(error, attempt)


def main(user: str, peer: str, count: int) -> None:
    """Send, follow until the messages have come, and page both ways."""
    with connect() as channel:
        batches = follow(channel, user, peer)
        known = {message.message_id for message in next(batches)}
        last = len(known) + count
        threading.Thread(target=send, args=(channel, user, peer, count), daemon=True).start()
        while len(known) < last:
            for message in next(batches):
                if message.message_id not in known:  # What was received shortly before a loss may come again.
                    known.add(message.message_id)
                    print(f"received {message.message_id}", flush=True)
        for direction in (SearchDirection.SEARCH_DIRECTION_UP, SearchDirection.SEARCH_DIRECTION_DOWN):
            print(f"in the history: {sum(1 for _ in history(channel, user, peer, direction))}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
