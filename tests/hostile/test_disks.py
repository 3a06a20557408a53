"""Disks that fill up, fail, turn read-only or lose pages: what callers get, health, log, and what is there after.

`pytest -s` prints a line for each case. What happens when a file is deleted, moved or replaced under its server, or
served by a second name, is in `tests/reliability/test_database_files.py`.
"""

import os
import resource
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.support.api_client import single
from tests.support.database_check import assert_sound
from tests.support.disk_witness import (
    MARKED,
    MARKER,
    NOT_SERVING,
    READING,
    SERVING,
    Witness,
    outcome_of,
    report,
    send_around_marked,
    show,
)
from tests.support.disks import DiskFaults, disk_faults, small_disk
from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_process import start_server

CALLS = 300
STOPPING_LINES = 3
"""Those that a server logs at its end."""

pytestmark = pytest.mark.usefixtures("sqlite_only")


@contextmanager
def witnessed(path: Path, *flags: str, faults: DiskFaults | None = None) -> Iterator[Witness]:
    """A server on a file and its client; both end with the block."""
    server = start_server(f"sqlite://{path}", *flags, env=faults.environment if faults else None)
    witness = Witness(server)
    try:
        yield witness
    finally:
        witness.close()
        witness.server.kill()


def refused_start(path: Path, *prefix: str) -> str:
    """Starts a server that must not start, by a command with this prefix; answers its last line."""
    # Another user may not write down which lines ran, where that is measured.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    refused = subprocess.run(
        [*prefix, sys.executable, "-m", "backscroll_server", "serve", "--database", f"sqlite://{path}",
         "--listen", "127.0.0.1:0"],
        env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS,
    )  # fmt: skip
    assert (refused.returncode, refused.stdout) == (1, ""), refused.stderr
    assert "Traceback" not in refused.stderr
    return refused.stderr.splitlines()[-1]


