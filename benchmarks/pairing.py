"""Compares two things in turns: A B A B, after one short round of each that is not counted."""

from collections.abc import Awaitable, Callable

from benchmarks.figures import Reading, Side
from benchmarks.load import Client, Workload
from benchmarks.plan import Plan

Measure = Callable[[int, float], Awaitable[Reading]]
"""Measures for some seconds in the round of that number; 0 is the one before those that count."""


async def alternate(plan: Plan, first: tuple[str, Measure], second: tuple[str, Measure]) -> tuple[Side, Side]:
    """The readings of two labelled things, taken in turns."""
    sides = (Side(first[0]), Side(second[0]))
    for number in range(plan.rounds + 1):
        for side, measure in zip(sides, (first[1], second[1]), strict=True):
            reading = await measure(number, plan.seconds if number else plan.warm_up_seconds)
            if number or reading.errors:
                side.readings.append(reading)
        if any(side.errors for side in sides):
            break
    return sides


def loading(client: Client, workload: Workload) -> Measure:
    """A measure that loads a server."""

    async def measure(number: int, seconds: float) -> Reading:
        return await client.run(workload, number, seconds)

    return measure
