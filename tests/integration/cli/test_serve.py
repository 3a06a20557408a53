"""The server as a process: its one line of output, its end on a signal."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import grpc
import pytest

from backscroll.v1 import event_service_pb2
from tests.support.fixtures import NewDatabase
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