def assert_weathers(
    case: str,
    witness: Witness,
    path: Path,
    failing: AbstractContextManager[object],
    *,
    expected: str,
    fill: bool = False,
) -> None:
    """Sends through a failure of the disk, and after it.

    Args:
        case: the name in the table.
        witness: the client.
        path: the path of the database.
        failing: makes the disk fail for as long as it is entered.
        expected: how the sends end meanwhile.
        fill: whether it fails only once so much was sent that a send is refused.
    """
    witness.send_many(20)
    assert set(witness.outcomes) == {"OK"}
    before = len(witness.log())
    with failing:
        while fill and set(witness.outcomes) == {"OK"}:
            witness.send_many(20)
        # Of a batch that did not fit, a single one may.
        while fill and witness.send() == "OK":
            pass
        witness.outcomes.clear()
        witness.send_many(CALLS)
        outcomes, read = dict(witness.outcomes), witness.read()
        # A small write may have had room since the last of them.
        witness.send()
        witness.await_health(NOT_SERVING)
        # Long enough for what runs in the background to meet it, again and again.
        time.sleep(2)
        health, reading = NOT_SERVING if fill else witness.health(), witness.health(READING)
        log = witness.log()[before:]
    again = witness.send()
    recovered = witness.await_health(SERVING)
    show(case, outcomes=outcomes, reads=read, health=health, log=log, recovered=recovered)
    witness.outcomes.clear()
    witness.send_many(20)
    assert (again, dict(witness.outcomes)) == ("OK", {"OK": 20})
    witness.assert_kept()
    assert witness.server.stop() == 0
    assert set(outcomes) == {expected}
    assert (read, health, reading) == ("OK", NOT_SERVING, SERVING)
    assert str(path) in log[0]
    # It names what failed, not what was given up because of it.
    assert not any("rollback" in line for line in log), log
    # The little that is left may be enough for the write that finds out, so that the state changes several times.
    assert 1 <= len(log) <= (7 if fill else 1), log
    assert len(witness.log()) == before + len(log) + len(log) % 2 + STOPPING_LINES, witness.log()
    assert_sound(f"sqlite://{path}")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The path of a database that does not exist yet."""
    return tmp_path / "backscroll.db"


@pytest.fixture
def faults(tmp_path: Path) -> DiskFaults:
    """Faults of the disk of a server, which a test turns on and off."""
    return disk_faults(tmp_path)


def test_disk_when_full_then_writes_are_refused_and_go_on_once_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", megabytes=6) as disk, witnessed(disk.folder / "backscroll.db") as witness:

        @contextmanager
        def full() -> Iterator[None]:
            yield
            disk.resize(60)

        assert_weathers(
            "full disk",
            witness,
            disk.folder / "backscroll.db",
            full(),
            expected="UNAVAILABLE DISK_FULL applied=no",
            fill=True,
        )


def test_file_when_it_may_not_grow_then_writes_are_refused_and_go_on_once_it_may(path: Path) -> None:
    with witnessed(path) as witness:

        @contextmanager
        def limited() -> Iterator[None]:
            _, hard = resource.prlimit(witness.server.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(witness.server.pid, resource.RLIMIT_FSIZE, (2 * 1024 * 1024, hard))
            yield
            resource.prlimit(witness.server.pid, resource.RLIMIT_FSIZE, (hard, hard))

        expected = "UNAVAILABLE DATABASE_UNAVAILABLE applied=unknown"
        assert_weathers("file too large", witness, path, limited(), expected=expected, fill=True)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("full", "UNAVAILABLE DISK_FULL applied=no"),
        ("write", "UNAVAILABLE DATABASE_UNAVAILABLE applied=unknown"),
        ("fsync", "UNAVAILABLE DATABASE_UNAVAILABLE applied=unknown"),
        ("readonly", "UNAVAILABLE DATABASE_READ_ONLY applied=unknown"),
    ],
)
def test_disk_when_it_fails_for_a_while_then_writes_are_refused_and_go_on_after_it(
    fault: str, expected: str, path: Path, faults: DiskFaults
) -> None:
    with witnessed(path, faults=faults) as witness:
        assert_weathers(f"{fault} fails", witness, path, faults.failing(fault), expected=expected)


def test_disk_when_it_cannot_be_read_then_calls_are_refused_and_go_on_after_it(path: Path, faults: DiskFaults) -> None:
    with witnessed(path, faults=faults) as witness:
        witness.send_many(20)
        witness.server.stop()
        # Nothing is in the memory of a new server, which first reads when the disk fails.
        witness.reconnect(start_server(f"sqlite://{path}", env=faults.environment))
        with faults.failing("read"):
            reads = Counter(witness.read() for _ in range(CALLS))
            time.sleep(2)
            health, log = witness.health(), [line for line in witness.log() if "level=info" not in line]
        show("read fails", outcomes="none", reads=dict(reads), health=health, log=log, recovered="itself")
        assert (witness.read(), witness.send()) == ("OK", "OK")
        witness.assert_kept()
    # SQLite does not distinguish a page that cannot be read from a damaged one.
    assert (set(reads), health) == ({"UNAVAILABLE DATABASE_CORRUPT applied=no"}, NOT_SERVING)
    # One for each kind: a connection that is opened meanwhile, for work in the background, meets an error of the disk.
    assert 1 <= len(log) <= len({line.split("logger=")[1] for line in log}) <= 2, log


def test_sends_when_fsync_fails_and_the_server_dies_then_what_was_acknowledged_is_there(
    path: Path, faults: DiskFaults
) -> None:
    with witnessed(path, faults=faults) as witness:
        for _ in range(3):
            witness.send_many(20)
            with faults.failing("fsync"):
                witness.send_many(20)
                witness.server.kill()
            witness.reconnect(start_server(f"sqlite://{path}", env=faults.environment))
            witness.assert_kept()
        outcomes = dict(witness.outcomes)
        with faults.failing("fsync"):
            witness.send_many(20)
            assert witness.server.stop() == 0
        assert "Traceback" not in witness.server.log_text()
    report("fsync fails, then killed, three times", f"sends {outcomes}")
    assert outcomes == {"OK": 60, "UNAVAILABLE DATABASE_UNAVAILABLE applied=unknown": 60}
    assert_sound(f"sqlite://{path}")


INDEX_LEAF = 10
"""The first byte of such a page (sqlite.org/fileformat.html)."""


def break_pages(path: Path) -> int:
    """Overwrites the start of each page that holds messages with the marker alone; answers how many."""
    content = path.read_bytes()
    leaves = [at for at in range(0, len(content), 4096) if content[at] == INDEX_LEAF]
    pages = [at for at in leaves if MARKER in content[at : at + 4096]]
    with path.open("r+b") as file:
        for at in pages:
            file.seek(at)
            file.write(b"\xff" * 64)
    return len(pages)


@pytest.mark.parametrize("running", [False, True])
def test_page_when_it_is_damaged_then_calls_that_need_it_are_refused_and_others_go_on(
    path: Path, *, running: bool
) -> None:
    with witnessed(path) as witness:
        send_around_marked(witness)
        assert witness.server.stop() == 0
        whole = path.with_name("whole.db")
        shutil.copy(path, whole)
        if not running:
            assert break_pages(path) > 0
        witness.reconnect(start_server(f"sqlite://{path}"))
        # A small database is rewritten at the start.
        time.sleep(2)
        if running:
            assert break_pages(path) > 0
        assert witness.send() == "OK"
        damaged = Counter(
            outcome_of(lambda: witness.api.page("dan", single("eve"), page_size=50)) for _ in range(CALLS)
        )
        time.sleep(3)
        health, reading = witness.health(), witness.health(READING)
        log = [line for line in witness.log() if "level=info" not in line]
        witness.outcomes.clear()
        witness.send_many(20)
        show(f"damaged page, running={running}", outcomes=dict(witness.outcomes), reads=dict(damaged), health=health,
             log=log, recovered="a copy")  # fmt: skip
        assert (dict(witness.outcomes), witness.read()) == ({"OK": 20}, "OK")
        witness.assert_kept()
        assert witness.server.stop() == 0
        whole.replace(path)
        witness.reconnect(start_server(f"sqlite://{path}"))
        assert len(witness.api.walk("dan", single("eve"))) == MARKED
    assert set(damaged) == {"UNAVAILABLE DATABASE_CORRUPT applied=no"}
    assert (health, reading) == (NOT_SERVING, SERVING)
    assert len(log) == 1, log
    assert str(path) in log[0]


@pytest.mark.parametrize("mode", [0o444, 0o400])
def test_file_when_nobody_may_write_it_then_it_is_not_served(path: Path, mode: int) -> None:
    with witnessed(path) as witness:
        assert witness.send() == "OK"
        assert witness.server.stop() == 0
    path.chmod(mode)
    content = path.read_bytes()
    last = refused_start(path)
    report(f"mode {mode:o}", last)
    assert last.startswith(f"failed: DATABASE_READ_ONLY: {path} may not be written")
    assert path.read_bytes() == content
    path.chmod(0o600)
    with witnessed(path) as witness:
        assert witness.send() == "OK"


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="only root starts it as another user")
@pytest.mark.parametrize(("file_mode", "folder_mode"), [(0o644, 0o777), (0o666, 0o755)])
def test_file_when_another_user_may_write_it_then_it_is_not_served(file_mode: int, folder_mode: int) -> None:
    with TemporaryDirectory() as parent:
        path = Path(parent) / "backscroll.db"
        with witnessed(path) as witness:
            assert witness.send() == "OK"
            assert witness.server.stop() == 0
        path.with_name(f"{path.name}-lock").unlink()
        path.chmod(file_mode)
        path.parent.chmod(folder_mode)
        last = refused_start(path, "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
    report(f"mode {file_mode:o} in a folder of {folder_mode:o}", last)
    assert last.startswith(f"failed: DATABASE_READ_ONLY: {path} may not be written: this user")


def test_file_when_it_lies_on_a_read_only_disk_then_it_is_not_served(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", megabytes=20) as disk:
        path = disk.folder / "backscroll.db"
        with witnessed(path) as witness:
            assert witness.send() == "OK"
            assert witness.server.stop() == 0
        disk.turn_read_only()
        last = refused_start(path)
    report("read-only disk", last)
    assert last.startswith(f"failed: DATABASE_READ_ONLY: {path} may not be written")


def test_file_when_the_disk_is_full_at_the_start_then_the_error_names_it(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", megabytes=1) as disk:
        (disk.folder / "ballast").write_bytes(b"x" * (1024 - 64) * 1024)
        last = refused_start(disk.folder / "backscroll.db")
    report("full at the start", last)
    assert str(disk.folder / "backscroll.db") in last
