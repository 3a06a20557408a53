"""Connections to SQLite: to a file, or to a temporary database that ends with the process."""

import logging
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Final
from urllib.parse import unquote

import apsw
import peewee
from peewee import SQL, Node, fn
from playhouse.apsw_ext import APSWDatabase

from backscroll_server.domain.command_errors import Refusal, RefusedError
from backscroll_server.domain.errors import InvalidArgumentError, Reason
from backscroll_server.storage.engine.disk_problems import (
    DiskProblem,
    is_read_only_disk,
    problem_of,
    why_unwritable,
)
from backscroll_server.storage.engine.file_lock import FileLock
from backscroll_server.storage.engine.file_problems import FileMovedError, FileProblemError
from backscroll_server.storage.engine.other_database import other_database
from backscroll_server.storage.engine.private_file import create_private

logger = logging.getLogger(__name__)

OLDEST_SAFE_SQLITE = (3, 51, 3)
"""The oldest safe version of SQLite; older ones can corrupt a WAL file (sqlite.org/wal.html#walresetbug)."""

SMALL_BYTES: Final = 16 * 1024 * 1024
"""The most bytes of content that `finish_erasing` rewrites, which blocks writers for a fraction of a second."""

_PRAGMAS: dict[str, Any] = {
    "journal_mode": "wal",
    "synchronous": "full",
    "busy_timeout": 5000,
    "cache_size": -16 * 1024,
    "temp_store": "memory",
    # What a reader that held a moment open for long has made of the log is cut off, once it is gone.
    "journal_size_limit": 16 * 1024 * 1024,
    # Erased content must not stay in free pages.
    "secure_delete": 1,
}

_CACHED_STATEMENTS: Final = 512

_OUR_TABLES: Final = frozenset({"schema_migration", "feed_head"})
_TABLE_NAMES: Final = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"


