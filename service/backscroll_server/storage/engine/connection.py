"""The connection interface that `sqlite.py` and `postgres.py` implement."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, ClassVar, Protocol


class Connection(Protocol):
    """A database of Peewee's with one connection of its own, which any one thread may use at a time.

    Attributes:
        leaves_copies: whether what a deleted row held may be copied elsewhere unless it is overwritten before.
        without_rowid: whether a table may be clustered by its key, which SQLite calls that.
        param: the placeholder of a parameter for `execute_sql`.
    """

    leaves_copies: ClassVar[bool]
    without_rowid: ClassVar[bool]
    param: str

    def begin_snapshot(self) -> None:
        """Start reading from one moment."""
        ...

    def begin_write(self) -> None:
        """Start a transaction that writes; wait for another one that does, also of another process."""
        ...

    def commit_write(self) -> None:
        """Make the transaction durable."""
        ...

    def undo(self) -> None:
        """End the transaction and undo what it did."""
        ...

    def statement_cursor(self) -> Any:
        """Return a cursor for statements whose answers are fetched to the end."""
        ...

    def placeholder(self, number: int) -> str:
        """Return the placeholder of the parameter with a number, from 1, in what `statement_cursor` runs."""
        ...

    def insert_rows(self, cursor: Any, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run an INSERT of one row, without conditions, for many rows."""
        ...

    def migrating(self) -> AbstractContextManager[Any]:
        """Return a transaction in which nobody else migrates."""
        ...

    def finish_erasing(self, *, patience_ms: int) -> bool:
        """Remove from the disk what erased rows left there; return whether nobody prevented it."""
        ...

    def integrity_problems(self) -> list[str]:
        """Return the faults that the database itself finds in its storage. Reads all of it."""
        ...

    def is_lost(self, error: BaseException) -> bool:
        """Return whether an error says that the database is away, so that another connection is needed."""
        ...

    def get_sql_context(self) -> Any:
        """Return the object with which Peewee turns queries into SQL for this kind of database."""
        ...

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """Run one statement; for what is not worth a `Statement`."""
        ...

    def close(self) -> object:
        """Close the connection."""
        ...
