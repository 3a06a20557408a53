"""The store of one process: its writer, its readers, the change feed and the background work on one database."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

from backscroll_server.domain.clock import SECOND, Clock, GuardedClock, SteadyClock, passed_time, system_clock
from backscroll_server.domain.records import Committed
from backscroll_server.domain.retention import KEPT_FOR_EVER, Retention
from backscroll_server.domain.user_id_case import UserIdCase
from backscroll_server.services.changes.tail import Tail
from backscroll_server.services.changes.watch import WatchSource
from backscroll_server.services.upkeep import burn, expire, purge
from backscroll_server.services.upkeep.disk_probe import DiskProbe
from backscroll_server.services.upkeep.purge import Purger
from backscroll_server.services.upkeep.timers import Due, Timers, what_is_due
from backscroll_server.services.upkeep.trim_changes import TRIM_STEP, Trimmer
from backscroll_server.services.weights import weight_of
from backscroll_server.storage.engine.address import DatabaseAddress
from backscroll_server.storage.engine.reconnect import Availability, ReconnectingSession
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.group_commit import GroupCommitWriter, GroupedOperation, Operation
from backscroll_server.storage.peers import NoPeers, Peers
from backscroll_server.storage.read_pool import InlineReadPool, MakeSnapshot, ReadPool, ThreadReadPool
from backscroll_server.storage.replica import Replica
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.stepped_reads import SteppedReads
from backscroll_server.storage.tables.change_pages import has_older, trim
from backscroll_server.storage.tables.changes import newest_time, write_head_again
from backscroll_server.storage.tables.id_cache import IdCache
from backscroll_server.storage.tables.identity import read_identity
from backscroll_server.storage.transaction import Transaction
from backscroll_server.storage.upkeep.migrate import migrate_database
from backscroll_server.storage.upkeep.purge_queries import unpurged_conversations
from backscroll_server.storage.upkeep.user_id_case import keep_user_id_case

logger = logging.getLogger(__name__)

_OTHERS_SECONDS = 0.05
_BACKGROUND_WEIGHT = 600
"""The weight of a background step: some hundreds of rows in a few long statements, so SQLite runs it in a thread."""

Parameters = ParamSpec("Parameters")
Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class StoreOptions:
    """Options chosen by the operator.

    Attributes:
        recall_window_seconds: for how long after sending a message its sender may recall it.
        allow_single_delete_everyone: whether either side of a SINGLE conversation may delete it for both.
        users_may_create_groups: whether a user who opens a group or chat room that does not exist creates it.
        user_id_case: how user ids are compared, which the database keeps.
        commit_linger_ms: for how long at most a commit waits while further writes keep arriving.
        feed_retention_seconds: for how long changes are kept for disconnected watchers.
        watch_queue: the most changes that may wait for a watcher.
        watch_heartbeat_seconds: the interval of heartbeats while nothing happens.
        read_threads: the number of concurrent reads on PostgreSQL. A SQLite file is read on the event loop.
        notify: whether processes that share a database wake each other after commits.
        prepare_statements: whether a PostgreSQL server keeps statements prepared for a connection.
        listen_url: the URL to listen on for notifications; empty is the database's own.
        standby_url: the URL of a standby, a copy that follows the database, for reads that say how fresh they must be;
            empty is none.
        waiting_limit: how much may wait for the database, as rows to write or as reads.
        removal_delay_seconds: for how long nothing is removed because of its age after the machine's clock has jumped.
        retention: for how long messages are kept.
    """

    recall_window_seconds: float = 120
    allow_single_delete_everyone: bool = False
    users_may_create_groups: bool = True
    user_id_case: UserIdCase = "exact"
    commit_linger_ms: float = 8
    feed_retention_seconds: float = 7 * 24 * 3600
    watch_queue: int = 4096
    watch_heartbeat_seconds: float = 10
    read_threads: int = 2
    notify: bool = True
    prepare_statements: bool = True
    listen_url: str = ""
    standby_url: str = ""
    waiting_limit: int = 50_000
    removal_delay_seconds: float = 6 * 3600
    retention: Retention = KEPT_FOR_EVER

    @property
    def recall_window(self) -> int:
        """The recall window in microseconds."""
        return int(self.recall_window_seconds * SECOND)


class Store:
    """An open database, with one writer, its readers and the background work of this process.

    Use `open`, then `start` inside the event loop that makes the calls, and `close` at the end.

    Attributes:
        options: the options chosen by the operator.
        token_secret: the secret that signs tokens.
        content_secret: the secret that keys the hashes of sent messages.
        epoch: a number that changes when the database is restored from a copy.
        read: runs a read on a snapshot that holds every acknowledged write.
        stepped_reads: runs long reads in steps. See `services.long_reads`.
        replica: runs reads on the standby; None where there is none. See `ConsistentReads`.
        tail: the reader of the feed.
        watch_source: the parts of this store that a watch uses.
        purger: removes erased messages from storage.
    """

    def __init__(
        self,
        address: DatabaseAddress,
        replica: DatabaseAddress | None,
        options: StoreOptions,
        clock: Clock,
        passed: Clock,
    ) -> None:
        self.options = options
        self._address = address
        self._replica_address = replica
        self._availability = Availability(place=address.place)
        self._directory = IdCache()
        with closing(address.connect()) as database:
            session = Session(database)
            identity = read_identity(session)
            newest = newest_time(session)
        self._machine = GuardedClock(clock, passed, int(options.removal_delay_seconds * SECOND))
        self._machine.compare(newest)
        self._clock = SteadyClock(self._machine, newest)
        self.token_secret = identity.token_secret
        self.content_secret = identity.content_secret
        self.epoch = identity.epoch
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer")
        self._written = ReconnectingSession(address.connect, Session, self._availability)
        self._writer = GroupCommitWriter(
            self._written,
            self._directory,
            self._clock,
            options.retention,
            self._executor,
            linger=options.commit_linger_ms / 1000,
            limit=options.waiting_limit,
            inline=not address.served,
            committed=self._committed,
        )
        self._readers, self._neighbours = self._kind()
        self.read = self._readers.read
        self.stepped_reads = SteppedReads(
            address.connect,
            self._snapshot(),
            self._availability,
            self._clock,
            limit=options.waiting_limit,
            inline=not address.served,
        )
        self.replica = self._open_replica()
        self.tail = Tail(self._readers, queue=options.watch_queue, heartbeat=options.watch_heartbeat_seconds)
        self.watch_source = WatchSource(
            self.read, self.stepped_reads, self.tail, self._ensure_user, options.watch_heartbeat_seconds
        )
        self._availability.connected = self._connected
        self._trimmer = Trimmer(self._trim_step)
        self.purger = Purger(self._purge_step, self._finish_erasing)
        self._listener: Callable[[bool, bool], object] = lambda _available, _writable: None
        self._disk_probe = DiskProbe(self._availability.disk, self._write_nothing)
        self._timekeeper = Timers(
            read_due=self._read_due,
            may_remove=lambda: self._machine.may_remove,
            unmute=self._unmute_step,
            expire=self._expire_step,
            burn=self._burn_step,
            burned=self.purger.erased,
        )

    def _kind(self) -> tuple[ReadPool, Peers]:
        """Create the read pool and the coordination with other processes that fit this kind of database."""
        connect, availability = self._address.connect, self._availability
        snapshot = self._snapshot()
        if not self._address.served:
            reader = InlineReadPool(connect, snapshot, availability, self._clock)
            return reader, NoPeers(self._writer.finish_erasing)
        # The driver is an extra.
        from backscroll_server.storage.postgres_peers import PostgresPeers

        options = self.options
        readers = ThreadReadPool(
            connect,
            snapshot,
            availability,
            self._clock,
            threads=options.read_threads,
            limit=options.waiting_limit,
        )
        listen_url = options.listen_url or self._address.url
        return readers, PostgresPeers(connect, listen_url, availability, notify=options.notify)

    def _open_replica(self) -> Replica | None:
        if self._replica_address is None:
            return None
        connect = self._replica_address.connect
        snapshot = self._snapshot()
        return Replica(connect, snapshot, self._clock, threads=self.options.read_threads)

    def _snapshot(self) -> MakeSnapshot:
        return partial(Snapshot, directory=self._directory, retention=self.options.retention)

    @classmethod
    def open(
        cls,
        url: str,
        options: StoreOptions | None = None,
        *,
        clock: Clock = system_clock,
        passed: Clock = passed_time,
    ) -> "Store":
        """Open the database at a URL and bring it to the schema of this version.

        Args:
            url: the URL of the database.
            options: the options chosen by the operator; None for the defaults.
            clock: returns the time, in microseconds.
            passed: returns the time that has passed, in microseconds from any moment. See `GuardedClock`.

        Raises:
            InvalidArgumentError: `MALFORMED` for a URL of no known kind of database, `CONFLICTING_FIELDS` for a standby
                of a database that can have none.
            NewerSchemaError: where the database was written by a newer version.
            RefusedError: `DATABASE_IN_USE` where another process serves the file, `DATABASE_READ_ONLY` where it may not
                be written, `COPY_UNFINISHED` where a copy into the database is not finished, `USER_ID_CASE` where its
                users are compared in another way.
            FileProblemError: where the file cannot be opened, or its disk is full.
        """
        options = options or StoreOptions()
        address = DatabaseAddress(url, prepare_statements=options.prepare_statements)
        replica = address.replica(options.standby_url) if options.standby_url else None
        try:
            address.require_writable()
            address.reserve()
            with closing(address.connect()) as database:
                migrate_database(database)
                keep_user_id_case(database, options.user_id_case)
            return cls(address, replica, options, clock, passed)
        except BaseException:
            address.close()
            raise

    async def start(self) -> None:
        """Start the writer, the tail of the feed and the background work; purging goes on where it was left."""
        loop = asyncio.get_running_loop()
        self._availability.disk.changed = lambda: loop.call_soon_threadsafe(self._disk_changed)
        self._disk_probe.start()
        self._writer.start()
        self.purger.start(await self.read(unpurged_conversations))
        self.tail.start()
        self._neighbours.start(self.tail.wake)
        self._trimmer.start()
        self._timekeeper.start()

    def on_availability_change(self, listener: Callable[[bool, bool], object]) -> None:
        """Call `listener` on the event loop now, and whenever one of its arguments changes.

        Args:
            listener: gets whether the database is available, and whether it can be written as well. It replaces an
                earlier one.
        """
        loop = asyncio.get_running_loop()
        self._listener = listener
        self._availability.changed = lambda _: loop.call_soon_threadsafe(self._call_listener)
        self._call_listener()

    def _call_listener(self) -> None:
        available = self._availability.available
        self._listener(available, available and self._availability.disk.is_well)

    def _disk_changed(self) -> None:
        self._disk_probe.wake()
        self._call_listener()

    async def close(self) -> None:
        """Stop the background work, commit the waiting writes and close the database."""
        await self.tail.close()
        await self._trimmer.close()
        await self._timekeeper.close()
        await self._disk_probe.close()
        await self.purger.close()
        await self._writer.close()
        await self._neighbours.close()
        logger.info("writer commits=%d weight=%d", self._writer.commits, self._writer.operations)
        self._executor.shutdown()
        if self.replica is not None:
            await self.replica.close()
        self.stepped_reads.close()
        self._readers.close()
        self._written.close()
        self._address.close()

    def require_room(self) -> None:
        """Check that another write would be taken.

        Raises:
            ExhaustedError: `OVERLOADED` where as much waits to be written as may.
        """
        self._writer.require_room()

    def _connected(self) -> None:
        """Forget the cached internal numbers of users and conversations, and let the tail check its feed position.

        After a failover the database may lack some of them.
        """
        self._directory.forget()
        self.tail.connected()

    def _committed(self) -> None:
        self._readers.committed()
        self.tail.wake()
        self._neighbours.committed()

    async def write(
        self,
        write: Callable[Concatenate[Transaction, Parameters], Result],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Committed[Result]:
        """Run a write operation in the next transaction with room for its weight; return when it is durable.

        Args:
            write: the operation, a function over a transaction.
            *args: further arguments of the operation.
            **kwargs: further arguments of the operation.

        Returns:
            The operation's result, and a feed position that holds its changes.

        Raises:
            DomainError: where the operation raises one; nothing of it is stored.
            UnavailableError: while the database is unavailable or its disk has a problem, or after `close`. If that
                is so during the commit, the write may be stored.
            ExhaustedError: `OVERLOADED` where as much waits to be written as may.
        """
        return await self._write(weight_of(write, *args, **kwargs), write, *args, **kwargs)

    async def _write(
        self,
        weight: int,
        write: Callable[Concatenate[Transaction, Parameters], Result],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Committed[Result]:
        return await self._writer.submit(Operation(lambda transaction: write(transaction, *args, **kwargs), weight))

    async def write_grouped(
        self, group: Callable[[Transaction, Sequence[Item]], list[Result]], items: Sequence[Item]
    ) -> Committed[list[Result]]:
        """Write items that one function stores together with those of other calls; return a result for each item.

        Args:
            group: stores the items of several calls in one transaction, in order; returns a result or error for each.
            items: the items of this call.

        Returns:
            The results in the order of the items, and a feed position that holds the changes.
        """
        return await self._writer.submit(GroupedOperation(group, items, weight_of(group, items)))

    async def _ensure_user(self, user_id: str) -> int:
        """Return the internal number of a user; where the user is new, assign one in a transaction."""
        committed = await self.write(lambda transaction: transaction.ensure_users([user_id]))
        return committed.value[user_id]

    async def _step(
        self,
        otherwise: Result,
        write: Callable[Concatenate[Transaction, Parameters], Result],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Result:
        """Run a step of background work as a write; where another process does such a step, wait 50 ms and do nothing.

        Returns:
            The step's result; `otherwise` where another process does one.

        Raises:
            UnavailableError: while writes fail, until the disk's probe finds that they do not.
        """
        self._availability.disk.require_writable()
        async with self._neighbours.turn() as mine:
            if mine:
                return (await self._write(_BACKGROUND_WEIGHT, write, *args, **kwargs)).value
        await asyncio.sleep(_OTHERS_SECONDS)
        return otherwise

    async def _finish_erasing(self) -> bool:
        self._availability.disk.require_writable()
        return await self._neighbours.finish_erasing()

    async def _write_nothing(self) -> None:
        await self.write(write_head_again)

    async def _purge_step(self, conversation: int) -> bool:
        return await self._step(True, purge.purge_step, conversation)

    async def _trim_step(self) -> bool:
        if not self._machine.may_remove:
            return False
        older_than = self._clock() - int(self.options.feed_retention_seconds * SECOND)
        if await self.read(has_older, older_than=older_than):
            return await self._step(False, trim, older_than=older_than, step=TRIM_STEP)
        return False

    async def _read_due(self) -> Due:
        return await self.read(what_is_due)

    async def _unmute_step(self) -> bool:
        return await self._step(True, expire.unmute_step)

    async def _expire_step(self) -> None:
        for conversation in await self._step([], expire.expire_step):
            self.purger.add(conversation)

    async def _burn_step(self) -> bool:
        return await self._step(True, burn.burn_step)
