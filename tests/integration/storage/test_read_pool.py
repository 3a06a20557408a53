"""Reads in threads: in their own call's context, answered whatever fails, several on one snapshot."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextvars import ContextVar
from functools import partial
from typing import Any

import pytest

from backscroll_server.domain.clock import system_clock
from backscroll_server.domain.deadline import set_time_left
from backscroll_server.domain.errors import NotFoundError, Reason, UnavailableError
from backscroll_server.domain.retention import KEPT_FOR_EVER
from backscroll_server.storage.engine.address import DatabaseAddress
from backscroll_server.storage.engine.connection import Connection
from backscroll_server.storage.engine.reconnect import Availability
from backscroll_server.storage.read_pool import InlineReadPool, ReadPool, ThreadReadPool
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.tables.id_cache import IdCache
from backscroll_server.storage.upkeep.migrate import migrate_database
from tests.support.fixtures import NewDatabase, on_postgres
from tests.support.patience import PATIENCE_SECONDS

CALLS = 64
LIMIT = 100
CALL: ContextVar[int] = ContextVar("call", default=-1)


@pytest.fixture(scope="module")
def address(new_database: NewDatabase) -> Iterator[DatabaseAddress]:
    opened = DatabaseAddress(new_database())
    connection = opened.connect()
    migrate_database(connection)
    connection.close()
    yield opened
    opened.close()


SNAPSHOT = partial(Snapshot, directory=IdCache(), retention=KEPT_FOR_EVER)
Open = Callable[..., ReadPool]


file_alone = pytest.mark.usefixtures("sqlite_only")


@pytest.fixture
def open_pool(address: DatabaseAddress) -> Open:
    """Make the read pool of the kind of database."""

    def make(connect: Callable[[], Connection] = address.connect) -> ReadPool:
        if on_postgres():
            return ThreadReadPool(connect, SNAPSHOT, Availability(), system_clock, threads=2, limit=LIMIT)
        return InlineReadPool(connect, SNAPSHOT, Availability(), system_clock)

    return make


@pytest.fixture
def open_threads(address: DatabaseAddress) -> Open:
    """Make a pool of threads, on PostgreSQL alone: a SQLite connection is for one thread."""
    if not on_postgres():
        pytest.skip("reads of a SQLite file run on the event loop")

    def make(connect: Callable[[], Connection] = address.connect, threads: int = 1) -> ReadPool:
        return ThreadReadPool(connect, SNAPSHOT, Availability(), system_clock, threads=threads, limit=LIMIT)

    return make


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    async def limited() -> None:
        async with asyncio.timeout(60):
            await scenario()

    asyncio.run(limited())


def test_read_sees_the_context_variables_of_its_own_call_through_every_await(open_pool: Open) -> None:
    async def scenario() -> None:
        pool = open_pool()

        async def call(number: int) -> list[int]:
            CALL.set(number)
            seen = []
            for _ in range(5):
                seen.append(await pool.read(lambda _: CALL.get()))
                await asyncio.sleep(0)
                seen.append(CALL.get())
            return seen

        found = await asyncio.gather(*(call(number) for number in range(CALLS)))
        pool.close()
        assert found == [[number] * 10 for number in range(CALLS)]

    run(scenario)


def test_call_when_cancelled_at_any_await_gets_the_cancellation_and_cleans_up(open_pool: Open) -> None:
    async def scenario() -> None:
        pool = open_pool()
        cleaned: list[int] = []

        async def call(number: int) -> None:
            try:
                while True:
                    await pool.read(Snapshot.position)
                    await asyncio.sleep(0)
            except asyncio.CancelledError:
                await asyncio.sleep(0)
                await pool.read(Snapshot.position)
                cleaned.append(number)
                raise

        tasks = [asyncio.create_task(call(number)) for number in range(CALLS)]
        for turns, task in enumerate(tasks):
            for _ in range(turns % 7):
                await asyncio.sleep(0)
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(error, asyncio.CancelledError) for error in ended)
        # A task that is cancelled before it begins runs nothing.
        assert len(cleaned) >= CALLS - 1
        pool.close()

    run(scenario)


class BrokenError(Exception):
    """What a database says that cannot begin a snapshot."""


@file_alone
def test_reads_of_a_file_when_no_snapshot_can_begin_all_fail(
    address: DatabaseAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Snapshot) -> None:
        raise BrokenError

    async def scenario() -> None:
        pool = InlineReadPool(address.connect, SNAPSHOT, Availability(), system_clock)
        await in_batches(pool)
        pool.committed()
        monkeypatch.setattr(Snapshot, "begin_snapshot", refuse)
        errors = await asyncio.gather(*(pool.read(Snapshot.position) for _ in range(CALLS)), return_exceptions=True)
        monkeypatch.undo()
        assert [type(error) for error in errors] == [BrokenError] * CALLS
        assert len(await asyncio.gather(*(pool.read(Snapshot.position) for _ in range(CALLS)))) == CALLS
        pool.close()

    run(scenario)


@file_alone
def test_reads_of_a_file_when_the_pool_closes_are_all_answered(address: DatabaseAddress) -> None:
    async def scenario() -> None:
        pool = InlineReadPool(address.connect, SNAPSHOT, Availability(), system_clock)
        await in_batches(pool)
        waiting = [asyncio.create_task(pool.read(Snapshot.position)) for _ in range(10)]
        await asyncio.sleep(0)
        pool.close()
        ended = await asyncio.gather(*waiting, return_exceptions=True)
        assert [getattr(error, "reason", None) for error in ended] == [Reason.SHUTTING_DOWN] * 10

    run(scenario)


def test_read_of_a_file_when_alone_and_the_pool_is_closed_is_refused(address: DatabaseAddress) -> None:
    async def scenario() -> None:
        pool = InlineReadPool(address.connect, SNAPSHOT, Availability(), system_clock)
        await pool.read(Snapshot.position)
        pool.close()
        with pytest.raises(UnavailableError) as refused:
            await pool.read(Snapshot.position)
        assert refused.value.reason is Reason.SHUTTING_DOWN

    run(scenario)


async def in_batches(pool: ReadPool) -> None:
    """Read so that the pool waits for more than one read."""
    for _ in range(3):
        await asyncio.gather(*(pool.read(Snapshot.position) for _ in range(CALLS)))


def test_calls_when_no_snapshot_can_begin_all_fail(open_threads: Open) -> None:
    def refuse() -> Connection:
        raise UnavailableError(Reason.DATABASE_UNAVAILABLE, "no connection")

    async def scenario() -> None:
        pool = open_threads(refuse)
        errors = await asyncio.gather(*(pool.read(Snapshot.position) for _ in range(CALLS)), return_exceptions=True)
        pool.close()
        assert [type(error) for error in errors] == [UnavailableError] * CALLS

    run(scenario)


def test_calls_when_the_pool_closes_are_all_answered(open_threads: Open) -> None:
    async def scenario() -> None:
        pool = open_threads()
        started, go_on = threading.Event(), threading.Event()

        def slow(_: Snapshot) -> str:
            started.set()
            go_on.wait(PATIENCE_SECONDS)
            return "read"

        running = asyncio.create_task(pool.read(slow))
        await asyncio.to_thread(started.wait, PATIENCE_SECONDS)
        waiting = [asyncio.create_task(pool.read(Snapshot.position)) for _ in range(CALLS)]
        await asyncio.sleep(0)
        threading.Timer(0.1, go_on.set).start()
        pool.close()
        late = asyncio.create_task(pool.read(Snapshot.position))
        ended = await asyncio.gather(running, *waiting, late, return_exceptions=True)
        assert ended[0] == "read"
        assert [getattr(error, "reason", None) for error in ended[1:]] == [Reason.SHUTTING_DOWN] * (CALLS + 1)

    run(scenario)


def test_reads_of_a_batch_share_a_snapshot_and_fail_alone(open_threads: Open) -> None:
    async def scenario() -> None:
        pool = open_threads()

        def missing(_: Snapshot) -> None:
            raise NotFoundError(Reason.MESSAGE_NOT_FOUND, "no such message", field="message_id")

        def broken(snapshot: Snapshot) -> None:
            database: Any = snapshot.database
            database.execute_sql("SELECT nothing")

        def state(snapshot: Snapshot) -> Any:
            database: Any = snapshot.database
            return database.execute_sql("SELECT pg_current_snapshot()::text, pg_backend_pid()").fetchone()

        reads: list[Callable[[Snapshot], Any]] = [state, state, missing, state, broken, state, state]
        ended = await asyncio.gather(*(pool.read(read) for read in reads), return_exceptions=True)
        pool.close()
        assert ended[0] == ended[1] == ended[3]
        assert isinstance(ended[2], NotFoundError)
        assert isinstance(ended[4], Exception)
        # The failed statement ended the transaction: the rest was read on another one.
        assert ended[5] == ended[6]

    run(scenario)


def test_reads_when_their_deadline_passed_while_they_waited_are_not_begun(open_pool: Open) -> None:
    async def scenario() -> None:
        pool = open_pool()
        await in_batches(pool)
        begun: list[int] = []

        async def call(number: int, seconds: float) -> None:
            set_time_left(seconds)
            await pool.read(lambda _: begun.append(number))

        ended = await asyncio.gather(
            *(call(number, 60 * (number % 2)) for number in range(CALLS)), return_exceptions=True
        )
        pool.close()
        assert sorted(begun) == [number for number in range(CALLS) if number % 2]
        assert [isinstance(error, asyncio.CancelledError) for error in ended] == [not n % 2 for n in range(CALLS)]

    run(scenario)


def test_reads_when_as_many_wait_as_may_are_refused(open_threads: Open) -> None:
    async def scenario() -> None:
        pool = open_threads()
        ended = await asyncio.gather(*(pool.read(Snapshot.position) for _ in range(LIMIT + 5)), return_exceptions=True)
        assert [getattr(error, "reason", None) for error in ended] == [None] * LIMIT + [Reason.OVERLOADED] * 5
        assert await pool.read(Snapshot.position)
        pool.close()

    run(scenario)
