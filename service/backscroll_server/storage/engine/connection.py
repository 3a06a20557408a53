"""The connection interface that `sqlite.py` and `postgres.py` implement."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, ClassVar, Protocol

from peewee import Query

from backscroll_server.storage.engine.disk_problems import DiskProblem


class Connection(Protocol):
    """A Peewee database with exactly one connection, which one thread at a time may use.

    Attributes:
        leaves_copies: whether a deleted row may leave a copy of its content in the file, unless the row is overwritten
            before it is deleted. True for SQLite.
        without_rowid: whether a table may be clustered by its primary key, by the option that SQLite calls
            `WITHOUT ROWID`. True for SQLite.
        param: the placeholder of a parameter in SQL for `execute_sql`.
    """

    leaves_copies: ClassVar[bool]
    without_rowid: ClassVar[bool]
    param: str

    def begin_snapshot(self) -> None:
        """Begin a read transaction, in which every read sees the same state of the database."""
        ...

    def begin_write(self) -> None:
        """Begin a write transaction; first wait for the end of any other one, of this process or another."""
        ...

    def commit_write(self) -> None:
        """Commit the write transaction; return when it is durable."""
        ...

    def undo(self) -> None:
        """End the current transaction, of reads or writes, and undo its changes."""
        ...

    def statement_cursor(self) -> Any:
        """Return a new cursor of this connection; all rows of a statement must be fetched before the next one runs."""
        ...

    def placeholder(self, number: int) -> str:
        """Return the placeholder of the parameter at position `number`, from 1, in SQL for `statement_cursor`."""
        ...

    def changed_rows(self, cursor: Any) -> int:
        """Return how many rows the statement inserted, updated or deleted that `cursor` ran just before."""
        ...

    def insert_rows(self, cursor: Any, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run an `INSERT` of one row for each of many rows.

        Args:
            cursor: a cursor that `statement_cursor` returned.
            sql: the `INSERT`, with one placeholder for each value of a row and nothing after its `VALUES`.
            rows: the values of each row, in the order of the placeholders.
        """
        ...

    def migrating(self) -> AbstractContextManager[Any]:
        """Return a context manager of a transaction in which no other process migrates the database."""
        ...

    def finish_erasing(self, *, patience_ms: int) -> bool:
        """Remove remains of deleted rows from the disk; return False if other users of the database prevented it.

        Args:
            patience_ms: for how long at most, in milliseconds, SQLite waits for others. PostgreSQL ignores it.
        """
        ...

    def table_names(self) -> list[str]:
        """Return the names of all tables, but not of those that belong to the database or to an extension of it."""
        ...

    def integrity_problems(self) -> list[str]:
        """Return a sentence for each fault that the database finds in its own storage; empty if there is none.

        Cost: SQLite reads the whole file, PostgreSQL only its list of indexes.
        """
        ...

    def is_lost(self, error: BaseException) -> bool:
        """Return whether `error` means that the connection to the server is lost, so that a new one is needed."""
        ...

    def disk_problem(self, error: BaseException) -> DiskProblem | None:
        """Return the problem of the database's disk that `error` reports; None where it reports something else."""
        ...

    def get_sql_context(self) -> Any:
        """Return the Peewee context that renders queries as SQL for this kind of database."""
        ...

    def execute(self, query: Query) -> Any:
        """Render a Peewee query, run it on the connection as it is, and return its cursor."""
        ...

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """Run one SQL text on the connection as it is, and return its cursor."""
        ...

    def close(self) -> object:
        """Close the connection."""
        ...
