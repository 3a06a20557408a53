"""The one tail of the change feed in a process: reads each change once and hands it to who watches."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Mapping, Sequence
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
_POLL_SECONDS = 0.5
_CACHED_CONVERSATIONS = 20_000
_ARRIVALS = 10_000


class _Viewers(NamedTuple):
    """Watched users who have a conversation, among the first `arrivals` watchers."""

    users: set[int]
    arrivals: int


class Tail:
    """Reader of the feed for all watchers of a process.

    A commit of this process wakes it at once; it also polls twice a second, for commits of other processes. Without
    watchers it is idle. The watchers of a conversation are looked up at its first change, cached, and corrected by the
    feed.

    Args:
        readers: read from the database.
        queue: the most changes that may wait for one watcher before it is ended as too slow.
        heartbeat: seconds after which a waiting watcher is woken to send a heartbeat.

    Attributes:
        position: everything up to here is delivered to subscriptions; None before the first watcher.
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
        """Start following."""
        self._background.start()

    async def close(self) -> None:
        """Stop following."""
        await self._background.close()

    def wake(self) -> None:
        """Look for new changes soon: something was committed."""
        if self._watching:
            self._background.wake()

    def connected(self) -> None:
        """Return a connection was made, perhaps to a server with another history. May be called in any thread."""
        self._server = object()

    def subscribe(self, user: int, seen: FeedPosition, ended: Ended) -> Subscription:
        """Hand a user's changes to a new subscription, beginning behind `Subscription.begins` at once.

        Rows between `seen` and that position were read for others before: the subscriber reads them from the database.

        Args:
            user: the watching user's number.
            seen: everything up to this position is known; the end of a snapshot taken just now.
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
        """Hand nothing more to a subscription."""
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
        """Read and hand out some changes; return whether there may be more.

        Watchers may come and go during the read. A subscription made meanwhile begins after the rows being read.
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
        self._hand_out(rows, viewers)
        self.position = end
        return more

    def _end_all(self) -> None:
        """End all subscriptions: the database that took over lacks what is handed out."""
        logger.error("the change feed lacks what it had: the database was replaced by one that did not have it")
        for subscription in [one for subscriptions in self._watching.values() for one in subscriptions]:
            subscription.end(UnavailableError(Reason.DATABASE_UNAVAILABLE, "the database was replaced: watch again"))
        self.position = self._taken = None
        self._forgotten_arrivals += len(self._arrivals)
        self._forget_viewers()

    def _hand_out(self, rows: Sequence[FeedRow], viewers: Mapping[int, AbstractSet[int]]) -> None:
        """Give every change to whom it concerns. Nothing else runs meanwhile, so that no call is seen in part."""
        for row in rows:
            if row.kind == ChangeKind.MEMBER_ADDED:
                self._joined(row.conversation, row.first_sequence)
            for user in (row.user,) if row.user else viewers[row.conversation]:
                for subscription in self._watching.get(user, ()):
                    subscription.give(row)

    async def _find_viewers(self, rows: Sequence[FeedRow]) -> dict[int, set[int]]:
        """Return the watched users who have or had the conversations of some changes."""
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


def _rows_behind(snapshot: Snapshot, position: FeedPosition, *, verify: bool) -> tuple[list[FeedRow], bool] | None:
    """Return the changes after a position; None if it must be verified and is not there."""
    if verify and not position_exists(snapshot, position, head=snapshot.position()):
        return None
    return rows_after(snapshot, after=position.position, limit=_ROWS)


def _viewers_among(snapshot: Snapshot, missing: Sequence[tuple[int, AbstractSet[int]]]) -> dict[int, set[int]]:
    """Return those of some users who have or had a conversation, for several conversations."""
    return {conversation: viewers(snapshot, conversation=conversation, among=among) for conversation, among in missing}
