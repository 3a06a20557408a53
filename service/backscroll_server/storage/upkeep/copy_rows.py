"""Helpers for copying whole tables; the calls of the server do not use them."""

from peewee import SQL, Model, fn

from backscroll_server.storage.engine.connection import Connection


def name_of(table: type[Model]) -> str:
    """Return the name of a table in the database."""
    name: str = table._meta.table_name  # noqa: SLF001 - Peewee documents it
    return name


def count_rows(database: Connection, table: type[Model]) -> int:
    """Return the number of rows of a table. Cost: reads one index of the table."""
    count: int = database.execute(table.select(fn.COUNT(SQL("*")))).fetchone()[0]
    return count
