"""Opens databases. Today SQLite files; one connection for each `Session`."""

import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import peewee
from peewee import Database, SqliteDatabase

from backscroll_server.domain.errors import InvalidArgumentError, Reason

OLDEST_SAFE_SQLITE = (3, 51, 3)
"""Older libraries can corrupt a WAL file that several connections use (sqlite.org/wal.html#walresetbug)."""

_PRAGMAS: dict[str, Any] = {
    "journal_mode": "wal",
    "synchronous": "full",
    "busy_timeout": 5000,
    "cache_size": -64 * 1024,
    "temp_store": "memory",
    # Erased content must not stay in free pages.
    "secure_delete": 1,
}


class DatabaseAddress:
    """Where a database is, read from its URL.

    Args:
        url: `sqlite:///absolute/path`, `sqlite:relative/path`, or `sqlite:///:memory:` for one that ends with the
            process.

    Raises:
        InvalidArgumentError: `MALFORMED` for anything else.
    """

    def __init__(self, url: str) -> None:
        scheme, separator, rest = url.partition(":")
        if scheme != "sqlite" or not separator or not rest.strip("/"):
            raise InvalidArgumentError(
                Reason.MALFORMED, "the database must be sqlite:///absolute/path or sqlite:path", field="database"
            )
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._pragmas = dict(_PRAGMAS)
        path = unquote(rest.removeprefix("//")) if rest.startswith("//") else unquote(rest)
        if path.lstrip("/") == ":memory:":
            # Several connections must see it, so it is a file, but one that nothing waits for.
            self._folder = tempfile.TemporaryDirectory(prefix="backscroll-")
            path = str(Path(self._folder.name) / "memory.db")
            self._pragmas["synchronous"] = "off"
        self.path = path

    def connect(self) -> Database:
        """A database with a connection of its own, which any one thread may use at a time."""
        refuse_unsafe_library()
        database = SqliteDatabase(
            self.path, pragmas=self._pragmas, thread_safe=False, check_same_thread=False, cached_statements=512
        )
        database.connect()
        return database

    def require_existing(self) -> None:
        """Refuses to make a database where none is.

        Raises:
            InvalidArgumentError: `OUT_OF_BOUNDS` where there is no file.
        """
        if not Path(self.path).is_file():
            raise InvalidArgumentError(Reason.OUT_OF_BOUNDS, f"there is no database at {self.path}", field="database")

    def close(self) -> None:
        """Removes a database that ends with the process."""
        if self._folder is not None:
            self._folder.cleanup()


def refuse_unsafe_library() -> None:
    """Refuses SQLite libraries that are known to corrupt files.

    Raises:
        RuntimeError: with what to install.
    """
    version = peewee.sqlite3.sqlite_version_info
    if version < OLDEST_SAFE_SQLITE:
        raise RuntimeError(
            f"SQLite {'.'.join(map(str, version))} can corrupt a database that several connections use; "
            "install pysqlite3 or Python with SQLite 3.51.3 or newer"
        )
