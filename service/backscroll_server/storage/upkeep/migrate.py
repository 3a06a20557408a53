"""Brings a database to this version's schema."""

from pathlib import Path

from playhouse.migrations import Runner

from backscroll_server.storage.engine.address import DatabaseAddress
from backscroll_server.storage.engine.connection import Connection
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.upkeep.copy_progress import refuse_unfinished_copy

DIRECTORY = Path(__file__).parent / "migrations"


class NewerSchemaError(RuntimeError):
    """The database was written by a newer version."""


def migrate_database(database: Connection) -> list[str]:
    """Apply the missing migrations, one process at a time; return their names.

    Raises:
        NewerSchemaError: where the database knows a migration that this version does not.
        RefusedError: `COPY_UNFINISHED` where it holds a part of another one.
    """
    with database.migrating():
        runner = _runner(database)
        if _applied(runner):
            # A part of a database must not be brought to another schema than its other part has.
            refuse_unfinished_copy(Session(database))
        applied: list[str] = runner.up()
    return applied


def missing_migrations(database: Connection) -> list[str]:
    """Return the names of what this version would apply.

    Raises:
        NewerSchemaError: where the database knows a migration that this version does not.
    """
    runner = _runner(database)
    applied = _applied(runner)
    return [migration.name for migration in runner.migrations() if migration.name not in applied]


def _applied(runner: Runner) -> set[str]:
    """Return the names of what was applied, all of which this version knows."""
    applied = set(runner.applied())
    unknown = applied - {migration.name for migration in runner.migrations()}
    if unknown:
        raise NewerSchemaError(f"the database is newer than this server: it has {', '.join(sorted(unknown))}")
    return applied


def _runner(database: Connection) -> Runner:
    return Runner(database, directory=str(DIRECTORY))


def migrate(url: str, *, prepare_statements: bool = True) -> list[str]:
    """Open the database at `url`, migrates it and close it; return the names of what was applied."""
    address = DatabaseAddress(url, prepare_statements=prepare_statements)
    try:
        database = address.connect()
        try:
            return migrate_database(database)
        finally:
            database.close()
    finally:
        address.close()
