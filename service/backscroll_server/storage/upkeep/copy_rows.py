"""Helpers for copying whole tables; the calls of the server do not use them."""

from typing import Any

from peewee import SQL, Model, Query, fn

from backscroll_server.storage.engine.connection import Connection


def name_of(table: type[Model]) -> str:
    """Return the name of a table in the database."""
    name: str = table._meta.table_name  # noqa: SLF001 - Peewee documents it
    return name


def rendered(database: Connection, query: Query) -> tuple[str, list[Any]]:
    """Return the SQL text of a query and its parameters in order, for `execute_sql`."""
    text, parameters = database.get_sql_context().sql(query).query()
    return text, parameters


def count_rows(database: Connection, table: type[Model]) -> int:
    """Return the number of rows of a table. Cost: reads one index of the table."""
    count: int = database.execute_sql(*rendered(database, table.select(fn.COUNT(SQL("*"))))).fetchone()[0]
    return count
