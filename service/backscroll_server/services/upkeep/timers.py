"""Does in the background what becomes due by time alone. Reads never wait for it: they go by the clock themselves."""

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
"""Seconds between two looks: due work is recorded within a second, also after the clock jumps."""


class Due(NamedTuple):
    """Due work, and the time until the next.

    Attributes:
        mutes: whether a mute has ended.
        expired: whether a history has expired messages above its floor.
        burns: whether messages have burned.
        pause: until the next of these, in seconds.
    """

    mutes: bool
    expired: bool
    burns: bool
    pause: float


def what_is_due(snapshot: Snapshot) -> Due:
    """Return the work due now. A few seeks."""
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
    """Reads at short intervals what is due, and only then writes, a little at a time.

    Args:
        read_due: reads what is due.
        unmute: does one `unmute_step`; answers whether there is more.
        expire: does one `expire_step`, and has what expired purged.
        burn: does one `burn_step`; answers whether there is more.
        burned: called when all that burned is removed.
    """

    def __init__(
        self,
        *,
        read_due: Callable[[], Awaitable[Due]],
        unmute: Callable[[], Awaitable[object]],
        expire: Callable[[], Awaitable[object]],
        burn: Callable[[], Awaitable[bool]],
        burned: Callable[[], None],
    ) -> None:
        self._read_due = read_due
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
        """Start a task that does what is due from now on."""
        self._background.start()

    async def close(self) -> None:
        """Stop between two steps; what is left is due at the next start."""
        await self._background.close()

    async def _round(self) -> float:
        """Run one step of each kind that is due; return the seconds to pause. Only removal of rows needs a pause."""
        due = await self._read_due()
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
