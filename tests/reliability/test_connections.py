"""Connections: how many there may be, what each may send, and what ends one whose client has vanished."""

import socket
import time
from contextlib import ExitStack
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2

from backscroll.v1 import event_service_pb2
from benchmarks import http2
from tests.support.api_client import ApiClient, health_stub
from tests.support.clocked_server import eventually
from tests.support.fixtures import NewDatabase
from tests.support.identity_files import Authority, write_private
from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_process import RunningServer, start_server

OWN_CONNECTION = [("grpc.use_local_subchannel_pool", 1)]
LIMIT = 4


def code_of_new_connection(target: str) -> grpc.StatusCode:
    """Return the status of a health check on a new connection."""
    with grpc.insecure_channel(target, OWN_CONNECTION) as channel:
        call = health_stub(channel).Check.future(health_pb2.HealthCheckRequest(), timeout=PATIENCE_SECONDS)
        return call.code()


def test_connection_when_there_are_as_many_as_may_be_is_closed_until_another_ends(new_database: NewDatabase) -> None:
    server = start_server(new_database(), "--connection-limit", str(LIMIT))
    with ExitStack() as stack:
        opened = [stack.enter_context(http2.connected(server.target)) for _ in range(LIMIT)]
        for connection in opened:
            assert connection.recv(1)
        for _ in range(3 * LIMIT):
            assert code_of_new_connection(server.target) is grpc.StatusCode.UNAVAILABLE
        opened[0].close()
        eventually(lambda: code_of_new_connection(server.target) is grpc.StatusCode.OK)
        # Longer than the server's probe of itself needs to end it.
        time.sleep(6)
        assert server.process.poll() is None
    assert server.stop() == 0


@pytest.mark.parametrize(
    "sent", [b"", b"GET / HTTP/1.1\r\n\r\n", http2.PREFACE + b"\xff" * 9, b"\x16\x03\x01\x00\x05hello"]
)
@pytest.mark.parametrize("speaks_tls", [False, True], ids=["plain", "tls"])
def test_connections_when_they_never_became_ready_are_counted_no_more(
    tmp_path: Path, new_database: NewDatabase, sent: bytes, speaks_tls: bool
) -> None:
    authority, flags = Authority(), ["--handshake-seconds", "1"]
    if speaks_tls:
        certified = authority.certify("localhost", dns=("localhost",))
        write_private(tmp_path / "key", certified.key)
        write_private(tmp_path / "certificate", certified.certificate)
        flags += ["--tls-certificate", str(tmp_path / "certificate"), "--tls-key", str(tmp_path / "key")]
    server = start_server(new_database(), "--connection-limit", str(LIMIT), *flags)
    host, _, port = server.target.rpartition(":")
    for _ in range(3 * LIMIT):
        with socket.create_connection((host, int(port)), PATIENCE_SECONDS) as connection:
            connection.sendall(sent)
    with ExitStack() as stack:
        for _ in range(LIMIT):
            stack.enter_context(socket.create_connection((host, int(port)), PATIENCE_SECONDS)).sendall(sent)
        target, credentials = f"localhost:{port}", grpc.ssl_channel_credentials(authority.certificate)

        def answers() -> bool:
            opened = (
                grpc.secure_channel(target, credentials, OWN_CONNECTION)
                if speaks_tls
                else grpc.insecure_channel(target, OWN_CONNECTION)
            )
            with opened as channel:
                call = health_stub(channel).Check.future(health_pb2.HealthCheckRequest(), timeout=PATIENCE_SECONDS)
                return call.code() is grpc.StatusCode.OK

        for _ in range(LIMIT + 1):
            eventually(answers)
    assert server.stop() == 0


def test_call_when_its_metadata_are_too_large_is_refused_and_the_connection_goes_on(server: RunningServer) -> None:
    with grpc.insecure_channel(server.target, OWN_CONNECTION) as channel:
        check = health_stub(channel).Check

        def code(size: int, count: int = 1) -> grpc.StatusCode:
            metadata = [(f"x-some-{number}", "x" * size) for number in range(count)]
            call = check.future(health_pb2.HealthCheckRequest(), timeout=PATIENCE_SECONDS, metadata=metadata)
            return call.code()

        for _ in range(20):
            assert code(15 * 1024) is grpc.StatusCode.OK
        assert code(17 * 1024) is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert code(1_000_000) is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert code(1024, count=17) is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert code(10) is grpc.StatusCode.OK


PINGS = [
    ("grpc.keepalive_time_ms", 1000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.max_pings_without_data", 0),
]
"""A client that pings every second, also where nothing else is sent."""


@pytest.mark.parametrize(("shortest", "is_kept"), [("0.5", True), ("60", False)])
def test_watch_when_its_client_pings_is_kept_unless_it_pings_too_often(
    new_database: NewDatabase, shortest: str, is_kept: bool
) -> None:
    flags = ("--watch-heartbeat-seconds", "3600", "--client-keepalive-seconds", shortest)
    server = start_server(new_database(), *flags)
    with grpc.insecure_channel(server.target, [*OWN_CONNECTION, *PINGS]) as channel:
        watch = ApiClient(channel).events.WatchEvents(event_service_pb2.WatchEventsRequest(user_id="ann"))
        next(watch)
        time.sleep(8)
        assert watch.is_active() == is_kept
        watch.cancel()
    assert server.stop() == 0


def test_connection_when_its_client_has_vanished_is_closed(new_database: NewDatabase) -> None:
    """A client that answers no ping, as one that has vanished; it only reads, to see the connection end."""
    flags = ("--watch-heartbeat-seconds", "3600", "--keepalive-seconds", "2", "--keepalive-timeout-seconds", "1")
    server = start_server(new_database(), *flags)
    request = event_service_pb2.WatchEventsRequest(user_id="ann").SerializeToString()
    opening = http2.headers(b"/backscroll.v1.EventService/WatchEvents")
    with http2.connected(server.target) as connection:
        connection.sendall(http2.frame(http2.HEADERS, http2.END_HEADERS, 1, opening))
        connection.sendall(
            http2.frame(http2.DATA, http2.END_STREAM, 1, b"\0" + len(request).to_bytes(4, "big") + request)
        )
        began = time.monotonic()
        while connection.recv(4096):
            pass
        lasted = time.monotonic() - began
    assert 2 <= lasted < 6
    eventually(lambda: "WatchEvents" in server.log_text())
    assert server.stop() == 0
