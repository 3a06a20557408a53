"""Makes erased text leave the disk: it may still be in the write-ahead log, and in what SQLite left inside of pages."""

from typing import Final

import peewee
from peewee import Database

SMALL_BYTES: Final = 16 * 1024 * 1024
"""A database with no more content than this is rewritten: that holds writers up for a fraction of a second."""


def finish_erasing(database: Database, *, patience_ms: int) -> bool:
    """Rewrites a small database, then empties the write-ahead log; answers whether both are done.

    Deleted rows are overwritten where they are. But where SQLite moved a row from page to page, a copy may have stayed
    in a part of a page that is not in use, and only rewriting the pages removes that.

    Others who read or write may prevent it: they are waited for, for `patience_ms` at most, while nobody can write.
    """
    patience = _number(database, "PRAGMA busy_timeout")
    database.execute_sql(f"PRAGMA busy_timeout = {patience_ms}").fetchall()
    try:
        used = _number(database, "PRAGMA page_count") - _number(database, "PRAGMA freelist_count")
        if used * _number(database, "PRAGMA page_size") <= SMALL_BYTES:
            database.execute_sql("VACUUM")
        return _number(database, "PRAGMA wal_checkpoint(TRUNCATE)") == 0
    except peewee.OperationalError:
        # Locked by another process.
        return False
    finally:
        database.execute_sql(f"PRAGMA busy_timeout = {patience}").fetchall()


def _number(database: Database, query: str) -> int:
    number: int = database.execute_sql(query).fetchone()[0]
    return number
