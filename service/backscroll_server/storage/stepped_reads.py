"""Long reads in short steps with pauses as long, so that they take at most half of the time of a process.

A read whose cost grows with the size of a user's list or of a conversation is a generator over a snapshot. It yields
the items that it finds, and None where it may pause. `first_step` runs such a read like any other, up to its first
pause. A read that has not ended by then is begun again by `SteppedReads`, on a connection and a snapshot of its own.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from contextvars import copy_context
from time import perf_counter
from typing import Any, Concatenate, Final, Generic, NamedTuple, ParamSpec, TypeVar

from backscroll_server.domain.clock import Clock
from backscroll_server.domain.errors import Reason, SlowReaderError, overloaded_error
from backscroll_server.storage.engine.connection import Connection
from backscroll_server.storage.engine.reconnect import Availability, ReconnectingSession
from backscroll_server.storage.read_pool import MakeSnapshot
from backscroll_server.storage.snapshot import Snapshot

MOST_AT_ONCE: Final = 2
STEP_SECONDS: Final = 0.004
LONGEST_SECONDS: Final = 60.0
"""The age at which a read is given up, in seconds: its snapshot keeps the database from removing old rows."""

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
Item = TypeVar("Item")
Steps = Generator[Item | None, None, Result]
"""A read in steps: a generator that yields items, or None where it may pause, and returns a result."""


class FirstStep(NamedTuple, Generic[Item, Result]):
    """The outcome of a read up to its first pause.

    Attributes:
        finished: whether the read ended before a pause.
        items: the items that it yielded; empty if it did not end.
        result: its result; None if it did not end.
    """

    finished: bool
    items: list[Item]
    result: Result | None = None


def first_step(
    snapshot: Snapshot,
    read: Callable[Concatenate[Snapshot, Parameters], Steps[Item, Result]],
    *args: Parameters.args,
    **kwargs: Parameters.kwargs,
) -> FirstStep[Item, Result]:
    """Run a read up to its first pause, where it is ended; return its items and result if it ended before.

    `read` begins the read on `snapshot`, with `args` and `kwargs`.
    """
    steps = read(snapshot, *args, **kwargs)
    items: list[Item] = []
    while True:
        try:
            item = next(steps)
        except StopIteration as end:
            return FirstStep(finished=True, items=items, result=end.value)
        if item is None:
            steps.close()
            return FirstStep(finished=False, items=[])
        items.append(item)


def run_to_the_end(steps: Steps[Any, Result]) -> Result:
    """Run a read without pauses to its end and return its result; its items are dropped."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: Result = end.value
            return result


