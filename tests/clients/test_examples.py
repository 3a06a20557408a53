"""The example of each language follows events over restarts of the server, and loses and doubles none."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc
import pytest

from backscroll.v1 import conversation_pb2, message_service_pb2
from backscroll.v1.message_service_pb2_grpc import MessageServiceStub
from tests.clients.runners import LANGUAGES, TOOLS, built
from tests.support.api_client import text_message
from tests.support.commands import ROOT, skip_without
from tests.support.fixtures import Ids
from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_process import RunningServer, start_server

pytestmark = pytest.mark.toolchains

COUNT = 40
_RECEIVED = "received "


class Follower:
    """An example that runs.

    Args:
        command: what starts it.
        address: the server's.
        log: where its standard error goes.
    """

    def __init__(self, command: list[str], address: str, log: Path) -> None:
        self._arrived = threading.Condition()
        self._ids: list[str] = []
        self._ended = False
        self._log = log
        with log.open("w", encoding="utf-8") as errors:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env={**os.environ, "BACKSCROLL_ADDRESS": address},
            )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def await_received(self, count: int) -> list[str]:
        """Waits until it has printed so many messages; answers the ids of all that it has."""
        with self._arrived:
            self._arrived.wait_for(lambda: self._ended or len(self._ids) >= count, PATIENCE_SECONDS)
            received = list(self._ids)
        assert len(received) >= count, (received, self._log.read_text(encoding="utf-8"))
        return received

    def finish(self) -> list[str]:
        """Waits until it ends well; answers the ids of the messages that it printed."""
        status = self.process.wait(PATIENCE_SECONDS)
        self._reader.join(PATIENCE_SECONDS)
        assert status == 0, self._log.read_text(encoding="utf-8")
        return self._ids

    def end(self) -> None:
        """Ends it where it still runs."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(PATIENCE_SECONDS)
        self._reader.join(PATIENCE_SECONDS)

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                if line.startswith(_RECEIVED):
                    with self._arrived:
                        self._ids.append(line.removeprefix(_RECEIVED).strip())
                        self._arrived.notify_all()
        with self._arrived:
            self._ended = True
            self._arrived.notify_all()


@contextmanager
def following(command: list[str], address: str, log: Path) -> Iterator[Follower]:
    """An example as long as a block runs."""
    follower = Follower(command, address, log)
    try:
        yield follower
    finally:
        follower.end()


def command_of(language: str) -> list[str]:
    """The command that starts a language's example."""
    skip_without(TOOLS[language])
    if language == "python":
        return [sys.executable, str(ROOT / "examples/python/follow.py")]
    return built(ROOT / "examples" / language / "build.sh")


def serve(database: Path, address: str = "127.0.0.1:0") -> RunningServer:
    """A server; the next one can take its address over."""
    return start_server(f"sqlite://{database}", "--listen", address)


def send(address: str, sender: str, receiver: str, text: str) -> None:
    """Sends a text from one user to another."""
    target = conversation_pb2.ConversationTarget(type=conversation_pb2.CONVERSATION_TYPE_SINGLE, id=receiver)
    request = message_service_pb2.SendMessageRequest(
        user_id=sender,
        conversation=conversation_pb2.ConversationReference(target=target),
        message=text_message(text),
    )
    with grpc.insecure_channel(address) as channel:
        MessageServiceStub(channel).SendMessage(request)


def history(address: str, user: str, peer: str) -> list[str]:
    """The ids of all messages between two users, the oldest first."""
    target = conversation_pb2.ConversationTarget(type=conversation_pb2.CONVERSATION_TYPE_SINGLE, id=peer)
    request = message_service_pb2.StreamMessagesRequest(
        user_id=user,
        conversation=conversation_pb2.ConversationReference(target=target),
        direction=message_service_pb2.SEARCH_DIRECTION_DOWN,
    )
    with grpc.insecure_channel(address) as channel:
        return [
            message.message_id
            for part in MessageServiceStub(channel).StreamMessages(request)
            for message in part.messages
        ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_example_prints_each_message_once_and_in_order_while_the_server_restarts(
    language: str, ids: Ids, tmp_path: Path
) -> None:
    command = command_of(language)
    database = tmp_path / "backscroll.db"
    user, peer = ids.users(2)
    server = serve(database)
    try:
        arguments = [*command, user, peer, str(COUNT)]
        with following(arguments, server.target, tmp_path / "example.log") as follower:
            follower.await_received(COUNT // 4)
            assert server.stop() == 0, server.log_text()
            server = serve(database, server.target)
            follower.await_received(COUNT // 2)
            server.kill()
            server = serve(database, server.target)
            printed = follower.finish()
        assert printed == history(server.target, user, peer)
        assert len(set(printed)) == COUNT
    finally:
        server.stop()


@pytest.mark.parametrize("stored", [0, 3])
@pytest.mark.parametrize("language", LANGUAGES)
def test_example_when_another_database_is_served_begins_again_and_prints_what_that_holds(
    language: str, stored: int, ids: Ids, tmp_path: Path
) -> None:
    command = command_of(language)
    user, peer = ids.users(2)
    server = serve(tmp_path / "after.db")
    for number in range(stored):
        send(server.target, peer, user, f"stored {number}")
    assert server.stop() == 0, server.log_text()
    server = serve(tmp_path / "before.db")
    try:
        arguments = [*command, user, peer, str(COUNT)]
        with following(arguments, server.target, tmp_path / "example.log") as follower:
            follower.await_received(COUNT // 4)
            server.kill()
            server = serve(tmp_path / "after.db", server.target)
            # One may have been stored shortly before the end of the other database, and never come.
            printed = follower.await_received(COUNT - 1)
        after = history(server.target, user, peer)
        of_after = [message for message in printed if message in after]
        assert len(of_after) > stored
        assert of_after == after[: len(of_after)]
        assert len(set(printed)) == len(printed)
    finally:
        server.stop()
