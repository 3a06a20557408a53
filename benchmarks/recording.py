"""Notes the statements that an operation of the server runs, so that something else can run the same ones."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.engine.statement import Statement
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.transaction import Transaction


class Ran(NamedTuple):
    """A statement that was run.

    Attributes:
        text: as the server of the database got it.
        values: its parameters by name, in the order of the text.
    """

    text: str
    values: list[tuple[str, Any]]


class _Recording(Session):
    """A session that notes what it runs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ran: list[Ran] = []

    def _note(self, statement: Statement, value_of: Callable[[str], Any]) -> None:
        names = statement.names(self.database)
        self.ran.append(Ran(statement.rendered(self.database)[0], [(name, value_of(name)) for name in names]))

    def all(self, statement: Statement, **values: object) -> list[tuple[Any, ...]]:
        self._note(statement, values.__getitem__)
        return super().all(statement, **values)

    def run(self, statement: Statement, **values: object) -> int:
        self._note(statement, values.__getitem__)
        return super().run(statement, **values)

    def many(self, statement: Statement, rows: Sequence[Any]) -> None:
        for row in rows:
            self._note(statement, row.__getitem__)
        super().many(statement, rows)

    def insert(self, statement: Statement, rows: Sequence[Any]) -> None:
        for row in rows:
            self._note(statement, row._asdict().__getitem__)
        super().insert(statement, rows)


class RecordingSnapshot(_Recording, Snapshot):
    """A snapshot that notes what it runs."""


class RecordingTransaction(_Recording, Transaction):
    """A transaction that notes what it runs."""
