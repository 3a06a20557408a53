"""Callers that make calls until their outcome is known, against servers that may be killed at any moment."""

import random
import threading
import time
from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc

from backscroll.v1 import conversation_pb2
from tests.reliability.watch.recorders import connect
from tests.support.api_client import ApiClient, Reference
from tests.support.patience import PATIENCE_SECONDS

GONE = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED}
REFUSED = {
    # Writers act at random: they meet groups that they left and messages that are gone.
    grpc.StatusCode.PERMISSION_DENIED,
    grpc.StatusCode.NOT_FOUND,
    grpc.StatusCode.FAILED_PRECONDITION,
    grpc.StatusCode.INVALID_ARGUMENT,
}


def id_of(place: Reference, user: str) -> str:
    """The id of a conversation of a user."""
    target = place.target
    match target.type:
        case conversation_pb2.CONVERSATION_TYPE_GROUP:
            return f"g:{target.id}"
        case conversation_pb2.CONVERSATION_TYPE_CHAT_ROOM:
            return f"r:{target.id}"
        case conversation_pb2.CONVERSATION_TYPE_SYSTEM:
            return f"y:{target.id}:{user}"
    return "s:" + ":".join(sorted((user, target.id)))


class Named(grpc.UnaryUnaryClientInterceptor, grpc.StreamUnaryClientInterceptor):
    """Gives every attempt of a call a device of its own, so that what it causes can be distinguished."""

    def __init__(self, writer: str) -> None:
        self._writer = writer
        self._count = 0

    def _named(self, details: Any) -> Any:
        self._count += 1
        details.metadata = [*(details.metadata or ()), ("device-id", f"{self._writer}-{self._count}")]
        return details

    def intercept_unary_unary(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        """Names a call."""
        return continuation(self._named(_Details(client_call_details)), request)

    def intercept_stream_unary(self, continuation: Any, client_call_details: Any, request_iterator: Any) -> Any:
        """Names a call."""
        return continuation(self._named(_Details(client_call_details)), request_iterator)


class _Details(grpc.ClientCallDetails):
    def __init__(self, of: Any) -> None:
        self.method, self.timeout, self.metadata = of.method, of.timeout, of.metadata
        self.credentials, self.wait_for_ready, self.compression = of.credentials, True, of.compression


@dataclass
class Scene:
    """Who there is, and what the writers were sent is done.

    Attributes:
        targets: where the servers are, of one database.
        boss: owns the groups and alone changes their members.
        users: everybody who writes.
        grumpy: those of them who block.
        groups: the groups.
        comers: by group, who comes and goes.
        outside: by group and user, the ranges of sequences in which the user surely was no member.
        inside: the same for members.
        acknowledged: by conversation, the sequences of the messages whose storing was answered, with their ids.
        imported: by conversation, the sequences that came by import.
        calls: how often anything was asked for.
        refused: how often the answer was what, where it was not what was asked for.
    """

    targets: tuple[str, ...]
    boss: str
    users: list[str]
    grumpy: list[str]
    groups: list[Reference]
    comers: dict[str, list[str]]
    outside: dict[tuple[str, str], list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    inside: dict[tuple[str, str], list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    acknowledged: dict[str, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    imported: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    calls: int = 0
    refused: Counter[grpc.StatusCode] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)


class GroupCommitWriter(ABC):
    """One caller that does something at random, again and again until it is done. Survives the server.

    Each has one of the servers; which, its number says.
    """

    def __init__(self, scene: Scene, number: int, name: str, dice: random.Random) -> None:
        self.scene = scene
        self.name = name
        self.dice = dice
        self.calls = 0
        self.target = scene.targets[number % len(scene.targets)]
        self._channel = connect(self.target)
        self.api = ApiClient(grpc.intercept_channel(self._channel, Named(name)))

    @abstractmethod
    def step(self) -> None:
        """One call, or a few."""

    def settle(self) -> None:  # noqa: B027 - most leave nothing half done
        """Ends what is half done; called when all writers have made their last step."""

    def close(self) -> None:
        """Closes its connection."""
        self._channel.close()

    def certainly(self, call: Callable[[], Any]) -> Any:
        """Makes a call until its outcome is known; None where it was refused."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            self.calls += 1
            with self.scene.lock:
                self.scene.calls += 1
            try:
                return call()
            except grpc.RpcError as error:
                with self.scene.lock:
                    self.scene.refused[error.code()] += 1
                if error.code() in REFUSED:
                    return None
                if error.code() not in GONE or time.monotonic() > until:
                    raise
                time.sleep(0.02)

    def stored(self, *messages: Any) -> None:
        """Notes messages that were answered."""
        with self.scene.lock:
            for message in messages:
                if message.message_id:
                    self.scene.acknowledged[message.conversation_id][message.sequence] = message.message_id

    def send(self, sender: str, to: Reference, **fields: Any) -> Any:
        """Sends one message, once; None where that is refused."""
        client_id = f"{self.name} {self.calls} {self.dice.getrandbits(40)}"
        text = "x" * self.dice.choice((10, 100, 3000))
        message = self.certainly(lambda: self.api.send(sender, to, text, client_message_id=client_id, **fields))
        if message is not None:
            self.stored(message)
        return message


@contextmanager
def stepping(writers: Sequence[GroupCommitWriter]) -> Iterator[list[BaseException]]:
    """Writers at work while the block runs, which is given what went wrong so far; in the end all is acknowledged."""
    stop = threading.Event()
    failures: list[BaseException] = []
    threads = [threading.Thread(target=_repeat, args=(one.step, stop, failures), daemon=True) for one in writers]
    for thread in threads:
        thread.start()
    try:
        yield failures
    finally:
        stop.set()
        for thread in threads:
            thread.join(PATIENCE_SECONDS)
        if any(thread.is_alive() for thread in threads):
            failures.append(AssertionError("a writer does not end"))
        for one in writers:
            if not failures:
                one.settle()
            one.close()
    if failures:
        raise failures[0]


def _repeat(step: Callable[[], None], stop: threading.Event, failures: list[BaseException]) -> None:
    try:
        while not stop.is_set():
            step()
    except Exception as error:  # noqa: BLE001 - raised again where the writers are waited for
        failures.append(error)
