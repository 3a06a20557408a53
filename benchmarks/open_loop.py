"""An open loop: calls arrive at random times, whether or not the server has answered the ones before.

Arrivals are a Poisson process. Each call is timed from the moment it was due, so that a server that falls behind cannot
hide it: in a closed loop, a slow server is asked less.
"""

import asyncio
import gc
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from time import perf_counter, process_time

import grpc

from benchmarks.figures import Reading
from benchmarks.load import MOST_CALLS, Client
from benchmarks.raw_calls import unary

_PATIENCE_SECONDS = 30
_MOST_OPEN = 20_000


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Calls that arrive at a rate.

    Attributes:
        method: `/service/method`.
        per_second: the mean rate.
        requests: the encoded requests of a round.
    """

    method: str
    per_second: float
    requests: Callable[[int], Iterator[bytes]]


async def run_open_loop(
    client: Client,
    loops: Sequence[Arrivals],
    number: int,
    seconds: float,
    *,
    until: asyncio.Event | None = None,
) -> list[Reading]:
    """Load a server for some seconds with several kinds of calls, each at its own rate; return a reading of each.

    Every call is waited for, at most 30 s; failures are counted, and no arrival is skipped. A kind of calls ends early
    at the bound on calls, where its requests end, and, as a failure, where 20,000 of its calls are open. Processor
    times are those of all kinds together.

    Args:
        client: what calls.
        loops: what is called, and how often.
        number: the round. The same round has the same arrivals, whatever server answers them.
        seconds: how long calls are due.
        until: calls are due for longer than `seconds`, until this is set.
    """
    runs = [_Run(client, arrivals, number) for arrivals in loops]
    with _without_garbage():
        started_server, started_client = client.server.processor_seconds(), process_time()
        started = perf_counter()
        await asyncio.gather(*(run.make_calls(started, started + seconds, until) for run in runs))
        lasted = perf_counter() - started
        ended_server, ended_client = client.server.processor_seconds(), process_time()
    known = started_server is not None and ended_server is not None
    return [
        Reading(
            calls=len(run.latencies),
            seconds=lasted,
            latencies=run.latencies,
            server_seconds=(ended_server or 0.0) - (started_server or 0.0) if known else None,
            client_seconds=ended_client - started_client,
            errors=run.errors,
        )
        for run in runs
    ]


class _Run:
    """Calls of one kind in one round."""

    def __init__(self, client: Client, arrivals: Arrivals, number: int) -> None:
        self._call = unary(client.channel, arrivals.method)
        self._requests = islice(arrivals.requests(number), MOST_CALLS)
        self._per_second = arrivals.per_second
        # Kinds of calls that run side by side must not arrive in step.
        self._dice = random.Random(f"{arrivals.method} {number}")
        self._open = 0
        self.latencies: list[float] = []
        self.errors: list[str] = []

    async def make_calls(self, started: float, deadline: float, until: asyncio.Event | None) -> None:
        """Make each call when it is due, and wait for all of them."""
        due = started
        async with asyncio.TaskGroup() as calls:
            for request in self._requests:
                due += self._dice.expovariate(self._per_second)
                if due > deadline and (until is None or until.is_set()):
                    return
                if self._open >= _MOST_OPEN:
                    self.errors.append(f"{_MOST_OPEN:,} calls were open, and the run ended early")
                    return
                await _wait_until(due)
                self._open += 1
                calls.create_task(self._make(request, due))

    async def _make(self, request: bytes, due: float) -> None:
        try:
            await self._call(request, timeout=_PATIENCE_SECONDS)
        except grpc.aio.AioRpcError as error:
            self.errors.append(f"{error.code().name}: {error.details()}")
        else:
            self.latencies.append(perf_counter() - due)
        finally:
            self._open -= 1


@contextmanager
def _without_garbage() -> Iterator[None]:
    """Collect garbage before the clock starts, and keep later collections from looking at what is there already.

    A collection that looks at everything takes tens of milliseconds of the client, which would count as the server's.
    """
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


async def _wait_until(due: float) -> None:
    """Wait until a moment, and let other tasks run at least once where it has passed.

    The loop's timers have whole milliseconds and may end early: a call that is sent before it is due would look faster
    than it is.
    """
    while True:
        await asyncio.sleep(max(due - perf_counter(), 0))
        if perf_counter() >= due:
            return
