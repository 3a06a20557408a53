"""A light client beside one user with very many conversations, and how long that user's calls take."""

import asyncio
import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from statistics import median

from benchmarks.checkouts import Checkout, prepared, print_load
from benchmarks.contract import Contract
from benchmarks.dataset import Said, pair
from benchmarks.figures import Reading, Side, Spread, ratio, spread
from benchmarks.fill import database_of, fill
from benchmarks.heavy_user import CALLS, READS, USER, WRITES
from benchmarks.light_calls import light_calls
from benchmarks.load import connected
from benchmarks.open_loop import Arrivals, run_open_loop
from benchmarks.pairs import history
from benchmarks.plan import Plan
from benchmarks.processes import backscroll
from benchmarks.report import Outcome, Verdict, at_most
from benchmarks.table import cell, table

_CONVERSATIONS = 50_000
_CONVERSATIONS_OF_A_QUICK_RUN = 1000
_TAIL_BESIDE = 0.050
_TAIL_ALONE = 0.015
_PATIENCE_SECONDS = 900
_MOST_READ = 1.0
_MOST_WRITE = 2.0


@dataclass(frozen=True, slots=True)
class _Result:
    """Readings of one tree.

    Attributes:
        name: the tree's name.
        alone: a side for each kind of light call, without the heavy user.
        beside: the same with the heavy user.
        heavy: the median seconds of each kind of heavy call in each round.
        faults: what makes the figures of the heavy user worthless.
    """

    name: str
    alone: dict[str, Side]
    beside: dict[str, Side]
    heavy: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in (*READS, *WRITES)})
    faults: list[str] = field(default_factory=list)


async def run(plan: Plan) -> Outcome:
    """Time light calls without and with the heavy user, each round on a new copy of the data, the trees in turns."""
    conversations = _CONVERSATIONS_OF_A_QUICK_RUN if plan.quick else _CONVERSATIONS
    light, missing = prepared(plan, lambda contract: _light(contract, plan.rounds))
    for tree in light:
        await fill(database_of(plan, tree), plan, tree, chain(history(), _unread(conversations)))
    results = [
        _Result(tree.name, {kind: Side("alone") for kind in calls}, {kind: Side("beside") for kind in calls})
        for tree, calls in light.items()
    ]
    for number in range(1, plan.rounds + 1):
        for (tree, calls), result in zip(light.items(), results, strict=True):
            print_load(f"round {number}, {tree.name}")
            await _round(plan, tree, calls, conversations, number, result)
    results[-1].faults.extend(error for side in _sides(results[-1]) for error in side.errors)
    outcome = Outcome(f"light calls beside a user with {conversations:,} conversations", (), notes=missing)
    for result in results:
        outcome.notes += ["", f"{result.name}, the light client", *_light_lines(result)]
        outcome.faults += [f"{result.name}: {fault}" for fault in dict.fromkeys(result.faults)]
    outcome.notes += ["", "the heavy user's calls, seconds", *_heavy_lines(results)]
    if not outcome.faults:
        outcome.verdicts += _tails(results[-1]) + _durations(results)
    return outcome


def _unread(conversations: int) -> Iterator[Said]:
    """Yield one message in each conversation of the heavy user."""
    for peer in range(conversations):
        yield Said(pair(USER, f"peer-{peer}"), f"peer-{peer}", peer)


def _light(contract: Contract, rounds: int) -> dict[str, Arrivals]:
    """Return the calls of the light client, by their name in the report.

    Raises:
        MissingError: where the checkout does not have one of them, or of the heavy user's.
    """
    for method in CALLS:
        contract.path(method)
    return light_calls(contract, 2 * rounds, pages_per_second=200)


