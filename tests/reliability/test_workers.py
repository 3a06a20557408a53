"""Several workers on one port: they share the calls, survive each other's death, and drain one by one."""

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import grpc
import psutil
import pytest

from backscroll.v1 import user_service_pb2
from backscroll.v1.user_service_pb2_grpc import UserServiceStub
from backscroll_server.identity.service_keys import key_line, new_key
from tests.support.api_client import ApiClient, sequences, single
from tests.support.clocked_server import eventually
from tests.support.database_check import assert_sound
from tests.support.fixtures import NewDatabase, on_postgres
from tests.support.identity_files import write_private
from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_process import RunningServer, start_server, workers_of

postgres_only = pytest.mark.skipif(not on_postgres(), reason="a file is for one process")

WORKERS = 3


def connected(server: RunningServer) -> grpc.Channel:
    """A connection of its own, which the system deals out to some worker."""
    return grpc.insecure_channel(server.target, options=[("grpc.use_local_subchannel_pool", 1)])


def send(server: RunningServer, text: str, key: str) -> int:
    """Sends on a connection of its own, again and again until it is acknowledged; answers the sequence."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        with connected(server) as channel:
            try:
                return ApiClient(channel).send("ann", single("bob"), text, client_message_id=key).sequence
            except grpc.RpcError as error:
                if error.code() is not grpc.StatusCode.UNAVAILABLE or time.monotonic() > deadline:
                    raise


@pytest.fixture
def server(new_database: NewDatabase) -> Iterator[RunningServer]:
    """A server with workers; its database is sound in the end."""
    database = new_database()
    running = start_server(database, "--workers", str(WORKERS))
    yield running
    running.stop()
    assert_sound(database)


@postgres_only
def test_workers_share_the_port_and_what_each_acknowledges_all_see(server: RunningServer) -> None:
    assert len(workers_of(server)) == WORKERS
    assert [send(server, str(n), f"k{n}") for n in range(20)] == list(range(1, 21))
    for _ in range(10):
        with connected(server) as channel:
            assert sequences(ApiClient(channel).walk("bob", single("ann"))) == list(range(20, 0, -1))
    assert server.stop() == 0, server.log_text()


@postgres_only
def test_worker_when_killed_is_replaced_and_nothing_acknowledged_is_lost(server: RunningServer) -> None:
    acknowledged = []
    for round_ in range(4):
        before = workers_of(server)
        os.kill(before[round_ % WORKERS], signal.SIGKILL)
        acknowledged += [send(server, f"{round_}-{n}", f"{round_}-{n}") for n in range(10)]
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(set(workers_of(server)) - set(before)) < 1 or len(workers_of(server)) < WORKERS:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    assert acknowledged == list(range(1, 41))
    with connected(server) as channel:
        assert sequences(ApiClient(channel).walk("bob", single("ann"))) == list(range(40, 0, -1))
    assert server.stop() == 0, server.log_text()
    assert "another starts" in server.log_text()


@postgres_only
def test_workers_when_asked_to_stop_end_one_by_one(server: RunningServer) -> None:
    pids = workers_of(server)
    assert server.stop() == 0
    log = server.log_text()
    assert f"stopping {WORKERS} workers, one by one" in log
    assert log.count("stopped after") == WORKERS
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


@postgres_only
def test_workers_when_what_started_them_is_killed_serve_on_until_asked_to_end(server: RunningServer) -> None:
    pids = workers_of(server)
    server.kill()
    try:
        assert [send(server, str(n), str(n)) for n in range(4)] == [1, 2, 3, 4]
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGTERM)
    eventually(lambda: all(has_ended(pid) for pid in pids))


def has_ended(pid: int) -> bool:
    """Whether a process is gone, or waits for somebody to ask how it ended."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_workers_of_a_file_are_refused_in_a_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="a SQLite file is served by one process"):
        start_server(f"sqlite://{tmp_path / 'a.db'}", "--workers", "2")


@postgres_only
def test_workers_when_one_service_calls_all_of_them_give_it_its_rate_each(
    tmp_path: Path, new_database: NewDatabase
) -> None:
    """Keep semantics N6."""
    workers, rate, connections, seconds = 2, 20, 10, 4.0
    key = new_key()
    keys = write_private(tmp_path / "keys", key_line("busy", key))
    flags = ("--workers", str(workers), "--auth", "key", "--key-file", str(keys), "--read-rate", str(rate))
    server = start_server(new_database(), *flags)
    request = user_service_pb2.GetUnreadSummaryRequest(user_id="ann")
    counted: Counter[grpc.StatusCode] = Counter()
    with ExitStack() as stack:
        stubs = [UserServiceStub(stack.enter_context(connected(server))) for _ in range(connections)]
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            calls = [
                stub.GetUnreadSummary.future(request, metadata=(("authorization", f"Bearer {key}"),)) for stub in stubs
            ]
            counted.update(call.code() for call in calls)
        lasted = time.monotonic() - began
    # What two seconds bring may come at once.
    assert rate * lasted < counted.pop(grpc.StatusCode.OK) <= workers * (rate * (lasted + 2) + 1)
    assert counted.pop(grpc.StatusCode.RESOURCE_EXHAUSTED) > 0
    assert not counted
    assert server.stop() == 0, server.log_text()
