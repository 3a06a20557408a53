"""Two server processes on one database: one order of everything, and how soon one gives what the other stored."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import NamedTuple

import pytest

from tests.reliability.several.acknowledged_senders import delays
from tests.reliability.several.groups import Stage
from tests.support.database_check import assert_sound
from tests.support.server_process import RunningServer, start_server
from tools.postgres_cluster import Cluster

pytestmark = pytest.mark.slow

SENDERS = 8
LONG_SECONDS = 60
SHORT_SECONDS = 10
# So that what is measured is the way of a change, not how many of them a machine can do.
PAUSE_SECONDS = 0.5
LONGEST_MS = 1000
# A server that looks twice a second needs 250 ms in the median.
NOTIFIED_MS = 200


class Servers(NamedTuple):
    """Servers on one database."""

    running: list[RunningServer]
    how: str

    @property
    def targets(self) -> list[str]:
        """Where they are."""
        return [server.target for server in self.running]


@pytest.fixture(params=["notified", "polling"])
def servers(own_cluster: Cluster, request: pytest.FixtureRequest) -> Iterator[Servers]:
    """Two servers, that wake each other or look by themselves; what they leave is sound."""
    url = own_cluster.new_database()
    flags = ["--no-notify"] if request.param == "polling" else []
    with ExitStack() as stack:
        running = []
        for _ in range(2):
            running.append(start_server(url, "--log-level", "warning", *flags))
            stack.callback(running[-1].kill)
        yield Servers(running, request.param)
        for server in running:
            assert server.stop() == 0, server.log_text()
            assert server.log_text() == ""
    assert_sound(url)


@pytest.mark.parametrize("servers", ["notified"], indirect=True)
def test_messages_when_sent_through_two_servers_for_long_then_they_have_one_order(servers: Servers) -> None:
    stage = Stage(servers.targets, seed=1, senders=SENDERS)
    try:
        with stage.sending() as failures:
            end = time.monotonic() + LONG_SECONDS
            while time.monotonic() < end and not failures:
                time.sleep(0.1)
        assert stage.faults(stage.end()) == []
        print(f"one order: {stage.figures()}")  # noqa: T201
        assert stage.refused == {}
    finally:
        stage.close()


@pytest.mark.parametrize("servers_sent_through", [2, 1])
def test_message_when_sent_through_either_server_then_all_watchers_have_it_within_a_second(
    servers: Servers, servers_sent_through: int
) -> None:
    """A server where nobody writes is woken by others alone, or looks by itself."""
    through = servers.targets[:servers_sent_through]
    stage = Stage(servers.targets, seed=2, senders=SENDERS, through=through, pause=PAUSE_SECONDS)
    try:
        with stage.sending():
            time.sleep(SHORT_SECONDS)
        assert stage.faults(stage.end()) == []
        print(f"delay, {servers.how}, sent through {servers_sent_through} of 2 servers: {stage.figures()}")  # noqa: T201
        for across, where in ((False, "the server that stored it"), (True, "the other server")):
            waited = delays(stage.watchers, stage.sent, across=across)
            median, late, longest = (waited[int(len(waited) * part)] * 1000 for part in (0.5, 0.99, 1 - 1e-9))
            print(f"  by {where}: median {median:.1f} ms, p99 {late:.1f} ms, longest {longest:.1f} ms")  # noqa: T201
            assert longest <= LONGEST_MS
            assert median <= NOTIFIED_MS or (across and servers.how == "polling")
    finally:
        stage.close()
