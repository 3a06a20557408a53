"""Progress of a copy into this database, stored as a property of it. While it is there, the database is not usable."""

import json
from typing import NamedTuple, Self

from backscroll_server.domain.command_errors import Refusal, RefusedError
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.engine.statement import Statement, param
from backscroll_server.storage.tables.models import DatabaseProperty

COPY_PROPERTY = "copy"

_property = Statement(DatabaseProperty.select(DatabaseProperty.value).where(DatabaseProperty.key == param("key")))


class CopyProgress(NamedTuple):
    """Progress of a copy, and its source.

    Attributes:
        fingerprint: of the source's file.
        database_id: the source's.
        table: the name of the table that is copied now; those before it are done. Empty at the beginning.
        after: the key of that table's last copied row.
        rows: how many rows of all tables are copied.
    """

    fingerprint: str
    database_id: str
    table: str = ""
    after: tuple[int | str, ...] = ()
    rows: int = 0

    def at(self, table: str, *, rows: int) -> Self:
        """Return this progress at a table: at its beginning, if it is another one."""
        return self._replace(table=table, after=self.after if table == self.table else (), rows=rows)

    def encoded(self) -> bytes:
        """Return the stored form."""
        return json.dumps(self._asdict()).encode()

    @classmethod
    def decoded(cls, value: bytes) -> Self:
        """Return the opposite of `encoded`."""
        fields = json.loads(value)
        return cls(**fields | {"after": tuple(fields["after"])})


def refuse_unfinished_copy(session: Session) -> None:
    """Refuse a database that holds a part of another one. Reads one row.

    Raises:
        RefusedError: `COPY_UNFINISHED`.
    """
    if session.one(_property, key=COPY_PROPERTY) is not None:
        raise RefusedError(
            Refusal.COPY_UNFINISHED, "the copy into this database is not finished; run the same `backscroll copy` again"
        )
