"""Reads that come close together are done in a row, where a process is busy."""

import asyncio
from collections import deque
from collections.abc import Callable
from time import perf_counter
from typing import Any, Final, TypeVar

MOST_TOGETHER: Final = 32
LOOK_SECONDS: Final = 0.001
LONGEST_SECONDS: Final = 0.008

# A timer may be late, and then what has come meanwhile is seen only after it: so it takes two looks.
_PATIENCE = 1
_HELD_READS = 256
_TURN_SECONDS = 0.005

Result = TypeVar("Result")


class Gathering:
    """Does reads on the event loop; in a busy process, those that come close together in a row.

    A read finds the processor's caches full of the transport, and the transport finds them full of the read. A row of
    reads pays that once. Their callers are answered in a row, so that the next calls come close together as well.

    While the process is not busy, each read is done at once. While it is, a read waits for about one and a half times
    as many as the last row had, at most 32, for as long as others keep coming within 2 milliseconds, at most 8
    milliseconds in all. If they did not come, a quarter fewer are enough, and no more are waited for during 256 reads.

    Args:
        is_busy: whether the process is.
    """

    def __init__(self, is_busy: Callable[[], bool]) -> None:
        self._is_busy = is_busy
        self._waiting: deque[tuple[asyncio.Future[Any], Callable[[], Any]]] = deque()
        self._enough = 1
        self._held = 0
        self._until = 0.0
        self._timer: asyncio.TimerHandle | None = None

    async def run(self, read: Callable[[], Result]) -> Result:
        """Does `read`, at once or soon."""
        if self._enough == 1 and not self._waiting:
            self._came(1)
            return read()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        self._waiting.append((future, read))
        if len(self._waiting) == 1:
            self._until = perf_counter() + LONGEST_SECONDS
            self._look_later(loop, _PATIENCE)
        elif len(self._waiting) >= self._enough and self._timer is not None:
            self._timer.cancel()
            self._timer = None
            # Not now: more may come in this turn of the loop.
            loop.call_soon(self._enough_came)
        return await future

    def finish(self) -> None:
        """Does what still waits."""
        while self._waiting:
            self._do_row()

    def _look_later(self, loop: asyncio.AbstractEventLoop, patience: int) -> None:
        self._timer = loop.call_later(LOOK_SECONDS, self._look, loop, len(self._waiting), patience)

    def _look(self, loop: asyncio.AbstractEventLoop, seen: int, patience: int) -> None:
        more = len(self._waiting) > seen
        if (more or patience) and perf_counter() < self._until:
            self._look_later(loop, _PATIENCE if more else patience - 1)
            return
        self._timer = None
        self._enough = max(len(self._waiting), self._enough * 3 // 4)
        self._held = _HELD_READS
        self._do_row()

    def _enough_came(self) -> None:
        self._came(len(self._waiting))
        self._do_row()

    def _came(self, together: int) -> None:
        if not self._is_busy():
            self._enough = 1
            self._held = 0
        elif self._held > 0:
            self._held -= together
        else:
            self._enough = min(together + together // 2 + 1, MOST_TOGETHER)

    def _do_row(self) -> None:
        """Does what waits, with pauses for everything else where that takes long."""
        waiting = self._waiting
        end = perf_counter() + _TURN_SECONDS
        while waiting:
            future, read = waiting.popleft()
            if future.done():
                continue
            try:
                future.set_result(read())
            except Exception as error:  # noqa: BLE001 - its caller gets it
                future.set_exception(error)
            if waiting and perf_counter() > end:
                asyncio.get_running_loop().call_soon(self._do_row)
                return
