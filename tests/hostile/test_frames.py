"""Requests that no client of gRPC would send: the server serves on."""

import time

import grpc
import pytest
from grpc_health.v1 import health_pb2

from benchmarks.http2 import END_HEADERS, END_STREAM, HEADERS, connected, frame, headers
from tests.support.api_client import health_stub
from tests.support.fixtures import NewDatabase
from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_process import RunningServer, start_server

ENDS_ACCEPTING = tuple(int(part) for part in grpc.__version__.split(".")[:2]) >= (1, 84)
"""True with a version of grpc, which the server does not allow, that ends its loop of accepting at such a request."""


def send_path_that_is_no_text(server: RunningServer) -> None:
    with connected(server.target) as connection:
        connection.sendall(frame(HEADERS, END_STREAM | END_HEADERS, 1, headers(b"/\xff/x")))
        time.sleep(1)


def assert_healthy(server: RunningServer) -> None:
    with grpc.insecure_channel(server.target, [("grpc.use_local_subchannel_pool", 1)]) as channel:
        answer = health_stub(channel).Check(health_pb2.HealthCheckRequest(), timeout=PATIENCE_SECONDS)
    assert answer.status == health_pb2.HealthCheckResponse.SERVING


@pytest.mark.skipif(ENDS_ACCEPTING, reason="of versions that are allowed")
def test_path_that_is_no_text_when_sent_then_the_server_serves_on(new_database: NewDatabase) -> None:
    server = start_server(new_database())
    try:
        assert_healthy(server)
        for _ in range(3):
            send_path_that_is_no_text(server)
            assert_healthy(server)
    finally:
        assert server.stop() == 0


@pytest.mark.skipif(not ENDS_ACCEPTING, reason="of versions that are not allowed: run in an environment of their own")
def test_accepting_when_it_ended_then_the_process_ends_and_says_why(new_database: NewDatabase) -> None:
    server = start_server(new_database())
    send_path_that_is_no_text(server)
    began = time.monotonic()
    status = server.process.wait(PATIENCE_SECONDS)
    seconds = time.monotonic() - began
    server.stop()
    last = server.log_text().splitlines()[-1]
    assert (status, last) == (1, "failed: no call is accepted any more: the server ends, and is to be started again")
    assert seconds < 5
