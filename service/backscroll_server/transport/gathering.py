"""Calls that come close together are begun in a row, where a process is busy."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from functools import partial
from time import perf_counter
from typing import Any, Final, NamedTuple, TypeVar, cast

from backscroll_server.storage.row_barrier import AT_BARRIER, RowBarrier

MOST_TOGETHER: Final = 32
LOOK_SECONDS: Final = 0.001
LONGEST_SECONDS: Final = 0.008

# A timer may be late, and then what has come meanwhile is seen only after it: so it takes two looks.
_PATIENCE = 1
_HELD_CALLS = 256
_TURN_SECONDS = 0.005

Answer = TypeVar("Answer")


class Gathering:
    """Runs calls on the event loop; in a busy process, begins those that come close together in a row.

    A call finds the processor's caches full of the transport, and the transport finds them full of the call. A row of
    calls pays that once. Their callers are answered in a row, so that the next calls come close together as well.

    A call is begun by running it until it has to wait for something, or to its end: so a read of a file is done in its
    row, and a write is handed over there. At a barrier the calls of a row wait for one another, so that each part of
    their work is done for all of them before the next part begins.

    While the process is not busy, each call is begun at once. While it is, a call waits for about one and a half times
    as many as the last row had, at most 32, for as long as others keep coming within 2 milliseconds, at most 8
    milliseconds in all. If they did not come, a quarter fewer are enough, and no more are waited for during 256 calls.

    Args:
        is_busy: whether the process is.
        barrier: where calls wait for one another.

    Attributes:
        barrier: the same.
    """

    def __init__(self, is_busy: Callable[[], bool], barrier: RowBarrier) -> None:
        self._is_busy = is_busy
        self.barrier = barrier
        self._waiting: deque[_Waiting] = deque()
        self._row: deque[_Waiting] = deque()
        self._enough = 1
        self._held = 0
        self._until = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def run(self, call: Coroutine[Any, Any, Answer]) -> Coroutine[Any, Any, Answer]:
        """Runs `call` in the task that awaits this at once, beginning now or soon."""
        if self._enough == 1 and not self._waiting:
            self._came(1)
            return call
        return self._run_in_row(call)

    async def _run_in_row(self, call: Coroutine[Any, Any, Answer]) -> Answer:
        loop = asyncio.get_running_loop()
        begun: asyncio.Future[Any] = loop.create_future()
        self._waiting.append(_Waiting(begun, call, cast("asyncio.Task[Any]", asyncio.current_task(loop))))
        if len(self._waiting) == 1:
            self._until = perf_counter() + LONGEST_SECONDS
            self._look_later(loop, _PATIENCE)
        elif len(self._waiting) >= self._enough and self._timer is not None:
            self._timer.cancel()
            self._timer = None
            # Not now: more may come in this turn of the loop.
            loop.call_soon(self._enough_came, loop)
        try:
            outcome = await begun
        except BaseException:
            # The caller is gone, whether or not the call has begun.
            call.close()
            raise
        if isinstance(outcome, _Rest):
            outcome = await outcome
        elif isinstance(outcome, _Failure):
            raise outcome.error
        return cast("Answer", outcome)

    def _look_later(self, loop: asyncio.AbstractEventLoop, patience: int) -> None:
        self._timer = loop.call_later(LOOK_SECONDS, self._look, loop, len(self._waiting), patience)

    def _look(self, loop: asyncio.AbstractEventLoop, seen: int, patience: int) -> None:
        more = len(self._waiting) > seen
        if (more or patience) and perf_counter() < self._until:
            self._look_later(loop, _PATIENCE if more else patience - 1)
            return
        self._timer = None
        self._enough = max(len(self._waiting), self._enough * 3 // 4)
        self._held = _HELD_CALLS
        self._begin_row(loop)

    def _enough_came(self, loop: asyncio.AbstractEventLoop) -> None:
        self._came(len(self._waiting))
        self._begin_row(loop)

    def _came(self, together: int) -> None:
        if not self._is_busy():
            self._enough = 1
            self._held = 0
        elif self._held > 0:
            self._held -= together
        else:
            self._enough = min(together + together // 2 + 1, MOST_TOGETHER)

    def _begin_row(self, loop: asyncio.AbstractEventLoop) -> None:
        goes_on = bool(self._row)
        self._row += self._waiting
        self._waiting.clear()
        if not goes_on:
            self._run_row(loop)

    def _run_row(self, loop: asyncio.AbstractEventLoop) -> None:
        """Runs the calls of the row in turns, with pauses for everything else where that takes long; then goes on."""
        row = self._row
        end = perf_counter() + _TURN_SECONDS
        while row:
            call = row.popleft()
            self.barrier.in_row = True
            at_barrier = call.run(loop)
            self.barrier.in_row = False
            if at_barrier:
                row.append(call)
            if row and perf_counter() > end:
                loop.call_soon(self._run_row, loop)
                return


class _Waiting(NamedTuple):
    """A call that waits for its row.

    Attributes:
        begun: gets its answer, its rest or its failure.
        call: what is called.
        task: the one that waits for it.
    """

    begun: asyncio.Future[Any]
    call: Coroutine[Any, Any, Any]
    task: "asyncio.Task[Any]"

    def run(self, loop: asyncio.AbstractEventLoop) -> bool:
        """Runs it, as its own task would, until it has to wait; answers whether that is at a barrier."""
        if self.begun.done():
            return False
        # For timeouts, which belong to a task. Source: docs.python.org/3/library/asyncio-extending.html.
        asyncio._enter_task(loop, self.task)  # noqa: SLF001
        outcome: Any
        try:
            awaited = self.call.send(None)
            if awaited is AT_BARRIER:
                return True
            outcome = _Rest(self.call, awaited)
        except StopIteration as ended:
            outcome = ended.value
        except BaseException as error:  # noqa: BLE001 - its task gets it
            outcome = _Failure(error)
        finally:
            asyncio._leave_task(loop, self.task)  # noqa: SLF001
        if not self.begun.done():
            self.begun.set_result(outcome)
        return False


class _Failure(NamedTuple):
    """How a call failed before it had to wait for anything."""

    error: BaseException


class _Rest:
    """What is left of a call that has begun, to be awaited in its own task.

    Args:
        call: what has begun.
        awaited: the future that it waits for; None where it only lets others have a turn.
    """

    __slots__ = ("_awaited", "_call")

    def __init__(self, call: Coroutine[Any, Any, Any], awaited: Any) -> None:
        self._call = call
        self._awaited = awaited
        if awaited is not None:
            # A future is marked when it is handed to a task, and unmarked when the task takes it. It is taken here
            # already, because another call of the row may wait for the same.
            awaited._asyncio_future_blocking = False  # noqa: SLF001

    def __await__(self) -> Generator[Any, Any, Any]:
        call, awaited = self._call, self._awaited
        if awaited is not None:
            awaited._asyncio_future_blocking = True  # noqa: SLF001
        # What `yield from` does, for a coroutine that has yielded once already.
        while True:
            try:
                yield awaited
            except GeneratorExit:
                call.close()
                raise
            except BaseException as error:  # noqa: BLE001 - it is the call's to handle
                resume = partial(call.throw, error)
            else:
                resume = partial(call.send, None)
            try:
                awaited = resume()
            except StopIteration as ended:
                return ended.value
