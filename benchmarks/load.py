"""Puts load on a server: a fixed number of calls in flight, each followed by the next one at once."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from time import perf_counter, process_time

import grpc

from benchmarks.figures import Reading
from benchmarks.processes import ServerProcess
from benchmarks.raw_calls import unary

MOST_CALLS = 100_000
"""Number of calls after which a run ends even if its time has not passed."""

_MOST_ERRORS = 10
_PATIENCE_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Workload:
    """Calls to make.

    Attributes:
        method: `/service/method`.
        in_flight: how many calls wait for their answers at any time.
        requests: the encoded requests of a round. No two of all rounds are equal, so that no cache of answers helps.
        units: how many things one call is about.
    """

    method: str
    in_flight: int
    requests: Callable[[int], Iterator[bytes]]
    units: int = 1


class Client:
    """Calls one server.

    Args:
        channel: open to the server.
        server: the process behind it.

    Attributes:
        channel: the channel.
        server: the process.
    """

    def __init__(self, channel: grpc.aio.Channel, server: ServerProcess) -> None:
        self.channel = channel
        self.server = server

    async def answer(self, method: str, request: bytes) -> bytes:
        """Return one answer."""
        answer: bytes = await unary(self.channel, method)(request, timeout=_PATIENCE_SECONDS)
        return answer

    async def run(self, workload: Workload, number: int, seconds: float) -> Reading:
        """Load the server for some seconds with the requests of round `number`.

        Ends early after many failures, or when there are no more requests. Every call is waited for.
        """
        call = unary(self.channel, workload.method)
        requests = islice(workload.requests(number), MOST_CALLS)
        latencies: list[float] = []
        errors: list[str] = []
        gc.collect()
        started_server = self.server.processor_seconds()
        started_client = process_time()
        started = perf_counter()
        deadline = started + seconds

        async def work() -> None:
            for request in requests:
                sent = perf_counter()
                try:
                    await call(request)
                except grpc.aio.AioRpcError as error:
                    errors.append(f"{error.code().name}: {error.details()}")
                else:
                    latencies.append(perf_counter() - sent)
                if perf_counter() >= deadline or len(errors) >= _MOST_ERRORS:
                    return

        try:
            async with asyncio.timeout(seconds + _PATIENCE_SECONDS):
                await asyncio.gather(*(work() for _ in range(workload.in_flight)))
        except TimeoutError:
            errors.append(f"calls were not answered within {_PATIENCE_SECONDS} s")
        ended_server = self.server.processor_seconds()
        known = started_server is not None and ended_server is not None
        return Reading(
            calls=len(latencies),
            seconds=perf_counter() - started,
            latencies=latencies,
            server_seconds=(ended_server or 0.0) - (started_server or 0.0) if known else None,
            client_seconds=process_time() - started_client,
            errors=errors,
            units=workload.units,
        )


@asynccontextmanager
async def connected(server: ServerProcess) -> AsyncIterator[Client]:
    """Return a client of a server, on one connection, as an application server would have it."""
    options = (("grpc.max_receive_message_length", -1), ("grpc.use_local_subchannel_pool", 1))
    async with grpc.aio.insecure_channel(server.address, options=options) as channel:
        await channel.channel_ready()
        yield Client(channel, server)
