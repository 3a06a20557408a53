"""One SQLite library for all: of two in one process, each drops the file locks that the other one has."""

import re
import subprocess
import sys
from pathlib import Path

import apsw
import pytest

from backscroll_server.storage.engine.sqlite import refuse_unsafe_library
from tests.support.patience import PATIENCE_SECONDS

ROOT = Path(__file__).parents[2]
OTHERS = re.compile(r"^\s*(import|from) (sqlite3|pysqlite3)\b|peewee import sqlite3|peewee\.sqlite3", re.MULTILINE)
WITHOUT = "import sys; sys.modules['apsw'] = None; "


def without_driver(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs code in a Python that has no driver of SQLite."""
    return subprocess.run(
        [sys.executable, "-c", WITHOUT + code, *arguments],
        capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS,
    )  # fmt: skip


def test_no_file_opens_databases_by_another_library() -> None:
    files = [path for folder in ("service", "tests", "benchmarks", "tools") for path in (ROOT / folder).rglob("*.py")]
    assert len(files) > 100
    assert [path for path in files if path != Path(__file__) and OTHERS.search(path.read_text(encoding="utf-8"))] == []


def test_library_when_it_is_one_that_corrupts_then_says_what_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apsw, "sqlite_lib_version", lambda: "3.40.1")
    with pytest.raises(RuntimeError, match=r"SQLite 3\.40\.1.*can corrupt.*install a wheel of apsw 3\.51\.3"):
        refuse_unsafe_library()


@pytest.mark.parametrize("command", [("serve",), ("migrate",), ("check",)])
def test_command_when_the_driver_is_missing_then_names_the_extra(command: tuple[str, ...], tmp_path: Path) -> None:
    run = "from backscroll_server.cli.main import main; main()"
    refused = without_driver(run, *command, "--database", f"sqlite://{tmp_path}/new.db")
    assert refused.returncode == 1, refused.stderr
    assert "the extra `sqlite`" in refused.stderr.splitlines()[-1]
    assert "Traceback" not in refused.stderr


def test_server_on_postgres_when_the_driver_of_sqlite_is_missing_then_is_imported() -> None:
    imported = without_driver(
        "import backscroll_server.app, backscroll_server.services.upkeep.copy; "
        "from backscroll_server.storage.engine.address import DatabaseAddress; "
        "DatabaseAddress('postgresql://host/name')"
    )
    assert (imported.returncode, imported.stderr) == (0, "")
