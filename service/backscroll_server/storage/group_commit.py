"""The one writer of a process: takes all waiting operations into one transaction (group commit)."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from backscroll_server.domain.clock import Clock
from backscroll_server.domain.errors import DomainError, Reason, UnavailableError
from backscroll_server.domain.records import Committed, FeedPosition
from backscroll_server.domain.retention import Retention
from backscroll_server.storage.engine.reconnect import ReconnectingSession
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.tables.id_cache import IdCache
from backscroll_server.storage.transaction import Transaction

logger = logging.getLogger(__name__)

Result = TypeVar("Result")
_BATCH_WEIGHT = 1000
_INLINE_WEIGHT = 512
_ERASING_PATIENCE_MS = 20


@dataclass(slots=True, eq=False)
class Operation(Generic[Result]):
    """Something to do in a transaction.

    Attributes:
        run: does it; raises a `DomainError` before it writes anything, or not at all.
        weight: about how many rows it writes.
    """

    run: Callable[[Transaction], Result]
    weight: int = 1


@dataclass(slots=True, eq=False)
class GroupedOperation(Generic[Result]):
    """Something that is done faster together with others of its kind.

    Attributes:
        group: does all of `items` of consecutive operations, in order; answers a result or failure for each.
        items: what this operation asks for; its result is the list of their results.
        weight: about how many rows it writes.
    """

    group: Callable[[Transaction, Sequence[Any]], Sequence[Any]]
    items: Sequence[Any]
    weight: int = 1


@dataclass(slots=True, eq=False)
class _PendingOperation:
    operation: Operation[Any] | GroupedOperation[Any]
    future: "asyncio.Future[Committed[Any]]" = field(repr=False)


class GroupCommitWriter:
    """Serialises the writes of one process.

    A small batch runs on the event loop and only its commit waits in a thread; a large one runs in the thread. So
    nothing blocks the loop on the disk, and no two threads fight for the interpreter over many short statements.

    Args:
        link: the connection to write on.
        directory: the cache of numbers.
        clock: the time.
        retention: for how long messages are kept.
        executor: one thread of its own.
        linger: for how long at most, in seconds, a batch waits while further operations keep arriving.
        inline: whether small batches run on the event loop.
        committed: called on the event loop after each commit, before anybody is answered.
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
        inline: bool,
        committed: Callable[[], None],
    ) -> None:
        self._link = link
        self._directory = directory
        self._clock = clock
        self._retention = retention
        self._executor = executor
        self._linger = linger
        self._inline = inline
        self._committed = committed
        self._waiting: list[_PendingOperation] = []
        self._finishing: list[asyncio.Future[bool]] = []
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._closing = False
        self._enough = 1
        self.commits = 0
        self.operations = 0

    def start(self) -> None:
        """Start taking operations."""
        self._task = asyncio.get_running_loop().create_task(self._work())

    async def close(self) -> None:
        """Commit the waiting writes, then stop."""
        self._closing = True
        self._wake.set()
        if self._task is not None:
            await self._task

    def submit(self, operation: Operation[Result] | GroupedOperation[Result]) -> "asyncio.Future[Committed[Result]]":
        """Do an operation with the next batch; the future ends when it is durable, or failed.

        Raises:
            UnavailableError: when the writer is closing.
        """
        if self._closing:
            raise UnavailableError(Reason.SHUTTING_DOWN, "the server is shutting down")
        future: asyncio.Future[Committed[Result]] = asyncio.get_running_loop().create_future()
        self._waiting.append(_PendingOperation(operation, future))
        if len(self._waiting) >= self._enough or len(self._waiting) == 1:
            self._wake.set()
        return future

    async def finish_erasing(self) -> bool:
        """Remove from the disk what was erased, between two batches; return whether nobody prevented it."""
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
            self._enough = len(batch)
            try:
                await self._run(loop, batch)
            except Exception as error:
                logger.exception("a batch of writes failed")
                for waiting in batch:
                    if not waiting.future.done():
                        waiting.future.set_exception(error)

    async def _collect(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wait for about as many operations as the last batch had, so that under load many share one commit.

        A lone caller waits for nobody: its last batch was itself.
        """
        await asyncio.sleep(0)
        if len(self._waiting) < self._enough:
            self._wake.clear()
            timer = loop.call_later(self._linger, self._wake.set)
            await self._wake.wait()
            timer.cancel()

    def _take(self) -> list[_PendingOperation]:
        weight = 0
        for count, waiting in enumerate(self._waiting):
            weight += waiting.operation.weight
            if weight > _BATCH_WEIGHT and count:
                batch, self._waiting = self._waiting[:count], self._waiting[count:]
                return batch
        batch, self._waiting = self._waiting, []
        return batch

    async def _run(self, loop: asyncio.AbstractEventLoop, batch: list[_PendingOperation]) -> None:
        operations = [waiting.operation for waiting in batch]
        weight = sum(operation.weight for operation in operations)
        outcomes: list[Any]
        if self._inline and weight <= _INLINE_WEIGHT:
            try:
                transaction, position, outcomes = self._prepare(operations)
            except Exception as error:  # noqa: BLE001 - each operation is tried again alone
                outcomes = self._alone(operations, error)
            else:
                await loop.run_in_executor(self._executor, self._commit)
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
        except UnavailableError as error:
            return [error for _ in operations]
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
        """Make the transaction durable.

        Raises:
            UnavailableError: where the database went away before it answered: it may be stored or not.
        """
        with self._link.guarded(committing=True):
            try:
                self._link.session().commit()
            except BaseException:
                self._link.undo()
                raise

    def _alone(self, operations: Sequence[Operation[Any] | GroupedOperation[Any]], error: Exception) -> list[Any]:
        """Run each operation of a batch that failed in a transaction of its own, so that none fails its neighbours."""
        if len(operations) == 1:
            return [error]
        return [self._all([operation])[0] for operation in operations]

    def _prepare(
        self, operations: Sequence[Operation[Any] | GroupedOperation[Any]]
    ) -> tuple[Transaction, FeedPosition, list[Any]]:
        """Do everything of a transaction but the commit; undo it and raise where an operation broke off midway."""
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
