"""A server of a test's own for as long as a block runs."""

from collections.abc import Iterator
from contextlib import contextmanager

import grpc

from tests.support.api_client import ApiClient
from tests.support.server_process import RunningServer, start_server


@contextmanager
def serving(database: str, *flags: str) -> Iterator[ApiClient]:
    """A server of its own on a database."""
    with serving_process(database, *flags) as (_, api):
        yield api


@contextmanager
def serving_process(database: str, *flags: str) -> Iterator[tuple[RunningServer, ApiClient]]:
    """A server of its own on a database, also as a process."""
    server = start_server(database, *flags)
    try:
        with grpc.insecure_channel(server.target) as channel:
            yield server, ApiClient(channel)
    finally:
        assert server.stop() == 0, server.log_text()
