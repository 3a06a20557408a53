"""Sessions, which run statements and Peewee queries on one database connection."""

from collections.abc import Mapping, Sequence
from typing import Any

from peewee import Query

from backscroll_server.domain.retention import KEPT_FOR_EVER, Retention
from backscroll_server.storage.engine.connection import Connection
from backscroll_server.storage.engine.statement import ListStatement, Statement


class Session:
    """One connection that runs statements and queries, and fetches all rows of each before it returns.

    Args:
        database: an open connection, which no other thread uses at the same time.
        now: the current time for expiry and burn after reading, in microseconds since 1970.
        retention: for how long messages are kept.
    """

    def __init__(self, database: Connection, *, now: int = 0, retention: Retention = KEPT_FOR_EVER) -> None:
        self.database = database
        self.now = now
        self.retention = retention
        # One for all statements, because each is done with before the next: making one is noticeable in a short query.
        self._cursor = database.statement_cursor()

    def all(self, statement: Statement, **values: object) -> list[tuple[Any, ...]]:
        """Run a query and return all of its rows.

        Args:
            statement: the query.
            values: the values of the query's parameters, by name.
        """
        sql, bind = statement.rendered(self.database)
        rows: list[tuple[Any, ...]] = self._cursor.execute(sql, bind(values)).fetchall()
        return rows

    def one(self, statement: Statement, **values: object) -> tuple[Any, ...] | None:
        """Run a query and return its first row, or None if it has no rows.

        All rows are fetched, because the commit fails while rows of a `RETURNING` are not fetched.

        Args:
            statement: the query.
            values: the values of the query's parameters, by name.
        """
        rows = self.all(statement, **values)
        return rows[0] if rows else None

    def listed(self, statement: ListStatement, keys: Sequence[Any], **values: object) -> list[tuple[Any, ...]]:
        """Run a query for a list of keys and return the rows for all of them; repeated keys count once.

        Cost: one statement for each 256 keys.

        Args:
            statement: the query.
            keys: the keys; tuples where the query's keys have more than one value.
            values: the values of the query's other parameters, by name.
        """
        rows: list[tuple[Any, ...]] = []
        for sized, key_values in statement.chunks(list(dict.fromkeys(keys))):
            rows += self.all(sized, **key_values, **values)
        return rows

    def run(self, statement: Statement, **values: object) -> int:
        """Run a statement that inserts, updates or deletes rows; return the number of those rows.

        Args:
            statement: the statement.
            values: the values of the statement's parameters, by name.
        """
        sql, bind = statement.rendered(self.database)
        self._cursor.execute(sql, bind(values))
        return self.database.changed_rows(self._cursor)

    def many(self, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run a statement that changes the database once for each of `rows`.

        Args:
            statement: the statement.
            rows: the values of the statement's parameters, by name, for each run.
        """
        if rows:
            sql, bind = statement.rendered(self.database)
            self._cursor.executemany(sql, [bind(row) for row in rows])

    def insert(self, statement: Statement, rows: Sequence[tuple[Any, ...]]) -> None:
        """Run an `INSERT` of one row once for each of `rows`.

        Args:
            statement: the `INSERT`.
            rows: named tuples of one type, which has a field for each parameter of the statement.
        """
        if rows:
            sql, _ = statement.rendered(self.database)
            bind = statement.row_binder(self.database, type(rows[0]))
            self.database.insert_rows(self._cursor, sql, list(map(bind, rows)))

    def query(self, query: Query) -> list[tuple[Any, ...]]:
        """Render a Peewee query, run it and return all of its rows.

        For what runs rarely, because rendering costs 0.1 ms and more; what runs often is a `Statement`.

        Args:
            query: the query, with its values in it: a `SELECT`, or a change with a `RETURNING`.
        """
        rows: list[tuple[Any, ...]] = self.database.execute(query).fetchall()
        return rows

    def change(self, query: Query) -> int:
        """Render a Peewee query that inserts, updates or deletes rows, and run it; return the number of those rows.

        For what runs rarely, as `query` is.

        Args:
            query: the query, with its values in it and without a `RETURNING`.
        """
        return self.database.changed_rows(self.database.execute(query))

    def begin_snapshot(self) -> None:
        """Begin a read transaction, in which every read sees the same state of the database."""
        self.database.begin_snapshot()

    def begin_write(self) -> None:
        """Begin a write transaction; first wait for the end of any other one, of this process or another."""
        self.database.begin_write()

    def commit(self) -> None:
        """Commit the write transaction; return when it is durable."""
        self.database.commit_write()

    def rollback(self) -> None:
        """End the current transaction, of reads or writes, and undo its changes."""
        self.database.undo()
