"""Copies a whole database from SQLite to PostgreSQL: every table, then a check of both, then the copy may be used."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from backscroll_server.domain.command_errors import Refusal, RefusedError
from backscroll_server.services.upkeep.check import CheckReport, check_all
from backscroll_server.storage.engine.address import DatabaseAddress
from backscroll_server.storage.engine.connection import Connection
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.tables.models import ALL_TABLES
from backscroll_server.storage.upkeep.copy_progress import CopyProgress
from backscroll_server.storage.upkeep.copy_rows import name_of

if TYPE_CHECKING:
    from backscroll_server.storage.upkeep.copy_source import CopySource
    from backscroll_server.storage.upkeep.copy_target import CopyTarget

CHUNK_ROWS: Final = 10_000
"""The number of rows between two commits: a fraction of a second's work, which is done again after a crash."""


@dataclass(frozen=True, slots=True)
class Verified:
    """Result of the check of both sides of a copy.

    Attributes:
        conversations: how many conversations the copy has.
        messages: how many messages and tombstones the copy has.
        problems: one sentence for each fault. The copy is finished only where there is none.
    """

    conversations: int
    messages: int
    problems: list[str]


class DatabaseCopy:
    """One run of a copy. See `open_copy`.

    Args:
        source: the database that rows are read from.
        target: the database that rows are written to.

    Attributes:
        total: how many rows the source has.
        already_there: how many of them earlier runs copied.
    """

    def __init__(self, source: "CopySource", target: "CopyTarget") -> None:
        self._source, self._target = source, target
        self._counts = source.counts()
        self._progress = target.begin(fingerprint=source.fingerprint, database_id=source.database_id)
        self.total = sum(self._counts.values())
        self.already_there = self._progress.rows

    def copy_rows(self, on_progress: Callable[[int], None]) -> int:
        """Copy the rows that are missing in the destination; return how many.

        Args:
            on_progress: called after each commit with the number of rows copied so far, those of earlier runs included.
        """
        for progress in self._steps():
            self._progress = progress
            on_progress(progress.rows)
        return self._progress.rows - self.already_there

    def verify_and_finish(self, now: int) -> Verified:
        """Check the source and the copy; where there is no fault, finish the copy, so that a server may use it.

        Each is checked against itself, and then their rows are counted and compared.

        Args:
            now: the time, in microseconds, at which messages have burned.
        """
        self._target.collect_statistics()
        given, stored = _checked(self._source.connect(), now), _checked(self._target.connect(), now)
        problems = [f"source: {problem}" for problem in given.problems]
        problems += [f"destination: {problem}" for problem in stored.problems]
        if not problems:
            problems = self._target.finish(self._progress, self._counts)
        return Verified(stored.conversations, stored.messages, problems)

    def _steps(self) -> Iterator[CopyProgress]:
        progress = self._progress
        names = [name_of(table) for table in ALL_TABLES]
        for table in ALL_TABLES[names.index(progress.table) if progress.table else 0 :]:
            rows = self._source.rows(table, progress.at(name_of(table), rows=progress.rows).after)
            full = True
            while full:
                before = progress.rows
                progress = self._target.store(table, islice(rows, CHUNK_ROWS), progress)
                full = progress.rows - before == CHUNK_ROWS
                yield progress


@contextmanager
def open_copy(source_url: str, destination_url: str) -> Iterator[DatabaseCopy]:
    """Open the source and the destination of a copy, and close them at the end.

    Meanwhile nobody can serve or change the source, and no server can use the destination.

    Args:
        source_url: the URL of a SQLite file.
        destination_url: the URL of a PostgreSQL database that is empty, or holds an unfinished copy of this source.

    Raises:
        InvalidArgumentError: where a URL names no database.
        RefusedError: where the databases cannot be copied, with the reason, such as `COPY_KIND` for another kind of
            database, `DATABASE_IN_USE` or `DESTINATION_NOT_EMPTY`. Nothing was changed.
    """
    _require_kind(source_url, served=False, sentence="the source must be a SQLite file, sqlite:///absolute/path")
    _require_kind(destination_url, served=True, sentence="the destination must be PostgreSQL, postgresql://…")
    # The drivers are extras.
    from backscroll_server.storage.upkeep.copy_source import CopySource
    from backscroll_server.storage.upkeep.copy_target import CopyTarget

    with closing(CopySource(source_url)) as source, closing(CopyTarget(destination_url)) as target:
        yield DatabaseCopy(source, target)


def _require_kind(url: str, *, served: bool, sentence: str) -> None:
    address = DatabaseAddress(url)
    address.close()
    if address.served is not served:
        raise RefusedError(Refusal.COPY_KIND, sentence)


def _checked(database: Connection, now: int) -> CheckReport:
    with closing(database):
        return check_all(Session(database, now=now))
