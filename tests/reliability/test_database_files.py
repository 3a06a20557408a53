"""Files of a SQLite database: who may read them, who may serve them, and what happens when they go away."""

import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2

from tests.support.api_client import ApiClient, failing, health_stub, single
from tests.support.database_check import assert_sound
from tests.support.patience import PATIENCE_SECONDS
from tests.support.running_server import serving_process
from tests.support.server_process import RunningServer, start_server

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING

pytestmark = pytest.mark.usefixtures("sqlite_only")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The path of a database that does not exist yet."""
    return tmp_path / "backscroll.db"


def url_of(path: Path) -> str:
    return f"sqlite://{path}"


def serve_refused(path: Path) -> str:
    """Starts a server that must not start; answers the last line of its log."""
    refused = subprocess.run(
        [sys.executable, "-m", "backscroll_server", "serve", "--database", url_of(path), "--listen", "127.0.0.1:0"],
        capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS,
    )  # fmt: skip
    assert (refused.returncode, refused.stdout) == (1, "")
    return refused.stderr.splitlines()[-1]


@contextmanager
def started(path: Path) -> Iterator[tuple[RunningServer, ApiClient]]:
    """A server that ends with the block, also where the block fails."""
    server = start_server(url_of(path))
    try:
        with grpc.insecure_channel(server.target) as channel:
            yield server, ApiClient(channel)
    finally:
        server.kill()


def health(server: RunningServer) -> int:
    with grpc.insecure_channel(server.target) as channel:
        status: int = health_stub(channel).Check(health_pb2.HealthCheckRequest(), timeout=PATIENCE_SECONDS).status
    return status


def assert_health_becomes(expected: int, server: RunningServer, *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while health(server) != expected:
        assert time.monotonic() < deadline, server.log_text()
        time.sleep(0.02)


def send_until_refused(api: ApiClient, count: int) -> tuple[list[str], grpc.RpcError | None]:
    """Sends `count` messages; answers the texts of those that were acknowledged, and the first refusal."""
    acknowledged: list[str] = []
    for number in range(count):
        try:
            api.send("ann", single("bob"), f"text {number}")
        except grpc.RpcError as error:
            return acknowledged, error
        acknowledged.append(f"text {number}")
    return acknowledged, None


def test_files_when_made_then_only_their_owner_may_read_them(path: Path) -> None:
    before = os.umask(0o022)
    try:
        with serving_process(url_of(path)) as (_, api):
            api.send("ann", single("bob"))
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    finally:
        os.umask(before)
    names = ["backscroll.db", "backscroll.db-lock", "backscroll.db-shm", "backscroll.db-wal"]
    assert {name: modes.get(name) for name in names} == dict.fromkeys(names, 0o600)
    assert [name for name, mode in modes.items() if mode & 0o077] == []


def test_file_when_others_may_read_it_already_then_the_log_says_so(path: Path) -> None:
    with serving_process(url_of(path)):
        pass
    path.chmod(0o644)
    with serving_process(url_of(path)) as (server, _):
        pass
    assert f"every user of this machine may read {path}" in server.log_text()


@pytest.mark.parametrize("link", [os.link, os.symlink])
def test_file_when_it_is_served_by_another_name_then_a_second_server_is_refused(
    link: Callable[[Path, Path], None], path: Path, tmp_path: Path
) -> None:
    other = tmp_path / "elsewhere" / "other.db"
    other.parent.mkdir()
    with serving_process(url_of(path)) as (_, api):
        link(path, other)
        assert serve_refused(other).startswith(f"failed: DATABASE_IN_USE: another process uses {other}")
        api.send("ann", single("bob"))
    assert_sound(url_of(path))


def test_file_when_it_has_had_another_name_then_served_by_that_name_once_nobody_uses_it(
    path: Path, tmp_path: Path
) -> None:
    with serving_process(url_of(path)) as (_, api):
        api.send("ann", single("bob"))
    os.link(path, tmp_path / "other.db")
    with serving_process(url_of(tmp_path / "other.db")) as (_, api):
        assert len(api.page("bob", single("ann")).messages) == 1


def delete(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(f"{path.name}{suffix}").unlink()


def replace(path: Path) -> None:
    shutil.copy(path, path.with_name("copy.db"))
    path.with_name("copy.db").replace(path)


@pytest.mark.parametrize("remove", [delete, Path.unlink, replace])
def test_file_when_deleted_or_replaced_under_the_server_then_it_stops_serving(
    remove: Callable[[Path], object], path: Path
) -> None:
    unavailable = (grpc.StatusCode.UNAVAILABLE, "DATABASE_UNAVAILABLE", "")
    with started(path) as (server, api):
        api.send("ann", single("bob"))
        assert health(server) == SERVING
        remove(path)
        assert_health_becomes(NOT_SERVING, server, seconds=1)
        for _ in range(3):
            assert failing(api.send, "ann", single("bob")) == unavailable
            assert failing(api.page, "bob", single("ann")) == unavailable
            time.sleep(0.5)
        assert health(server) == NOT_SERVING
        assert server.stop() == 0
    errors = [line for line in server.log_text().splitlines() if "level=error" in line]
    assert len(errors) == 1, server.log_text()
    assert str(path) in errors[0]
    assert 'File "' not in server.log_text()


@pytest.mark.parametrize("remove", [delete, replace])
def test_send_when_begun_after_the_file_went_then_never_acknowledged(
    remove: Callable[[Path], object], path: Path
) -> None:
    with started(path) as (_, api):
        api.send("ann", single("bob"))
        remove(path)
        assert failing(api.send, "ann", single("bob")).code is grpc.StatusCode.UNAVAILABLE


def test_file_when_moved_away_under_load_and_back_then_it_holds_all_that_was_acknowledged(path: Path) -> None:
    away = path.with_name("away.db")
    with started(path) as (server, api):
        acknowledged, refusal = send_until_refused(api, 50)
        assert refusal is None
        mover = subprocess.Popen([sys.executable, "-c", f"import os; os.rename({str(path)!r}, {str(away)!r})"])
        more, refusal = send_until_refused(api, 3_000)
        assert mover.wait(PATIENCE_SECONDS) == 0
        assert refusal is not None
        assert_health_becomes(NOT_SERVING, server, seconds=1)
        away.rename(path)
        assert_health_becomes(SERVING, server, seconds=PATIENCE_SECONDS)
        api.send("ann", single("bob"), "after")
        found = [message.content.text.text for message in api.walk("bob", single("ann"))][::-1]
        assert server.stop() == 0
    # The send that was refused may be stored: its status says so.
    sent = [*acknowledged, *more]
    assert found in ([*sent, "after"], [*sent, f"text {len(more)}", "after"])
    assert_sound(url_of(path))


def test_path_when_it_cannot_be_opened_then_the_error_names_it(tmp_path: Path) -> None:
    missing = tmp_path / "missing" / "backscroll.db"
    text = tmp_path / "text.db"
    text.write_text("no database at all " * 100)
    for path in (missing, tmp_path, text):
        for command in ("serve", "migrate"):
            failed = subprocess.run(
                [sys.executable, "-m", "backscroll_server", command, "--database", url_of(path)],
                capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS,
            )  # fmt: skip
            assert failed.returncode == 1
            assert str(path) in failed.stderr.splitlines()[-1], failed.stderr
    assert text.read_text() == "no database at all " * 100
