"""Reads from moments of the database: on the event loop, or in threads where a read waits for a server."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from backscroll_server.domain.clock import Clock
from backscroll_server.storage.engine.connection import Connection
from backscroll_server.storage.engine.reconnect import Availability, ReconnectingSession
from backscroll_server.storage.snapshot import Snapshot

_SNAPSHOT_SECONDS = 0.02

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
MakeSnapshot = Callable[[Connection], Snapshot]


class ReadPool(Protocol):
    """Runs reads on snapshots."""

    async def read(
        self,
        read: Callable[Concatenate[Snapshot, Parameters], Result],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Result:
        """Read from a snapshot that holds every acknowledged write."""
        ...

    def committed(self) -> None:
        """Note that this process committed a write."""
        ...

    def close(self) -> None:
        """End reading."""
        ...


class InlineReadPool:
    """Reads on the event loop, for SQLite: a bounded read of a file costs less than a change of threads.

    Args:
        connect: opens a connection.
        snapshot: makes what reads on a connection.
        availability: records failures and successes.
        clock: the time.
    """

    def __init__(
        self,
        connect: Callable[[], Connection],
        snapshot: MakeSnapshot,
        availability: Availability,
        clock: Clock,
    ) -> None:
        self._link = ReconnectingSession(connect, snapshot, availability)
        self._snapshot = self._link.session()
        self._clock = clock
        self._snapshot_end: asyncio.TimerHandle | None = None

    async def read(
        self,
        read: Callable[Concatenate[Snapshot, Parameters], Result],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Result:
        """Read from a snapshot, on the loop, without interruption.

        Reads within 20 milliseconds share a snapshot if nothing is committed between them, because beginning and ending
        one takes several locks of the file.
        """
        if self._snapshot_end is None:
            self._snapshot.begin_snapshot()
            self._snapshot_end = asyncio.get_running_loop().call_later(_SNAPSHOT_SECONDS, self.committed)
        self._snapshot.now = self._clock()
        return read(self._snapshot, *args, **kwargs)

    def committed(self) -> None:
        """End the snapshot that reads share: it has expired, or a write was committed."""
        if self._snapshot_end is not None:
            self._snapshot_end.cancel()
            self._snapshot_end = None
            self._snapshot.memory.clear()
            self._snapshot.rollback()

    def close(self) -> None:
        """End reading."""
        self.committed()
        self._link.close()


class ThreadReadPool:
    """Reads in a bounded number of threads, each with a connection of its own.

    Args:
        connect: opens a connection.
        snapshot: makes what reads on a connection.
        availability: records failures and successes.
        clock: the time.
        threads: how many.
    """

    def __init__(
        self,
        connect: Callable[[], Connection],
        snapshot: MakeSnapshot,
        availability: Availability,
        clock: Clock,
        *,
        threads: int,
    ) -> None:
        self._new_link: Callable[[], ReconnectingSession[Snapshot]] = lambda: ReconnectingSession(
            connect, snapshot, availability
        )
        self._clock = clock
        self._executor = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="reader")
        self._own = threading.local()
        self._links: list[ReconnectingSession[Snapshot]] = []

    async def read(
        self,
        read: Callable[Concatenate[Snapshot, Parameters], Result],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Result:
        """Read from a snapshot, in a thread.

        Raises:
            UnavailableError: where the database is away.
        """
        return await asyncio.get_running_loop().run_in_executor(self._executor, self._read, read, args, kwargs)

    def committed(self) -> None:
        """Return nothing: every read sees what was committed before it."""

    def close(self) -> None:
        """End reading."""
        self._executor.shutdown(cancel_futures=True)
        for link in self._links:
            link.close()

    def _link(self) -> ReconnectingSession[Snapshot]:
        link: ReconnectingSession[Snapshot] | None = getattr(self._own, "link", None)
        if link is None:
            link = self._own.link = self._new_link()
            self._links.append(link)
        return link

    def _read(self, read: Callable[..., Result], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Result:
        link = self._link()
        with link.guarded():
            snapshot = link.begin_snapshot()
            try:
                snapshot.now = self._clock()
                return read(snapshot, *args, **kwargs)
            finally:
                snapshot.memory.clear()
                link.undo()