class SqliteConnection(APSWDatabase):
    """A connection to a SQLite file, through the library APSW.

    What Peewee runs fails with its errors. What runs on a cursor of `statement_cursor`, and what begins and ends
    transactions, fails with those of APSW: a class for each of SQLite's results, all of them an `apsw.Error`.

    Attributes:
        lock: the lock on the file, which knows whether the file is still in its place; None where that is not looked
            at. A transaction on a file that is gone fails with `FileMovedError`, also one of reads.
    """

    lock: FileLock | None = None
    leaves_copies: ClassVar[bool] = True
    without_rowid: ClassVar[bool] = True

    def begin_snapshot(self) -> None:
        """Begin a read transaction, in which every read sees the same state of the database."""
        self._require_in_place()
        self.connection().execute("BEGIN")

    def begin_write(self) -> None:
        """Begin a write transaction; first wait for the end of another one, for 5 s at most."""
        self._require_in_place()
        self.connection().execute("BEGIN IMMEDIATE")

    def commit_write(self) -> None:
        """Commit the write transaction; return when it is durable (a temporary database never is).

        Raises:
            FileMovedError: where the file is gone, so that nobody finds there what was committed.
        """
        self.connection().execute("COMMIT")
        # Afterwards: what goes away later has taken along everything that was acknowledged.
        self._require_in_place()

    def undo(self) -> None:
        """End the current transaction, of reads or writes, and undo its changes; do nothing where there is none.

        SQLite itself ends some transactions that fail, and one may fail after it was committed.
        """
        connection = self.connection()
        if not connection.getautocommit():
            connection.execute("ROLLBACK")

    def rollback(self) -> None:
        """Do as `undo`, for Peewee's transactions: they would hide the error with which SQLite ended one."""
        self.undo()

    def statement_cursor(self) -> Any:
        """Return a new cursor of this connection; all rows of a statement must be fetched before the next one runs."""
        return self.connection().cursor()

    def placeholder(self, number: int) -> str:  # noqa: ARG002 - the driver counts
        """Return `?`, the placeholder of every parameter."""
        return "?"

    def changed_rows(self, cursor: Any) -> int:
        """Return how many rows the statement inserted, updated or deleted that `cursor` ran just before."""
        count: int = cursor.connection.changes()
        return count

    def insert_rows(self, cursor: Any, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run an `INSERT` of one row for each of many rows.

        Args:
            cursor: a cursor that `statement_cursor` returned.
            sql: the `INSERT`, with one placeholder for each value of a row.
            rows: the values of each row, in the order of the placeholders.
        """
        cursor.executemany(sql, rows)

    @contextmanager
    def migrating(self) -> Iterator[None]:
        """Run the block in a write transaction, so that no other process migrates the database.

        Raises:
            FileProblemError: where the disk is full or has another problem.
        """
        try:
            with self.atomic("IMMEDIATE"):
                yield
        except peewee.DatabaseError as error:
            problem = self.disk_problem(error)
            if problem is None:
                raise
            raise FileProblemError(f"cannot write the database {self.database}: {problem.value.sentence}") from error

    def finish_erasing(self, *, patience_ms: int) -> bool:
        """Rewrite a small database, then empty the write-ahead log; return whether both are done.

        Deleted rows are overwritten in their pages. But where SQLite moved a row from page to page, a copy may have
        stayed in an unused part of a page, and only rewriting the database removes that copy. A database with more than
        `SMALL_BYTES` of content is not rewritten.

        Args:
            patience_ms: for how long at most, in milliseconds, each step waits for other connections that read or
                write; meanwhile nobody can write. False is returned where they do not end in that time.

        Raises:
            peewee.DatabaseError: where the disk is full or has another problem.
        """
        patience = self._number("PRAGMA busy_timeout")
        self.execute_sql(f"PRAGMA busy_timeout = {patience_ms}").fetchall()
        try:
            used = self._number("PRAGMA page_count") - self._number("PRAGMA freelist_count")
            if used * self._number("PRAGMA page_size") <= SMALL_BYTES:
                self.execute_sql("VACUUM")
            return self._number("PRAGMA wal_checkpoint(TRUNCATE)") == 0
        except peewee.OperationalError as error:
            if self.disk_problem(error) is not None:
                raise
            # Locked by another process.
            return False
        finally:
            self.execute_sql(f"PRAGMA busy_timeout = {patience}").fetchall()

    def table_names(self) -> list[str]:
        """Return the names of all tables, but not of those that SQLite keeps for itself."""
        return [str(row[0]) for row in self.execute_sql(_TABLE_NAMES).fetchall()]

    def integrity_problems(self) -> list[str]:
        """Read the whole file and return a sentence for each fault that SQLite finds in it; empty if there is none."""
        rows = self.execute_sql("PRAGMA integrity_check").fetchall()
        return [str(row[0]) for row in rows if row[0] != "ok"]

    def is_lost(self, error: BaseException) -> bool:
        """Return whether `error` means that the file is gone, so that nothing may be done on this connection."""
        return isinstance(error, FileMovedError)

    def disk_problem(self, error: BaseException) -> DiskProblem | None:
        """Return the problem of the disk that `error` reports; None where it reports something else.

        SQLite reports a disk that has turned read-only under an open file like other errors, so the system is asked.
        """
        problem = problem_of(error)
        if problem is DiskProblem.IO_ERROR and is_read_only_disk(self.database):
            return DiskProblem.READ_ONLY
        return problem

    def get_context_options(self) -> dict[str, Any]:
        """Return Peewee's rendering options, with the function that renders the joining of bytes as `joined_bytes`."""
        options: dict[str, Any] = super().get_context_options()
        return options | {"joined_bytes": _joined_bytes}

    def _connect(self) -> apsw.Connection:
        connection: apsw.Connection = super()._connect()
        connection.convert_binding = _converted
        return connection

    def _require_in_place(self) -> None:
        if self.lock is not None:
            self.lock.require_in_place()

    def _number(self, query: str) -> int:
        number: int = self.execute_sql(query).fetchone()[0]
        return number


def _converted(_cursor: apsw.Cursor, _number: int, value: object) -> str:
    """Return a value that SQLite has no type for in the form in which it is stored: the time of a migration.

    Raises:
        TypeError: where the value is anything else.
    """
    if isinstance(value, datetime):
        return value.isoformat(" ")
    raise TypeError(f"SQLite cannot store a value of the type {type(value).__name__}")


def _joined_bytes(column: Node, order: Node) -> Node:  # noqa: ARG001 - that of the rows
    """Return the SQL that joins the bytes of `column` over all rows, in the order of the inner query."""
    return fn.GROUP_CONCAT(column, SQL("''")).cast("BLOB")


class SqliteAddress:
    """Address of a SQLite file.

    Args:
        rest: the part of the URL after `sqlite:`; `///:memory:` is a temporary file, which `close` removes.

    Attributes:
        path: the path of the file.
        place: where the database is, for the log: its path.
    """

    def __init__(self, rest: str) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._lock: FileLock | None = None
        self._is_ours = False
        self._pragmas = dict(_PRAGMAS)
        path = unquote(rest.removeprefix("//")) if rest.startswith("//") else unquote(rest)
        if path.lstrip("/") == ":memory:":
            # Several connections must see it, so it is a file, but one that nothing waits for.
            self._folder = tempfile.TemporaryDirectory(prefix="backscroll-")
            path = str(Path(self._folder.name) / "memory.db")
            self._pragmas["synchronous"] = "off"
        self.path = self.place = path

    def connect(self) -> SqliteConnection:
        """Open a new connection and return it; a missing file is created, readable by its owner alone.

        Raises:
            RuntimeError: where the SQLite library is one that can corrupt files.
            FileProblemError: where the file cannot be created or opened, or is no database.
            FileMovedError: where the file was locked by `reserve` and is gone.
            RefusedError: `OTHER_DATABASE` where the file is that of another program, which is left as it is.
        """
        refuse_unsafe_library()
        # A temporary database need not outlive its file, which a system may remove after some days.
        self._refuse_other_database()
        lock = None if self._folder else self._lock
        if lock is not None:
            lock.require_in_place()
        create_private(self.path)
        database = SqliteConnection(
            self.path, pragmas=self._pragmas, thread_safe=False, statementcachesize=_CACHED_STATEMENTS
        )
        database.lock = lock
        try:
            database.connect()
        except peewee.DatabaseError as error:
            raise FileProblemError(f"cannot open the database {self.path}: {error}") from error
        return database

    def require_existing(self) -> None:
        """Raise an error where the file does not exist; otherwise do nothing.

        Raises:
            InvalidArgumentError: `OUT_OF_BOUNDS` where there is no file.
        """
        if not Path(self.path).is_file():
            raise InvalidArgumentError(Reason.OUT_OF_BOUNDS, f"there is no database at {self.path}", field="database")

    def require_writable(self) -> None:
        """Raise an error where there is a file that may not be written; otherwise do nothing.

        Raises:
            RefusedError: `DATABASE_READ_ONLY` with the cause: permissions, or a disk that takes no writes.
        """
        if Path(self.path).is_file() and (why := why_unwritable(self.path)):
            raise RefusedError(Refusal.DATABASE_READ_ONLY, f"{self.path} may not be written: {why}")

    def reserve(self) -> None:
        """Lock the file until `close`, so that no other process serves or copies it. Others may still read it.

        Raises:
            RefusedError: `DATABASE_IN_USE` where another process, or another address in this one, has locked the file.
            FileProblemError: where the file cannot be created or opened.
        """
        self._refuse_other_database()
        self._lock = FileLock(self.path)
        if Path(self.path).stat().st_mode & stat.S_IROTH:
            logger.warning(
                "every user of this machine may read %s: take that away by chmod, also from the files beside it",
                self.path,
            )

    def _refuse_other_database(self) -> None:
        """Raise an error where the file is that of another program, before anything of it is changed.

        Connecting turns the journal mode of a file to that of this server, so a file that has this mode needs no look.

        Raises:
            RefusedError: `OTHER_DATABASE` where there are tables, but none of this server.
            FileProblemError: where the file cannot be read.
        """
        if self._is_ours or not Path(self.path).is_file():
            return
        try:
            with closing(apsw.Connection(self.path)) as looking:
                looking.set_busy_timeout(_PRAGMAS["busy_timeout"])
                ((mode,),) = looking.execute("PRAGMA journal_mode").fetchall()
                names = [str(name) for (name,) in looking.execute(_TABLE_NAMES).fetchall()]
        except apsw.Error as error:
            raise FileProblemError(f"cannot open the database {self.path}: {error}") from error
        if names and mode != _PRAGMAS["journal_mode"] and not _OUR_TABLES.issubset(names):
            raise other_database(names)
        self._is_ours = True

    def close(self) -> None:
        """Release the lock that `reserve` took, if any, and remove a temporary database."""
        if self._lock is not None:
            self._lock.release()
        if self._folder is not None:
            self._folder.cleanup()


def refuse_unsafe_library() -> None:
    """Raise an error where the SQLite library is older than `OLDEST_SAFE_SQLITE`, so that it can corrupt files.

    Raises:
        RuntimeError: with a text that says which version to install.
    """
    found = apsw.sqlite_lib_version()
    if tuple(map(int, found.split("."))) < OLDEST_SAFE_SQLITE:
        # APSW uses the system's library where it was built on this machine or comes from its packages.
        wheels = "Linux with glibc 2.28 or musl 1.2, or newer" if sys.platform == "linux" else sys.platform
        raise RuntimeError(
            f"SQLite {found}, which this installation of apsw uses, can corrupt a database that several connections "
            "use; install a wheel of apsw 3.51.3 or newer, which brings its own SQLite and exists for "
            f"{wheels}: pip install --force-reinstall --only-binary apsw 'apsw>=3.51.3,<4'"
        )
