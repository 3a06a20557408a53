"""Sessions that reconnect after their connection was lost, and the availability of the database."""

import logging
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

from backscroll_server.domain.errors import Reason, UnavailableError
from backscroll_server.storage.engine.connection import Connection
from backscroll_server.storage.engine.disk_problems import DiskProblem, problem_of, unavailable_error
from backscroll_server.storage.engine.disk_state import DiskState
from backscroll_server.storage.engine.file_problems import FileMovedError
from backscroll_server.storage.engine.session import Session

logger = logging.getLogger(__name__)

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 2.0

AnySession = TypeVar("AnySession", bound=Session)
Result = TypeVar("Result")


class Availability:
    """Availability of a database, shared by this process's connections and safe to use from several threads.

    Args:
        name: the name of the database in the log.
        severity: the log level of the entry that the database became unavailable.
        place: where the database is, for the log of problems of its disk; empty where `name` says it.

    Attributes:
        disk: the problems of the database's disk.
        available: whether the last attempt to use the database succeeded; True before the first attempt.
        changed: function called with the new value of `available` whenever that changes, in the thread that noticed it.
        connected: function called in the connecting thread after each new connection, before anything is read from it.
    """

    def __init__(self, name: str = "the database", severity: int = logging.ERROR, place: str = "") -> None:
        self.disk = DiskState(place or name)
        self.changed: Callable[[bool], object] = lambda _: None
        self.connected: Callable[[], object] = lambda: None
        self._name = name
        self._severity = severity
        self._lock = Lock()
        self._pause = _FIRST_PAUSE
        self._next_attempt = 0.0
        self.available = True

    def may_connect(self) -> bool:
        """Return whether to attempt a connection now.

        Always True while the database is available. While it is unavailable, True is returned only once per pause;
        pauses are at most 0.1 s at first and grow to at most 2 s.
        """
        with self._lock:
            now = monotonic()
            if now < self._next_attempt:
                return False
            if not self.available:
                # Some more or less, so that many processes do not come at once.
                self._next_attempt = now + self._pause * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
                self._pause = min(2 * self._pause, _LONGEST_PAUSE)
            return True

    def mark_down(self, error: BaseException) -> None:
        """Record that an attempt failed with `error`: the database is unavailable.

        If it was available until now, log the type of the error, or the text of a `FileMovedError`, and call `changed`.
        """
        with self._lock:
            changed, self.available = self.available, False
        if changed:
            # Else the type alone: the text of some errors repeats what a user wrote.
            why = str(error) if isinstance(error, FileMovedError) else type(error).__name__
            logger.log(self._severity, "%s is away: %s", self._name, why)
            self.changed(False)

    def mark_up(self) -> None:
        """Record that an attempt succeeded: the database is available.

        If it was unavailable until now, log that, call `changed` and end the pause between attempts.
        """
        if self.available:
            return
        with self._lock:
            changed, self.available = not self.available, True
            self._pause, self._next_attempt = _FIRST_PAUSE, 0.0
        if changed:
            logger.warning("%s is back", self._name)
            self.changed(True)


