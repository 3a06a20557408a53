"""Yardstick P: PostgreSQL's own load generator, `pgbench`, running the statements that the server runs."""

import asyncio
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic_ns, time
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from benchmarks.figures import Reading
from benchmarks.processes import processor_seconds
from benchmarks.recording import Ran
from tools.postgres_cluster import binary

_PATIENCE_SECONDS = 30
_LEADS = (2.0, 4.0, 8.0, 16.0, 32.0)
"""Seconds before what counts. Until then each connection must have prepared what it runs, as those of a server have."""

_FAILED = re.compile(r"^number of failed transactions: ([1-9]\d*)", re.MULTILINE)


def command(ran: Ran, variables: Mapping[str, str]) -> str:
    """Return a statement as pgbench takes it: parameters are its variables by name, or else what they were."""
    parameters = [f":{variables[name]}" if name in variables else _literal(value) for name, value in ran.values]
    return re.sub(r"\$(\d+)", lambda found: parameters[int(found[1]) - 1], ran.text)


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bytes | bytearray):
        return f"'\\x{value.hex()}'"
    if isinstance(value, str):
        doubled = value.replace("'", "''")
        return f"'{doubled}'"
    return str(int(value))


@dataclass(slots=True)
class Pgbench:
    """Runs a script of pgbench, each statement prepared once for a connection.

    Attributes:
        url: the database.
        script: what each transaction does.
        folder: where the script and the latencies go.
        connections: how many, each in a transaction all the time.
        database_seconds: the processor time of the database server so far.
        lead: which of the times before what counts was long enough the last time.
    """

    url: str
    script: str
    folder: Path
    connections: int
    database_seconds: Callable[[], float | None]
    lead: int = 0

    @property
    def label(self) -> str:
        """Its name in the report."""
        return f"pgbench, {self.connections} conn."

    async def measure(self, _number: int, seconds: float) -> Reading:
        """Run it for some seconds that count.

        Readings with connections that were not ready in time are taken again, with more time before.
        """
        while True:
            reading, ready = await self._run(_LEADS[self.lead], seconds)
            if ready == self.connections and not reading.calls:
                return replace(reading, errors=[*reading.errors, "no transaction ended"])
            if ready == self.connections or reading.errors:
                return reading
            if self.lead == len(_LEADS) - 1:
                late = f"{self.connections - ready} connections were not ready after {_LEADS[self.lead]:g} s"
                return replace(reading, errors=[late])
            self.lead += 1

    async def _run(self, lead: float, seconds: float) -> tuple[Reading, int]:
        """Return a reading, and how many connections had ended a transaction before it began."""
        run = self.folder / f"pgbench-{monotonic_ns()}"
        run.mkdir()
        (run / "script.sql").write_text(self.script)
        place = urlsplit(self.url)
        process = await asyncio.create_subprocess_exec(
            binary("pgbench"), "--no-vacuum", "--protocol=prepared", f"--client={self.connections}",
            f"--time={math.ceil(lead + seconds) + 1}", f"--file={run / 'script.sql'}",
            "--log", f"--log-prefix={run / 'latencies'}",
            "--host=127.0.0.1", f"--port={place.port}", f"--username={place.username}", place.path.removeprefix("/"),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            await asyncio.sleep(lead)
            begun, before, client_before = time(), self.database_seconds(), processor_seconds(process.pid)
            await asyncio.sleep(seconds)
            ended, after, client_after = time(), self.database_seconds(), processor_seconds(process.pid)
            async with asyncio.timeout(_PATIENCE_SECONDS):
                output, complaints = (text.decode() for text in await process.communicate())
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        ran = [line for log in run.glob("latencies.*") for line in map(_Line.read, log.read_text().splitlines())]
        latencies = [line.seconds for line in ran if begun <= line.ended < ended]
        failed = _FAILED.search(output)
        errors = [f"{failed[1]} transactions failed"] if failed else []
        if process.returncode:
            errors.append(complaints.strip()[-500:] or f"pgbench ended with status {process.returncode}")
        reading = Reading(
            calls=len(latencies),
            seconds=ended - begun,
            latencies=latencies,
            server_seconds=None if before is None or after is None else after - before,
            client_seconds=(client_after or 0.0) - (client_before or 0.0),
            errors=errors,
        )
        return reading, len({line.client for line in ran if line.ended < begun})


class _Line(NamedTuple):
    """A transaction in the log of pgbench: whose, how long, and when it ended."""

    client: str
    seconds: float
    ended: float

    @classmethod
    def read(cls, line: str) -> "_Line":
        client, _number, microseconds, _script, second, part = line.split()
        return cls(client, int(microseconds) / 1e6, int(second) + int(part) / 1e6)
