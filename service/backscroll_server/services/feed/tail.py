"""The one tail of the change feed in a process: reads each change once and hands it to who watches."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic
from typing import NamedTuple

from backscroll_server.domain.kinds import ChangeKind
from backscroll_server.services.feed.subscription import Ended, Subscription
from backscroll_server.storage.feed_pages import FeedRow, rows_after, viewers
from backscroll_server.storage.feed_rows import FeedPosition
from backscroll_server.storage.snapshot import Snapshot

logger = logging.getLogger(__name__)

_ROWS = 1000
_POLL_SECONDS = 0.5
_CACHED_CONVERSATIONS = 20_000
_ARRIVALS = 10_000

Read = Callable[[Callable[[Snapshot], None]], Awaitable[None]]
"""Runs a function on a moment of the database that holds every write this process was told of."""


class _Viewers(NamedTuple):
    """Which watched users have a conversation, among those that watched when `arrivals` had come."""

    users: set[int]
    arrivals: int


class Tail:
    """Follows the feed for all watchers of a process.

    A commit of this process wakes it at once; it looks by itself twice a second, for commits of others. Without
    watchers it rests. Who has a conversation is found when something happens there, kept, and corrected by the feed.

    Args:
        read: reads from the database.
        queue: how many changes one watcher may be behind before it is ended as too slow.
        heartbeat: after how many seconds a watcher that waits is reminded to give a sign of life.

    Attributes:
        position: everything up to here is handed out; None before the first watcher.
    """

    def __init__(self, read: Read, *, queue: int, heartbeat: float) -> None:
        self._read = read
        self._heartbeat = heartbeat
        self._reminded = 0.0
        self._queue = queue
        self._watching: dict[int, set[Subscription]] = {}
        self._viewers: OrderedDict[int, _Viewers] = OrderedDict()
        self._arrivals: list[int] = []
        self._forgotten_arrivals = 0
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.position: FeedPosition | None = None

    def start(self) -> None:
        """Starts following."""
        self._task = asyncio.get_running_loop().create_task(self._work())

    async def close(self) -> None:
        """Stops following."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def wake(self) -> None:
        """Something was committed."""
        if self._watching:
            self._wake.set()

    def subscribe(self, user: int, seen: FeedPosition, ended: Ended) -> Subscription | None:
        """Hands a user's changes behind `seen` to a new subscription; None where that is too far back by now.

        `seen` is the end of a moment of the database read just now. The first watcher makes it the tail's own place.
        """
        if self.position is None or not self._watching:
            self.position = seen
        elif seen.position < self.position.position:
            return None
        subscription = Subscription(user, seen.position, self._queue, ended)
        if user not in self._watching:
            self._watching[user] = set()
            self._arrivals.append(user)
            if len(self._arrivals) > _ARRIVALS:
                self._forgotten_arrivals += len(self._arrivals)
                self._arrivals.clear()
                self._viewers.clear()
        self._watching[user].add(subscription)
        # What was committed since that moment has woken nobody on its behalf.
        self._wake.set()
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """Hands nothing more to a subscription."""
        subscriptions = self._watching[subscription.user]
        subscriptions.remove(subscription)
        if not subscriptions:
            del self._watching[subscription.user]
        if not self._watching:
            self._viewers.clear()
            self._arrivals.clear()
            self._forgotten_arrivals = 0

    async def _work(self) -> None:
        while True:
            try:
                async with asyncio.timeout(_POLL_SECONDS if self._watching else None):
                    await self._wake.wait()
            except TimeoutError:
                pass
            self._wake.clear()
            self._remind()
            try:
                more = True
                while self._watching and more:
                    more = await self._step()
                    await asyncio.sleep(0)
            except Exception:
                logger.exception("reading the change feed failed; it is tried again")

    def _remind(self) -> None:
        now = monotonic()
        if now < self._reminded + _POLL_SECONDS / 2:
            return
        self._reminded = now
        for subscriptions in self._watching.values():
            for subscription in subscriptions:
                subscription.remind(now - self._heartbeat)

    async def _step(self) -> bool:
        """Reads and hands out some changes; answers whether there may be more."""
        more = False

        def step(snapshot: Snapshot) -> None:
            nonlocal more
            if self.position is None:
                return
            rows, more = rows_after(snapshot, after=self.position.position, limit=_ROWS)
            if rows and rows[-1].position - self.position.position != len(rows):
                # Positions have no holes. Never hand out what might lack something: read again.
                logger.error("the change feed has a hole behind position %d", self.position.position)
                more = False
                return
            self._hand_out(snapshot, rows)

        await self._read(step)
        return more

    def _hand_out(self, snapshot: Snapshot, rows: Sequence[FeedRow]) -> None:
        """Gives every change to whom it concerns. Nothing else runs meanwhile, so that no call is seen in part."""
        for row in rows:
            if row.kind == ChangeKind.MEMBER_ADDED:
                self._joined(row.conversation, row.first_sequence)
            users = (row.user,) if row.user else self._viewers_of(snapshot, row.conversation)
            for user in users:
                for subscription in self._watching.get(user, ()):
                    subscription.give(row)
        if rows:
            self.position = FeedPosition(rows[-1].position, rows[-1].row_check)

    def _viewers_of(self, snapshot: Snapshot, conversation: int) -> set[int]:
        """Which watched users have or had a conversation."""
        arrivals = self._forgotten_arrivals + len(self._arrivals)
        known = self._viewers.get(conversation)
        if known is None:
            users = viewers(snapshot, conversation=conversation, among=self._watching.keys())
        elif known.arrivals < arrivals:
            newcomers = self._arrivals[known.arrivals - self._forgotten_arrivals :]
            users = known.users | viewers(snapshot, conversation=conversation, among=set(newcomers))
        else:
            self._viewers.move_to_end(conversation)
            return known.users
        self._viewers[conversation] = _Viewers(users, arrivals)
        self._viewers.move_to_end(conversation)
        if len(self._viewers) > _CACHED_CONVERSATIONS:
            self._viewers.popitem(last=False)
        return users

    def _joined(self, conversation: int, user: int) -> None:
        known = self._viewers.get(conversation)
        if known is not None and user in self._watching:
            known.users.add(user)