class ReconnectingSession(Generic[AnySession]):
    """A session that opens a new connection after the old one was lost. Only one thread at a time may use it.

    Args:
        connect: opens a connection.
        session: makes the session of a connection.
        availability: records failures and successes, and paces attempts to connect.
    """

    def __init__(
        self, connect: Callable[[], Connection], session: Callable[[Connection], AnySession], availability: Availability
    ) -> None:
        self._connect = connect
        self._make = session
        self._availability = availability
        self._session: AnySession | None = None
        self._is_lost: Callable[[BaseException], bool] = lambda _: False
        self._disk_problem: Callable[[BaseException], DiskProblem | None] = lambda _: None

    def session(self) -> AnySession:
        """Return the session; first open a connection if there is none.

        Raises:
            UnavailableError: `DATABASE_UNAVAILABLE` where connecting fails, or it is too early for another attempt;
                where it fails for a problem of the disk, with the reason of that.
        """
        if self._session is None:
            if not self._availability.may_connect():
                raise _away()
            try:
                connection = self._connect()
            except Exception as error:
                problem = problem_of(error)
                if problem is not None:
                    # Other connections may be of use, so the database is not away.
                    self._availability.disk.meet(problem)
                    raise unavailable_error(problem) from error
                self._availability.mark_down(error)
                raise _away() from error
            self._is_lost = connection.is_lost
            self._disk_problem = connection.disk_problem
            self._availability.connected()
            self._session = self._make(connection)
        return self._session

    def begin_snapshot(self) -> AnySession:
        """Begin a read transaction, in which every read sees the same state; return the session.

        Raises:
            UnavailableError: `DATABASE_UNAVAILABLE` where the database is away.
        """
        self.begin(lambda session: session.begin_snapshot())
        return self.session()

    def begin_write(self) -> AnySession:
        """Begin a write transaction; return the session.

        Raises:
            UnavailableError: `DATABASE_UNAVAILABLE` where the database is away.
        """
        self.begin(Session.begin_write)
        return self.session()

    def begin(self, begin: Callable[[AnySession], Result]) -> Result:
        """Return the result of `begin`, which is run again on a new connection if the old one turns out to be lost.

        Args:
            begin: runs the first statements on the session, which change nothing if the connection is lost meanwhile.

        Raises:
            UnavailableError: `DATABASE_UNAVAILABLE` where no connection can be opened, or the new one is lost as well.
        """
        session = self.session()
        try:
            result = begin(session)
        except Exception as error:
            if not self._is_lost(error):
                failure = self.failure(error)
                if failure is error:
                    raise
                raise failure from error
            # The server may have been restarted since the last time. Nothing was done yet, so it is tried again.
            self.close()
            session = self.session()
            with self.guarded():
                result = begin(session)
        self._availability.mark_up()
        return result

    @contextmanager
    def guarded(self, *, committing: bool = False) -> Iterator[None]:
        """Turn an error in the block into the `failure` that a caller gets for it.

        Args:
            committing: whether the block commits a transaction. Then the text of the error says that the transaction
                may or may not be stored, otherwise that nothing was changed.

        Raises:
            UnavailableError: where the connection is lost in the block, or the disk of the database has a problem.
        """
        try:
            yield
        except Exception as error:
            failure = self.failure(error, committing=committing)
            if failure is error:
                raise
            raise failure from error

    def failure(self, error: Exception, *, committing: bool = False) -> Exception:
        """Return what a caller gets for an error that was raised on this session: often that error itself.

        It is an `UnavailableError` where the connection is lost, or the disk of the database has a problem.

        A lost connection is closed, and so is one that cannot write, which may have been opened while nothing could;
        the next use of the session opens a new one.

        Args:
            error: the error.
            committing: whether a transaction was being committed.
        """
        problem = self._disk_problem(error)
        if problem is not None:
            if problem is DiskProblem.READ_ONLY:
                self.close()
            self._availability.disk.meet(problem)
            return unavailable_error(problem, committing=committing)
        if not self._is_lost(error):
            return error
        self.close()
        self._availability.mark_down(error)
        return _in_doubt() if committing else _away()

    def undo(self) -> None:
        """Roll the current transaction back, or close the connection if that is lost or its disk has a problem."""
        if self._session is None:
            return
        try:
            self._session.rollback()
        except Exception as error:
            if not self._is_over(error):
                raise
            self.close()

    def close(self) -> None:
        """Close the connection, if there is one; the next use opens another."""
        session, self._session = self._session, None
        if session is not None:
            try:
                session.database.close()
            except Exception as error:
                if not self._is_over(error):
                    raise

    def _is_over(self, error: Exception) -> bool:
        return self._is_lost(error) or self._disk_problem(error) is not None


def _away() -> UnavailableError:
    return UnavailableError(
        Reason.DATABASE_UNAVAILABLE, "the database is away; nothing was changed, try again", applied="no"
    )


def _in_doubt() -> UnavailableError:
    return UnavailableError(
        Reason.DATABASE_UNAVAILABLE,
        "the database went away while this was stored, and it may be; a client_message_id makes it safe to try again",
        applied="unknown",
    )
