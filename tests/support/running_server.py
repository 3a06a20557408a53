"""A server of a test's own for as long as a block runs."""

from collections.abc import Iterator
from contextlib import contextmanager

import grpc

from tests.support.api_client import ApiClient
from tests.support.server_process import start_server


@contextmanager
def serving(database: str, *flags: str) -> Iterator[ApiClient]:
    """A server of its own on a database."""
    server = start_server(database, *flags)
    try:
        with grpc.insecure_channel(server.target) as channel:
            yield ApiClient(channel)
    finally:
        assert server.stop() == 0, server.log_text()
