"""A server that is killed under load: what it had acknowledged is there when it is back, once, in its place."""

import itertools
import os
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

import grpc
import pytest

from backscroll.v1 import message_pb2, message_service_pb2
from tests.support.api_client import DOWN, ApiClient, Reference, group, sequences, text_message
from tests.support.concurrent_calls import repeating
from tests.support.database_check import assert_sound
from tests.support.fixtures import Ids, NewDatabase
from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_process import RunningServer, start_server

ROUNDS = 100 if os.environ.get("BACKSCROLL_TEST_PROFILE") == "deep" else 4
GONE = {
    grpc.StatusCode.UNAVAILABLE,
    # What grpc answers for a call that arrives in the moment in which it closes the connections: it is never begun.
    grpc.StatusCode.CANCELLED,
}
SENDERS = 4
BATCH = 20
CHUNK = 500

Stored = message_pb2.Message | message_service_pb2.SentMessage
"""What is answered to a message sent alone, and to one of a batch."""


@dataclass
class Acknowledged:
    """What the server said is done, and what it was asked for and did not answer.

    Attributes:
        messages: what was answered to sends, by the ids that their senders gave.
    """

    messages: dict[str, Stored] = field(default_factory=dict)
    in_doubt: dict[str, str] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    recalled: set[int] = field(default_factory=set)
    maybe_removed: set[int] = field(default_factory=set)
    read: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def asked(self, sender: str, *client_ids: str) -> None:
        """Notes messages before they are sent."""
        with self.lock:
            self.in_doubt.update(dict.fromkeys(client_ids, sender))

    def stored(self, client_ids: Iterable[str], messages: Iterable[Stored]) -> None:
        """Notes messages that were answered."""
        with self.lock:
            for client_id, message in zip(client_ids, messages, strict=True):
                self.in_doubt.pop(client_id, None)
                self.messages[client_id] = message

    def some_message(self, dice: random.Random) -> Stored | None:
        """One acknowledged message."""
        with self.lock:
            return dice.choice(list(self.messages.values())) if self.messages else None


@pytest.fixture
def database(new_database: NewDatabase) -> str:
    """A database of its own: the server on it is killed."""
    return new_database()


@dataclass
class Load:
    """Callers that write to one group until the server is gone."""

    club: Reference
    owner: str
    reader: str
    done: Acknowledged
    dice: random.Random
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def steps(self, api: ApiClient, senders: list[str]) -> list[Callable[[], None]]:
        """What is repeated, each in a thread of its own."""
        steps = [partial(self._send, api, sender) for sender in senders[::2]]
        steps += [partial(self._send_batch, api, sender) for sender in senders[1::2]]
        steps += [partial(self._read, api), partial(self._remove, api)]
        return [partial(until_the_server_is_gone, step) for step in steps]

    def _send(self, api: ApiClient, sender: str) -> None:
        client_id = f"id {next(self.numbers)}"
        self.done.asked(sender, client_id)
        sent = api.send(sender, self.club, client_id, client_message_id=client_id, keep_unread=True)
        self.done.stored([client_id], [sent])

    def _send_batch(self, api: ApiClient, sender: str) -> None:
        client_ids = [f"id {next(self.numbers)}" for _ in range(BATCH)]
        self.done.asked(sender, *client_ids)
        items = [
            message_service_pb2.SendItem(
                conversation=self.club, message=text_message(client_id, client_message_id=client_id), keep_unread=True
            )
            for client_id in client_ids
        ]
        answer = api.messages.BatchSendMessages(
            message_service_pb2.BatchSendMessagesRequest(user_id=sender, items=items)
        )
        self.done.stored(client_ids, [result.message for result in answer.results])

    def _read(self, api: ApiClient) -> None:
        message = self.done.some_message(self.dice)
        if message is not None:
            self.done.read = api.read(self.reader, self.club, up_to_sequence=message.sequence).read_sequence
        time.sleep(0.002)

    def _remove(self, api: ApiClient) -> None:
        message = self.done.some_message(self.dice)
        if message is not None:
            self.done.maybe_removed.add(message.sequence)
            if self.dice.random() < 0.5:
                api.delete_ids(self.reader, self.club, [message.message_id])
                self.done.hidden.add(message.sequence)
            else:
                api.recall(self.owner, self.club, message.message_id)
                self.done.recalled.add(message.sequence)
        time.sleep(0.002)


def until_the_server_is_gone(step: Callable[[], None]) -> None:
    """Makes a step; ends its repetition when the server does not answer any more."""
    try:
        step()
    except grpc.RpcError as error:
        if error.code() not in GONE:
            raise
        raise StopIteration from error


def assert_nothing_is_lost_or_doubled(api: ApiClient, load: Load) -> None:
    """Holds a server that was started again to what the one before it acknowledged."""
    done = load.done
    stored = api.walk(load.owner, load.club, DOWN, include_tombstones=True)
    assert sequences(stored) == list(range(1, len(stored) + 1))
    times = [message.create_time.ToMicroseconds() for message in stored]
    assert times == sorted(set(times))
    by_client_id = {message.client_message_id: message for message in stored if message.HasField("content")}
    for client_id, message in done.messages.items():
        if message.sequence in done.recalled:
            assert stored[message.sequence - 1].HasField("tombstone")
        elif message.sequence not in done.maybe_removed:
            assert is_stored(message, by_client_id[client_id])
    assert len(by_client_id) == sum(message.HasField("content") for message in stored)
    seen = set(sequences(api.walk(load.reader, load.club, DOWN)))
    assert not seen & (done.hidden | done.recalled)
    view = api.look(load.reader, load.club)
    assert view.read_sequence >= done.read
    assert view.unread_count == sum(sequence > view.read_sequence for sequence in seen)


