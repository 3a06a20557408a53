"""Refused calls leave nothing in memory."""

import psutil

from backscroll.v1 import message_service_pb2
from tests.support.api_client import ApiClient, failing, single, text_message
from tests.support.fixtures import NewDatabase
from tests.support.running_server import serving_process

MEGABYTE = 1024 * 1024


def test_refused_calls_when_large_and_many_then_none_stays_in_memory(new_database: NewDatabase) -> None:
    request = message_service_pb2.SendMessageRequest(
        user_id="alice", conversation=single("bob"), message=text_message("x" * 2_900_000)
    )
    with serving_process(new_database()) as (server, api):
        refuse(api, request, 20)
        process = psutil.Process(server.pid)
        before = process.memory_info().rss
        refuse(api, request, 300)
        grown = process.memory_info().rss - before
    assert grown < 40 * MEGABYTE, f"{grown / MEGABYTE:.0f} MiB more"


def refuse(api: ApiClient, request: message_service_pb2.SendMessageRequest, count: int) -> None:
    """Makes calls that are refused."""
    for _ in range(count):
        assert failing(api.messages.SendMessage, request).reason == "TOO_LARGE"
