"""Yardstick R: a bare loop that inserts the rows the server stored, into a file of the same schema and settings."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from peewee import Database, Model

from backscroll_server.storage.engine.address import DatabaseAddress
from backscroll_server.storage.tables.models import Feed, Idempotency, Message
from backscroll_server.storage.upkeep.migrate import migrate_database
from benchmarks.figures import Reading
from benchmarks.processes import database_url

_TABLES: tuple[tuple[type[Model], str], ...] = (
    (Message, "create_time"),
    (Idempotency, "create_time"),
    (Feed, "position"),
)
"""Tables that a send inserts into, each with the column that has the order of its rows."""

_SHIFTED = {"conversation": 1_000_000, "position": 1_000_000_000}
"""The columns that lead the keys, and by how much the next pass over the same rows raises them."""

Rows = list[tuple[Any, ...]]


@dataclass(slots=True)
class _Table:
    sql: str
    shifts: list[int]
    rows: Rows

    def part(self, start: int, size: int, passes: int) -> Rows:
        """Return some rows, raised to keys that no pass before had."""
        return [
            tuple(value + shift * passes if shift else value for value, shift in zip(row, self.shifts, strict=True))
            for row in self.rows[start : start + size]
        ]


class BareLoop:
    """Inserts the rows of messages, their idempotency keys and their changes, in the order they were stored.

    The settings of the file are those of the server, waiting for the disk at every commit included. Three updates of
    heads for each transaction are left out, which makes the yardstick a little stricter.

    Args:
        source: a database that the server filled with sends, each with a client message id.
        target: the file to write; made here.
        size: how many messages one transaction stores.
        most: how many rows of each table are copied at most.
    """

    def __init__(self, source: Path, target: Path, size: int, most: int = 20_000) -> None:
        self._size = size
        with closing(DatabaseAddress(database_url(source)).connect()) as stored:
            tables = [_read(stored, model, order, most) for model, order in _TABLES]
        # Whole transactions only, of the messages that all tables have.
        self._count = min(len(table.rows) for table in tables) // size * size
        if not self._count:
            raise ValueError("the source holds too few messages")
        self._tables = tables
        self._target: Database = DatabaseAddress(database_url(target)).connect()
        migrate_database(self._target)
        self._transactions = self._prepared()

    def _prepared(self) -> Iterator[list[Rows]]:
        passes = 0
        while True:
            passes += 1
            for start in range(0, self._count, self._size):
                yield [table.part(start, self._size, passes) for table in self._tables]

    def run(self, seconds: float) -> Reading:
        """Commit transactions for some seconds. Making the rows is not part of the time."""
        connection: Any = self._target.connection()
        latencies: list[float] = []
        spent = 0.0
        computed = 0.0
        while spent < seconds:
            rows_of_tables = next(self._transactions)
            started_computing, started = process_time(), perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            for table, rows in zip(self._tables, rows_of_tables, strict=True):
                connection.executemany(table.sql, rows)
            connection.execute("COMMIT")
            latencies.append(perf_counter() - started)
            computed += process_time() - started_computing
            spent += latencies[-1]
        return Reading(
            calls=len(latencies),
            seconds=spent,
            latencies=latencies,
            server_seconds=computed,
            client_seconds=0.0,
            units=self._size,
        )

    def close(self) -> None:
        """Close the file."""
        self._target.close()


def _read(stored: Database, model: type[Model], order: str, most: int) -> _Table:
    """Return the first rows of a table as they came, and the statement that inserts them."""
    with stored.bind_ctx([model]):
        fields: Sequence[Any] = model._meta.sorted_fields  # noqa: SLF001 - Peewee's documented way to the columns
        query = model.select().order_by(getattr(model, order)).limit(most).tuples()
        # Numbers for booleans: the library takes longer to bind a boolean than to store the row's number.
        rows: Rows = [tuple(int(v) if isinstance(v, bool) else v for v in row) for row in query.iterator()]
        sql, _ = model.insert(dict.fromkeys(fields, 0)).sql()
    return _Table(sql, [_SHIFTED.get(field.name, 0) for field in fields], rows)
