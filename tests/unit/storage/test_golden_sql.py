"""The rendered SQL of every statement is what the committed files say, for both kinds of databases.

A changed statement shows as a changed line of `tests/golden/sql`. `make golden` writes the files again. They name no
module and no variable, so that moving or renaming one changes nothing.
"""

import os
from pathlib import Path
from typing import Any

import pytest

from backscroll_server.storage.engine.sqlite import SqliteConnection
from tests.support.all_statements import statements

FOLDER = Path(__file__).parents[2] / "golden" / "sql"


def rendered(connection: Any) -> str:
    """Return the SQL of every statement, sorted, one a line."""
    return "".join(sorted(f"{statement.rendered(connection)[0]}\n" for _, statement in statements()))


def assert_golden(name: str, text: str) -> None:
    """Compare a text with a golden file, or write the file where that is asked for."""
    path = FOLDER / name
    if os.environ.get("BACKSCROLL_TEST_WRITE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text.splitlines() == path.read_text(encoding="utf-8").splitlines()


def test_sqlite_statements_are_the_golden_ones() -> None:
    assert_golden("sqlite.sql", rendered(SqliteConnection(None)))


def test_postgres_statements_are_the_golden_ones() -> None:
    postgres = pytest.importorskip(
        "backscroll_server.storage.engine.postgres", reason="the PostgreSQL driver is an extra"
    )
    assert_golden("postgres.sql", rendered(postgres.PostgresConnection(None)))
