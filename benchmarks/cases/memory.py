"""Memory of servers during attacks and a minute after each, round after round."""

import asyncio
import math
from contextlib import ExitStack
from itertools import islice
from time import monotonic

from benchmarks.cases.attacks import attacked
from benchmarks.checkouts import THIS_TREE, print_load
from benchmarks.fill import fill
from benchmarks.load import Client, connected
from benchmarks.pairs import history, pages, sends
from benchmarks.plan import Plan
from benchmarks.processes import ServerProcess, backscroll
from benchmarks.report import Outcome, Verdict
from benchmarks.requests import LIST_MESSAGES, SEND_MESSAGE
from benchmarks.table import table

_COUNTS: dict[str, float] = {
    "send-refused": 1_000,
    "stop-exporting": math.inf,
    "stop-watching": math.inf,
    "drop-watches": 10_000,
    "reset-calls": 100_000,
}
"""The attacks, and how much each does in a round; those without a number last for the time of a round."""

_PAGES, _SENDS = 10_000, 1_000
_REST_SECONDS, _QUICK_REST_SECONDS = 60.0, 2.0
_SAMPLE_SECONDS = 0.05
_SECONDS_AFTER = 3.0
_PATIENCE_SECONDS = 120.0
_MEBIBYTE = 1024 * 1024
_MOST = 250
_MOST_TIMES_AFTER = 1.3
_MOST_GROWTH = 1.05


async def run(plan: Plan) -> Outcome:
    """Attack warmed servers in rounds, one for each attack, in turns: while one is attacked, the others rest."""
    outcome = Outcome("memory of a warmed server during attacks and after them", ())
    servers: dict[str, ServerProcess] = {}
    with ExitStack() as stack:
        for name in _COUNTS:
            database = plan.folder / f"{name}.db"
            await fill(database, plan, THIS_TREE, history())
            servers[name] = stack.enter_context(backscroll(database, plan.cores))
            async with connected(servers[name]) as client:
                await _warm(client)
        warmed = {name: _memory(server) for name, server in servers.items()}
        during: dict[str, list[float]] = {name: [] for name in servers}
        after: dict[str, list[float]] = {name: [] for name in servers}
        for number in range(1, plan.rounds + 1):
            print_load(f"round {number}")
            rested: dict[str, float] = {}
            for name, server in servers.items():
                most, faults = await _most_during(name, server, plan.seconds)
                during[name].append(most)
                outcome.faults += faults
                rested[name] = monotonic() + (_QUICK_REST_SECONDS if plan.quick else _REST_SECONDS)
            for name, server in servers.items():
                await asyncio.sleep(max(rested[name] - monotonic(), 0))
                after[name].append(_memory(server))
    rows = []
    for name in servers:
        rounds = [f"{most:.0f} / {rest:.0f}" for most, rest in zip(during[name], after[name], strict=True)]
        rows.append((name, f"{warmed[name]:.0f}", *rounds))
        outcome.verdicts += _verdicts(name, warmed[name], during[name], after[name])
    outcome.notes += table(("MiB: most during / after", "warmed", *map(str, range(1, plan.rounds + 1))), rows)
    return outcome


async def _warm(client: Client) -> None:
    contract = THIS_TREE.contract
    for request in islice(pages(contract, 0)(0), _PAGES):
        await client.answer(contract.path(LIST_MESSAGES), request)
    for request in islice(sends(contract)(0), _SENDS):
        await client.answer(contract.path(SEND_MESSAGE), request)


async def _most_during(name: str, server: ServerProcess, seconds: float) -> tuple[float, list[str]]:
    """Attack once; return the most memory meanwhile and in the seconds after it, in MiB, and what it did not do."""
    ended = asyncio.Event()
    most = _memory(server)
    count = _COUNTS[name]
    lasts = seconds if math.isinf(count) else _PATIENCE_SECONDS
    async with asyncio.TaskGroup() as tasks:
        attack = tasks.create_task(attacked(name, server.address, lasts, ended, most=count))
        until = math.inf
        while monotonic() < until:
            most = max(most, _memory(server))
            await asyncio.sleep(_SAMPLE_SECONDS)
            if ended.is_set():
                until = min(until, monotonic() + _SECONDS_AFTER)
    done = attack.result().done
    return most, [f"{name} did {done:,.0f} of {count:,.0f}"] if done < count < math.inf else []


def _memory(server: ServerProcess) -> float:
    """Return the resident memory of a server, in MiB.

    Raises:
        ValueError: where the system does not say.
    """
    found = server.resident_bytes()
    if found is None:
        raise ValueError("the system does not say how much memory a process has")
    return found / _MEBIBYTE


def _verdicts(name: str, warmed: float, during: list[float], after: list[float]) -> list[Verdict]:
    """Hold an attack's rounds to the most memory during it, and after it, and to no growth from the second on."""
    verdicts = [
        Verdict(f"{name}: at most {max(during):.0f} MiB during it", f"<= {_MOST} MiB", max(during) <= _MOST),
        Verdict(
            f"{name}: at most {max(after) / warmed:.2f} times the warmed size after it",
            f"<= {_MOST_TIMES_AFTER}",
            max(after) <= _MOST_TIMES_AFTER * warmed,
        ),
    ]
    if len(after) > 2:
        growth = after[-1] / after[1]
        text = f"{name}: the last round ends at {growth:.2f} times the second"
        verdicts.append(Verdict(text, f"<= {_MOST_GROWTH}", growth <= _MOST_GROWTH))
    return verdicts
