"""Streams of answers: how many a server has open at a time, and what ends one whose reader takes nothing."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import grpc
import pytest

from backscroll.v1 import conversation_service_pb2, event_service_pb2, message_service_pb2
from tests.support.api_client import ApiClient, failing, failure_of, metadata_of, single
from tests.support.fixtures import NewDatabase
from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_process import start_server
from tests.support.watch_client import WatchClient

BLOB = "x" * 60_000
FIXED_WINDOW = [("grpc.http2.bdp_probe", 0)]
"""A client that takes 64 KiB ahead of its reader. Otherwise gRPC measures how much, and may take a whole answer."""


def export(api: ApiClient) -> Any:
    """A history of some megabytes as a stream."""
    return api.messages.StreamMessages(
        message_service_pb2.StreamMessagesRequest(user_id="ann", conversation=single("bob"))
    )


def whole_list(api: ApiClient) -> Any:
    """A list as a stream."""
    return api.conversations.StreamConversations(conversation_service_pb2.StreamConversationsRequest(user_id="ann"))


def watch(api: ApiClient) -> Any:
    """A watch."""
    return api.events.WatchEvents(event_service_pb2.WatchEventsRequest(user_id="ann"))


@pytest.fixture
def narrow(new_database: NewDatabase) -> Iterator[ApiClient]:
    """A server that allows two streams, whose readers must take something within a second, and a channel to it."""
    server = start_server(new_database(), "--stream-limit", "2", "--slow-reader-seconds", "1")
    with grpc.insecure_channel(server.target, options=FIXED_WINDOW) as channel:
        yield ApiClient(channel)
    assert server.stop() == 0


@pytest.mark.parametrize("stream", [export, whole_list, watch])
def test_streams_when_too_many_are_open_are_refused(narrow: ApiClient, stream: Callable[[ApiClient], Any]) -> None:
    narrow.send("ann", single("bob"))
    with WatchClient(narrow, "ann"), WatchClient(narrow, "ann"):
        failure = failing(list, stream(narrow))
        assert (failure.code, failure.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "TOO_MANY_STREAMS")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            assert next(stream(narrow)).resume_token
        except grpc.RpcError:
            continue
        return
    raise AssertionError("streams are still refused after the others have ended")


@pytest.mark.parametrize("stream", [export, whole_list])
def test_stream_when_its_reader_takes_nothing_is_ended_with_a_token(
    narrow: ApiClient, stream: Callable[[ApiClient], Any]
) -> None:
    """Keep semantics F10."""
    if stream is export:
        for _ in range(4):
            narrow.send_many("ann", single("bob"), [BLOB] * 45)
    else:
        for number in range(120):
            narrow.send("ann", single(f"user {number}"), BLOB)
    stuck = stream(narrow)
    first = next(stuck)
    time.sleep(3)
    with pytest.raises(grpc.RpcError) as ended:
        list(stuck)
    assert failure_of(ended.value).reason == "SLOW_READER"
    token = metadata_of(ended.value)["resume_token"]
    assert token == first.resume_token
    sent = narrow.send("ann", single("bob"), "after")
    page = narrow.events.ListEvents(event_service_pb2.ListEventsRequest(user_id="ann", resume_token=token))
    assert sent in [event.message_received.message for event in page.events]
