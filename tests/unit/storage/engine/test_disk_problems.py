"""Problems of a disk, as the drivers report them, and the errors that callers get for them."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import peewee
import psycopg
import pytest

from backscroll_server.storage.engine.disk_problems import DiskProblem, problem_of, unavailable_error, why_unwritable
from backscroll_server.storage.engine.sqlite import SqliteConnection

PROBLEMS = list(DiskProblem)


@pytest.mark.parametrize(
    ("kind", "problem"),
    [
        (psycopg.errors.DiskFull, DiskProblem.FULL),
        (psycopg.errors.IoError, DiskProblem.IO_ERROR),
        (psycopg.errors.DataCorrupted, DiskProblem.CORRUPT),
        (psycopg.errors.IndexCorrupted, DiskProblem.CORRUPT),
        (psycopg.errors.ReadOnlySqlTransaction, None),
        (psycopg.OperationalError, None),
        (psycopg.errors.UniqueViolation, None),
        (OSError, None),
    ],
)
def test_problem_of_postgres_is_known_by_its_state(kind: Callable[[], Exception], problem: DiskProblem | None) -> None:
    assert problem_of(kind()) is problem
    wrapped = peewee.OperationalError("the family alone")
    wrapped.__context__ = kind()
    assert problem_of(wrapped) is problem


def error_of(run: Callable[[], object]) -> BaseException:
    """The error that something fails with."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - of either class
        run()
    return caught.value


def test_problem_of_sqlite_is_known_from_the_driver_and_from_peewee(tmp_path: Path) -> None:
    with closing(SqliteConnection(str(tmp_path / "a.db"))) as database:
        database.connect()
        database.execute_sql("CREATE TABLE number (value INTEGER)")
        database.execute_sql("PRAGMA max_page_count = 2")
        filling = "INSERT INTO number SELECT randomblob(9000)"
        for run in (database.execute_sql, database.statement_cursor().execute):
            assert problem_of(error_of(lambda run=run: run(filling))) is DiskProblem.FULL  # type: ignore[misc]
        database.execute_sql("PRAGMA query_only = 1")
        for run in (database.execute_sql, database.statement_cursor().execute):
            assert problem_of(error_of(lambda run=run: run(filling))) is DiskProblem.READ_ONLY  # type: ignore[misc]
            assert problem_of(error_of(lambda run=run: run("nonsense"))) is None  # type: ignore[misc]
    (tmp_path / "text.db").write_text("no database at all " * 100)
    with closing(SqliteConnection(str(tmp_path / "text.db"))) as database:
        error = error_of(lambda: database.execute_sql("SELECT * FROM sqlite_master"))
        assert problem_of(error) is DiskProblem.CORRUPT


@pytest.mark.parametrize("problem", PROBLEMS)
def test_error_when_committing_says_that_it_may_be_stored_unless_there_was_no_room(problem: DiskProblem) -> None:
    assert unavailable_error(problem).metadata == {"applied": "no"}
    applied = "no" if problem is DiskProblem.FULL else "unknown"
    assert unavailable_error(problem, committing=True).metadata == {"applied": applied}


@pytest.mark.parametrize(("mode", "why"), [(0o600, None), (0o444, "its permissions are 0444"), (0o664, None)])
def test_file_when_nobody_may_write_it_is_unwritable_for_root_too(tmp_path: Path, mode: int, why: str | None) -> None:
    path = tmp_path / "a.db"
    path.touch()
    path.chmod(mode)
    assert why_unwritable(str(path)) == why
