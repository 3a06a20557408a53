"""The SQLite file that a database is copied from, table by table, each in the order of its primary key."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from peewee import EnclosedNodeList, Model

from backscroll_server.domain.command_errors import Refusal, RefusedError
from backscroll_server.storage.engine.connection import Connection
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.engine.sqlite import SqliteAddress
from backscroll_server.storage.tables.identity import read_database_id
from backscroll_server.storage.tables.models import ALL_TABLES
from backscroll_server.storage.upkeep.copy_rows import count_rows, name_of
from backscroll_server.storage.upkeep.migrate import missing_migrations


class CopySource:
    """A SQLite file that nobody changes until `close`: a lock keeps out servers, a write transaction everybody else.

    Args:
        url: the URL of the file, `sqlite:///absolute/path` or `sqlite:relative/path`.

    Attributes:
        fingerprint: the SHA-256 of the file, in hex digits.
        database_id: the id that the database keeps for its whole life, in hex digits.

    Raises:
        InvalidArgumentError: `OUT_OF_BOUNDS` where there is no file.
        RefusedError: `DATABASE_IN_USE` where a server or another program uses the file, `COPY_SCHEMA` where it lacks
            migrations of this version.
        NewerSchemaError: where the file has migrations of a newer version.
    """

    def __init__(self, url: str) -> None:
        self._address = SqliteAddress(url.removeprefix("sqlite:"))
        try:
            self._address.require_existing()
            self._address.reserve()
            self._fold_log()
            # Read while this process has no connection: closing the file would end the locks of one.
            with Path(self._address.path).open("rb") as file:
                self.fingerprint = hashlib.file_digest(file, "sha256").hexdigest()
            self._database = self._address.connect()
        except BaseException:
            self._address.close()
            raise
        try:
            self._database.begin_write()
            self.database_id = self._identified()
        except BaseException:
            self.close()
            raise

    def connect(self) -> Connection:
        """Open a further connection to the file, for reading, and return it."""
        return self._address.connect()

    def counts(self) -> dict[str, int]:
        """Return the number of rows of each table, by the name of the table. Cost: reads one index of each table."""
        return {name_of(table): count_rows(self._database, table) for table in ALL_TABLES}

    def rows(self, table: type[Model], after: Sequence[int | str]) -> Iterator[tuple[Any, ...]]:
        """Return an iterator over the rows of a table behind the key `after`, in the order of the primary key.

        An empty `after` is the beginning of the table. Rows are read one at a time, so their number needs no memory.
        """
        meta = table._meta  # noqa: SLF001 - Peewee documents it
        key = meta.get_primary_keys()
        query = table.select(*meta.sorted_fields).order_by(*key)
        if after:
            query = query.where(EnclosedNodeList(key) > EnclosedNodeList(list(after)))
        rows: Iterator[tuple[Any, ...]] = self._database.execute(query)
        return rows

    def close(self) -> None:
        """Close the connection and release the file, which is unchanged."""
        self._database.close()
        self._address.close()

    def _fold_log(self) -> None:
        """Move every committed change from the write-ahead log into the file.

        Raises:
            RefusedError: `DATABASE_IN_USE` where another program reads or writes the file.
        """
        database = self._address.connect()
        try:
            busy = database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            database.close()
        if busy:
            raise RefusedError(
                Refusal.DATABASE_IN_USE, f"another program reads or writes {self._address.path}; wait until it is done"
            )

    def _identified(self) -> str:
        missing = missing_migrations(self._database)
        if missing:
            raise RefusedError(
                Refusal.COPY_SCHEMA,
                f"the source lacks {', '.join(missing)}: run `backscroll migrate` on it first",
            )
        return read_database_id(Session(self._database)).hex()