class SteppedReads:
    """Long reads, at most two at a time, each on a connection and a snapshot of its own.

    Args:
        connect: opens a connection.
        snapshot: makes the snapshot of a connection.
        availability: records failures and successes.
        clock: returns the current time in microseconds.
        limit: the number of running and waiting reads from which on no more are taken.
        inline: whether steps run on the event loop, for SQLite; otherwise they run in threads, for PostgreSQL.
    """

    def __init__(
        self,
        connect: Callable[[], Connection],
        snapshot: MakeSnapshot,
        availability: Availability,
        clock: Clock,
        *,
        limit: int,
        inline: bool,
    ) -> None:
        self._new_session: Callable[[], ReconnectingSession[Snapshot]] = lambda: ReconnectingSession(
            connect, snapshot, availability
        )
        self._clock = clock
        self._limit = limit
        self._reads = 0
        self._executor = None if inline else ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="stepped-reader")
        self._slots = asyncio.Semaphore(MOST_AT_ONCE)
        self._idle_sessions: list[ReconnectingSession[Snapshot]] = []

    async def read(
        self,
        read: Callable[Concatenate[Snapshot, Parameters], Steps[Any, Result]],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Result:
        """Run a read in steps and return its result; its items are dropped.

        `read` begins the read on a snapshot, with `args` and `kwargs`.

        Raises:
            UnavailableError: `DATABASE_UNAVAILABLE` while the database is away.
            SlowReaderError: `SLOW_READER` where the read takes longer than 60 s.
            ExhaustedError: `OVERLOADED` where as many reads wait as may.
        """
        async with self._running(lambda snapshot: read(snapshot, *args, **kwargs)) as run:
            while True:
                step = await run()
                if step.ended:
                    result: Result = step.result
                    return result

    async def stream(
        self,
        read: Callable[Concatenate[Snapshot, Parameters], Steps[Item, None]],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> AsyncGenerator[Item, None]:
        """Run a read in steps and yield its items as they are found.

        `read` begins the read on a snapshot, with `args` and `kwargs`.

        Raises:
            UnavailableError: `DATABASE_UNAVAILABLE` while the database is away.
            SlowReaderError: `SLOW_READER` where the caller has not taken all items within 60 s.
            ExhaustedError: `OVERLOADED` where as many reads wait as may.
        """
        async with self._running(lambda snapshot: read(snapshot, *args, **kwargs)) as run:
            while True:
                step = await run()
                for item in step.items:
                    yield item
                if step.ended:
                    return

    def close(self) -> None:
        """End the threads and close the connections. No read may be running."""
        if self._executor is not None:
            self._executor.shutdown()
        for session in self._idle_sessions:
            session.close()

    @asynccontextmanager
    async def _running(self, begin: Callable[[Snapshot], Iterator[Any]]) -> "AsyncGenerator[_Run, None]":
        if self._reads >= self._limit:
            raise overloaded_error()
        self._reads += 1
        try:
            async with self._slots:
                session = self._idle_sessions.pop() if self._idle_sessions else self._new_session()
                run = _Run(self, session, begin)
                try:
                    yield run
                finally:
                    await asyncio.shield(run.end())
                    self._idle_sessions.append(session)
        finally:
            self._reads -= 1

    async def call(self, function: Callable[..., Result], *args: object) -> Result:
        """Run `function` with `args` where steps run, and return its result.

        That is on the event loop, or in a thread with the context variables of the caller.
        """
        if self._executor is None:
            return function(*args)
        context = copy_context()
        return await asyncio.get_running_loop().run_in_executor(self._executor, lambda: context.run(function, *args))

    def time(self) -> int:
        """Return the current time, in microseconds."""
        return self._clock()


class _Step(NamedTuple):
    """The outcome of one step of a read.

    Attributes:
        items: the items that the step found.
        ended: whether the read has ended.
        result: the result of the read; None if it has not ended.
    """

    items: list[Any]
    ended: bool
    result: Any = None


class _Run:
    """One read in steps.

    Args:
        reads: runs the steps.
        session: the connection of the read.
        begin: begins the read on a snapshot.
    """

    def __init__(
        self, reads: SteppedReads, session: ReconnectingSession[Snapshot], begin: Callable[[Snapshot], Iterator[Any]]
    ) -> None:
        self._reads = reads
        self._session = session
        self._begin = begin
        self._steps: Any = None
        self._snapshot: Snapshot | None = None
        self._started = perf_counter()
        self._last_step = 0.0

    async def __call__(self) -> _Step:
        """Run the next step, for about 4 ms, after a pause as long as the last step took.

        Raises:
            UnavailableError: `DATABASE_UNAVAILABLE` while the database is away.
            SlowReaderError: `SLOW_READER` where the read was begun more than 60 s ago.
        """
        await asyncio.sleep(self._last_step)
        if perf_counter() - self._started > LONGEST_SECONDS:
            raise SlowReaderError(Reason.SLOW_READER, "the answer was not taken within a minute; call again")
        started = perf_counter()
        try:
            return await self._reads.call(self._step)
        finally:
            self._last_step = perf_counter() - started

    async def end(self) -> None:
        """End the read and its snapshot."""
        await self._reads.call(self._end)

    def _step(self) -> _Step:
        with self._session.guarded():
            if self._steps is None:
                self._snapshot = self._session.begin_snapshot()
                self._snapshot.now = self._reads.time()
                self._steps = self._begin(self._snapshot)
            items: list[Any] = []
            deadline = perf_counter() + STEP_SECONDS
            while perf_counter() < deadline:
                try:
                    item = next(self._steps)
                except StopIteration as end:
                    return _Step(items, ended=True, result=end.value)
                if item is not None:
                    items.append(item)
            return _Step(items, ended=False)

    def _end(self) -> None:
        if self._steps is not None:
            self._steps.close()
            self._session.undo()
        if self._snapshot is not None:
            self._snapshot.memory.clear()
