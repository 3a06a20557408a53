"""Reads on snapshots: on the event loop for SQLite, in a thread pool for PostgreSQL."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context, copy_context
from time import monotonic
from typing import Any, Concatenate, Final, NamedTuple, ParamSpec, Protocol, TypeVar

from backscroll_server.domain.clock import Clock
from backscroll_server.domain.deadline import current_deadline
from backscroll_server.domain.errors import DomainError, Reason, UnavailableError, overloaded_error
from backscroll_server.storage.batch_size import BatchSize
from backscroll_server.storage.engine.connection import Connection
from backscroll_server.storage.engine.reconnect import Availability, ReconnectingSession
from backscroll_server.storage.snapshot import Snapshot

_SNAPSHOT_SECONDS: Final = 0.02
_LINGER_SECONDS: Final = 0.004
"""The longest wait of a read for other reads of its batch, in seconds; only under load."""
_LARGEST_BATCH: Final = 64

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
MakeSnapshot = Callable[[Connection], Snapshot]


class ReadPool(Protocol):
    """Interface of what runs reads on snapshots."""

    async def read(
        self,
        read: Callable[Concatenate[Snapshot, Parameters], Result],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Result:
        """Run `read` on a snapshot that contains every acknowledged write; return its result.

        `args` and `kwargs` are passed to `read`.
        """
        ...

    def committed(self) -> None:
        """Record that this process committed a write, which later reads must see."""
        ...

    def close(self) -> None:
        """Stop reading, and close the connections."""
        ...


class _PendingRead(NamedTuple):
    """A read that waits for its batch.

    Attributes:
        run: runs the read with its arguments on a snapshot.
        context: the context variables of the call.
        future: gets the result of the read, or its exception.
        deadline: the deadline of the call, in seconds of the monotonic clock.
    """

    run: Callable[[Snapshot], Any]
    context: Context
    future: "asyncio.Future[Any]"
    deadline: float

    @property
    def is_abandoned(self) -> bool:
        """True if the caller has cancelled or its deadline has passed, so that the read need not begin."""
        return self.future.done() or self.deadline <= monotonic()


class InlineReadPool:
    """Reads on the event loop, for SQLite: a bounded read of a file costs less than a change of threads.

    Under load, reads that arrive close together run directly after each other, which makes good use of the processor's
    caches, and their callers get the results together. A read waits for as many others as arrived together lately, 4 ms
    at most; a lone read runs at once. Each read runs with the context variables of its own call.

    Args:
        connect: opens a connection.
        snapshot: makes the snapshot of a connection.
        availability: records failures and successes.
        clock: returns the current time in microseconds.
    """

    def __init__(
        self,
        connect: Callable[[], Connection],
        snapshot: MakeSnapshot,
        availability: Availability,
        clock: Clock,
    ) -> None:
        self._session = ReconnectingSession(connect, snapshot, availability)
        self._snapshot = self._session.session()
        self._clock = clock
        self._snapshot_end: asyncio.TimerHandle | None = None
        self._batch_size = BatchSize()
        self._waiting: list[_PendingRead] = []
        self._batch_end: asyncio.TimerHandle | None = None
        self._closed = False

    async def read(
        self,
        read: Callable[Concatenate[Snapshot, Parameters], Result],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Result:
        """Run `read` on a snapshot, on the event loop, without interruption; return its result.

        Reads within 20 ms share a snapshot if this process commits nothing between them, because beginning and ending a
        snapshot takes several locks of the file.

        `args` and `kwargs` are passed to `read`.

        Raises:
            UnavailableError: `SHUTTING_DOWN` where `close` is called before the read has run, `DATABASE_UNAVAILABLE`
                while the file is not in its place, and reasons of its own where the disk has a problem.
        """
        if self._closed:
            raise _closed_error()
        if self._batch_size.target == 1 and not self._waiting:
            self._batch_size.filled(1)
            try:
                return read(self._current_snapshot(), *args, **kwargs)
            except Exception as error:
                failure = self._failure(error)
                if failure is error:
                    raise
                raise failure from error
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        self._waiting.append(_pending(lambda snapshot: read(snapshot, *args, **kwargs), future))
        if len(self._waiting) == 1:
            self._batch_end = loop.call_later(_LINGER_SECONDS, self._run_late)
        elif len(self._waiting) == self._batch_size.target and self._batch_end is not None:
            self._batch_end.cancel()
            # More may arrive in this turn of the loop.
            loop.call_soon(self._run_full)
        return await future

    def committed(self) -> None:
        """End the snapshot that reads share, after a commit or when it is 20 ms old; the next read begins another."""
        if self._snapshot_end is not None:
            self._snapshot_end.cancel()
            self._snapshot_end = None
            self._snapshot.memory.clear()
            self._session.undo()

    def close(self) -> None:
        """Stop reading and close the connection; the waiting reads fail with `UnavailableError`."""
        self._closed = True
        if self._batch_end is not None:
            self._batch_end.cancel()
        waiting, self._waiting = self._waiting, []
        _fail(waiting, _closed_error())
        self.committed()
        self._session.close()

    def _run_full(self) -> None:
        self._batch_size.filled(len(self._waiting))
        self._run_batch()

    def _run_late(self) -> None:
        self._batch_size.timed_out(len(self._waiting))
        self._run_batch()

    def _run_batch(self) -> None:
        """Run the waiting reads on one snapshot, and give each its result or the exception with which it failed."""
        batch, self._waiting = self._waiting, []
        snapshot: Snapshot | None = None
        for pending in batch:
            if pending.is_abandoned:
                pending.future.cancel()
                continue
            try:
                if snapshot is None:
                    snapshot = self._current_snapshot()
                result = pending.context.run(pending.run, snapshot)
            except Exception as error:  # noqa: BLE001 - its caller gets it
                failure = self._failure(error)
                pending.future.set_exception(failure)
                if isinstance(failure, UnavailableError):
                    # The others may need nothing of what this one met, but its transaction may be over.
                    snapshot = None
            else:
                pending.future.set_result(result)

    def _failure(self, error: Exception) -> Exception:
        """Return what the caller gets for an error of its read; end the snapshot where that may be over by it."""
        failure = self._session.failure(error)
        if isinstance(failure, UnavailableError):
            self.committed()
        return failure

    def _current_snapshot(self) -> Snapshot:
        if self._snapshot_end is None:
            self._snapshot = self._session.begin_snapshot()
            self._snapshot_end = asyncio.get_running_loop().call_later(_SNAPSHOT_SECONDS, self.committed)
        self._snapshot.now = self._clock()
        return self._snapshot


class ThreadReadPool:
    """Reads in a bounded number of threads, each with a connection of its own, for PostgreSQL.

    The reads that wait when a thread becomes free run in it one after the other, up to 64 of them, on one snapshot:
    beginning and ending a snapshot are round trips to the server. A read that finds a free thread starts at once. Each
    read runs with the context variables of its own call. A read is not begun if its caller has gone before.

    Args:
        connect: opens a connection.
        snapshot: makes the snapshot of a connection.
        availability: records failures and successes.
        clock: returns the current time in microseconds.
        threads: the number of threads.
        limit: the number of waiting reads from which on no more are taken.
    """

    def __init__(
        self,
        connect: Callable[[], Connection],
        snapshot: MakeSnapshot,
        availability: Availability,
        clock: Clock,
        *,
        threads: int,
        limit: int,
    ) -> None:
        self._new_session: Callable[[], ReconnectingSession[Snapshot]] = lambda: ReconnectingSession(
            connect, snapshot, availability
        )
        self._clock = clock
        self._executor = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="reader")
        self._own = threading.local()
        self._sessions: list[ReconnectingSession[Snapshot]] = []
        self._waiting: list[_PendingRead] = []
        self._idle_threads = threads
        self._limit = limit
        self._closed = False

    async def read(
        self,
        read: Callable[Concatenate[Snapshot, Parameters], Result],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Result:
        """Run `read` on a snapshot, in a thread; return its result.

        `args` and `kwargs` are passed to `read`.

        Raises:
            UnavailableError: `DATABASE_UNAVAILABLE` while the database is away, `SHUTTING_DOWN` after `close`.
            ExhaustedError: `OVERLOADED` where as many reads wait as may.
        """
        if self._closed:
            raise _closed_error()
        if len(self._waiting) >= self._limit:
            raise overloaded_error()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        self._waiting.append(_pending(lambda snapshot: read(snapshot, *args, **kwargs), future))
        if self._idle_threads:
            # Reads that begin in this turn of the loop join the batch.
            loop.call_soon(self._start_batch, loop)
        return await future

    def committed(self) -> None:
        """Do nothing: each snapshot is begun after the reads of it were requested, so it contains earlier commits."""

    def close(self) -> None:
        """Fail the waiting reads with `UnavailableError`, wait for the running ones, and close the connections."""
        self._closed = True
        waiting, self._waiting = self._waiting, []
        _fail(waiting, _closed_error())
        self._executor.shutdown()
        for session in self._sessions:
            session.close()

    def _start_batch(self, loop: asyncio.AbstractEventLoop) -> None:
        abandoned = [pending for pending in self._waiting if pending.is_abandoned]
        if abandoned:
            for pending in abandoned:
                pending.future.cancel()
            self._waiting = [pending for pending in self._waiting if not pending.future.done()]
        if self._waiting and self._idle_threads and not self._closed:
            batch, self._waiting = self._waiting[:_LARGEST_BATCH], self._waiting[_LARGEST_BATCH:]
            self._idle_threads -= 1
            self._executor.submit(self._read_batch, batch, loop)

    def _read_batch(self, batch: list[_PendingRead], loop: asyncio.AbstractEventLoop) -> None:
        """Run a batch of reads in this thread; pass the result or exception of each to the event loop."""
        outcomes: list[_Outcome] = []
        try:
            while len(outcomes) < len(batch):
                self._read_on_one_snapshot(batch, outcomes)
        except Exception as error:  # noqa: BLE001 - its callers get it
            outcomes += [_Outcome(error=error)] * (len(batch) - len(outcomes))
        loop.call_soon_threadsafe(self._deliver, batch, outcomes, loop)

    def _read_on_one_snapshot(self, batch: list[_PendingRead], outcomes: list["_Outcome"]) -> None:
        """Run the reads of a batch that have no outcome yet on one snapshot, and append an outcome for each.

        It ends early after a read that fails with another exception than a `DomainError`, or loses the connection: the
        transaction cannot be used any more. The caller calls it again for the rest.

        Args:
            batch: the reads.
            outcomes: the outcomes of the first reads of the batch.
        """
        session = self._session()
        with session.guarded():
            snapshot = session.begin_snapshot()
        try:
            for pending in batch[len(outcomes) :]:
                if pending.is_abandoned:
                    outcomes.append(_ABANDONED)
                    continue
                snapshot.now = self._clock()
                try:
                    with session.guarded():
                        outcomes.append(_Outcome(pending.context.run(pending.run, snapshot)))
                except DomainError as error:
                    outcomes.append(_Outcome(error=error))
                    if isinstance(error, UnavailableError):
                        return
                except Exception as error:  # noqa: BLE001 - its caller gets it
                    outcomes.append(_Outcome(error=error))
                    return
        finally:
            snapshot.memory.clear()
            session.undo()

    def _deliver(self, batch: list[_PendingRead], outcomes: list["_Outcome"], loop: asyncio.AbstractEventLoop) -> None:
        self._idle_threads += 1
        for pending, outcome in zip(batch, outcomes, strict=True):
            if pending.future.done():
                continue
            if outcome is _ABANDONED:
                pending.future.cancel()
            elif outcome.error is not None:
                pending.future.set_exception(outcome.error)
            else:
                pending.future.set_result(outcome.value)
        self._start_batch(loop)

    def _session(self) -> ReconnectingSession[Snapshot]:
        session: ReconnectingSession[Snapshot] | None = getattr(self._own, "session", None)
        if session is None:
            session = self._own.session = self._new_session()
            self._sessions.append(session)
        return session


class _Outcome(NamedTuple):
    """Result of a read (`value`), or the exception with which it failed (`error`, None for success)."""

    value: Any = None
    error: Exception | None = None


_ABANDONED: Final = _Outcome()
"""The outcome of a read that was not begun because its caller had gone."""


def _pending(run: Callable[[Snapshot], Any], future: "asyncio.Future[Any]") -> _PendingRead:
    return _PendingRead(run, copy_context(), future, current_deadline())


def _fail(reads: list[_PendingRead], error: Exception) -> None:
    for pending in reads:
        if not pending.future.done():
            pending.future.set_exception(error)


def _closed_error() -> UnavailableError:
    return UnavailableError(Reason.SHUTTING_DOWN, "the server is shutting down")
