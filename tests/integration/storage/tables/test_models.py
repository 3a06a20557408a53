"""The migrations make the tables that the models describe."""

from contextlib import closing
from typing import Any

import pytest

from backscroll_server.storage.tables.models import ALL_TABLES
from backscroll_server.storage.upkeep.migrate import NewerSchemaError, migrate, migrate_database
from tests.support.fixtures import NewDatabase, peewee_database

_CLUSTERED = (
    "SELECT name, sql LIKE '%WITHOUT ROWID' FROM sqlite_master WHERE type = 'table' AND name <> 'schema_migration'"
)


def _schema(url: str) -> dict[str, Any]:
    """Columns and indexes of every table. The order of columns and defaults may differ: a later migration adds them."""
    with closing(peewee_database(url)) as database:
        tables = sorted(set(database.get_tables()) - {"schema_migration"})
        schema: dict[str, Any] = {
            table: (
                sorted((c.name, c.data_type, c.null, c.primary_key) for c in database.get_columns(table)),
                sorted((index.sql or "", tuple(index.columns), index.unique) for index in database.get_indexes(table)),
            )
            for table in tables
        }
        if database.without_rowid:
            schema["clustered"] = sorted(database.execute_sql(_CLUSTERED).fetchall())
    return schema


def _create_as_described(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(peewee_database(url)) as database:
        for table in ALL_TABLES:
            # The models say how SQLite clusters them.
            monkeypatch.setattr(table._meta, "without_rowid", table._meta.without_rowid and database.without_rowid)
        with database.bind_ctx(ALL_TABLES):
            database.create_tables(ALL_TABLES)


def test_migrations_when_all_applied_make_what_the_models_describe(
    new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrated, described = new_database(), new_database()
    migrate(migrated)
    _create_as_described(described, monkeypatch)
    assert len(_schema(migrated)) > len(ALL_TABLES) - 1
    assert _schema(migrated) == _schema(described)


def test_migrate_when_run_again_does_nothing(new_database: NewDatabase) -> None:
    url = new_database()
    assert migrate(url)
    assert migrate(url) == []


def test_migrate_when_database_is_newer_then_refused(new_database: NewDatabase) -> None:
    url = new_database()
    migrate(url)
    with closing(peewee_database(url)) as database:
        database.execute_sql("INSERT INTO schema_migration (name, applied) VALUES ('9999_future', '2100-01-01')")
        with pytest.raises(NewerSchemaError, match="9999_future"):
            migrate_database(database)


def test_migrate_when_several_start_at_once_then_one_does_it(new_database: NewDatabase) -> None:
    from concurrent.futures import ThreadPoolExecutor

    url = new_database()
    with ThreadPoolExecutor(4) as threads:
        applied = sorted(map(len, threads.map(migrate, [url] * 4)))
    assert applied[:3] == [0, 0, 0]
    assert applied[3] > 0
