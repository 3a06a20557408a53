"""Calls that their client resets at once: others are served meanwhile."""

import contextlib
import time

import psutil

from benchmarks.http2 import connected, reset_calls
from tests.support.api_client import failing, single
from tests.support.fixtures import NewDatabase
from tests.support.running_server import serving_process

RESETS, TOGETHER = 60_000, 100
MEGABYTE = 1024 * 1024


def test_resets_when_as_fast_as_a_connection_takes_them_then_others_do_not_wait(new_database: NewDatabase) -> None:
    with serving_process(new_database()) as (server, api):
        process = psutil.Process(server.pid)
        assert failing(api.page, "alice", single("bob")).reason == "CONVERSATION_NOT_FOUND"
        before = process.memory_info().rss
        with connected(server.target) as connection, contextlib.suppress(OSError):
            # The server may end such a connection.
            for first in range(1, 2 * RESETS, 2 * TOGETHER):
                connection.sendall(reset_calls(first, TOGETHER))
        began = time.monotonic()
        assert failing(api.page, "alice", single("bob")).reason == "CONVERSATION_NOT_FOUND"
        waited = time.monotonic() - began
        grown = process.memory_info().rss - before
    assert (waited < 2, grown < 150 * MEGABYTE) == (True, True), (waited, grown / MEGABYTE)
