"""Migration of a database to the schema of this version."""

from pathlib import Path

from playhouse.migrations import Runner

from backscroll_server.storage.engine.address import DatabaseAddress
from backscroll_server.storage.engine.connection import Connection
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.upkeep.copy_progress import refuse_unfinished_copy

DIRECTORY = Path(__file__).parent / "migrations"


class NewerSchemaError(RuntimeError):
    """Error that the database has migrations of a newer version than this one."""


def migrate_database(database: Connection) -> list[str]:
    """Apply the migrations that a database lacks, in one transaction; return their names in order.

    Another process that migrates the database is waited for.

    Raises:
        NewerSchemaError: where the database has a migration that this version does not know.
        RefusedError: `COPY_UNFINISHED` where a copy into the database has not ended.
    """
    with database.migrating():
        runner = _runner(database)
        if _applied(runner):
            # A part of a database must not be brought to another schema than its other part has.
            refuse_unfinished_copy(Session(database))
        applied: list[str] = runner.up()
    return applied


def missing_migrations(database: Connection) -> list[str]:
    """Return the names of the migrations that a database lacks, in order; empty if its schema is that of this version.

    Raises:
        NewerSchemaError: where the database has a migration that this version does not know.
    """
    runner = _runner(database)
    applied = _applied(runner)
    return [migration.name for migration in runner.migrations() if migration.name not in applied]


def _applied(runner: Runner) -> set[str]:
    """Return the names of the migrations that the database has.

    Raises:
        NewerSchemaError: where this version does not know one of them.
    """
    applied = set(runner.applied())
    unknown = applied - {migration.name for migration in runner.migrations()}
    if unknown:
        raise NewerSchemaError(f"the database is newer than this server: it has {', '.join(sorted(unknown))}")
    return applied


def _runner(database: Connection) -> Runner:
    return Runner(database, directory=str(DIRECTORY))


def migrate(url: str, *, prepare_statements: bool = True) -> list[str]:
    """Open the database at `url`, apply the migrations that it lacks and close it; return their names in order.

    Args:
        url: the URL of the database.
        prepare_statements: whether repeated statements are prepared on a PostgreSQL connection.

    Raises:
        InvalidArgumentError: `MALFORMED` where the URL is not that of a database.
        NewerSchemaError: where the database has a migration that this version does not know.
        RefusedError: `COPY_UNFINISHED` where a copy into the database has not ended.
    """
    address = DatabaseAddress(url, prepare_statements=prepare_statements)
    try:
        database = address.connect()
        try:
            return migrate_database(database)
        finally:
            database.close()
    finally:
        address.close()
