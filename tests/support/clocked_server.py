"""A real server in a thread of the test's process, on a clock that the test sets."""

import asyncio
import queue
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from typing import Any

import grpc

from backscroll_server import app
from backscroll_server.domain.clock import SECOND, system_clock
from backscroll_server.domain.enums import ChangeKind
from backscroll_server.services.upkeep.check import check_database
from backscroll_server.settings import Settings
from backscroll_server.storage.engine.address import DatabaseAddress
from backscroll_server.storage.tables.changes import FeedRow
from backscroll_server.storage.tables.models import ALL_TABLES, Conversation, Feed
from tests.support.api_client import ApiClient, SomeMessage
from tests.support.fixtures import peewee_database
from tests.support.patience import PATIENCE_SECONDS


class SettableClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = system_clock() // SECOND * SECOND

    def __call__(self) -> int:
        """The time, in microseconds."""
        return self.now

    def forward(self, seconds: float) -> None:
        """Moves it, also back."""
        self.now += int(seconds * SECOND)


class ClockedServer:
    """A server that takes calls.

    Attributes:
        clock: its clock.
        database: the URL of its database.
        api: a short way to call it.
        target: where it listens.
    """

    def __init__(self, clock: SettableClock, database: str, api: ApiClient, target: str) -> None:
        self.target = target
        self.clock = clock
        self.database = database
        self.api = api

    def expect(self, kind: ChangeKind, conversation: int = 0) -> list[FeedRow]:
        """The rows of one kind in the feed, of one conversation by its internal number."""
        address = DatabaseAddress(self.database)
        connection: Any = address.connect()
        try:
            with connection.bind_ctx(ALL_TABLES):
                rows = Feed.select(*(getattr(Feed, name) for name in FeedRow._fields)).where(Feed.kind == int(kind))
                expect = [FeedRow(*row) for row in rows.order_by(Feed.position).tuples()]
        finally:
            connection.close()
            address.close()
        return [row for row in expect if conversation in (0, row.conversation)]

    def number_of(self, message: SomeMessage) -> int:
        """The internal number of a message's conversation."""
        return self._stored(message, Conversation.id)

    def purged_up_to(self, message: SomeMessage) -> int:
        """Up to which sequence the rows of a message's conversation are removed."""
        return self._stored(message, Conversation.purged_sequence)

    def _stored(self, message: SomeMessage, column: Any) -> int:
        with closing(peewee_database(self.database)) as database, database.bind_ctx(ALL_TABLES):
            here = Conversation.conversation_id == message.conversation_id
            [(value,)] = Conversation.select(column).where(here).tuples()
        return int(value)

    def problems(self, **rules: Any) -> list[str]:
        """What a check of the database finds, at this server's time."""
        return check_database(self.database, now=self.clock(), **rules).problems


@contextmanager
def clocked_server(
    database: str, clock: SettableClock | None = None, passed: SettableClock | None = None, **settings: Any
) -> Iterator[ClockedServer]:
    """A server on a database, where time passes as the clock says or another; other settings are given by name."""
    clock = clock or SettableClock()
    announced: queue.Queue[str] = queue.Queue()
    running: Future[tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]]] = Future()
    # Tests that move the clock want to see at once what that does.
    settings = {"removal_delay_hours": 0} | settings
    chosen = Settings(database=database, listen="127.0.0.1:0", log_level="error", **settings)

    async def serve() -> None:
        task = asyncio.current_task()
        assert task is not None
        running.set_result((asyncio.get_running_loop(), task))
        try:
            await app.serve(chosen, announced.put, clock=clock, passed=passed or clock)
        except asyncio.CancelledError:
            # How the test ends it.
            return

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    try:
        target = announced.get(timeout=PATIENCE_SECONDS)
        with grpc.insecure_channel(target) as channel:
            yield ClockedServer(clock, database, ApiClient(channel), target)
    finally:
        loop, task = running.result(timeout=PATIENCE_SECONDS)
        loop.call_soon_threadsafe(task.cancel)
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()


def eventually(holds: Any) -> Any:
    """What a function answers once that is true; fails where it never is."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (answer := holds()):
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.02)
    return answer
