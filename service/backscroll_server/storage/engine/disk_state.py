"""The problems that a database's disk has now, as the connections of one process have met them."""

import logging
from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Final

from backscroll_server.storage.engine.disk_problems import DiskProblem, unavailable_error

logger = logging.getLogger(__name__)

FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 30.0
CALM_SECONDS: Final = 60.0


class DiskState:
    """The problems of a disk, shared by this process's connections and safe to use from several threads.

    Damage is met by those calls alone that need the damaged part, and is over once nobody has met it for a minute:
    SQLite calls it damage, too, where the disk cannot be read for a moment. Other problems are met by every write, and
    are over once one has succeeded that was made to find out. Between such attempts are pauses of 1 s at first and 30 s
    at most, which go on growing where a problem comes back within a minute, as on a disk with room for little only. So
    the log has few lines, whatever happens.

    Args:
        place: where the database is, for the log.
        clock: the time, in seconds from any start.

    Attributes:
        changed: function called after each change, in the thread that noticed it.
    """

    def __init__(self, place: str, clock: Callable[[], float] = monotonic) -> None:
        self.changed: Callable[[], object] = lambda: None
        self._place = place
        self._clock = clock
        self._lock = Lock()
        self._blocking: set[DiskProblem] = set()
        self._pause = FIRST_PAUSE
        self._next_attempt = 0.0
        self._blocked_until = -CALM_SECONDS
        self._damage_met: float | None = None

    @property
    def is_well(self) -> bool:
        """True if no problem is known."""
        return not self._blocking and self._damage_met is None

    def meet(self, problem: DiskProblem) -> None:
        """Record that a problem was met. Where it was not known, log it and call `changed`."""
        with self._lock:
            now = self._clock()
            if problem is DiskProblem.CORRUPT:
                known, self._damage_met = self._damage_met is not None, now
            else:
                known = problem in self._blocking
                if not self._blocking:
                    if now - self._blocked_until >= CALM_SECONDS:
                        self._pause = FIRST_PAUSE
                    self._next_attempt = now + self._pause
                self._blocking.add(problem)
        if not known:
            logger.error("%s: %s", problem.value.sentence, self._place)
            self.changed()

    def require_writable(self) -> None:
        """Raise an error where every write fails; otherwise do nothing.

        Raises:
            UnavailableError: with the reason of the problem.
        """
        with self._lock:
            problem = next(iter(self._blocking), None)
        if problem is not None:
            raise unavailable_error(problem)

    def seconds_to_attempt(self) -> float | None:
        """Return the seconds until a write should be attempted, 0 or less for now; None where there is no need to."""
        with self._lock:
            return self._next_attempt - self._clock() if self._blocking else None

    def attempted(self, *, succeeded: bool) -> None:
        """Record how an attempt to write ended; where it succeeded, log that and call `changed`."""
        with self._lock:
            now = self._clock()
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
            if not succeeded:
                self._next_attempt = now + self._pause
                return
            self._blocking.clear()
            self._blocked_until = now
        logger.warning("the database is written to again: %s", self._place)
        self.changed()

    def forget_damage(self) -> float | None:
        """Forget damage that nobody has met for a minute, log that and call `changed`.

        Returns:
            the seconds until this is to be called again; None where no damage is known.
        """
        with self._lock:
            if self._damage_met is None:
                return None
            left = self._damage_met + CALM_SECONDS - self._clock()
            if left > 0:
                return left
            self._damage_met = None
        logger.warning("no damage was met for a minute: %s", self._place)
        self.changed()
        return None
