"""Light calls beside each of several attacks: what others feel of it."""

import asyncio
import json
import math
import shutil
import sys
from collections.abc import Iterator
from typing import NamedTuple

from benchmarks.attackers import ATTACKS
from benchmarks.checkouts import THIS_TREE, print_load
from benchmarks.figures import Side, spread
from benchmarks.fill import database_of, fill
from benchmarks.light_calls import light_calls
from benchmarks.load import connected
from benchmarks.open_loop import Arrivals, run_open_loop
from benchmarks.pairs import history
from benchmarks.plan import Plan
from benchmarks.processes import ServerProcess, backscroll
from benchmarks.report import Outcome, Verdict
from benchmarks.table import cell, table

_MOST_TIMES = 3
_LEAST_TAIL = 0.100
_PATIENCE_SECONDS = 300


async def run(plan: Plan) -> Outcome:
    """Time light calls before and during each attack, each round on a server and a copy of the data of its own."""
    database = database_of(plan, THIS_TREE)
    await fill(database, plan, THIS_TREE, history())
    loops = light_calls(THIS_TREE.contract, 2 * plan.rounds, pages_per_second=100)
    outcome = Outcome("light calls before and during attacks", ())
    rows: list[tuple[str, ...]] = []
    for name in ATTACKS:
        print_load(name)
        before, during = ({kind: Side(label) for kind in loops} for label in ("before", "during"))
        rates: list[float] = []
        for number in range(1, plan.rounds + 1):
            copied = plan.folder / "attacked.db"
            shutil.copy(database, copied)
            with backscroll(copied, plan.cores) as server:
                rates.append(await _round(plan, name, server, loops, number, before, during))
        rows += _rows(name, rates, before, during)
        outcome.verdicts += _tails(name, before, during)
        outcome.faults += [f"{name}: {error}" for side in before.values() for error in side.errors]
    outcome.notes += table(("", "", "p50 ms", "p99 ms", "calls", "failures"), rows)
    return outcome


async def _round(
    plan: Plan,
    name: str,
    server: ServerProcess,
    loops: dict[str, Arrivals],
    number: int,
    before: dict[str, Side],
    during: dict[str, Side],
) -> float:
    """Add readings without and with the attack; return how much the attack did a second."""
    async with connected(server) as client:
        calls = list(loops.values())
        await run_open_loop(client, calls, 0, plan.warm_up_seconds)
        for side, reading in zip(
            before.values(), await run_open_loop(client, calls, number, plan.seconds), strict=True
        ):
            side.readings.append(reading)
        ended = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            attack = tasks.create_task(attacked(name, server.address, plan.seconds, ended))
            readings = await run_open_loop(client, calls, plan.rounds + number, plan.seconds, until=ended)
        for side, reading in zip(during.values(), readings, strict=True):
            side.readings.append(reading)
        done, lasted = attack.result()
        return done / lasted


class Attacked(NamedTuple):
    """Amount that an attack did, and the seconds that it took."""

    done: float
    seconds: float


async def attacked(
    name: str, address: str, seconds: float, ended: asyncio.Event, *, most: float = math.inf
) -> Attacked:
    """Run an attack on a server in a process of its own; return how much it did, and set `ended` then.

    Args:
        name: that of the attack.
        address: where the server listens.
        seconds: how long the attack lasts at most.
        ended: set when it has ended.
        most: how much it does at most.

    Raises:
        ValueError: where the attacker fails.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benchmarks.attackers",
        name,
        address,
        str(seconds),
        str(most),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            output, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise ValueError(f"the attack {name} did not end within {_PATIENCE_SECONDS} s") from None
    finally:
        ended.set()
    if process.returncode:
        raise ValueError(f"the attack {name} ended with status {process.returncode}")
    printed = json.loads(output)
    return Attacked(printed["done"], printed["seconds"])


def _rows(name: str, rates: list[float], before: dict[str, Side], during: dict[str, Side]) -> Iterator[tuple[str, ...]]:
    """Yield a line for the attack, and one for each kind of light call before and during it."""
    yield name, f"{cell(spread(rates), 1)} {ATTACKS[name][1]} a second", "", "", "", ""
    for kind, quiet in before.items():
        for side in (quiet, during[kind]):
            yield (
                "",
                f"{kind}, {side.label}",
                *(cell(spread([reading.latency(part) * 1e3 for reading in side.readings]), 1) for part in (0.5, 0.99)),
                f"{side.calls:,}",
                f"{len(side.errors):,}",
            )


def _tails(name: str, before: dict[str, Side], during: dict[str, Side]) -> list[Verdict]:
    """Hold the p99 during an attack to three times that before it, or 100 ms."""
    verdicts = []
    for kind, quiet in before.items():
        alone, beside = quiet.latency(0.99), during[kind].latency(0.99)
        most = max(_MOST_TIMES * alone, _LEAST_TAIL)
        text = f"{name}, {kind}: p99 {beside * 1e3:.0f} ms, {alone * 1e3:.0f} ms before"
        verdicts.append(Verdict(text, f"<= {most * 1e3:.0f} ms", beside <= most))
    return verdicts
