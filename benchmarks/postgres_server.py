"""A PostgreSQL server for a case, on the core of the servers, and what it computes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

import psycopg

from benchmarks.cores import bound
from benchmarks.figures import Reading
from benchmarks.pairing import Measure
from benchmarks.plan import Plan
from benchmarks.processes import processor_seconds_of_all
from tools.postgres_cluster import Cluster, find_binaries, start_own_cluster


def missing() -> str | None:
    """Return the reason why nothing can be measured on PostgreSQL here, or None."""
    folder = find_binaries()
    if folder is None:
        return "skipped: there is no PostgreSQL server here"
    if not (folder / "pgbench").is_file():
        return f"skipped: there is no pgbench in {folder}"
    return None


@dataclass(slots=True)
class PostgresServer:
    """A server that runs.

    Attributes:
        cluster: its process, and a way to make databases.
        costs: the microseconds that it computed for a call in each round of `watched`.
    """

    cluster: Cluster
    costs: list[float] = field(default_factory=list)

    def processor_seconds(self) -> float | None:
        """Return the CPU seconds of all its processes so far; None if the system does not say."""
        process = self.cluster.process
        return None if process is None else processor_seconds_of_all(process.pid)

    def watched(self, measure: Measure) -> Measure:
        """Return a measure whose cost to this server is noted."""

        async def run(number: int, seconds: float) -> Reading:
            before = self.processor_seconds()
            reading = await measure(number, seconds)
            after = self.processor_seconds()
            if number and before is not None and after is not None and reading.calls:
                self.costs.append((after - before) / reading.calls * 1e6)
            return reading

        return run

    def cost_note(self) -> str:
        """Return its cost of the rounds of `watched`."""
        if not self.costs:
            return "PostgreSQL's CPU of a call through the server: not known here"
        return (
            f"PostgreSQL's CPU of a call through the server {median(self.costs):,.0f} us, "
            "beside the server's own; for pgbench the column is PostgreSQL's"
        )

    def settle(self, url: str) -> None:
        """Do now the work that the server would do later for the loaded rows."""
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")


@contextmanager
def postgres_server(plan: Plan) -> Iterator[PostgresServer]:
    """Return a new server with its defaults, waiting for the disk at every commit included."""
    # Beside the folder of the run, which only its owner may enter.
    with bound(plan.cores.server):
        cluster = start_own_cluster(plan.folder.parent)
    try:
        yield PostgresServer(cluster)
    finally:
        cluster.remove()


def progression(numbers: Sequence[int]) -> tuple[int, int]:
    """Return the first of some numbers and the step from each to the next, so that a script can compute them.

    Raises:
        ValueError: where the steps differ.
    """
    first, step = numbers[0], numbers[1] - numbers[0]
    if list(numbers) != list(range(first, first + step * len(numbers), step)):
        raise ValueError("the numbers of the loaded rows are not evenly spaced")
    return first, step
