"""An open loop: calls arrive at random times, whether or not the server has answered the ones before.

Arrivals are a Poisson process. Each call is timed from the moment it was due, so that a server that falls behind cannot
hide it: in a closed loop, a slow server is asked less.
"""

import asyncio
import gc
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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


async def run_open_loop(client: Client, arrivals: Arrivals, number: int, seconds: float) -> Reading:
    """Load a server for some seconds at a rate, with the requests of round `number`.

    Every call is waited for, at most 30 s; failures are counted, and no arrival is skipped. The run ends early only at
    the bound on calls, or if 20,000 calls are open.
    """
    call = unary(client.channel, arrivals.method)
    dice = random.Random(number)
    requests = arrivals.requests(number)
    latencies: list[float] = []
    errors: list[str] = []
    open_calls: set[asyncio.Task[None]] = set()

    async def make(request: bytes, due: float) -> None:
        try:
            await call(request, timeout=_PATIENCE_SECONDS)
        except grpc.aio.AioRpcError as error:
            errors.append(f"{error.code().name}: {error.details()}")
        else:
            latencies.append(perf_counter() - due)

    gc.collect()
    started_server, started_client = client.server.processor_seconds(), process_time()
    started = due = perf_counter()
    for index, request in enumerate(requests):
        due += dice.expovariate(arrivals.per_second)
        if due > started + seconds or index == MOST_CALLS or len(open_calls) >= _MOST_OPEN:
            break
        pause = due - perf_counter()
        # Without a pause the arrivals that are due go out in a row, each still timed from its own moment.
        await asyncio.sleep(max(pause, 0))
        task = asyncio.create_task(make(request, due))
        open_calls.add(task)
        task.add_done_callback(open_calls.discard)
    if open_calls:
        await asyncio.wait(open_calls)
    ended_server = client.server.processor_seconds()
    known = started_server is not None and ended_server is not None
    return Reading(
        calls=len(latencies),
        seconds=perf_counter() - started,
        latencies=latencies,
        server_seconds=(ended_server or 0.0) - (started_server or 0.0) if known else None,
        client_seconds=process_time() - started_client,
        errors=errors,
    )
