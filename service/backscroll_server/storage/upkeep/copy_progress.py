"""Progress of a copy into this database, stored as a property of the database, which no server uses meanwhile."""

import json
from typing import NamedTuple, Self

from backscroll_server.domain.command_errors import Refusal, RefusedError
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.tables.models import DatabaseProperty

COPY_PROPERTY = "copy"
"""Key of the row of `DatabaseProperty` that has the progress, while the copy is unfinished."""


class CopyProgress(NamedTuple):
    """Progress of a copy, and its source.

    Attributes:
        fingerprint: the SHA-256 of the source file, in hex digits.
        database_id: the id of the source database, in hex digits.
        table: the name of the table that is being copied; the tables before it are complete. Empty at the beginning.
        after: the key of the last copied row of that table; empty if there is none.
        rows: the number of rows copied so far, of all tables.
    """

    fingerprint: str
    database_id: str
    table: str = ""
    after: tuple[int | str, ...] = ()
    rows: int = 0

    def at(self, table: str, *, rows: int) -> Self:
        """Return the progress with `rows` copied in all, at `table`: at its beginning if that is another table."""
        return self._replace(table=table, after=self.after if table == self.table else (), rows=rows)

    def encoded(self) -> bytes:
        """Return the progress as JSON, as it is stored."""
        return json.dumps(self._asdict()).encode()

    @classmethod
    def decoded(cls, value: bytes) -> Self:
        """Return the progress that `encoded` turned into `value`."""
        fields = json.loads(value)
        return cls(**fields | {"after": tuple(fields["after"])})


def refuse_unfinished_copy(session: Session) -> None:
    """Raise an error where the database has only a part of the one that is copied into it. Cost: one row read.

    Raises:
        RefusedError: `COPY_UNFINISHED` where the copy into this database has not ended.
    """
    if session.query(DatabaseProperty.select().where(DatabaseProperty.key == COPY_PROPERTY)):
        raise RefusedError(
            Refusal.COPY_UNFINISHED, "the copy into this database is not finished; run the same `backscroll copy` again"
        )
