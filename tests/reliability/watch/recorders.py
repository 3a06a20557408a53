"""Watchers of a real server that write down what they are sent, come back after every end, and read the log."""

import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from backscroll.v1 import deletion_pb2, event_pb2, event_service_pb2, event_service_pb2_grpc
from tests.reliability.watch.recorded_streams import Chain, DatabaseProperty, DeliveredEvent, Group, Response, Stream
from tests.support.api_client import failure_of
from tests.support.patience import PATIENCE_SECONDS

_RETRY_SECONDS = 0.05
_CHANNEL_OPTIONS = [
    ("grpc.max_receive_message_length", 64 << 20),
    # A server that is started again is found at once.
    ("grpc.initial_reconnect_backoff_ms", 50),
    # This is how long an attempt may take.
    ("grpc.min_reconnect_backoff_ms", 5000),
    ("grpc.max_reconnect_backoff_ms", 100),
    # Channels of one process share a connection otherwise, and with it its flow control.
    ("grpc.use_local_subchannel_pool", 1),
]


def connect(target: str) -> grpc.Channel:
    """A connection of its own."""
    return grpc.insecure_channel(target, options=_CHANNEL_OPTIONS)


def expect(event: event_pb2.Event) -> Iterator[DeliveredEvent]:
    """An event as plain values; one for each message that it names."""
    kind = event.WhichOneof("kind") or ""
    body = getattr(event, kind)
    for conversation_id, what, content in _parts(kind, body):
        yield DeliveredEvent(kind, conversation_id, what, event.device_id, content, event.notify)


def _parts(kind: str, body: object) -> Iterator[tuple[str, tuple[str | int, ...], bytes]]:
    match body:
        case event_pb2.MessageReceived():
            yield body.message.conversation_id, (body.message.sequence,), b""
        case event_pb2.MessagesDeleted():
            yield from _deleted(body)
        case event_pb2.ReadPositionMoved():
            yield body.conversation_id, (body.reader_id, body.read_sequence), b""
        case event_pb2.HistoryChanged():
            yield body.conversation_id, (body.first_sequence, body.last_sequence, body.reason), b""
        case event_pb2.MembersChanged():
            # Members are named as they are when it is sent, those who have left since are not.
            yield body.conversation_id, (body.actor_id,), body.SerializeToString(deterministic=True)
        case event_pb2.ConversationRemoved():
            # What is gone for who had left meanwhile reaches to the end of the window, which rejoining may move.
            only_own = body.scope == deletion_pb2.DELETION_SCOPE_SELF
            cleared = body.cleared_range.up_to_sequence if only_own else -1
            yield body.conversation_id, (cleared, body.scope, body.deleted_by), b""
        case event_pb2.UserSettingsChanged():
            # The settings are today's, whenever it is sent.
            yield "", (), b""
        case event_pb2.TotalUnreadChanged():
            yield "", (), body.totals.SerializeToString(deterministic=True)
        case event_pb2.ConversationAdded() | event_pb2.ConversationChanged():
            yield body.conversation.conversation_id, (), body.conversation.SerializeToString(deterministic=True)
        case _:
            raise AssertionError(f"an event of an unknown kind {kind!r}")


def _deleted(body: event_pb2.MessagesDeleted) -> Iterator[tuple[str, tuple[str | int, ...], bytes]]:
    if body.HasField("range"):
        yield body.conversation_id, ("up to", body.range.up_to_sequence, body.scope, body.reason), b""
    for message in body.messages.messages:
        what = (message.message_id, message.sequence, body.scope, body.reason)
        yield body.conversation_id, what, message.SerializeToString(deterministic=True)


