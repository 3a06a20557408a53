"""The command line: failures end it with a reason and a status, and it loads only what it runs."""

import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from backscroll_server.cli.main import backscroll
from tests.support.fixtures import NewDatabase
from tests.support.patience import PATIENCE_SECONDS


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "backscroll_server", *arguments],
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def test_migrate_when_run_twice_applies_everything_and_then_nothing(new_database: NewDatabase) -> None:
    url = new_database()
    first, second = run("migrate", "--database", url), run("migrate", "--database", url)
    assert (first.returncode, second.returncode) == (0, 0)
    assert first.stdout.splitlines()[-1].startswith("migrated: ")
    assert second.stdout.splitlines() == ["migrated: nothing to do"]


def test_migrate_when_the_database_cannot_be_opened_fails_with_a_last_line(tmp_path: Path) -> None:
    for url in (f"sqlite://{tmp_path}/no/such/folder/store.db", "nonsense"):
        ended = run("migrate", "--database", url)
        assert ended.returncode == 1
        assert ended.stderr.splitlines()[-1].startswith("failed: ")


def test_serve_when_a_setting_is_wrong_fails_with_a_last_line() -> None:
    ended = run("serve", "--listen", "nowhere")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.splitlines()[-1].startswith("failed: wrong settings: listen")


def test_command_when_unknown_fails() -> None:
    assert CliRunner().invoke(backscroll, ["frobnicate"]).exit_code != 0


def test_command_line_when_loaded_has_not_loaded_grpc_or_a_database() -> None:
    script = (
        "import sys, backscroll_server.cli.main, backscroll_server.cli.serve; "
        "print([name for name in ('grpc', 'peewee', 'google.protobuf') if name in sys.modules])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=True
    )
    assert ended.stdout.strip() == "[]"
