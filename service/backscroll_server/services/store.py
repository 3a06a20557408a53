"""The store of one process: one writer, a reader, and what they share."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar

from backscroll_server.domain.clock import SECOND, Clock, SteadyClock, system_clock
from backscroll_server.domain.retention import KEPT_FOR_EVER, Retention
from backscroll_server.services import burning, expiring, purging
from backscroll_server.services.feed.tail import Tail
from backscroll_server.services.feed.trimming import TRIM_STEP, Trimmer
from backscroll_server.services.purging import Purger
from backscroll_server.services.timekeeping import Due, Timekeeper, what_is_due
from backscroll_server.storage.database import DatabaseAddress
from backscroll_server.storage.directory import Directory
from backscroll_server.storage.feed_pages import has_older, trim
from backscroll_server.storage.feed_rows import newest_time
from backscroll_server.storage.meta_rows import read_facts
from backscroll_server.storage.migrate import migrate_database
from backscroll_server.storage.purge_rows import unpurged_conversations
from backscroll_server.storage.session import Session
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.transaction import Transaction
from backscroll_server.storage.writer import Committed, GroupedOperation, Operation, Writer

logger = logging.getLogger(__name__)

_MOMENT_SECONDS = 0.002
_BACKGROUND_WEIGHT = 500
"""Enough for the writer's thread: steps in the background are a few long statements, which must not hold up reads."""

Parameters = ParamSpec("Parameters")
Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class StoreOptions:
    """What an operator decides.

    Attributes:
        recall_window_seconds: for how long senders may recall.
        allow_single_delete_everyone: whether either side may delete a SINGLE conversation for both.
        users_may_create_groups: whether opening a group that does not exist creates it.
        commit_linger_ms: for how long at most a commit waits while further writes keep arriving.
        feed_retention_seconds: for how long changes are kept for who was away.
        watch_queue: how many changes a watcher may be behind.
        watch_heartbeat_seconds: how often a watcher gets a sign of life when nothing happens.
        retention: for how long messages are kept.
    """

    recall_window_seconds: float = 120
    allow_single_delete_everyone: bool = False
    users_may_create_groups: bool = True
    commit_linger_ms: float = 8
    feed_retention_seconds: float = 7 * 24 * 3600
    watch_queue: int = 4096
    watch_heartbeat_seconds: float = 10
    retention: Retention = KEPT_FOR_EVER

    @property
    def recall_window(self) -> int:
        """The recall window in microseconds."""
        return int(self.recall_window_seconds * SECOND)


