"""Reads whose cost grows with a user's or a conversation's size: like any other while they are short, else in steps."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.stepped_reads import SteppedReads, Steps, first_step

Parameters = ParamSpec("Parameters")
Item = TypeVar("Item")
Result = TypeVar("Result")

Reads = Callable[..., Awaitable[Any]]
"""Runs a read: `Store.read`, or the reads of a call that states a freshness."""


async def read_in_steps(
    stepped_reads: SteppedReads,
    reads: Reads,
    read: Callable[Concatenate[Snapshot, Parameters], Steps[Any, Result]],
    *args: Parameters.args,
    **kwargs: Parameters.kwargs,
) -> Result:
    """Return the result of a read in steps.

    A read that ends before its first pause runs as any other does. Otherwise it begins again on a snapshot of its own,
    at least as new as that of `reads`.

    Raises:
        UnavailableError: while the database is unavailable.
    """
    step = await reads(first_step, read, *args, **kwargs)
    if step.finished:
        result: Result = step.result
        return result
    return await stepped_reads.read(read, *args, **kwargs)


async def stream_in_steps(
    stepped_reads: SteppedReads,
    reads: Reads,
    read: Callable[Concatenate[Snapshot, Parameters], Steps[Item, None]],
    *args: Parameters.args,
    **kwargs: Parameters.kwargs,
) -> AsyncGenerator[Item, None]:
    """Yield the items of a read in steps, all of one snapshot.

    Raises:
        UnavailableError: while the database is unavailable.
        SlowReaderError: `SLOW_READER` where the items are not taken within a minute.
    """
    step = await reads(first_step, read, *args, **kwargs)
    if step.finished:
        for item in step.items:
            yield item
        return
    async for item in stepped_reads.stream(read, *args, **kwargs):
        yield item
