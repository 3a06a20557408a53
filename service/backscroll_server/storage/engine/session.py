"""One database connection: runs statements and nothing else."""

from collections.abc import Mapping, Sequence
from typing import Any

from backscroll_server.domain.retention import KEPT_FOR_EVER, Retention
from backscroll_server.storage.engine.connection import Connection
from backscroll_server.storage.engine.statement import ListStatement, Statement


class Session:
    """Runs statements on one connection. Every answer is fetched to its end before returning.

    Args:
        database: a connected database that no other thread uses at the same time.
        now: the time for everything that depends on it, in microseconds.
        retention: for how long messages are kept.
    """

    def __init__(self, database: Connection, *, now: int = 0, retention: Retention = KEPT_FOR_EVER) -> None:
        self.database = database
        self.now = now
        self.retention = retention
        # One for all statements, because each is done with before the next: making one is noticeable in a short query.
        self._cursor = database.statement_cursor()

    def all(self, statement: Statement, **values: object) -> list[tuple[Any, ...]]:
        """Return every row of a query."""
        sql, bind = statement.rendered(self.database)
        rows: list[tuple[Any, ...]] = self._cursor.execute(sql, bind(values)).fetchall()
        return rows

    def one(self, statement: Statement, **values: object) -> tuple[Any, ...] | None:
        """Return the first row of a query, or None. All rows are fetched: an unfetched RETURNING fails the commit."""
        rows = self.all(statement, **values)
        return rows[0] if rows else None

    def listed(self, statement: ListStatement, keys: Sequence[Any], **values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query for all `keys`; a repeated key answers once."""
        rows: list[tuple[Any, ...]] = []
        for sized, key_values in statement.chunks(list(dict.fromkeys(keys))):
            rows += self.all(sized, **key_values, **values)
        return rows

    def run(self, statement: Statement, **values: object) -> int:
        """Run a change; return how many rows it touched."""
        sql, bind = statement.rendered(self.database)
        count: int = self._cursor.execute(sql, bind(values)).rowcount
        return count

    def many(self, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run a change once for each row of values."""
        if rows:
            sql, bind = statement.rendered(self.database)
            self._cursor.executemany(sql, [bind(row) for row in rows])

    def insert(self, statement: Statement, rows: Sequence[tuple[Any, ...]]) -> None:
        """Run a change once for each named tuple; its fields are named as the statement's parameters."""
        if rows:
            sql, _ = statement.rendered(self.database)
            bind = statement.row_binder(self.database, type(rows[0]))
            self.database.insert_rows(self._cursor, sql, list(map(bind, rows)))

    def overwrite(self, statement: Statement, **values: object) -> None:
        """Overwrite what the next statements delete, where the database may copy rows within its file.

        SQLite may move rows that it is about to delete; it then moves zeros, and a leftover copy reveals nothing.
        """
        if self.database.leaves_copies:
            self.run(statement, **values)

    def begin_snapshot(self) -> None:
        """Start reading from one moment."""
        self.database.begin_snapshot()

    def begin_write(self) -> None:
        """Start a transaction that writes; wait for another process that does."""
        self.database.begin_write()

    def commit(self) -> None:
        """Make the transaction durable."""
        self.database.commit_write()

    def rollback(self) -> None:
        """Undo the transaction."""
        self.database.undo()