class Store:
    """An open database.

    Use `open`, then `start` inside the event loop that makes the calls, and `close` at the end.
    """

    def __init__(self, address: DatabaseAddress, options: StoreOptions, clock: Clock) -> None:
        self.options = options
        self._address = address
        self._reader_database = address.connect()
        self._writer_database = address.connect()
        self._reader = Session(self._reader_database)
        self._directory = Directory()
        self._moment_end: asyncio.TimerHandle | None = None
        self._snapshot = Snapshot(self._reader, self._directory, options.retention)
        facts = read_facts(self._reader)
        self._clock = SteadyClock(clock, newest_time(self._reader))
        self.token_secret = facts.token_secret
        self.content_secret = facts.content_secret
        self.epoch = facts.epoch
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer")
        self._writer = Writer(
            Session(self._writer_database),
            self._directory,
            self._clock,
            options.retention,
            self._executor,
            linger=options.commit_linger_ms / 1000,
            inline=True,
            committed=self._committed,
        )
        self.tail = Tail(self.read, queue=options.watch_queue, heartbeat=options.watch_heartbeat_seconds)
        self._trimmer = Trimmer(self._trim_step)
        self.purger = Purger(self._purge_step, self._writer.finish_erasing)
        self._timekeeper = Timekeeper(
            look=self._look,
            unmute=self._unmute_step,
            expire=self._expire_step,
            burn=self._burn_step,
            burned=self.purger.erased,
        )

    @classmethod
    def open(cls, url: str, options: StoreOptions | None = None, *, clock: Clock = system_clock) -> "Store":
        """Opens the database at `url`, brought to this version's schema.

        Raises:
            InvalidArgumentError: `MALFORMED` for a URL of no known database.
            NewerSchemaError: where the database was written by a newer version.
        """
        address = DatabaseAddress(url)
        database = address.connect()
        try:
            migrate_database(database)
        finally:
            database.close()
        return cls(address, options or StoreOptions(), clock)

    async def start(self) -> None:
        """Starts the writer, goes on with removing what is erased, and keeps the time."""
        self._writer.start()
        self.purger.start(await self.read(unpurged_conversations))
        self.tail.start()
        self._trimmer.start()
        self._timekeeper.start()

    async def close(self) -> None:
        """Commits what is waiting and closes the database."""
        await self.tail.close()
        await self._trimmer.close()
        await self._timekeeper.close()
        await self.purger.close()
        await self._writer.close()
        logger.info("writer commits=%d messages=%d", self._writer.commits, self._writer.operations)
        self._executor.shutdown()
        self._end_moment()
        self._reader_database.close()
        self._writer_database.close()
        self._address.close()

    async def read(
        self,
        read: Callable[Concatenate[Snapshot, Parameters], Result],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Result:
        """Reads from one moment. Bounded reads run here and now: they cost less than a change of threads."""
        return read(self.moment(), *args, **kwargs)

    def moment(self) -> Snapshot:
        """A moment to read from until the caller next waits for anything.

        It holds every write of this process that was answered. Reads within two milliseconds share one, because
        beginning and ending it costs several locks of the file.
        """
        if self._moment_end is None:
            self._reader.begin_snapshot()
            self._moment_end = asyncio.get_running_loop().call_later(_MOMENT_SECONDS, self._end_moment)
        self._snapshot.now = self._clock()
        return self._snapshot

    def _committed(self) -> None:
        self._end_moment()
        self.tail.wake()

    def _end_moment(self) -> None:
        """Ends the moment that reads share: it is over, or a write was committed."""
        if self._moment_end is not None:
            self._moment_end.cancel()
            self._moment_end = None
            self._snapshot.memory.clear()
            self._reader.rollback()

    async def write(
        self,
        write: Callable[Concatenate[Transaction, Parameters], Result],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Committed[Result]:
        """Writes with the next batch; answers when it is durable."""
        return await self._writer.submit(Operation(lambda transaction: write(transaction, *args, **kwargs)))

    async def write_heavy(
        self,
        weight: int,
        write: Callable[Concatenate[Transaction, Parameters], Result],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Committed[Result]:
        """The same for what writes about `weight` rows."""
        return await self._writer.submit(Operation(lambda transaction: write(transaction, *args, **kwargs), weight))

    async def write_grouped(
        self, group: Callable[[Transaction, Sequence[Item]], list[Result]], items: Sequence[Item]
    ) -> Committed[list[Result]]:
        """Writes items that are done together with others of their kind; answers a result for each."""
        return await self._writer.submit(GroupedOperation(group, items, len(items)))

    async def _purge_step(self, conversation: int) -> bool:
        return (await self.write_heavy(_BACKGROUND_WEIGHT, purging.purge_step, conversation)).value

    async def _trim_step(self) -> bool:
        older_than = self._clock() - int(self.options.feed_retention_seconds * SECOND)
        if await self.read(has_older, older_than=older_than):
            return (await self.write_heavy(TRIM_STEP, trim, older_than=older_than, step=TRIM_STEP)).value
        return False

    async def _look(self) -> Due:
        return await self.read(what_is_due)

    async def _unmute_step(self) -> bool:
        return (await self.write_heavy(_BACKGROUND_WEIGHT, expiring.unmute_step)).value

    async def _expire_step(self) -> None:
        for conversation in (await self.write_heavy(_BACKGROUND_WEIGHT, expiring.expire_step)).value:
            self.purger.add(conversation)

    async def _burn_step(self) -> bool:
        return (await self.write_heavy(_BACKGROUND_WEIGHT, burning.burn_step)).value
