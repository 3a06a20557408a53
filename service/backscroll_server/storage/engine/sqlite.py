"""SQLite: a file, or one that ends with the process."""

import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, ClassVar, Final
from urllib.parse import unquote

import peewee
from peewee import SQL, Node, SqliteDatabase, fn

from backscroll_server.domain.errors import InvalidArgumentError, Reason
from backscroll_server.storage.engine.file_lock import FileLock

OLDEST_SAFE_SQLITE = (3, 51, 3)
"""Older libraries can corrupt a WAL file that several connections use (sqlite.org/wal.html#walresetbug)."""

SMALL_BYTES: Final = 16 * 1024 * 1024
"""A database with no more content than this is rewritten: that holds writers up for a fraction of a second."""

_PRAGMAS: dict[str, Any] = {
    "journal_mode": "wal",
    "synchronous": "full",
    "busy_timeout": 5000,
    "cache_size": -64 * 1024,
    "temp_store": "memory",
    # Erased content must not stay in free pages.
    "secure_delete": 1,
}


class SqliteConnection(SqliteDatabase):
    """A connection to a file."""

    leaves_copies: ClassVar[bool] = True
    without_rowid: ClassVar[bool] = True

    def begin_snapshot(self) -> None:
        """Start reading from one moment."""
        self.connection().execute("BEGIN")

    def begin_write(self) -> None:
        """Start a transaction that writes; wait for another process that does."""
        self.connection().execute("BEGIN IMMEDIATE")

    def commit_write(self) -> None:
        """Make the transaction durable."""
        self.connection().execute("COMMIT")

    def undo(self) -> None:
        """End the transaction and undo what it did."""
        self.connection().execute("ROLLBACK")

    def statement_cursor(self) -> Any:
        """Return a cursor for statements whose answers are fetched to the end."""
        return self.connection().cursor()

    def placeholder(self, number: int) -> str:  # noqa: ARG002 - the driver counts
        """Return the placeholder of a parameter."""
        return "?"

    def insert_rows(self, cursor: Any, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run an INSERT of one row for many rows."""
        cursor.executemany(sql, rows)

    def migrating(self) -> AbstractContextManager[Any]:
        """Return a transaction in which nobody else migrates."""
        transaction: AbstractContextManager[Any] = self.atomic("IMMEDIATE")
        return transaction

    def finish_erasing(self, *, patience_ms: int) -> bool:
        """Rewrite a small database, then empty the write-ahead log; return whether both are done.

        Deleted rows are overwritten where they are. But where SQLite moved a row from page to page, a copy may have
        stayed in a part of a page that is not in use, and only rewriting the pages removes that.

        Others who read or write may prevent it: they are waited for, for `patience_ms` at most, while nobody can write.
        """
        patience = self._number("PRAGMA busy_timeout")
        self.execute_sql(f"PRAGMA busy_timeout = {patience_ms}").fetchall()
        try:
            used = self._number("PRAGMA page_count") - self._number("PRAGMA freelist_count")
            if used * self._number("PRAGMA page_size") <= SMALL_BYTES:
                self.execute_sql("VACUUM")
            return self._number("PRAGMA wal_checkpoint(TRUNCATE)") == 0
        except peewee.OperationalError:
            # Locked by another process.
            return False
        finally:
            self.execute_sql(f"PRAGMA busy_timeout = {patience}").fetchall()

    def integrity_problems(self) -> list[str]:
        """Return the faults that SQLite finds in the file. Reads all of it."""
        rows = self.execute_sql("PRAGMA integrity_check").fetchall()
        return [str(row[0]) for row in rows if row[0] != "ok"]

    def is_lost(self, error: BaseException) -> bool:  # noqa: ARG002 - no server to go away
        """Return False: a file does not disconnect."""
        return False

    def get_context_options(self) -> dict[str, Any]:
        """Return Peewee's rendering options, and the function that joins bytes."""
        options: dict[str, Any] = super().get_context_options()
        return options | {"joined_bytes": _joined_bytes}

    def _number(self, query: str) -> int:
        number: int = self.execute_sql(query).fetchone()[0]
        return number


def _joined_bytes(column: Node, order: Node) -> Node:  # noqa: ARG001 - that of the rows
    """Return the SQL that joins bytes: SQLite keeps the order of the inner query for this function."""
    return fn.GROUP_CONCAT(column, SQL("''")).cast("BLOB")


class SqliteAddress:
    """Address of a SQLite file.

    Args:
        rest: the part of the URL after `sqlite:`.
    """

    def __init__(self, rest: str) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._lock: FileLock | None = None
        self._pragmas = dict(_PRAGMAS)
        path = unquote(rest.removeprefix("//")) if rest.startswith("//") else unquote(rest)
        if path.lstrip("/") == ":memory:":
            # Several connections must see it, so it is a file, but one that nothing waits for.
            self._folder = tempfile.TemporaryDirectory(prefix="backscroll-")
            path = str(Path(self._folder.name) / "memory.db")
            self._pragmas["synchronous"] = "off"
        self.path = path

    def connect(self) -> SqliteConnection:
        """Return a new connection."""
        refuse_unsafe_library()
        database = SqliteConnection(
            self.path, pragmas=self._pragmas, thread_safe=False, check_same_thread=False, cached_statements=512
        )
        database.connect()
        return database

    def require_existing(self) -> None:
        """Refuse to make a database where none is.

        Raises:
            InvalidArgumentError: `OUT_OF_BOUNDS` where there is no file.
        """
        if not Path(self.path).is_file():
            raise InvalidArgumentError(Reason.OUT_OF_BOUNDS, f"there is no database at {self.path}", field="database")

    def reserve(self) -> None:
        """Take the file for this process alone, until it is closed. Others may still read it.

        Raises:
            RefusedError: `DATABASE_IN_USE`.
        """
        self._lock = FileLock(self.path)

    def close(self) -> None:
        """Give the file free; remove a database that ends with the process."""
        if self._lock is not None:
            self._lock.release()
        if self._folder is not None:
            self._folder.cleanup()


def refuse_unsafe_library() -> None:
    """Refuse SQLite libraries that are known to corrupt files.

    Raises:
        RuntimeError: with what to install.
    """
    version = peewee.sqlite3.sqlite_version_info
    if version < OLDEST_SAFE_SQLITE:
        raise RuntimeError(
            f"SQLite {'.'.join(map(str, version))} can corrupt a database that several connections use; "
            "install pysqlite3 or Python with SQLite 3.51.3 or newer"
        )
