"""Light calls of one service while another one calls at ten times its rate."""

import asyncio
import json
import os
import sys
from collections.abc import Iterator
from typing import Any

import grpc

from backscroll_server.identity.service_keys import key_line, new_key
from benchmarks.checkouts import THIS_TREE
from benchmarks.figures import Side, spread
from benchmarks.fill import database_of, fill
from benchmarks.flood import KEY
from benchmarks.light_calls import light_calls
from benchmarks.load import Client
from benchmarks.open_loop import run_open_loop
from benchmarks.pairs import history
from benchmarks.plan import Plan
from benchmarks.processes import backscroll
from benchmarks.raw_calls import AuthorizedChannels
from benchmarks.report import Outcome, Verdict
from benchmarks.table import cell, table

_RATE = 100
_FLOOD_TIMES = 10
_MOST_TIMES = 2
_PATIENCE_SECONDS = 60


async def run(plan: Plan) -> Outcome:
    """Time light calls without and with the flood, in turns on one server."""
    database = database_of(plan, THIS_TREE)
    await fill(database, plan, THIS_TREE, history())
    light, flooding = new_key(), new_key()
    keys = plan.folder / "keys"
    keys.touch(0o600)
    keys.write_text("\n".join([key_line("light", light), key_line("flooding", flooding)]))
    loops = light_calls(THIS_TREE.contract, 2 * plan.rounds, pages_per_second=50)
    without, beside = ({kind: Side(f"{kind}, {label}") for kind in loops} for label in ("without", "beside"))
    counted: list[dict[str, float]] = []
    flags = ("--auth", "key", "--key-file", str(keys), "--read-rate", str(_RATE))
    with backscroll(database, plan.cores, *flags) as server:
        async with grpc.aio.insecure_channel(server.address) as channel:
            authorized: Any = AuthorizedChannels([channel], light)
            client, calls = Client(authorized, server), list(loops.values())
            await run_open_loop(client, calls, 0, plan.warm_up_seconds)
            for number in range(1, plan.rounds + 1):
                readings = await run_open_loop(client, calls, number, plan.seconds)
                for side, reading in zip(without.values(), readings, strict=True):
                    side.readings.append(reading)
                ended = asyncio.Event()
                async with asyncio.TaskGroup() as tasks:
                    flood = tasks.create_task(_flooded(server.address, plan.seconds, flooding, ended))
                    readings = await run_open_loop(client, calls, plan.rounds + number, plan.seconds, until=ended)
                for side, reading in zip(beside.values(), readings, strict=True):
                    side.readings.append(reading)
                counted.append(flood.result())
    outcome = Outcome(
        f"light calls beside a service at {_FLOOD_TIMES} times its {_RATE} reads a second",
        (*without.values(), *beside.values()),
    )
    outcome.notes += table(("", "p50 ms", "p99 ms", "calls"), list(_rows(without, beside)))
    outcome.notes += [
        f"  the flood's {name}: {cell(spread([one.get(name, 0) for one in counted]))} a second"
        for name in sorted({name for one in counted for name in one})
    ]
    outcome.verdicts += _tails(without, beside)
    return outcome


async def _flooded(address: str, seconds: float, key: str, ended: asyncio.Event) -> dict[str, float]:
    """Call at ten times the rate from a process of its own; return its calls a second by status, and set `ended` then.

    Raises:
        ValueError: where the process fails.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.flood", address, str(seconds), str(_FLOOD_TIMES * _RATE),
        stdout=asyncio.subprocess.PIPE, env={**os.environ, KEY: key},
    )  # fmt: skip
    try:
        async with asyncio.timeout(seconds + _PATIENCE_SECONDS):
            output, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise ValueError("the flood did not end") from None
    finally:
        ended.set()
    if process.returncode:
        raise ValueError(f"the flood ended with status {process.returncode}")
    printed: dict[str, float] = json.loads(output)
    return printed


def _rows(without: dict[str, Side], beside: dict[str, Side]) -> Iterator[tuple[str, ...]]:
    """Yield a line for each kind of light call without and beside the flood."""
    for kind, quiet in without.items():
        for side in (quiet, beside[kind]):
            parts = [cell(spread([one.latency(part) * 1e3 for one in side.readings]), 1) for part in (0.5, 0.99)]
            yield side.label, *parts, f"{side.calls:,}"


def _tails(without: dict[str, Side], beside: dict[str, Side]) -> Iterator[Verdict]:
    """Hold the p99 beside the flood to twice that without it."""
    for kind, quiet in without.items():
        alone, flooded = quiet.latency(0.99), beside[kind].latency(0.99)
        text = f"{kind}: p99 {flooded * 1e3:.1f} ms, {alone * 1e3:.1f} ms without"
        yield Verdict(text, f"<= {_MOST_TIMES * alone * 1e3:.1f} ms", flooded <= _MOST_TIMES * alone)
