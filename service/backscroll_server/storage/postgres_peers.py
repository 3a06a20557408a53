"""Coordination between server processes that share a PostgreSQL database."""

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Final, TypeVar, cast

import psycopg

from backscroll_server.domain.errors import UnavailableError
from backscroll_server.storage.engine.connection import Connection
from backscroll_server.storage.engine.postgres import CHANNEL, PostgresAddress, PostgresConnection
from backscroll_server.storage.engine.reconnect import Availability, ReconnectingSession
from backscroll_server.storage.engine.session import Session

logger = logging.getLogger(__name__)

_GAP_SECONDS: Final = 0.005
_RETRY_SECONDS: Final = 1.0


Result = TypeVar("Result")


class _Work:
    """A connection that is used only in a thread of its own.

    Args:
        connect: opens the connection.
        availability: records failures and successes.
        name: the beginning of the thread's name.
    """

    def __init__(self, connect: Callable[[], Connection], availability: Availability, name: str) -> None:
        self._link = ReconnectingSession(connect, Session, availability)
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def run(self, work: Callable[[PostgresConnection], Result]) -> Result:
        """Run `work` with the connection in the thread, and return its result.

        If the connection turns out to be lost, `work` is run again on a new one.

        Raises:
            UnavailableError: `DATABASE_UNAVAILABLE` where the database is away.
        """
        return await asyncio.get_running_loop().run_in_executor(self._executor, self._run, work)

    async def end(self) -> None:
        """Roll back the transaction that `run` left open."""
        await asyncio.get_running_loop().run_in_executor(self._executor, self._link.undo)

    def close(self) -> None:
        """End the thread, without the work that still waits for it, and close the connection."""
        self._executor.shutdown(cancel_futures=True)
        self._link.close()

    def _run(self, work: Callable[[PostgresConnection], Result]) -> Result:
        return self._link.begin(lambda session: work(cast("PostgresConnection", session.database)))


class PostgresPeers:
    """Coordination by PostgreSQL: turns by an advisory lock, wake-ups by `NOTIFY`.

    A wake-up is only a hint, which may be lost: every process also polls the feed.

    Args:
        connect: opens a connection.
        listen_url: the URL of the server to listen on, where the URL of the database is that of a connection pooler.
        availability: records failures and successes.
        notify: whether to notify the other processes and listen to their notifications.
    """

    def __init__(
        self, connect: Callable[[], Connection], listen_url: str, availability: Availability, *, notify: bool
    ) -> None:
        self._turns = _Work(connect, availability, "background")
        self._notices = _Work(connect, availability, "notify")
        # Of its own, because it may take long where much was erased.
        self._erasing = _Work(connect, availability, "erasing")
        self._parameters = PostgresAddress(listen_url).parameters
        self._notify = notify
        self._me = uuid.uuid4().hex
        self._turn = asyncio.Lock()
        self._listening: asyncio.Task[None] | None = None
        self._notifying: asyncio.Task[None] | None = None
        self._unsent = False

    def start(self, woken: Callable[[], None]) -> None:
        """Begin to call `woken` on the event loop when another process committed, and each time that listening begins.

        Do nothing where `notify` is off.
        """
        if self._notify:
            self._listening = asyncio.get_running_loop().create_task(self._listen(woken))

    def committed(self) -> None:
        """Notify the other processes soon that this one has committed; do nothing where `notify` is off.

        One notification covers all commits of about 5 ms, and is sent outside of any transaction, because the server
        takes a lock that all of its databases share for each notification.
        """
        if not self._notify:
            return
        self._unsent = True
        if self._notifying is None or self._notifying.done():
            self._notifying = asyncio.get_running_loop().create_task(self._send_notification())

    async def _send_notification(self) -> None:
        while self._unsent:
            self._unsent = False
            try:
                await self._notices.run(lambda connection: connection.notify_peers(self._me))
            except UnavailableError:
                # A peer that misses it polls anyway.
                return
            await asyncio.sleep(_GAP_SECONDS)

    async def _listen(self, woken: Callable[[], None]) -> None:
        logged = False
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**self._parameters, autocommit=True) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    woken()
                    logged = False
                    async for notice in connection.notifies():
                        if notice.payload != self._me:
                            woken()
            except psycopg.Error as error:
                if not logged:
                    logger.warning("not woken by other processes: %s; polling meanwhile", type(error).__name__)
                    logged = True
            await asyncio.sleep(_RETRY_SECONDS)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[bool]:
        """Take a turn at the background work until the block ends; yield False where another process has the turn.

        The turn is a lock of a transaction, which ends with the process, also where a pooler keeps the connection open.

        Raises:
            UnavailableError: `DATABASE_UNAVAILABLE` where the database is away.
        """
        async with self._turn:
            mine = await self._turns.run(PostgresConnection.try_background_lock)
            try:
                yield mine
            finally:
                await self._turns.end()

    async def finish_erasing(self) -> bool:
        """Remove dead rows from the tables `message` and `tombstone`; return True.

        Raises:
            UnavailableError: `DATABASE_UNAVAILABLE` where the database is away.
        """
        return await self._erasing.run(lambda connection: connection.finish_erasing(patience_ms=0))

    async def close(self) -> None:
        """Stop listening and notifying, end the threads and close their connections."""
        for task in (self._listening, self._notifying):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        self._turns.close()
        self._notices.close()
        self._erasing.close()