async def _round(
    plan: Plan,
    tree: Checkout,
    light: dict[str, Arrivals],
    conversations: int,
    number: int,
    result: _Result,
) -> None:
    """Load a server without the heavy user, then with it."""
    database = plan.folder / "heavy-round.db"
    shutil.copy(database_of(plan, tree), database)
    with backscroll(database, plan.cores, tree=tree.folder) as server:
        async with connected(server) as client:
            loops = list(light.values())
            await run_open_loop(client, loops, 0, plan.warm_up_seconds)
            _add(result.alone, await run_open_loop(client, loops, number, plan.seconds))
            ended = asyncio.Event()
            async with asyncio.TaskGroup() as tasks:
                heavy = tasks.create_task(
                    _heavy_user(tree.contract, server.address, plan.seconds, conversations, ended)
                )
                beside = await run_open_loop(client, loops, plan.rounds + number, plan.seconds, until=ended)
                if not ended.is_set():
                    result.faults.append("the light client ended before the heavy user did")
    _add(result.beside, beside)
    seconds, faults = heavy.result()
    result.faults.extend(faults)
    for kind, values in seconds.items():
        result.heavy[kind].append(median(values))


def _add(sides: dict[str, Side], readings: Sequence[Reading]) -> None:
    for side, reading in zip(sides.values(), readings, strict=True):
        side.readings.append(reading)


async def _heavy_user(
    contract: Contract, address: str, seconds: float, conversations: int, ended: asyncio.Event
) -> tuple[dict[str, list[float]], list[str]]:
    """Run the heavy user's client; return how long its calls of each kind took, and its faults."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.heavy_user",
        str(contract.checkout), address, str(seconds), str(conversations),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            output, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        return {}, [f"the heavy user did not end within {_PATIENCE_SECONDS} s"]
    finally:
        ended.set()
    if process.returncode:
        return {}, [f"the heavy user's client ended with status {process.returncode}"]
    printed = json.loads(output)
    return printed["seconds"], printed["faults"]


def _sides(result: _Result) -> list[Side]:
    return [*result.alone.values(), *result.beside.values()]


def _light_lines(result: _Result) -> list[str]:
    """Return a line for each kind of light call, without and with the heavy user."""
    headings = ("", "calls/s", "p50 ms", "p99 ms", "client", "failures")
    rows = [
        (
            f"{kind}, {side.label}",
            cell(spread([reading.per_second for reading in side.readings])),
            cell(_milliseconds(side, 0.5), 2),
            cell(_milliseconds(side, 0.99), 2),
            f"{side.client_share:.0%}",
            f"{len(side.errors):,}",
        )
        for kind in result.alone
        for side in (result.alone[kind], result.beside[kind])
    ]
    return table(headings, rows)


def _milliseconds(side: Side, part: float) -> Spread:
    return spread([reading.latency(part) * 1e3 for reading in side.readings])


def _heavy_lines(results: Sequence[_Result]) -> list[str]:
    """Return a line for each kind of heavy call, with a column for each tree."""
    rows = [
        (kind, *(cell(spread(result.heavy[kind]) if result.heavy[kind] else None, 3) for result in results))
        for kind in (*READS, *WRITES)
    ]
    return table(("", *(result.name for result in results)), rows)


def _tails(ours: _Result) -> list[Verdict]:
    """Hold this tree's p99 beside the heavy user to its target, where the machine is calm enough without that user."""
    verdicts = []
    for kind, quiet in ours.alone.items():
        alone, beside = quiet.latency(0.99), ours.beside[kind].latency(0.99)
        text = f"{kind}: p99 {beside * 1e3:.1f} ms beside the heavy user, {alone * 1e3:.1f} ms alone"
        target = f"< {_TAIL_BESIDE * 1e3:.0f} ms where it is < {_TAIL_ALONE * 1e3:.0f} ms alone"
        verdicts.append(Verdict(text, target, beside < _TAIL_BESIDE if alone < _TAIL_ALONE else None))
    return verdicts


def _durations(results: Sequence[_Result]) -> list[Verdict]:
    """Hold how long this tree's heavy calls take to the first of the other trees; nothing where there is none."""
    before, ours = results[0], results[-1]
    if before is ours:
        return []
    return [
        at_most(f"{kind}: time over that of {before.name}", ratio(ours.heavy[kind], before.heavy[kind]), target)
        for kinds, target in ((READS, _MOST_READ), (WRITES, _MOST_WRITE))
        for kind in kinds
    ]