@dataclass
class Watcher:
    """One device of a user: watches, is interrupted, and goes on from the last token that it processed.

    Attributes:
        target: where the server is; the same after it was started again.
        user: whose changes.
        start: the first token.
        dice: decides about its pauses.
        pauses: how likely it stops reading for a while after a response.
        trusting: whether it goes on from the token that an error offers, where it does.
        chain: what it was sent.
        delivered: how many events that is.
    """

    target: str
    user: str
    start: str
    dice: random.Random
    pauses: float = 0.0
    trusting: bool = False
    chain: Chain = field(init=False)
    delivered: int = 0

    def __post_init__(self) -> None:
        self.chain = Chain(self.user)
        self._channel = connect(self.target)
        self._stub = event_service_pb2_grpc.EventServiceStub(self._channel)
        self._ended = threading.Event()
        self._call: grpc.Call | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def disconnect(self) -> bool:
        """Ends its stream, wherever it is, and answers whether it had one; it comes back."""
        call, streams = self._call, self.chain.streams
        if call is None or not call.is_active() or not streams[-1].responses:
            return False
        call.cancel()
        return True

    def stop(self) -> None:
        """Ends it for good."""
        self._ended.set()
        if self._call is not None:
            self._call.cancel()
        self._thread.join(PATIENCE_SECONDS)
        self._channel.close()
        if self._thread.is_alive():
            raise AssertionError(f"a watcher of {self.user} does not end")

    def quicken(self) -> None:
        """Lets it read without pauses from now on."""
        self.pauses = 0.0

    @property
    def processed(self) -> str:
        """The token up to which it has seen everything."""
        return self.chain.streams[-1].processed() if self.chain.streams else self.start

    def _run(self) -> None:
        token = self.start
        while not self._ended.is_set():
            stream = Stream(token)
            self.chain.streams.append(stream)
            self._follow(stream)
            token = stream.offered if self.trusting and stream.offered else stream.processed()

    def _follow(self, stream: Stream) -> None:
        call = self._stub.WatchEvents(
            event_service_pb2.WatchEventsRequest(user_id=self.user, resume_token=stream.start), wait_for_ready=True
        )
        self._call = call
        if self._ended.is_set():
            call.cancel()
        try:
            for response in call:
                came = time.monotonic()
                events = tuple(one for event in response.events for one in expect(event))
                stream.responses.append(Response(events, response.resume_token, came))
                self.delivered += len(response.events)
                if self.pauses and self.dice.random() < self.pauses:
                    time.sleep(self.dice.uniform(0.1, 1.5))
            stream.end = "OK"
        except grpc.RpcError as error:
            stream.end = error.code().name
            # A stream that this side cancelled may hold half of how the server ended it.
            if error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED:
                stream.end, stream.offered = failure_of(error).reason, _offered(error)
            if error.code() is grpc.StatusCode.UNAVAILABLE:
                time.sleep(_RETRY_SECONDS)


def _offered(error: Any) -> str:
    """The token that a failure says one may go on from; empty if none."""
    status = rpc_status.from_call(error)
    for detail in status.details if status else ():
        info = error_details_pb2.ErrorInfo()
        if detail.Unpack(info):
            return str(info.metadata.get("resume_token", ""))
    return ""


def begin(events: event_service_pb2_grpc.EventServiceStub, user: str) -> str:
    """The token of now."""
    return str(events.ListEvents(event_service_pb2.ListEventsRequest(user_id=user)).resume_token)


def read_log(
    events: event_service_pb2_grpc.EventServiceStub, user: str, token: str, page_size: int = 1000
) -> list[Group]:
    """Everything behind a token, by polling, page by page."""
    pages = []
    more = True
    while more:
        answer = events.ListEvents(
            event_service_pb2.ListEventsRequest(user_id=user, resume_token=token, page_size=page_size)
        )
        pages.append(Group(tuple(one for event in answer.events for one in expect(event)), answer.resume_token))
        token, more = answer.resume_token, answer.has_more
    return pages


def read_rest(events: event_service_pb2_grpc.EventServiceStub, user: str, token: str) -> list[DatabaseProperty]:
    """The events behind a token, by polling."""
    return [one for page in read_log(events, user, token) for one in page.event_keys]
