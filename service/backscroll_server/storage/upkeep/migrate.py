"""Migration of a database to the schema of this version."""

from pathlib import Path

import peewee
from playhouse.migrations import Runner

from backscroll_server.domain.command_errors import Refusal, RefusedError
from backscroll_server.storage.engine.address import DatabaseAddress
from backscroll_server.storage.engine.connection import Connection
from backscroll_server.storage.engine.other_database import other_database
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.upkeep.copy_progress import refuse_unfinished_copy

DIRECTORY = Path(__file__).parent / "migrations"


class NewerSchemaError(RuntimeError):
    """Error that the database has migrations of a newer version than this one."""


def migrate_database(database: Connection, *, beside_others: bool = False) -> list[str]:
    """Apply the migrations that a database lacks, in one transaction; return their names in order.

    Another process that migrates the database is waited for.

    Args:
        database: a connection to the database.
        beside_others: whether tables of another program may be there where none of this server's are.

    Raises:
        NewerSchemaError: where the database has a migration that this version does not know.
        RefusedError: `COPY_UNFINISHED` where a copy into the database has not ended, `OTHER_DATABASE` where the
            database is that of another program.
    """
    with database.migrating():
        runner = _runner(database)
        if _applied(runner):
            # A part of a database must not be brought to another schema than its other part has.
            refuse_unfinished_copy(Session(database))
        elif not beside_others and (names := database.table_names()):
            raise other_database(names)
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


def refuse_other_schema(database: Connection) -> None:
    """Raise an error where the schema of a database is not that of this version; otherwise do nothing.

    Raises:
        NewerSchemaError: where the database has a migration that this version does not know.
        RefusedError: `OTHER_SCHEMA` where it lacks some, `OTHER_DATABASE` where it has none.
    """
    runner = _runner(database)
    if not _applied(runner):
        raise RefusedError(Refusal.OTHER_DATABASE, "the database has no tables of this server")
    missing = missing_migrations(database)
    if missing:
        raise RefusedError(
            Refusal.OTHER_SCHEMA, f"the database lacks {', '.join(missing)}: run `backscroll migrate` on it first"
        )


def _applied(runner: Runner) -> set[str]:
    """Return the names of the migrations that the database has.

    Raises:
        NewerSchemaError: where this version does not know one of them.
        RefusedError: `OTHER_DATABASE` where it knows none of them.
    """
    try:
        applied = set(runner.applied())
    except peewee.DatabaseError as error:
        # A table by the name of ours, with other columns.
        raise other_database([runner.table_name]) from error
    known = {migration.name for migration in runner.migrations()}
    unknown = applied - known
    if unknown and unknown == applied:
        raise other_database([runner.table_name])
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
        RefusedError: `COPY_UNFINISHED` where a copy into the database has not ended, `OTHER_DATABASE` where the
            database is that of another program.
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
