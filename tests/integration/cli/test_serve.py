"""The server as a process: its one line of output, its end on a signal."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import apsw
import grpc
import pytest

from backscroll.v1 import event_service_pb2, event_service_pb2_grpc
from tests.support.fixtures import NewDatabase, on_postgres, peewee_database
from tests.support.patience import PATIENCE_SECONDS


@contextmanager
def serving(database: str, *flags: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """A server of its own and where it listens."""
    command = [sys.executable, "-m", "backscroll_server", "serve", "--database", database]
    with subprocess.Popen(
        [*command, "--listen", "127.0.0.1:0", *flags], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("serving on 127.0.0.1:")
            yield process, line.removeprefix("serving on ").strip()
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_when_asked_to_stop_ends_well_and_has_said_one_line(
    number: signal.Signals, new_database: NewDatabase
) -> None:
    with serving(new_database()) as (process, target):
        with grpc.insecure_channel(target) as channel:
            grpc.channel_ready_future(channel).result(timeout=PATIENCE_SECONDS)
        process.send_signal(number)
        rest, log = process.communicate(timeout=PATIENCE_SECONDS)
    assert (process.returncode, rest) == (0, "")
    assert "stopped after" in log


def test_serve_when_asked_twice_does_not_wait_for_running_calls(new_database: NewDatabase) -> None:
    with (
        serving(new_database(), "--drain-seconds", "60") as (process, target),
        grpc.insecure_channel(target) as channel,
    ):
        # Calls that wait for the connection are sent in any order.
        grpc.channel_ready_future(channel).result(timeout=PATIENCE_SECONDS)
        imports: Any = channel.stream_unary("/backscroll.v1.MessageService/ImportMessages")
        position_exists = imports.future(_never_ending(process))
        _wait_for_a_call(channel)
        process.send_signal(signal.SIGTERM)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=0.5)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE_SECONDS) == 0
        assert position_exists.exception() is not None


def test_serve_when_others_would_reach_it_refuses_and_forced_by_name_serves(new_database: NewDatabase) -> None:
    command = [sys.executable, "-m", "backscroll_server", "serve", "--database", new_database()]
    refused = subprocess.run(
        [*command, "--listen", "0.0.0.0:0"], capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "--insecure-listen" in refused.stderr
    with serving(new_database(), "--insecure-listen") as (process, _):
        process.terminate()
        assert process.wait(timeout=PATIENCE_SECONDS) == 0


def _never_ending(process: "subprocess.Popen[str]") -> Iterator[bytes]:
    process.wait()
    yield b""


def _wait_for_a_call(channel: grpc.Channel) -> None:
    """Calls and waits for the answer, so that what was sent before on the connection has arrived."""
    call: Any = channel.unary_unary("/backscroll.v1.EventService/ListEvents")
    with pytest.raises(grpc.RpcError):
        call(event_service_pb2.ListEventsRequest().SerializeToString())


@pytest.mark.usefixtures("sqlite_only")
def test_serve_when_another_process_serves_the_file_is_refused(new_database: NewDatabase) -> None:
    url = new_database()
    for _ in range(2):
        with serving(url) as (process, _):
            second = subprocess.run(
                [sys.executable, "-m", "backscroll_server", "serve", "--database", url, "--listen", "127.0.0.1:0"],
                capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS,
            )  # fmt: skip
            assert (second.returncode, second.stdout) == (1, "")
            assert second.stderr.splitlines()[-1].startswith("failed: DATABASE_IN_USE: another process uses ")
            # The next one serves it, because a lock ends with its process.
            process.kill()


def _refused(*flags: str) -> str:
    """Starts a server that must not start; answers the last line of its log."""
    refused = subprocess.run(
        [sys.executable, "-m", "backscroll_server", "serve", *flags],
        capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS,
    )  # fmt: skip
    assert (refused.returncode, refused.stdout) == (1, "")
    return refused.stderr.splitlines()[-1]


@pytest.mark.parametrize("table", ["notes", "schema_migration", "message"])
def test_serve_when_the_database_is_of_another_program_then_refuses_and_leaves_it(
    table: str, new_database: NewDatabase
) -> None:
    url = new_database()
    if on_postgres():
        with closing(peewee_database(url)) as database:
            database.execute_sql(f"CREATE TABLE {table} (id int)")
    else:
        with closing(apsw.Connection(url.removeprefix("sqlite://"))) as other:
            other.execute(f"CREATE TABLE {table} (id int)")
        before = Path(url.removeprefix("sqlite://")).read_bytes()
    refusal = f"failed: OTHER_DATABASE: the database has tables of another program ({table}); name an empty one"
    for _ in range(2):
        assert _refused("--database", url, "--listen", "127.0.0.1:0") == refusal
    if on_postgres():
        with closing(peewee_database(url)) as database:
            assert database.get_tables() == [table]
    else:
        assert Path(url.removeprefix("sqlite://")).read_bytes() == before


@pytest.mark.parametrize("address", ["127.0.0.1:99999", "127.0.0.1", "::1:50051", "unix:1"])
def test_serve_when_the_address_is_none_then_says_what_one_is(address: str, new_database: NewDatabase) -> None:
    refusal = _refused("--database", new_database(), "--listen", address)
    assert refusal.startswith("failed: wrong settings: listen: ")
    assert "pattern" not in refusal


def test_commands_when_a_variable_is_misspelt_then_name_it(
    new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = new_database()
    monkeypatch.setenv("BACKSCROLL_DATABSE", "sqlite:elsewhere.db")
    sentence = "BACKSCROLL_DATABSE is no setting and is ignored; did you mean BACKSCROLL_DATABASE?"
    with serving(url) as (process, _):
        process.terminate()
        _, log = process.communicate(timeout=PATIENCE_SECONDS)
    assert [line.partition("level=")[2] for line in log.splitlines() if sentence in line] == [
        f"warning logger=backscroll_server.app {sentence}"
    ]
    migrated = subprocess.run(
        [sys.executable, "-m", "backscroll_server", "migrate", "--database", url],
        capture_output=True, text=True, check=True, timeout=PATIENCE_SECONDS,
    )  # fmt: skip
    assert migrated.stderr == f"{sentence}\n"


def test_watch_when_it_ends_by_its_deadline_then_logged_as_that(new_database: NewDatabase) -> None:
    with serving(new_database(), "--watch-heartbeat-seconds", "2") as (process, target):
        with grpc.insecure_channel(target) as channel:
            grpc.channel_ready_future(channel).result(timeout=PATIENCE_SECONDS)
            events = event_service_pb2_grpc.EventServiceStub(channel)
            for seconds in (0.5, 1.234, 2.55):
                watch = events.WatchEvents(event_service_pb2.WatchEventsRequest(user_id="late"), timeout=seconds)
                with pytest.raises(grpc.RpcError) as caught:
                    list(watch)
                assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
            watch = events.WatchEvents(event_service_pb2.WatchEventsRequest(user_id="gone"), timeout=60)
            next(watch)
            watch.cancel()
            _wait_for_a_call(channel)
        process.terminate()
        _, log = process.communicate(timeout=PATIENCE_SECONDS)
    ended = re.findall(r"call=\S*WatchEvents status=(\S+) .*user_id=(\S+)", log)
    assert ended == [("DEADLINE_EXCEEDED", "late")] * 3 + [("CANCELLED", "gone")]
