"""The one writer of a process, which runs all waiting operations in one transaction (group commit)."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Generic, TypeVar

from backscroll_server.domain.clock import Clock
from backscroll_server.domain.deadline import current_deadline
from backscroll_server.domain.errors import DomainError, Reason, UnavailableError, overloaded_error
from backscroll_server.domain.records import Committed, FeedPosition
from backscroll_server.domain.retention import Retention
from backscroll_server.storage.engine.reconnect import ReconnectingSession
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.tables.id_cache import IdCache
from backscroll_server.storage.transaction import Transaction
from backscroll_server.storage.write_batch import next_batch

logger = logging.getLogger(__name__)

Result = TypeVar("Result")
_INLINE_WEIGHT = 512
_ERASING_PATIENCE_MS = 20


@dataclass(slots=True, eq=False)
class Operation(Generic[Result]):
    """A write operation that runs by itself within a transaction that it shares with others.

    Attributes:
        run: does the operation and returns its result. A `DomainError` that it raises before it writes anything fails
            this operation alone; any other error undoes the whole batch, whose operations are then run again one by
            one.
        weight: about how many rows the operation writes.
    """

    run: Callable[[Transaction], Result]
    weight: int = 1


@dataclass(slots=True, eq=False)
class GroupedOperation(Generic[Result]):
    """A write operation that is faster when run together with others of its kind.

    Attributes:
        group: does the items of consecutive operations that have the same `group`, in order; returns for each item a
            result, or the error with which that item failed.
        items: the items of this operation, whose result is the list of their results and errors.
        weight: about how many rows the operation writes.
    """

    group: Callable[[Transaction, Sequence[Any]], Sequence[Any]]
    items: Sequence[Any]
    weight: int = 1


@dataclass(slots=True, eq=False)
class _PendingOperation:
    operation: Operation[Any] | GroupedOperation[Any]
    future: "asyncio.Future[Committed[Any]]" = field(repr=False)
    deadline: float


class GroupCommitWriter:
    """The writer of one process: runs the waiting operations in batches, each batch in one transaction.

    An operation that fails with a `DomainError` fails alone; on any other error the batch is undone and its operations
    are run again one by one, so that only the faulty one fails.

    A small batch (about 512 rows to write at most, by the weights of its operations) runs on the event loop and only
    its commit waits in a thread; a large one runs wholly in the thread. So nothing blocks the loop on the disk, and no
    two threads compete for the interpreter over many short statements.

    An operation is not begun if its caller has gone before: cancelled, or past its deadline.

    Args:
        link: the connection to write on.
        directory: the cache of internal numbers of users and conversations.
        clock: returns the current time in microseconds.
        retention: for how long messages are kept.
        executor: a pool of one thread, which nothing else uses.
        linger: for how long at most, in seconds, a batch waits while further operations keep arriving.
        limit: the weight of waiting operations from which on no more are taken.
        inline: whether small batches run on the event loop.
        committed: called on the event loop after each batch, failed ones included, before any caller gets a result.

    Attributes:
        commits: the number of batches so far, failed ones included.
        operations: the sum of the weights of all operations so far.
    """

    def __init__(
        self,
        link: ReconnectingSession[Session],
        directory: IdCache,
        clock: Clock,
        retention: Retention,
        executor: Executor,
        *,
        linger: float,
        limit: int,
        inline: bool,
        committed: Callable[[], None],
    ) -> None:
        self._link = link
        self._directory = directory
        self._clock = clock
        self._retention = retention
        self._executor = executor
        self._linger = linger
        self._limit = limit
        self._inline = inline
        self._committed = committed
        self._waiting: list[_PendingOperation] = []
        self._waiting_weight = 0
        self._finishing: list[asyncio.Future[bool]] = []
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._closing = False
        self._enough = 1
        self.commits = 0
        self.operations = 0

    def start(self) -> None:
        """Start the task that runs the waiting operations on the current event loop."""
        self._task = asyncio.get_running_loop().create_task(self._work())

    async def close(self) -> None:
        """Take no further operations; return when the waiting ones have ended."""
        self._closing = True
        self._wake.set()
        if self._task is not None:
            await self._task

    def require_room(self) -> None:
        """Check that another operation would be taken.

        Raises:
            ExhaustedError: `OVERLOADED` where as much waits as may.
        """
        if self._waiting_weight >= self._limit:
            raise overloaded_error()

    def submit(self, operation: Operation[Result] | GroupedOperation[Result]) -> "asyncio.Future[Committed[Result]]":
        """Add an operation to the next batch; return a future of its result.

        The future ends when the transaction is durable, with the operation's result and a feed position that includes
        its changes; or with the exception with which the operation or the commit failed. Cancelling it, before the
        operation begins, removes the operation; so does the deadline of the running call, by which it is cancelled.

        Raises:
            UnavailableError: `SHUTTING_DOWN` after `close`.
            ExhaustedError: `OVERLOADED` where as much waits as may.
        """
        if self._closing:
            raise UnavailableError(Reason.SHUTTING_DOWN, "the server is shutting down")
        self.require_room()
        future: asyncio.Future[Committed[Result]] = asyncio.get_running_loop().create_future()
        self._waiting.append(_PendingOperation(operation, future, current_deadline()))
        self._waiting_weight += operation.weight
        if len(self._waiting) >= self._enough or len(self._waiting) == 1:
            self._wake.set()
        return future

    async def finish_erasing(self) -> bool:
        """Remove remains of deleted rows from the disk, between two batches; return whether that is complete.

        False means that other users of the database prevented it, or that the writer is closed.

        Raises:
            UnavailableError: where the database is away or its disk has a problem.
        """
        if self._closing:
            return False
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._finishing.append(future)
        self._wake.set()
        return await future

    async def _finish(self, loop: asyncio.AbstractEventLoop) -> None:
        futures, self._finishing = self._finishing, []
        outcome: bool | Exception
        try:
            outcome = await loop.run_in_executor(self._executor, self._finish_erasing)
        except Exception as error:  # noqa: BLE001 - who waits gets it
            outcome = error
        for future in futures:
            if future.done():
                continue
            if isinstance(outcome, Exception):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)

    def _finish_erasing(self) -> bool:
        with self._link.guarded():
            return self._link.session().database.finish_erasing(patience_ms=_ERASING_PATIENCE_MS)

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting or self._finishing or not self._closing:
            if self._finishing:
                await self._finish(loop)
                continue
            if not self._waiting:
                self._wake.clear()
                await self._wake.wait()
                continue
            await self._collect(loop)
            batch = self._take()
            if not batch:
                continue
            self._enough = len(batch)
            try:
                await self._run(loop, batch)
            except Exception as error:
                logger.exception("a batch of writes failed")
                for waiting in batch:
                    if not waiting.future.done():
                        waiting.future.set_exception(error)

    async def _collect(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wait, for `linger` seconds at most, until as many operations wait as the last batch had.

        So under load many operations share one commit. A lone caller waits for no other: its last batch had one
        operation.
        """
        await asyncio.sleep(0)
        if len(self._waiting) < self._enough:
            self._wake.clear()
            timer = loop.call_later(self._linger, self._wake.set)
            await self._wake.wait()
            timer.cancel()

    def _take(self) -> list[_PendingOperation]:
        """Return the operations of the next batch. All those that wait and whose callers have gone are dropped."""
        now = monotonic()
        alive: list[_PendingOperation] = []
        for waiting in self._waiting:
            if waiting.future.done():
                continue
            if waiting.deadline <= now:
                waiting.future.cancel()
                continue
            alive.append(waiting)
        chosen = next_batch([waiting.operation.weight for waiting in alive])
        self._waiting = [waiting for waiting, is_chosen in zip(alive, chosen, strict=True) if not is_chosen]
        self._waiting_weight = sum(waiting.operation.weight for waiting in self._waiting)
        return [waiting for waiting, is_chosen in zip(alive, chosen, strict=True) if is_chosen]

    async def _run(self, loop: asyncio.AbstractEventLoop, batch: list[_PendingOperation]) -> None:
        operations = [waiting.operation for waiting in batch]
        weight = sum(operation.weight for operation in operations)
        outcomes: list[Any]
        if self._inline and weight <= _INLINE_WEIGHT:
            try:
                transaction, position, outcomes = self._prepare(operations)
            except Exception as error:  # noqa: BLE001 - each operation is tried again alone
                outcomes = await loop.run_in_executor(self._executor, self._alone, operations, error)
            else:
                try:
                    await loop.run_in_executor(self._executor, self._commit)
                except UnavailableError as error:
                    # Never tried again: it may be stored.
                    outcomes = [error for _ in operations]
                else:
                    transaction.remember()
                    outcomes = [_settle(outcome, position) for outcome in outcomes]
        else:
            outcomes = await loop.run_in_executor(self._executor, self._all, operations)
        self._committed()
        self.commits += 1
        self.operations += weight
        for waiting, outcome in zip(batch, outcomes, strict=True):
            if waiting.future.done():
                continue
            if isinstance(outcome, BaseException):
                waiting.future.set_exception(outcome)
            else:
                waiting.future.set_result(outcome)

    def _all(self, operations: Sequence[Operation[Any] | GroupedOperation[Any]]) -> list[Any]:
        try:
            transaction, position, outcomes = self._prepare(operations)
        except Exception as error:  # noqa: BLE001 - each operation is tried again alone
            return self._alone(operations, error)
        try:
            self._commit()
        except Exception as error:  # noqa: BLE001 - who waits gets it
            # Never tried again: it may be stored.
            return [error for _ in operations]
        transaction.remember()
        return [_settle(outcome, position) for outcome in outcomes]

    def _commit(self) -> None:
        """Commit the transaction; return when it is durable.

        Raises:
            UnavailableError: where the connection is lost before the database answers, or its disk has a problem: the
                transaction may be stored or not.
        """
        with self._link.guarded(committing=True):
            try:
                self._link.session().commit()
            except BaseException:
                self._link.undo()
                raise

    def _alone(self, operations: Sequence[Operation[Any] | GroupedOperation[Any]], error: Exception) -> list[Any]:
        """Run each operation of a failed batch again, in a transaction of its own, so that none fails the others.

        A batch of one operation is not run again: its outcome is `error`. Nor is one that met what every operation
        would meet: a database that is away, or whose disk has another problem than damage in one place.

        Args:
            operations: the operations of the batch.
            error: the exception with which the batch failed.

        Returns:
            for each operation the committed result, or its exception.
        """
        for_all = isinstance(error, UnavailableError) and error.reason is not Reason.DATABASE_CORRUPT
        if len(operations) == 1 or for_all:
            return [error for _ in operations]
        return [self._all([operation])[0] for operation in operations]

    def _prepare(
        self, operations: Sequence[Operation[Any] | GroupedOperation[Any]]
    ) -> tuple[Transaction, FeedPosition, list[Any]]:
        """Begin a transaction and run the operations in it, without committing.

        Where an operation raises another exception than a `DomainError` before its first write, the transaction is
        undone and the exception raised.

        Returns:
            the transaction, the feed position at its end, and for each operation its result or its `DomainError`.
        """
        with self._link.guarded():
            session = self._link.begin_write()
            try:
                transaction = Transaction(session, self._directory, self._clock(), self._retention)
                outcomes = _run_all(transaction, operations)
                return transaction, transaction.finish(), outcomes
            except BaseException:
                self._link.undo()
                raise


def _settle(outcome: object, position: FeedPosition) -> object:
    return outcome if isinstance(outcome, DomainError) else Committed(outcome, position)


def _run_all(
    transaction: Transaction, operations: Sequence[Operation[Any] | GroupedOperation[Any]]
) -> list[Any | DomainError]:
    outcomes: list[Any] = []
    at = 0
    while at < len(operations):
        operation = operations[at]
        if isinstance(operation, Operation):
            outcomes.append(_run_one(transaction, operation))
            at += 1
            continue
        group = [operation]
        for following in operations[at + 1 :]:
            if not isinstance(following, GroupedOperation) or following.group is not operation.group:
                break
            group.append(following)
        results = iter(operation.group(transaction, [item for member in group for item in member.items]))
        outcomes += [[next(results) for _ in member.items] for member in group]
        at += len(group)
    return outcomes


def _run_one(transaction: Transaction, operation: Operation[Any]) -> Any | DomainError:
    writes = transaction.writes
    try:
        return operation.run(transaction)
    except DomainError as error:
        if transaction.writes != writes:
            raise
        return error
    finally:
        transaction.end_call()
