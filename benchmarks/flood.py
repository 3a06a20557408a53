"""A client that calls more often than it may, in a process of its own, so that it delays no other client.

`python -m benchmarks.flood ADDRESS SECONDS PER_SECOND` asks for unread counts at a rate, with the service key of the
environment variable `FLOOD_KEY`, and prints how many calls a second were answered with each status, as JSON.
"""

import asyncio
import json
import os
import sys
from collections import Counter
from time import perf_counter
from typing import Final

# Read when grpc is loaded.
os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"

import click
import grpc
import uvloop

from backscroll.v1 import user_service_pb2
from benchmarks.raw_calls import unary

KEY: Final = "FLOOD_KEY"

_METHOD: Final = "/backscroll.v1.UserService/GetUnreadSummary"
_PAUSE_SECONDS: Final = 0.002
_PATIENCE_SECONDS: Final = 30


async def flood(address: str, seconds: float, per_second: float, key: str) -> dict[str, float]:
    """Call at a rate, whether or not earlier calls were answered; return the calls a second by status."""
    request = user_service_pb2.GetUnreadSummaryRequest(user_id="flooding").SerializeToString()
    counted: Counter[str] = Counter()
    async with grpc.aio.insecure_channel(address) as channel, asyncio.TaskGroup() as calls:
        call = unary(channel, _METHOD)

        async def make() -> None:
            try:
                await call(request, metadata=(("authorization", f"Bearer {key}"),), timeout=_PATIENCE_SECONDS)
            except grpc.aio.AioRpcError as error:
                counted[error.code().name] += 1
            else:
                counted["OK"] += 1

        started, made = perf_counter(), 0
        while (passed := perf_counter() - started) < seconds:
            while made < passed * per_second:
                calls.create_task(make())
                made += 1
            await asyncio.sleep(_PAUSE_SECONDS)
    lasted = perf_counter() - started
    return {name: count / lasted for name, count in counted.items()}


def main(address: str, seconds: float, per_second: float) -> None:
    """Call a server, and print what came of it."""
    # Another client may have the same core, and that one is timed.
    os.nice(10)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        click.echo(json.dumps(runner.run(flood(address, seconds, per_second, os.environ[KEY]))))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]))
