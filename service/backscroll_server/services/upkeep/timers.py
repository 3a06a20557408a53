"""Background work that becomes due by time alone. Reads do not wait for it: they go by the clock themselves."""

import logging
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import NamedTuple

from backscroll_server.domain.clock import SECOND
from backscroll_server.services.upkeep.loop import BackgroundLoop
from backscroll_server.services.upkeep.purge import REST
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.tables.burns import earliest_burn_due
from backscroll_server.storage.tables.mutes import earliest_mute_end
from backscroll_server.storage.upkeep.purge_queries import oldest_message_time

logger = logging.getLogger(__name__)

_LONGEST_PAUSE = 0.25
"""The most seconds between two checks: due work is recorded within a second, also after the clock jumps."""


class Due(NamedTuple):
    """The kinds of work that are due now, and the time until the next check.

    Attributes:
        mutes: whether a mute has ended.
        expired: whether a conversation has expired messages above its stored floor.
        burns: whether messages have burned and are still stored.
        pause: the seconds until the next of these is due, at most 0.25.
    """

    mutes: bool
    expired: bool
    burns: bool
    pause: float


def what_is_due(snapshot: Snapshot) -> Due:
    """Return the kinds of work that are due now.

    Cost: one seek each for mutes and burning, and one for each type of conversation with a retention.
    """
    now = snapshot.now
    mutes = earliest_mute_end(snapshot)
    burns = earliest_burn_due(snapshot)
    expiries = [
        oldest + snapshot.retention.kept[type_]
        for type_ in snapshot.retention.horizons(now)
        if (oldest := oldest_message_time(snapshot, int(type_)))
    ]
    expiry = min(expiries, default=0)
    coming = [due_time - now for due_time in (mutes, burns, expiry) if due_time > now]
    return Due(
        mutes=0 < mutes <= now,
        expired=0 < expiry <= now,
        burns=0 < burns <= now,
        pause=min([gap / SECOND for gap in coming] + [_LONGEST_PAUSE]),
    )


class Timers:
    """A background task that checks at short intervals what is due, and writes only if something is, in small steps.

    Args:
        read_due: reads the work that is due.
        may_remove: returns whether messages may be removed now because of their age.
        unmute: runs one `unmute_step`.
        expire: runs one `expire_step`, and has the expired messages purged.
        burn: runs one `burn_step`; returns whether there is more to burn.
        burned: called when a step has removed the last burned messages.
    """

    def __init__(
        self,
        *,
        read_due: Callable[[], Awaitable[Due]],
        may_remove: Callable[[], bool],
        unmute: Callable[[], Awaitable[object]],
        expire: Callable[[], Awaitable[object]],
        burn: Callable[[], Awaitable[bool]],
        burned: Callable[[], None],
    ) -> None:
        self._read_due = read_due
        self._may_remove = may_remove
        self._unmute = unmute
        self._expire = expire
        self._burn = burn
        self._burned = burned
        self._background = BackgroundLoop(
            self._round,
            logger=logger,
            failed="what became due could not be done; it is tried again",
            retry_seconds=_LONGEST_PAUSE,
        )

    def start(self) -> None:
        """Start the task."""
        self._background.start()

    async def close(self) -> None:
        """Stop the task between two steps; the work that is left is due at the next start."""
        await self._background.close()

    async def _round(self) -> float:
        """Run one step of each kind of work that is due; return the seconds to pause.

        After steps the pause grows with the duration of the burn step alone, because only that one removes rows.
        """
        due = await self._read_due()
        if not self._may_remove():
            due = due._replace(expired=False, burns=False)
        if not (due.mutes or due.expired or due.burns):
            return due.pause
        if due.mutes:
            await self._unmute()
        if due.expired:
            await self._expire()
        started = perf_counter()
        if due.burns and not await self._burn():
            self._burned()
        return min((perf_counter() - started) * REST, _LONGEST_PAUSE)
