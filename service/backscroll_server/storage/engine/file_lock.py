"""A lock that lets only one process at a time serve or copy a SQLite file."""

from pathlib import Path
from typing import Any

import peewee

from backscroll_server.domain.command_errors import Refusal, RefusedError


class FileLock:
    """A lock on a SQLite file, taken at once and kept until `release` or the end of the process, also by a crash.

    While one process has the lock, no other can take it, so none serves or copies the file. Programs that only read the
    database do not need the lock. It is an exclusive SQLite transaction on an empty file named like the database with
    `-lock` at the end, so it works on every system on which SQLite does.

    Args:
        path: the path of the database file, which need not exist yet.

    Raises:
        RefusedError: `DATABASE_IN_USE` where another process, or another `FileLock` in this one, has the lock.
    """

    def __init__(self, path: str) -> None:
        # By whatever name the file is opened, the lock is the same.
        beside = f"{Path(path).resolve()}-lock"
        self._connection: Any = peewee.sqlite3.connect(beside, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            self._connection.execute("BEGIN EXCLUSIVE")
        except peewee.sqlite3.OperationalError as error:
            self.release()
            if "locked" not in str(error):
                raise
            raise RefusedError(
                Refusal.DATABASE_IN_USE, f"another process uses {path}: a server, or a copy; stop it first"
            ) from None

    def release(self) -> None:
        """Release the lock, so that another process can take it."""
        self._connection.close()
