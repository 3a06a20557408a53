"""Streams of answers: how many a server has open at a time, and what ends one whose reader takes nothing."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest

from backscroll.v1 import conversation_service_pb2, event_service_pb2, message_service_pb2
from backscroll_server.cli.connection import Connection
from backscroll_server.identity.service_keys import key_line, new_key
from tests.support.api_client import ApiClient, failing, failure_of, metadata_of, single
from tests.support.fixtures import NewDatabase
from tests.support.identity_files import write_private
from tests.support.patience import PATIENCE_SECONDS
from tests.support.running_server import serving
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


def eventually_open(stream: Callable[[], Any]) -> None:
    """Open a stream, again as long as it is refused."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            assert next(stream()).resume_token
        except grpc.RpcError:
            continue
        return
    raise AssertionError("streams are still refused after the others have ended")


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
    eventually_open(lambda: stream(narrow))


@pytest.mark.parametrize("stream", [export, whole_list, watch])
def test_streams_when_too_many_of_a_user_are_open_are_refused_to_that_user(
    new_database: NewDatabase, stream: Callable[[ApiClient], Any]
) -> None:
    with serving(new_database(), "--user-stream-limit", "2") as api:
        api.send("ann", single("bob"))
        with WatchClient(api, "ann"), WatchClient(api, "ann"):
            failure = failing(list, stream(api))
            assert (failure.code, failure.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "TOO_MANY_STREAMS")
            with WatchClient(api, "bob") as other:
                assert other.error is None
        eventually_open(lambda: stream(api))


def test_streams_when_one_service_has_too_many_are_refused_to_that_service(
    tmp_path: Path, new_database: NewDatabase
) -> None:
    """Keep semantics N8."""
    named = {name: new_key() for name in ("chat", "audit")}
    keys = write_private(tmp_path / "keys", "\n".join(key_line(name, key) for name, key in named.items()))
    flags = ("--auth", "key", "--key-file", str(keys), "--identity-stream-limit", "2")
    server = start_server(new_database(), *flags)
    with (
        Connection(server.target, proof=named["chat"]).open() as chat,
        Connection(server.target, proof=named["chat"]).open() as chat_again,
        Connection(server.target, proof=named["audit"]).open() as audit,
    ):
        with WatchClient(ApiClient(chat), "bob"), WatchClient(ApiClient(chat), "carol"):
            with pytest.raises(grpc.RpcError) as refusal:
                list(watch(ApiClient(chat_again)))
            assert refusal.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
            assert failure_of(refusal.value).reason == "TOO_MANY_STREAMS"
            assert metadata_of(refusal.value) == {"per": "identity", "limit": "2"}
            with WatchClient(ApiClient(audit), "ann") as other:
                assert other.error is None
        eventually_open(lambda: watch(ApiClient(chat)))
    assert server.stop() == 0


def test_streams_when_callers_have_no_name_are_not_counted_together(new_database: NewDatabase) -> None:
    with (
        serving(new_database(), "--identity-stream-limit", "1") as api,
        WatchClient(api, "ann"),
        WatchClient(api, "bob") as other,
    ):
        assert other.error is None


def test_exports_when_too_many_are_open_are_refused_and_watches_are_not(new_database: NewDatabase) -> None:
    with serving(new_database(), "--export-limit", "2") as api:
        for _ in range(4):
            api.send_many("ann", single("bob"), [BLOB] * 45)
        stuck = [export(api), export(api)]
        for opened in stuck:
            next(opened)
        for refused in (export, whole_list):
            with pytest.raises(grpc.RpcError) as refusal:
                list(refused(api))
            assert failure_of(refusal.value).reason == "TOO_MANY_STREAMS"
            assert metadata_of(refusal.value) == {"per": "server", "limit": "2"}
        with WatchClient(api, "ann") as watching:
            assert watching.error is None
        stuck.pop().cancel()
        eventually_open(lambda: whole_list(api))
        for opened in stuck:
            opened.cancel()


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
