"""The one tail of the change feed in a process: reads each change once and hands it to the watchers it concerns."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from time import monotonic
from typing import NamedTuple

from backscroll_server.domain.enums import ChangeKind
from backscroll_server.domain.errors import Reason, UnavailableError
from backscroll_server.domain.records import FeedPosition
from backscroll_server.services.changes.subscription import Ended, Subscription
from backscroll_server.services.upkeep.loop import BackgroundLoop
from backscroll_server.storage.read_pool import ReadPool
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.tables.change_pages import position_exists, rows_after, viewers
from backscroll_server.storage.tables.changes import FeedRow

logger = logging.getLogger(__name__)

_ROWS = 1000
_GIVEN_AT_ONCE = 4096
_WOKEN_AT_ONCE = 64
_POLL_SECONDS = 0.5
_CACHED_CONVERSATIONS = 20_000
_ARRIVALS = 10_000


class _Viewers(NamedTuple):
    """The watched users who have or had a conversation, as far as they were looked up.

    Attributes:
        users: the internal numbers of the users.
        arrivals: the count of users who had begun to be watched at the lookup. Users who began later are not looked up
            yet.
    """

    users: set[int]
    arrivals: int


class Tail:
    """Reader of the feed for all watchers of a process.

    A commit of this process wakes it at once; it also polls twice a second, for commits of other processes. Without
    watchers it is idle. The watched users of a conversation are looked up at its first change, cached, and corrected by
    the joins in the feed.

    Args:
        readers: run the reads of the feed.
        queue: the most changes that may wait for one watcher; one more ends its subscription as too slow.
        heartbeat: the seconds after which a waiting watcher is woken to send a heartbeat.

    Attributes:
        position: the feed position up to which changes are handed to subscriptions; None before the first watcher.
    """

    def __init__(self, readers: ReadPool, *, queue: int, heartbeat: float) -> None:
        self._readers = readers
        self._heartbeat = heartbeat
        self._reminded = 0.0
        self._queue = queue
        self._watching: dict[int, set[Subscription]] = {}
        self._viewers: OrderedDict[int, _Viewers] = OrderedDict()
        # Replaced whenever what is remembered of viewers is dropped.
        self._memory = object()
        self._arrivals: list[int] = []
        self._forgotten_arrivals = 0
        self._background = BackgroundLoop(
            self._round,
            logger=logger,
            failed="reading the change feed failed; it is tried again",
            retry_seconds=_POLL_SECONDS,
        )
        self.position: FeedPosition | None = None
        # What is read, and perhaps still on its way to who watched when it was.
        self._taken: FeedPosition | None = None
        # Replaced with every new connection, and the one under which that place was looked for last.
        self._server = self._verified = object()

    def start(self) -> None:
        """Start the task that reads the feed."""
        self._background.start()

    async def close(self) -> None:
        """Stop the task that reads the feed."""
        await self._background.close()

    def wake(self) -> None:
        """Read the feed soon, because something was committed."""
        if self._watching:
            self._background.wake()

    def connected(self) -> None:
        """Note that a connection was made, perhaps to a server with another history. May be called in any thread.

        The next read checks that the feed there holds the last position; if not, all subscriptions end.
        """
        self._server = object()

    def subscribe(self, user: int, seen: FeedPosition, ended: Ended) -> Subscription:
        """Return a new subscription to the changes of a user after the feed position `Subscription.begins`.

        Changes between `seen` and that position were read earlier, for other watchers: the subscriber reads them from
        the database.

        Args:
            user: the internal number of the watching user.
            seen: the feed position up to which the watcher has read, the newest of a snapshot taken just now.
            ended: called with the error that ends the subscription.
        """
        if self._taken is None or not self._watching:
            self.position = self._taken = seen
        subscription = Subscription(user, max(seen, self._taken), self._queue, ended)
        if user not in self._watching:
            self._watching[user] = set()
            self._arrivals.append(user)
            if len(self._arrivals) > _ARRIVALS:
                self._forgotten_arrivals += len(self._arrivals)
                self._forget_viewers()
        self._watching[user].add(subscription)
        # What was committed since that moment has woken nobody on its behalf.
        self._background.wake()
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """Remove a subscription: it gets no more changes."""
        subscriptions = self._watching[subscription.user]
        subscriptions.remove(subscription)
        if not subscriptions:
            del self._watching[subscription.user]
        if not self._watching:
            self._forgotten_arrivals = 0
            self._forget_viewers()

    async def _round(self) -> float | None:
        self._remind()
        more = True
        while self._watching and more:
            more = await self._step()
            await asyncio.sleep(0)
        return _POLL_SECONDS if self._watching else None

    def _remind(self) -> None:
        now = monotonic()
        if now < self._reminded + _POLL_SECONDS / 2:
            return
        self._reminded = now
        for subscriptions in self._watching.values():
            for subscription in subscriptions:
                subscription.remind(now - self._heartbeat)

    async def _step(self) -> bool:
        """Read the next changes and hand them to the subscriptions; return whether there may be more in the feed.

        Watchers may come and go during the read. A subscription made meanwhile begins after the changes being read.
        """
        position = self._taken
        if position is None:
            return False
        server = self._server
        found = await self._readers.read(_rows_behind, position, verify=server is not self._verified)
        if self._taken is not position or self._server is not server:
            # The last watcher went and another came, which began elsewhere; or the answer may be of another server.
            return True
        self._verified = server
        if found is None:
            self._end_all()
            return False
        rows, more = found
        if not rows:
            return more
        if rows[-1].position - position.position != len(rows):
            # Positions have no holes. Never hand out what might lack something: read again.
            logger.error("the change feed has a hole behind position %d", position.position)
            return False
        end = self._taken = FeedPosition(rows[-1].position, rows[-1].row_check)
        try:
            viewers = await self._find_viewers(rows)
        except BaseException:
            if self._taken is end:
                self._taken = position
            raise
        if self._taken is not end:
            return True
        await self._hand_out(rows, viewers, end)
        if self._taken is end:
            self.position = end
        return more

    def _end_all(self) -> None:
        """End all subscriptions: the database that took over lacks changes that were already handed to them."""
        logger.error("the change feed lacks what it had: the database was replaced by one that did not have it")
        for subscription in [one for subscriptions in self._watching.values() for one in subscriptions]:
            subscription.end(
                UnavailableError(Reason.DATABASE_UNAVAILABLE, "the database was replaced: watch again", applied="no")
            )
        self.position = self._taken = None
        self._forgotten_arrivals += len(self._arrivals)
        self._forget_viewers()

    async def _hand_out(
        self, rows: Sequence[FeedRow], viewers: Mapping[int, AbstractSet[int]], end: FeedPosition
    ) -> None:
        """Give each change to the subscriptions that it concerns, and wake them.

        No other code runs between the changes of one call, so that a watcher never gets a part of them. Between calls,
        and while many are woken, other code runs: each of those woken reads and sends what it was given. Subscriptions
        that are made meanwhile begin after all of the changes. It stops early where the tail goes on elsewhere.

        Args:
            rows: the changes, in feed order, of whole calls.
            viewers: by internal number of the conversation, the watched users who have or had it.
            end: the position of the last change, as the tail has it.
        """
        # In order, and each once.
        given: dict[Subscription, None] = {}
        count = 0
        for row in rows:
            if row.kind == ChangeKind.MEMBER_ADDED:
                self._joined(row.conversation, row.first_sequence)
            for user in (row.user,) if row.user else viewers[row.conversation]:
                for subscription in self._watching.get(user, ()):
                    subscription.give(row)
                    given[subscription] = None
                    count += 1
            if row.call_end and count >= _GIVEN_AT_ONCE:
                await _wake(given)
                given, count = {}, 0
                if self._taken is not end:
                    return
        await _wake(given)

    async def _find_viewers(self, rows: Sequence[FeedRow]) -> dict[int, set[int]]:
        """Return the watched users who have or had a conversation, for each one with a change for all members.

        Returns:
            By internal number of the conversation, the internal numbers of the users.
        """
        found: dict[int, set[int]] = {}
        missing: list[tuple[int, AbstractSet[int]]] = []
        everybody: AbstractSet[int] = frozenset()
        arrivals = self._forgotten_arrivals + len(self._arrivals)
        for conversation in dict.fromkeys(row.conversation for row in rows if not row.user):
            known = self._viewers.get(conversation)
            if known is None:
                # A copy, because others may come while it is used.
                everybody = everybody or frozenset(self._watching)
                missing.append((conversation, everybody))
                continue
            found[conversation] = known.users
            self._viewers.move_to_end(conversation)
            if known.arrivals < arrivals:
                missing.append((conversation, set(self._arrivals[known.arrivals - self._forgotten_arrivals :])))
        if missing:
            memory = self._memory
            for conversation, new in (await self._readers.read(_viewers_among, missing)).items():
                users = found[conversation] = new | found.get(conversation, set())
                if memory is self._memory:
                    self._viewers[conversation] = _Viewers(users, arrivals)
                    self._viewers.move_to_end(conversation)
            while len(self._viewers) > _CACHED_CONVERSATIONS:
                self._viewers.popitem(last=False)
        return found

    def _forget_viewers(self) -> None:
        self._viewers.clear()
        self._arrivals.clear()
        self._memory = object()

    def _joined(self, conversation: int, user: int) -> None:
        known = self._viewers.get(conversation)
        if known is not None and user in self._watching:
            known.users.add(user)


async def _wake(subscriptions: Iterable[Subscription]) -> None:
    """Wake subscriptions; after every 64 let other code run, so that it need not wait until all have been served."""
    for number, subscription in enumerate(subscriptions, start=1):
        subscription.wake()
        if number % _WOKEN_AT_ONCE == 0:
            await asyncio.sleep(0)


def _rows_behind(snapshot: Snapshot, position: FeedPosition, *, verify: bool) -> tuple[list[FeedRow], bool] | None:
    """Return the changes after a feed position, about 1,000 at most, and whether there may be more.

    Returns:
        None if `verify` is true and the feed does not hold the change at the position.
    """
    if verify and not position_exists(snapshot, position, head=snapshot.position()):
        return None
    return rows_after(snapshot, after=position.position, limit=_ROWS)


def _viewers_among(snapshot: Snapshot, missing: Sequence[tuple[int, AbstractSet[int]]]) -> dict[int, set[int]]:
    """Return, for several conversations, which of the given users have or had it.

    Args:
        snapshot: the snapshot to read from.
        missing: pairs of a conversation and users, as internal numbers.
    """
    return {conversation: viewers(snapshot, conversation=conversation, among=among) for conversation, among in missing}
