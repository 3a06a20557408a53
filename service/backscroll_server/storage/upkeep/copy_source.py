"""The SQLite file that a database is copied from, table by table in the order of keys."""

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
from backscroll_server.storage.upkeep.copy_rows import count_rows, name_of, rendered
from backscroll_server.storage.upkeep.migrate import missing_migrations


class CopySource:
    """A file that nobody changes until this is closed: servers by its lock, everybody else by a transaction.

    Args:
        url: its URL.

    Attributes:
        fingerprint: a digest of everything in the file.
        database_id: which database it is, also after it changed.

    Raises:
        InvalidArgumentError: `OUT_OF_BOUNDS` where there is no file.
        RefusedError: `DATABASE_IN_USE` where a server or another program uses it, `COPY_SCHEMA` where its tables are
            not those of this version.
        NewerSchemaError: where it was written by a newer version.
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
        """Return a further connection, for reading."""
        return self._address.connect()

    def counts(self) -> dict[str, int]:
        """Return the number of rows of each table. Reads an index of each."""
        return {name_of(table): count_rows(self._database, table) for table in ALL_TABLES}

    def rows(self, table: type[Model], after: Sequence[int | str]) -> Iterator[tuple[Any, ...]]:
        """Return the rows of a table behind the one with a key, or all of them, in the order of the primary key.

        One at a time, however many there are.
        """
        meta = table._meta  # noqa: SLF001 - Peewee documents it
        key = meta.get_primary_keys()
        query = table.select(*meta.sorted_fields).order_by(*key)
        if after:
            query = query.where(EnclosedNodeList(key) > EnclosedNodeList(list(after)))
        rows: Iterator[tuple[Any, ...]] = self._database.execute_sql(*rendered(self._database, query))
        return rows

    def close(self) -> None:
        """Let others have the file. It is as it was."""
        self._database.close()
        self._address.close()

    def _fold_log(self) -> None:
        """Move every committed change from the write-ahead log into the file."""
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
