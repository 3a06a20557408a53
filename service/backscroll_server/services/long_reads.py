"""Long reads, whose cost grows with a user or conversation: short ones run as any other read, others in steps."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.stepped_reads import SteppedReads, Steps, first_step

Parameters = ParamSpec("Parameters")
Item = TypeVar("Item")
Result = TypeVar("Result")

Reads = Callable[..., Awaitable[Any]]
"""A callable that runs a read on a snapshot: `Store.read`, or the `CallReads` of a call."""


async def read_in_steps(
    stepped_reads: SteppedReads,
    reads: Reads,
    read: Callable[Concatenate[Snapshot, Parameters], Steps[Any, Result]],
    *args: Parameters.args,
    **kwargs: Parameters.kwargs,
) -> Result:
    """Run a read that may pause, and return its result.

    A read that ends before its first pause runs as any other read. Otherwise it is run again from the beginning, in
    steps, on a snapshot of its own that is at least as new.

    Args:
        stepped_reads: runs a read in steps.
        reads: runs a read on a snapshot.
        read: the read, a generator over a snapshot that yields None where it may pause and returns the result.
        *args: further arguments of the read.
        **kwargs: further arguments of the read.

    Raises:
        UnavailableError: while the database is unavailable.
        SlowReaderError: `SLOW_READER` where the read takes more than a minute.
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
    """Run a read that may pause, and yield its items, all from one snapshot.

    Args:
        stepped_reads: runs a read in steps.
        reads: runs a read on a snapshot.
        read: the read, a generator over a snapshot that yields items, and None where it may pause.
        *args: further arguments of the read.
        **kwargs: further arguments of the read.

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
