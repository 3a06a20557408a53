"""`backscroll check`: what it refuses to call sound."""

import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from backscroll_server.storage.upkeep.migrate import DIRECTORY, migrate
from tests.support.api_client import single
from tests.support.fixtures import NewDatabase, peewee_database
from tests.support.patience import PATIENCE_SECONDS
from tests.support.running_server import serving_process


def run_check(url: str, *flags: str) -> tuple[int, str, str]:
    """Answers the status, the output and the last line of errors."""
    checked = subprocess.run(
        [sys.executable, "-m", "backscroll_server", "check", "--database", url, *flags],
        capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS,
    )  # fmt: skip
    return checked.returncode, checked.stdout.rpartition("\n")[0], (checked.stderr.splitlines() or [""])[-1]


def test_check_when_the_database_is_empty_then_fails_unless_asked_not_to(new_database: NewDatabase) -> None:
    url = new_database()
    migrate(url)
    checked = "checked 0 conversations, 0 messages, 0 unread counts, 0 changes: no problem"
    empty = "failed: DATABASE_EMPTY: there is nothing in the database; is it the right one? --allow-empty allows that"
    assert run_check(url) == (1, checked, empty)
    assert run_check(url, "--allow-empty") == (0, checked, "")


@pytest.mark.usefixtures("sqlite_only")
def test_check_when_a_file_was_copied_without_its_log_then_fails(tmp_path: Path) -> None:
    with serving_process(f"sqlite://{tmp_path / 'backscroll.db'}") as (_, api):
        api.send("ann", single("bob"))
        shutil.copy(tmp_path / "backscroll.db", tmp_path / "copy.db")
        status, _, error = run_check(f"sqlite://{tmp_path / 'copy.db'}")
        assert status == 1
        assert error.startswith(("failed: DATABASE_EMPTY: ", "failed: OTHER_SCHEMA: "))
        # The database itself may be checked while it is served.
        assert run_check(f"sqlite://{tmp_path / 'backscroll.db'}")[:2] == (
            0,
            "checked 1 conversations, 1 messages, 2 unread counts, 1 changes: no problem",
        )


def test_check_when_the_schema_is_newer_or_older_then_refuses(new_database: NewDatabase) -> None:
    newer, older, bare = new_database(), new_database(), new_database()
    for url in (newer, older):
        migrate(url)
    last = max(path.stem for path in DIRECTORY.glob("[0-9]*.py"))
    with closing(peewee_database(newer)) as database:
        database.execute_sql("INSERT INTO schema_migration (name, applied) VALUES ('9999_later', '2030-01-01')")
    with closing(peewee_database(older)) as database:
        database.execute_sql(f"DELETE FROM schema_migration WHERE name = '{last}'")  # noqa: S608 - our own name
    with closing(peewee_database(bare)):
        # A file that has nothing in it.
        pass
    assert run_check(newer) == (1, "", "failed: the database is newer than this server: it has 9999_later")
    assert run_check(older) == (
        1,
        "",
        f"failed: OTHER_SCHEMA: the database lacks {last}: run `backscroll migrate` on it first",
    )
    status, output, error = run_check(bare, "--allow-empty")
    assert (status, output) == (1, "")
    assert error.startswith("failed: ")
    assert "has no tables of this server" in error
