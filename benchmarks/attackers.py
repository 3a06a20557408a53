"""Clients that attack a server, each a process of its own, so that it delays no other client.

`python -m benchmarks.attackers ATTACK ADDRESS SECONDS MOST` attacks for some seconds, or until it did that much, and
prints how much it did, as JSON.
"""

import contextlib
import json
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from threading import Lock
from time import perf_counter, sleep
from typing import Any, Final

# Read when grpc is loaded.
os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"

import click
import grpc

from backscroll.v1 import (
    conversation_pb2,
    event_service_pb2,
    event_service_pb2_grpc,
    message_pb2,
    message_service_pb2,
    message_service_pb2_grpc,
)
from benchmarks import http2

VICTIM: Final = "victim"

_LARGE = "x" * 60_000
_LARGE_AT_ONCE = 40
_REFUSED_BYTES = 2_900_000
_WATCHERS, _EXPORTS = 100, 40
_HISTORY_BATCHES = 20
_MANY_BATCHES, _MANY_AT_ONCE = 60, 500
_THREADS = 8
_RESETS_TOGETHER = 100
_STREAMS_BEFORE_ANOTHER = 60_000
_MOST_STREAMS = 2**31
_OVERLOAD_IN_FLIGHT = 400
_OVERLOAD_SECONDS = 1.0
_PATIENCE_SECONDS = 60
# A connection of its own, whose window stays what it is: an attacker that stops reading takes no more than 64 KiB.
_OPTIONS = (
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.http2.bdp_probe", 0),
    ("grpc.max_receive_message_length", -1),
)


class Attacker:
    """An attack on one server.

    Args:
        address: where the server listens.
        seconds: how long the attack lasts at most, from its end of preparing on.
        most: how much it does at most.

    Attributes:
        address: where the server listens.
        done: how much it did.
    """

    def __init__(self, address: str, seconds: float, most: float) -> None:
        self.address = address
        self.done = 0
        self._seconds = seconds
        self._most = most
        self._started = perf_counter()
        self._counting = Lock()

    def did(self, count: int) -> None:
        """Count what was done."""
        with self._counting:
            self.done += count

    def begin(self) -> None:
        """Start the clock: what came before was preparation."""
        self._started = perf_counter()

    @property
    def goes_on(self) -> bool:
        """True until the time has passed, or so much was done."""
        return self.done < self._most and perf_counter() < self._started + self._seconds

    @property
    def lasted(self) -> float:
        """The seconds since the beginning."""
        return perf_counter() - self._started

    @contextmanager
    def channels(self, count: int) -> Iterator[list[grpc.Channel]]:
        """Open some channels, with a connection each, for the block."""
        with ExitStack() as stack:
            yield [stack.enter_context(grpc.insecure_channel(self.address, _OPTIONS)) for _ in range(count)]


def _single(user_id: str) -> conversation_pb2.ConversationReference:
    target = conversation_pb2.ConversationTarget(type=conversation_pb2.CONVERSATION_TYPE_SINGLE, id=user_id)
    return conversation_pb2.ConversationReference(target=target)


def _text(text: str, **fields: Any) -> message_pb2.OutgoingMessage:
    content = message_pb2.Content(text=message_pb2.TextContent(text=text))
    return message_pb2.OutgoingMessage(content=content, **fields)


def _batch(text: str, count: int, **fields: Any) -> message_service_pb2.BatchSendMessagesRequest:
    item = message_service_pb2.SendItem(conversation=_single(VICTIM), message=_text(text, **fields))
    return message_service_pb2.BatchSendMessagesRequest(user_id="attacker", items=[item] * count)


def _fill(channel: grpc.Channel, text: str, at_once: int, batches: int) -> None:
    messages = message_service_pb2_grpc.MessageServiceStub(channel)
    for _ in range(batches):
        messages.BatchSendMessages(_batch(text, at_once), timeout=_PATIENCE_SECONDS)


def _watch(channel: grpc.Channel) -> Any:
    """Open a watch and read its first response, which has no events."""
    events = event_service_pb2_grpc.EventServiceStub(channel)
    watch = events.WatchEvents(event_service_pb2.WatchEventsRequest(user_id=VICTIM), timeout=_PATIENCE_SECONDS * 2)
    next(watch)
    return watch


def _export(channel: grpc.Channel, sender: str = "") -> Any:
    message_filter = message_service_pb2.MessageFilter(sender_ids=[sender] if sender else [])
    return message_service_pb2_grpc.MessageServiceStub(channel).StreamMessages(
        message_service_pb2.StreamMessagesRequest(
            user_id=VICTIM, conversation=_single("attacker"), filter=message_filter
        ),
        timeout=_PATIENCE_SECONDS * 2,
    )


def send_refused(attacker: Attacker) -> None:
    """Send messages of 2.9 MB, one after the other, which are refused."""
    request = message_service_pb2.SendMessageRequest(
        user_id="attacker", conversation=_single(VICTIM), message=_text("x" * _REFUSED_BYTES)
    )
    with attacker.channels(1) as (channel,):
        messages = message_service_pb2_grpc.MessageServiceStub(channel)
        attacker.begin()
        while attacker.goes_on:
            with contextlib.suppress(grpc.RpcError):
                messages.SendMessage(request, timeout=_PATIENCE_SECONDS)
            attacker.did(1)