def is_stored(answered: Stored, found: message_pb2.Message) -> bool:
    """Whether a message is what was answered: the whole of it, or what a batch answers."""
    if isinstance(answered, message_pb2.Message):
        return answered == found
    return answered == message_service_pb2.SentMessage(
        message_id=found.message_id,
        conversation_id=found.conversation_id,
        sequence=found.sequence,
        create_time=found.create_time,
    )


def retry_what_is_in_doubt(api: ApiClient, load: Load) -> int:
    """Sends again what was not answered, as a caller does; answers how much of it was stored already."""
    before = api.look(load.owner, load.club).last_sequence
    fresh = 0
    in_doubt = list(load.done.in_doubt.items())
    for client_id, sender in in_doubt:
        answer = api.messages.SendMessage(
            message_service_pb2.SendMessageRequest(
                user_id=sender,
                conversation=load.club,
                message=text_message(client_id, client_message_id=client_id),
                keep_unread=True,
            )
        )
        fresh += not answer.duplicate
        assert answer.duplicate == (answer.message.sequence <= before)
        load.done.stored([client_id], [answer.message])
    assert api.look(load.owner, load.club).last_sequence == before + fresh
    return len(in_doubt) - fresh


def end_by_kill(server: RunningServer) -> None:
    server.kill()


def end_by_stop(server: RunningServer) -> None:
    assert server.stop() == 0, server.log_text()


@pytest.mark.parametrize("end", [end_by_kill, end_by_stop])
def test_server_when_it_ends_under_load_then_nothing_acknowledged_is_lost_or_doubled(
    database: str, ids: Ids, end: Callable[[RunningServer], None]
) -> None:
    """Keep semantics W1."""
    owner, reader, *senders = ids.users(2 + SENDERS)
    dice = random.Random(7)
    load = Load(group(ids.group()), owner, reader, Acknowledged(), dice)
    for number in range(ROUNDS if end is end_by_kill else 2):
        server = start_server(database)
        with grpc.insecure_channel(server.target) as channel:
            api = ApiClient(channel)
            if number == 0:
                api.create_group(owner, load.club.target.id, [reader, *senders])
            else:
                assert_nothing_is_lost_or_doubled(api, load)
                stored_unanswered = retry_what_is_in_doubt(api, load)
                # A server that is asked to stop answers all that it does; only a killed one leaves callers in doubt.
                assert end is end_by_kill or not stored_unanswered
            acknowledged = len(load.done.messages)
            with repeating(*load.steps(api, senders)):
                time.sleep(dice.uniform(0.2, 0.6))
                end(server)
            assert len(load.done.messages) > acknowledged
        assert_sound(database)
    server = start_server(database)
    with grpc.insecure_channel(server.target) as channel:
        assert_nothing_is_lost_or_doubled(ApiClient(channel), load)
    end_by_stop(server)


def chunks_of(club: Reference, user: str, count: int) -> Iterator[message_service_pb2.ImportMessagesRequest]:
    """An import, chunk by chunk."""
    origin = int(time.time()) - 1_000_000
    for chunk in range(count):
        yield message_service_pb2.ImportMessagesRequest(
            user_id=user,
            conversation=club,
            as_service=True,
            messages=[
                message_service_pb2.ImportedMessage(
                    sender_id=user,
                    original_time={"seconds": origin + number},
                    message=text_message(f"line {number}", client_message_id=f"line {number}"),
                )
                for number in range(chunk * CHUNK, (chunk + 1) * CHUNK)
            ],
        )


def test_import_when_the_server_is_killed_within_it_then_it_is_resumed_by_sending_it_again(
    database: str, ids: Ids
) -> None:
    """Chunks are stored whole or not at all, and none twice (semantics I2)."""
    alice = ids.user()
    club = group(ids.group())
    count = 30
    server = start_server(database)
    with grpc.insecure_channel(server.target) as channel:
        api = ApiClient(channel)
        api.create_group(alice, club.target.id)
        answer = api.messages.ImportMessages.future(chunks_of(club, alice, count))
        until = time.monotonic() + PATIENCE_SECONDS
        while api.look(alice, club).last_sequence < 3 * CHUNK and time.monotonic() < until:
            time.sleep(0.005)
        server.kill()
        assert answer.exception().code() in GONE
    assert_sound(database)
    server = start_server(database)
    with grpc.insecure_channel(server.target) as channel:
        api = ApiClient(channel)
        stored = api.look(alice, club).last_sequence
        assert stored % CHUNK == 0
        assert 3 * CHUNK <= stored < count * CHUNK
        again = api.messages.ImportMessages(chunks_of(club, alice, count))
        assert (again.imported_count, again.duplicate_count) == (count * CHUNK - stored, stored)
        streamed = api.messages.StreamMessages(
            message_service_pb2.StreamMessagesRequest(user_id=alice, conversation=club, direction=DOWN)
        )
        lines = [message.content.text.text for part in streamed for message in part.messages]
        assert lines == [f"line {number}" for number in range(count * CHUNK)]
    end_by_stop(server)
    assert_sound(database)
