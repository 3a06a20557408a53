"""One process at a time for a SQLite file."""

from pathlib import Path
from typing import Any

import peewee

from backscroll_server.domain.command_errors import Refusal, RefusedError


class FileLock:
    """Keeps other processes from serving or copying a file, for as long as this one lives or until it is released.

    The lock is SQLite's own, held on an empty file beside the database: so it works wherever SQLite does, ends with its
    process however that ends, and leaves who only reads the database alone.

    Args:
        path: the database's file, which need not exist yet.

    Raises:
        RefusedError: `DATABASE_IN_USE` where another process, or another part of this one, has it.
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
        """Let others have the file."""
        self._connection.close()