def reset_calls(attacker: Attacker) -> None:
    """Open calls and reset each at once, as fast as one connection takes them."""
    attacker.begin()
    while attacker.goes_on:
        _reset_on_a_connection(attacker, _MOST_STREAMS)


def reset_connections(attacker: Attacker) -> None:
    """Do the same over ever new connections: each is given up after 30,000 calls, whether they were taken or not."""
    attacker.begin()
    while attacker.goes_on:
        _reset_on_a_connection(attacker, _STREAMS_BEFORE_ANOTHER)


def _reset_on_a_connection(attacker: Attacker, streams: int) -> None:
    # The server may end such a connection.
    with http2.connected(attacker.address) as connection, contextlib.suppress(OSError):
        for first in range(1, streams, 2 * _RESETS_TOGETHER):
            connection.sendall(http2.reset_calls(first, _RESETS_TOGETHER))
            attacker.did(_RESETS_TOGETHER)
            if not attacker.goes_on:
                return


def stop_watching(attacker: Attacker) -> None:
    """Open 100 watches that are not read from then on, and send messages of 60 kB to their user."""
    with attacker.channels(_WATCHERS) as channels:
        watches = [_watch(channel) for channel in channels]
        attacker.begin()
        while attacker.goes_on:
            _fill(channels[0], _LARGE, _LARGE_AT_ONCE, 1)
            attacker.did(_LARGE_AT_ONCE)
        for watch in watches:
            watch.cancel()


def stop_exporting(attacker: Attacker) -> None:
    """Open 40 exports of a history of 48 MB, each on a connection of its own, read one part and leave them open."""
    with attacker.channels(_EXPORTS) as channels:
        _fill(channels[0], _LARGE, _LARGE_AT_ONCE, _HISTORY_BATCHES)
        attacker.begin()
        exports = [_export(channel) for channel in channels]
        for export in exports:
            next(export)
            attacker.did(1)
        while attacker.goes_on:
            sleep(0.1)
        for export in exports:
            export.cancel()


def drop_watches(attacker: Attacker) -> None:
    """Open watches and drop each after its first response, on a few connections at once."""

    def work(channel: grpc.Channel) -> None:
        while attacker.goes_on:
            # Where the streams of the user are all taken, it is refused.
            with contextlib.suppress(grpc.RpcError):
                _watch(channel).cancel()
            attacker.did(1)

    with attacker.channels(_THREADS) as channels, ThreadPoolExecutor(_THREADS) as threads:
        attacker.begin()
        list(threads.map(work, channels))


def overload(attacker: Attacker) -> None:
    """Keep hundreds of sends of 100 messages waiting, whose deadline is a second."""
    request = _batch("more than there is time for", 100)
    waiting: deque[Any] = deque()
    with attacker.channels(1) as (channel,):
        messages = message_service_pb2_grpc.MessageServiceStub(channel)
        attacker.begin()
        while attacker.goes_on:
            while len(waiting) < _OVERLOAD_IN_FLIGHT:
                waiting.append(messages.BatchSendMessages.future(request, timeout=_OVERLOAD_SECONDS))
                attacker.did(1)
            waiting.popleft().exception()
        for call in waiting:
            call.cancel()


def mention_many(attacker: Attacker) -> None:
    """Send 50 messages a call that mention 100 users each, as many as a call may."""
    users = [f"mentioned-{number}" for number in range(100)]
    mentions = message_pb2.Mentions(kind=message_pb2.MENTION_KIND_USER, user_ids=users)
    request = _batch("you", 50, mentions=mentions)
    with attacker.channels(1) as (channel,):
        messages = message_service_pb2_grpc.MessageServiceStub(channel)
        attacker.begin()
        while attacker.goes_on:
            messages.BatchSendMessages(request, timeout=_PATIENCE_SECONDS)
            attacker.did(1)


def export_nothing(attacker: Attacker) -> None:
    """Export a history of 30,000 messages by a filter that none of them matches, again and again, four at once."""

    def work(channel: grpc.Channel) -> None:
        while attacker.goes_on:
            for _ in _export(channel, "nobody"):
                pass
            attacker.did(1)

    with attacker.channels(4) as channels, ThreadPoolExecutor(4) as threads:
        _fill(channels[0], "one of many", _MANY_AT_ONCE, _MANY_BATCHES)
        attacker.begin()
        list(threads.map(work, channels))


ATTACKS: dict[str, tuple[Callable[[Attacker], None], str]] = {
    "send-refused": (send_refused, "refused sends of 2.9 MB"),
    "reset-calls": (reset_calls, "resets on one connection"),
    "reset-connections": (reset_connections, "resets over ever new connections"),
    "stop-watching": (stop_watching, "messages of 60 kB to 100 watchers that stopped reading"),
    "stop-exporting": (stop_exporting, "exports that stopped reading"),
    "drop-watches": (drop_watches, "watches opened and dropped"),
    "overload": (overload, "sends of 100 messages with a deadline of 1 s"),
    "mention-many": (mention_many, "sends of 50 messages with 100 mentions each"),
    "export-nothing": (export_nothing, "exports of 30,000 messages that none matches"),
}
"""The attacks by name, each with what it counts."""


def main(name: str, address: str, seconds: float, most: float) -> None:
    """Attack a server and print how much was done, and in how many seconds."""
    # Another client may have the same core, and that one is timed.
    os.nice(10)
    attacker = Attacker(address, seconds, most)
    ATTACKS[name][0](attacker)
    click.echo(json.dumps({"done": attacker.done, "seconds": attacker.lasted}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4]))
