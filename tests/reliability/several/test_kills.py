"""Workers, backends of connections and the database server killed under load: nothing is lost, doubled or missed."""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest

from tests.reliability.several.groups import Stage
from tests.support.clocked_server import eventually
from tests.support.database_check import assert_sound
from tests.support.server_process import RunningServer, start_server, workers_of
from tools.postgres_cluster import Cluster

pytestmark = pytest.mark.slow

SEED = 30
WORKERS = 2
SENDERS = 6
KILLS_OF_EACH = 10
CHECK_EVERY = 10
# Longer than a worker that died again and again waits at most before it is started.


class Kills:
    """What may be killed under a server with workers."""

    def __init__(self, cluster: Cluster, server: RunningServer, dice: random.Random) -> None:
        self._cluster = cluster
        self._server = server
        self._dice = dice

    def worker(self) -> None:
        """Kills a worker."""
        os.kill(self._dice.choice(eventually(lambda: workers_of(self._server))), signal.SIGKILL)

    def backend(self) -> None:
        """Kills the database server's process for one connection; it ends all others then and recovers."""
        os.kill(self._dice.choice(eventually(self._backends)), signal.SIGKILL)

    def database(self) -> None:
        """Ends the database server at once, as `pg_ctl stop -m immediate` does, and starts it again."""
        self._cluster.end(signal.SIGQUIT)
        time.sleep(self._dice.uniform(0.0, 0.5))
        self._cluster.start()

    def _backends(self) -> list[int]:
        try:
            with psycopg.connect(self._cluster.url) as connection:
                rows = connection.execute(
                    "SELECT pid FROM pg_stat_activity WHERE application_name = 'backscroll' ORDER BY pid"
                ).fetchall()
        except psycopg.OperationalError:
            # It still recovers.
            return []
        return [pid for (pid,) in rows]


@pytest.fixture
def database(own_cluster: Cluster) -> str:
    """A database of its own."""
    return own_cluster.new_database()


@pytest.fixture
def server(database: str) -> Iterator[RunningServer]:
    """A server with workers."""
    running = start_server(database, "--workers", str(WORKERS), "--log-level", "error")
    yield running
    running.stop()


def test_acknowledged_messages_when_anything_is_killed_then_none_is_lost_doubled_or_missed(
    own_cluster: Cluster, database: str, server: RunningServer
) -> None:
    dice = random.Random(SEED)
    kills = Kills(own_cluster, server, dice)
    plan: list[Callable[[], None]] = [kills.worker, kills.backend, kills.database] * KILLS_OF_EACH
    dice.shuffle(plan)
    stage = Stage([server.target], SEED, senders=SENDERS, pause=0.02)
    outages = []
    try:
        with stage.sending() as failures:
            for number, kill in enumerate(plan, 1):
                time.sleep(dice.uniform(0.1, 1.0))
                kill()
                killed = time.monotonic()
                # Now and then something else is killed before all is well again.
                if dice.random() < 0.8 or number % CHECK_EVERY == 0:
                    eventually(lambda since=killed: failures or stage.everybody_sent_since(since))
                    outages.append(time.monotonic() - killed)
                if failures:
                    break
                if number % CHECK_EVERY == 0:
                    assert_sound(database)
        history = stage.end()
        outages.sort()
        streams = sum(len(watcher.chain.streams) for watcher in stage.watchers)
        ends = {stream.end for watcher in stage.watchers for stream in watcher.chain.streams[:-1]}
        print(  # noqa: T201
            f"{len(plan)} kills, seed {SEED}: {stage.figures()}; {streams} streams, ended by {sorted(ends)}; "
            f"all senders went on after {outages[len(outages) // 2]:.1f} s in the median, {outages[-1]:.1f} s at most"
        )
        assert stage.faults(history) == []
        assert ends <= {"UNAVAILABLE", "CANCELLED"}
        assert streams > len(stage.watchers)
    finally:
        stage.close()
    assert server.stop() == 0, server.log_text()
    assert_sound(database)
