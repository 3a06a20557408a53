"""Everybody does everything through two servers at once: the database never has to choose whom to end."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.reliability.watch.retrying_callers import REFUSED
from tests.reliability.watch.runs import Plan, Run
from tests.reliability.watch.validators import violations
from tests.support.database_check import assert_sound
from tools.postgres_cluster import Cluster

pytestmark = pytest.mark.slow

PLAN = Plan(seed=4, seconds=15, kills=0, disconnects=30, events=5_000, users=8, writers=28, keepers=4, servers=2)


@pytest.fixture
def run(own_cluster: Cluster) -> Iterator[Run]:
    """Two servers with 32 writers and their watchers."""
    running = Run(PLAN, own_cluster.new_database())
    yield running
    running.close()


def test_calls_when_32_writers_overlap_then_none_fails_for_a_lock(run: Run, own_cluster: Cluster) -> None:
    outcome = run.go()
    run.close()
    refused = {code.name: times for code, times in run.scene.refused.items()}
    deadlocks = counted_deadlocks(own_cluster, run.database)
    print(  # noqa: T201
        f"seed {PLAN.seed}: {run.scene.calls} calls of {PLAN.writers + PLAN.keepers} writers, {outcome.events} events, "
        f"in {outcome.seconds:.1f} s; refused {refused}; {deadlocks} deadlocks"
    )
    assert set(run.scene.refused) <= REFUSED
    assert deadlocks == 0
    assert [line for line in own_cluster.log_text().splitlines() if "ERROR:" in line] == []
    # Readers that pause are ended now and then; that is no lock's doing.
    logged = [line for server in run.servers for line in server.log_text().splitlines()]
    assert [line for line in logged if "SLOW_READER" not in line] == []
    assert violations(outcome.history) == {}
    assert_sound(run.database)


def counted_deadlocks(cluster: Cluster, database: str) -> int:
    """How many deadlocks the server has found in a database; of connections that have ended."""
    with psycopg.connect(cluster.url) as connection:
        found = connection.execute(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = %s", (database.rpartition("/")[2],)
        ).fetchone()
    assert found is not None
    return int(found[0])
