"""Brings a database to this version's schema."""

from pathlib import Path

from playhouse.migrations import Runner

from backscroll_server.storage.database import DatabaseAddress
from backscroll_server.storage.dialect import Connection

DIRECTORY = Path(__file__).parent / "migrations"


class NewerSchemaError(RuntimeError):
    """The database was written by a newer version."""


def migrate_database(database: Connection) -> list[str]:
    """Applies what is missing, one migrator at a time; answers the names of what was applied.

    Raises:
        NewerSchemaError: where the database knows a migration that this version does not.
    """
    runner = Runner(database, directory=str(DIRECTORY))
    with database.migrating():
        unknown = set(runner.applied()) - {migration.name for migration in runner.migrations()}
        if unknown:
            raise NewerSchemaError(f"the database is newer than this server: it has {', '.join(sorted(unknown))}")
        applied: list[str] = runner.up()
    return applied


def migrate(url: str, *, prepare_statements: bool = True) -> list[str]:
    """Opens the database at `url`, migrates it and closes it; answers the names of what was applied."""
    address = DatabaseAddress(url, prepare_statements=prepare_statements)
    try:
        database = address.connect()
        try:
            return migrate_database(database)
        finally:
            database.close()
    finally:
        address.close()
