"""Requests that are small on the wire and large once they are inflated."""

from typing import TypeAlias

import grpc
import psutil

from tests.support.fixtures import NewDatabase
from tests.support.running_server import serving_process

MEGABYTE = 1024 * 1024

Send: TypeAlias = "grpc.UnaryUnaryMultiCallable[bytes, bytes]"


def test_requests_when_they_inflate_to_more_than_is_allowed_are_refused_without_the_memory_for_it(
    new_database: NewDatabase,
) -> None:
    large = bytes(100 * MEGABYTE)
    with serving_process(new_database()) as (server, api):
        process = psutil.Process(server.pid)
        before = process.memory_info().rss
        with grpc.insecure_channel(server.target, compression=grpc.Compression.Gzip) as channel:
            send: Send = channel.unary_unary("/backscroll.v1.MessageService/SendMessage")
            codes = [refusal(send, large) for _ in range(5)]
        grown = process.memory_info().rss - before
        assert api.listed("nobody") == []
    assert codes == [grpc.StatusCode.RESOURCE_EXHAUSTED] * 5
    assert grown < 40 * MEGABYTE, f"{grown / MEGABYTE:.0f} MiB more"


def refusal(send: Send, request: bytes) -> grpc.StatusCode:
    try:
        send(request, timeout=60)
    except grpc.RpcError as error:
        return error.code()
    raise AssertionError("a request of 100 MiB was taken")
