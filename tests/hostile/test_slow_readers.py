"""Readers that stop reading: the server holds little for each, however much there is for them."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import grpc
import psutil
import pytest

from backscroll.v1 import event_service_pb2, message_service_pb2
from tests.support.api_client import ApiClient, single
from tests.support.fixtures import NewDatabase
from tests.support.running_server import serving_process
from tests.support.server_process import RunningServer

MEBIBYTE = 1024 * 1024
BLOB = "x" * 60_000
BATCH = 40
WARM_BATCHES = 10
"""More than a connection keeps of a file in memory (16 MiB)."""
WATCHERS, WATCHED_BATCHES = 8, 20
EXPORTS = 40
SETTLING_SECONDS = 4.0
OWN_CONNECTION_AND_WINDOW = [("grpc.use_local_subchannel_pool", 1), ("grpc.http2.bdp_probe", 0)]
"""A client that takes 64 KiB ahead of its reader. Otherwise gRPC measures how much, and may take a whole answer."""


@pytest.fixture
def served(new_database: NewDatabase) -> Iterator[tuple[RunningServer, ApiClient]]:
    """A server that has read and written more than it keeps in memory of its file, so that it keeps no more of it."""
    with serving_process(new_database()) as (server, api):
        for _ in range(WARM_BATCHES):
            api.send_many("ann", single("bob"), [BLOB] * BATCH)
        assert sum(len(part.messages) for part in export(api)) == WARM_BATCHES * BATCH
        yield server, api


@contextmanager
def clients(server: RunningServer, count: int) -> Iterator[list[ApiClient]]:
    """Clients with a connection each."""
    with ExitStack() as stack:
        yield [
            ApiClient(stack.enter_context(grpc.insecure_channel(server.target, OWN_CONNECTION_AND_WINDOW)))
            for _ in range(count)
        ]


def export(api: ApiClient) -> Any:
    """A history of 24 MB as a stream."""
    return api.messages.StreamMessages(
        message_service_pb2.StreamMessagesRequest(user_id="bob", conversation=single("ann"))
    )


def watch(api: ApiClient, token: str = "") -> Any:
    """A watch of who is sent the messages, from now on or from a token on."""
    return api.events.WatchEvents(event_service_pb2.WatchEventsRequest(user_id="bob", resume_token=token))


def read_bytes(stream: Any, count: int) -> None:
    """Read responses of at least `count` bytes together, and no more."""
    while count > 0:
        count -= next(stream).ByteSize()


def memory(server: RunningServer) -> int:
    """Return the bytes of memory that a server uses."""
    size: int = psutil.Process(server.pid).memory_info().rss
    return size


def most_memory(server: RunningServer) -> int:
    """Return the most memory that a server uses in the next seconds."""
    most, end = 0, time.monotonic() + SETTLING_SECONDS
    while time.monotonic() < end:
        most = max(most, memory(server))
        time.sleep(0.02)
    return most


def assert_grown_less(server: RunningServer, before: int, allowed: int) -> None:
    """Assert that a server uses less than `allowed` MiB more than before."""
    grown = (most_memory(server) - before) / MEBIBYTE
    assert grown < allowed, f"{grown:.0f} MiB more"


def test_watchers_when_they_stop_reading_then_the_server_holds_little_for_each(
    served: tuple[RunningServer, ApiClient],
) -> None:
    server, api = served
    with clients(server, WATCHERS) as readers:
        watches = [watch(reader) for reader in readers]
        for stream in watches:
            next(stream)
        before = memory(server)
        for _ in range(WATCHED_BATCHES):
            api.send_many("ann", single("bob"), [BLOB] * BATCH)
        for stream in watches:
            # What was prepared for it when it stopped reading, and more: the server goes on with all that waits.
            read_bytes(stream, 3_000_000)
        assert_grown_less(server, before, 64)


def test_watchers_when_they_stop_catching_up_then_the_server_holds_little_for_each(
    served: tuple[RunningServer, ApiClient],
) -> None:
    server, api = served
    token = next(watch(api)).resume_token
    for _ in range(WATCHED_BATCHES):
        api.send_many("ann", single("bob"), [BLOB] * BATCH)
    with clients(server, WATCHERS) as readers:
        before = memory(server)
        watches = [watch(reader, token) for reader in readers]
        for stream in watches:
            read_bytes(stream, 1_000_000)
        assert_grown_less(server, before, 64)


def test_exports_when_they_stop_reading_then_the_server_holds_little_for_each(
    served: tuple[RunningServer, ApiClient],
) -> None:
    server, _ = served
    with clients(server, EXPORTS) as readers:
        before = memory(server)
        exports = [export(reader) for reader in readers]
        for stream in exports:
            next(stream)
        assert_grown_less(server, before, 120)


def test_readers_when_they_stop_and_then_go_away_leave_no_line_in_the_log(
    served: tuple[RunningServer, ApiClient],
) -> None:
    server, api = served
    lines = server.log_text().count("\n")
    with clients(server, WATCHERS) as readers:
        streams = [export(reader) for reader in readers]
        for stream in streams:
            next(stream)
        for stream in streams:
            stream.cancel()
    api.send("ann", single("bob"))
    added = server.log_text().splitlines()[lines:]
    assert [line for line in added if " call=" not in line] == []
