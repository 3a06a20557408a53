"""The PostgreSQL database that another one is copied into; each step commits rows and the progress together."""

from collections.abc import Iterable, Mapping
from typing import Any

from peewee import AutoField, Model, Select, fn

from backscroll_server.domain.command_errors import Refusal, RefusedError
from backscroll_server.storage.engine.connection import Connection
from backscroll_server.storage.engine.postgres import PostgresAddress
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.tables.models import ALL_TABLES, DatabaseProperty, FeedHead
from backscroll_server.storage.upkeep.copy_progress import COPY_PROPERTY, CopyProgress
from backscroll_server.storage.upkeep.copy_rows import count_rows, name_of
from backscroll_server.storage.upkeep.migrate import migrate_database, missing_migrations

_HERE = DatabaseProperty.key == COPY_PROPERTY


class CopyTarget:
    """A connection to the database that is copied into.

    Args:
        url: the URL of the PostgreSQL database.
    """

    def __init__(self, url: str) -> None:
        self._address = PostgresAddress(url)
        self._database = self._address.connect()
        self._session = Session(self._database)

    def begin(self, *, fingerprint: str, database_id: str) -> CopyProgress:
        """Create the tables in an empty database, or find the progress of an earlier run; return the progress.

        Args:
            fingerprint: the SHA-256 of the source file, in hex digits.
            database_id: the id of the source database, in hex digits.

        Raises:
            RefusedError: `DESTINATION_NOT_EMPTY` where there are tables but no unfinished copy, `OTHER_SOURCE` where
                the copy is one of another database, `SOURCE_CHANGED` where the source has changed since, `COPY_SCHEMA`
                where another version began the copy. Nothing is changed then.
            NewerSchemaError: where a newer version began the copy.
        """
        with self._database.migrating():
            if not any(map(self._database.has_table, ("schema_migration", *map(name_of, ALL_TABLES)))):
                return self._begun(CopyProgress(fingerprint, database_id))
            # Waits for what a run that was killed left under way.
            progress = self._locked() if self._database.has_table(name_of(DatabaseProperty)) else None
        if progress is None:
            raise RefusedError(
                Refusal.DESTINATION_NOT_EMPTY,
                "the destination has tables of this server already; name an empty database",
            )
        if progress.database_id != database_id:
            raise RefusedError(
                Refusal.OTHER_SOURCE,
                "the destination holds an unfinished copy of another database; name an empty one, or the same source",
            )
        if progress.fingerprint != fingerprint:
            raise RefusedError(
                Refusal.SOURCE_CHANGED,
                "the source has changed since this copy was begun; begin again with an empty destination",
            )
        if missing_migrations(self._database):
            raise RefusedError(
                Refusal.COPY_SCHEMA,
                "this copy was begun by another version of this program; begin again with an empty destination",
            )
        return progress

    def store(self, table: type[Model], rows: Iterable[tuple[Any, ...]], progress: CopyProgress) -> CopyProgress:
        """Store the next rows of a table in one transaction; return the progress after them.

        Args:
            table: the table of the rows.
            rows: the rows in the order of the primary key, behind those already copied. They are sent one by one, so
                their number needs no memory.
            progress: the progress before these rows.

        Raises:
            RefusedError: `DATABASE_IN_USE` where another run continued this copy meanwhile.
        """
        columns = [field.column_name for field in table._meta.sorted_fields]  # noqa: SLF001
        key = [columns.index(field.column_name) for field in table._meta.get_primary_keys()]  # noqa: SLF001
        names = ", ".join(f'"{name}"' for name in columns)
        count, row = 0, None
        self._begin(progress)
        with self._database.statement_cursor().copy(f"COPY {_quoted(table)} ({names}) FROM STDIN") as copying:
            for row in rows:
                copying.write_row(row)
                count += 1
        stored = progress.at(name_of(table), rows=progress.rows + count)
        if row is not None:
            stored = stored._replace(after=tuple(row[place] for place in key))
        self._session.change(DatabaseProperty.update(value=stored.encoded()).where(_HERE))
        self._session.commit()
        return stored

    def connect(self) -> Connection:
        """Open a further connection to the database, for reading, and return it."""
        return self._address.connect()

    def collect_statistics(self) -> None:
        """Collect the query planner's statistics of all tables, which the server would do by itself only later."""
        self._database.execute_sql(f"ANALYZE {', '.join(_quoted(table) for table in ALL_TABLES)}")

    def finish(self, progress: CopyProgress, counts: Mapping[str, int]) -> list[str]:
        """End the copy, so that servers may use the database, unless rows are missing.

        Args:
            progress: the progress after the last rows.
            counts: the number of rows of each table of the source, by the name of the table.

        Returns:
            a sentence for each table with another number of rows than in the source. If there is any, the copy stays
            unfinished; if there is none, it is complete.

        Raises:
            RefusedError: `DATABASE_IN_USE` where another run continued this copy meanwhile.
        """
        self._begin(progress)
        self._session.change(DatabaseProperty.delete().where(_HERE))
        problems = []
        for table in ALL_TABLES:
            count, expected = count_rows(self._database, table), counts[name_of(table)]
            if count != expected:
                problems.append(f"the table {name_of(table)} has {count} rows where the source has {expected}")
            self._give_numbers_behind(table)
        if problems:
            self._session.rollback()
        else:
            self._session.commit()
        return problems

    def close(self) -> None:
        """Close the connection; what was not committed is undone."""
        self._database.close()

    def _begun(self, progress: CopyProgress) -> CopyProgress:
        """Create the tables, empty those that the source fills, store the progress of the copy and return it."""
        migrate_database(self._database, beside_others=True)
        # What a new database begins with is the source's to say.
        for table in (DatabaseProperty, FeedHead):
            self._session.change(table.delete())
        self._session.change(DatabaseProperty.insert(key=COPY_PROPERTY, value=progress.encoded()))
        return progress

    def _begin(self, progress: CopyProgress) -> None:
        """Begin a write transaction that excludes other runs of this copy.

        Raises:
            RefusedError: `DATABASE_IN_USE` where the stored progress is not `progress`, so that another run is at work.
        """
        self._session.begin_write()
        if self._locked() != progress:
            raise RefusedError(Refusal.DATABASE_IN_USE, "another `backscroll copy` is at this destination")

    def _locked(self) -> CopyProgress | None:
        """Return the stored progress of the copy, locked until the transaction ends; None where there is no copy."""
        # The update changes nothing, but waits for who has the row, and keeps it until the commit.
        lock = DatabaseProperty.update(value=DatabaseProperty.value).where(_HERE)
        rows = self._session.query(lock.returning(DatabaseProperty.value))
        return CopyProgress.decoded(rows[0][0]) if rows else None

    def _give_numbers_behind(self, table: type[Model]) -> None:
        """Set the sequence of a table's internal numbers behind the copied rows; do nothing for tables without one."""
        key = table._meta.primary_key  # noqa: SLF001 - Peewee documents it
        if isinstance(key, AutoField):
            numbers = fn.PG_GET_SERIAL_SEQUENCE(_quoted(table), key.column_name)
            self._session.query(Select(columns=[fn.SETVAL(numbers, table.select(fn.MAX(key)))]))


def _quoted(table: type[Model]) -> str:
    return f'"{name_of(table)}"'
