"""The migrations make the tables that the models describe."""

from pathlib import Path

import pytest
from peewee import SqliteDatabase

from backscroll_server.storage.database import DatabaseAddress
from backscroll_server.storage.migrate import NewerSchemaError, migrate, migrate_database
from backscroll_server.storage.models import ALL_TABLES

_TABLES = (
    "SELECT name, sql LIKE '%WITHOUT ROWID' FROM sqlite_master WHERE type = 'table' AND name <> 'schema_migration'"
)
_COLUMNS = 'SELECT name, type, "notnull", pk FROM pragma_table_info(?) ORDER BY name'
_INDEXES = "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? ORDER BY sql"


def _schema(database: SqliteDatabase) -> dict[tuple[str, int], object]:
    """Columns and indexes of every table. The order of columns and defaults may differ: a later migration adds them."""
    return {
        (table, clustered): [database.execute_sql(query, (table,)).fetchall() for query in (_COLUMNS, _INDEXES)]
        for table, clustered in database.execute_sql(_TABLES).fetchall()
    }


def test_migrations_when_all_applied_make_what_the_models_describe(tmp_path: Path) -> None:
    migrate(f"sqlite://{tmp_path}/migrated.db")
    migrated = SqliteDatabase(tmp_path / "migrated.db")
    described = SqliteDatabase(":memory:")
    with described.bind_ctx(ALL_TABLES):
        described.create_tables(ALL_TABLES)
        assert _schema(migrated) == _schema(described)
    migrated.close()
    described.close()


def test_migrate_when_run_again_does_nothing(tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path}/again.db"
    assert migrate(url)
    assert migrate(url) == []


def test_migrate_when_database_is_newer_then_refused(tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path}/newer.db"
    migrate(url)
    database = DatabaseAddress(url).connect()
    database.execute_sql("INSERT INTO schema_migration (name, applied) VALUES ('9999_future', '2100-01-01')")
    with pytest.raises(NewerSchemaError, match="9999_future"):
        migrate_database(database)
    database.close()
