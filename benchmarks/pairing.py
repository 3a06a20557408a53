"""Compares things in turns: A B, B A, after one short round of each that is not counted."""

from collections import deque
from collections.abc import Awaitable, Callable, Mapping

from benchmarks.checkouts import THIS_TREE, Checkout
from benchmarks.figures import Reading, Side
from benchmarks.load import Client, Workload
from benchmarks.plan import Plan

Measure = Callable[[int, float], Awaitable[Reading]]
"""Measures for some seconds in the round of that number; 0 is the one before those that count."""


async def alternate(plan: Plan, *compared: tuple[str, Measure]) -> list[Side]:
    """Return the readings of labelled things, taken in turns; each round begins with the one after the last's first."""
    sides = [Side(label) for label, _ in compared]
    turns = deque(zip(sides, (measure for _, measure in compared), strict=True))
    for number in range(plan.rounds + 1):
        turns.rotate(-1)
        for side, measure in turns:
            reading = await measure(number, plan.seconds if number else plan.warm_up_seconds)
            if number or reading.errors:
                side.readings.append(reading)
        if any(side.errors for side in sides):
            break
    return sides


def loading(client: Client, workload: Workload) -> Measure:
    """Return a measure that loads a server."""

    async def measure(number: int, seconds: float) -> Reading:
        return await client.run(workload, number, seconds)

    return measure


def loading_others(
    clients: Mapping[Checkout, Client], workloads: Mapping[Checkout, Workload]
) -> list[tuple[str, Measure]]:
    """Return labelled measures that load the servers of the other checkouts."""
    return [(tree.name, loading(client, workloads[tree])) for tree, client in clients.items() if tree is not THIS_TREE]
