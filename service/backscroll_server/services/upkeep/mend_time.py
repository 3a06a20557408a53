"""Bringing back the time of a database that was served with a clock that ran ahead."""

from contextlib import closing

from backscroll_server.storage.engine.address import DatabaseAddress
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.tables.changes import bring_back
from backscroll_server.storage.upkeep.copy_progress import refuse_unfinished_copy
from backscroll_server.storage.upkeep.migrate import refuse_other_schema


def mend_time(url: str, *, now: int, prepare_statements: bool = True) -> int:
    """Date the changes of a database that lie ahead of the present to now; return how many they were.

    The time of a store begins with that of its newest change and never goes back; after this it begins with `now`.
    Messages keep their times, which stay in their order: in a conversation with a message from ahead, the next ones
    follow it by a microsecond each until the clock has caught up.

    Cost: one read of the feed, and one row for each change that lies ahead.

    Args:
        url: the URL of the database, in the form that the server takes.
        now: the time, in microseconds.
        prepare_statements: whether a PostgreSQL server keeps statements prepared for a connection.

    Raises:
        InvalidArgumentError: where there is no database at the URL.
        RefusedError: `DATABASE_IN_USE` where a server has the file open, `COPY_UNFINISHED` where the database holds an
            unfinished copy of another one, `OTHER_SCHEMA` where it lacks migrations of this version, `OTHER_DATABASE`
            where it is not one of this server.
        NewerSchemaError: where it has a migration that this version does not know.
    """
    address = DatabaseAddress(url, prepare_statements=prepare_statements)
    address.require_existing()
    try:
        address.reserve()
        with closing(address.connect()) as database:
            refuse_other_schema(database)
            session = Session(database)
            refuse_unfinished_copy(session)
            session.begin_write()
            mended = bring_back(session, now)
            session.commit()
            return mended
    finally:
        address.close()
