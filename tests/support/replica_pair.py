"""A database server, another that follows it, and a Backscroll server that may read from both."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import grpc
import pytest
from grpc_health.v1 import health_pb2

from tests.support.api_client import health_stub
from tests.support.clocked_server import eventually
from tests.support.database_check import assert_sound
from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_process import RunningServer, start_server
from tools.postgres_cluster import Cluster, start_cluster


class Counts(NamedTuple):
    """What a server says at its end of its standby."""

    served: int
    behind: int
    missed: int


class Pair:
    """A database server, another that follows it, and a Backscroll server that may read from both."""

    def __init__(self, primary: Cluster, replica: Cluster) -> None:
        self.primary, self.replica = primary, replica
        self.url = primary.new_database()
        self.server: RunningServer = start_server(self.url, "--standby-url", replica.at(self.url))

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Lets the standby stay where it is, which is everything that is committed now, while the block runs."""
        self.catch_up()
        self.replica.run("SELECT pg_wal_replay_pause()")
        eventually(lambda: self.replica.run("SELECT pg_get_wal_replay_pause_state()") == [("paused",)])
        try:
            yield
        finally:
            self.replica.run("SELECT pg_wal_replay_resume()")

    def health(self) -> int:
        """What the server says of itself."""
        with grpc.insecure_channel(self.server.target) as channel:
            request = health_pb2.HealthCheckRequest(service="")
            return int(health_stub(channel).Check(request, timeout=PATIENCE_SECONDS).status)

    def catch_up(self) -> None:
        """Waits until the standby has everything that is committed now."""
        ((place,),) = self.primary.run("SELECT pg_current_wal_lsn()")
        eventually(lambda: self.replica.run("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", place) == [(True,)])

    def end(self) -> Counts:
        """Ends the server; answers what it counted."""
        assert self.server.stop() == 0, self.server.log_text()
        line = next(line for line in self.server.log_text().splitlines() if "standby served=" in line)
        words = dict(word.split("=", 1) for word in line.replace('"', " ").split() if "=" in word)
        return Counts(int(words["served"]), int(words["behind"]), int(words["missed"]))


@contextmanager
def followed_cluster() -> Iterator[tuple[Cluster, Cluster]]:
    """A database server and one that follows it."""
    primary = start_cluster()
    if primary.folder is None:
        pytest.skip("an outside database server is not ours to follow")
    replica = primary.make_standby()
    try:
        yield primary, replica
    finally:
        replica.remove()
        primary.remove()


@contextmanager
def standby_pair(primary: Cluster, replica: Cluster) -> Iterator[Pair]:
    """A server on a new database of a cluster; what is left of it is sound."""
    pair = Pair(primary, replica)
    try:
        yield pair
    finally:
        if pair.server.process.poll() is None:
            pair.end()
    assert_sound(pair.url)
