"""What a server process gets from where it runs: the working folder, the limit of open files, idle connections."""

import os
import re
import resource
import select
import socket
import subprocess
import sys
from pathlib import Path

import grpc
import pytest

from backscroll.v1 import event_service_pb2
from benchmarks.http2 import connected
from tests.support.api_client import ApiClient, single
from tests.support.fixtures import NewDatabase, on_postgres
from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_process import RunningServer, await_target, start_server

SOFT, HARD = 128, 2048


@pytest.mark.skipif(not on_postgres(), reason="a file is for one process")
def test_workers_when_the_working_folder_has_modules_then_import_none_of_them(
    tmp_path: Path, new_database: NewDatabase
) -> None:
    for name in ("secrets", "socket", "backscroll_server"):
        (tmp_path / f"{name}.py").write_text("open('imported', 'w').close()\n")
    root = Path(__file__).parents[2]
    paths = os.pathsep.join([str(root / "service"), str(root / "generated" / "python")])
    with (tmp_path / "log").open("w+") as log:
        # The first process is started as the installed command is: without the working folder.
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "backscroll_server", "serve", "--workers", "2",
             "--database", new_database(), "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE, stderr=log, text=True, cwd=tmp_path, env={**os.environ, "PYTHONPATH": paths},
        )  # fmt: skip
        server = RunningServer("", process, log)
        try:
            await_target(server)
            assert not (tmp_path / "imported").exists()
        finally:
            # Killed, it would leave its workers, which serve on.
            server.stop()


def limits_of(pid: int) -> tuple[int, int]:
    """The soft and the hard limit of open files of a process."""
    return resource.prlimit(pid, resource.RLIMIT_NOFILE)


def test_open_files_when_more_are_allowed_then_the_server_takes_them_and_says_so(new_database: NewDatabase) -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    # What this process allows itself is what the server begins with.
    resource.setrlimit(resource.RLIMIT_NOFILE, (SOFT, before[1]))
    try:
        server = start_server(new_database())
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    connections: list[socket.socket] = []
    try:
        assert limits_of(server.pid) == (before[1], before[1])
        connections += [connected(server.target) for _ in range(SOFT + 50)]
        with grpc.insecure_channel(server.target, [("grpc.use_local_subchannel_pool", 1)]) as channel:
            ApiClient(channel).send("ann", single("bob"))
    finally:
        for connection in connections:
            connection.close()
        server.stop()
    said = re.findall(r"level=info .* may open (\d+) files at once, and no longer (\d+)", server.log_text())
    assert said == [(str(before[1]), str(SOFT))]


def test_connection_when_it_is_idle_then_ended_and_a_client_connects_again(new_database: NewDatabase) -> None:
    server = start_server(new_database(), "--idle-connection-seconds", "1")
    try:
        with (
            grpc.insecure_channel(server.target) as channel,
            connected(server.target) as idle,
            grpc.insecure_channel(server.target, [("grpc.use_local_subchannel_pool", 1)]) as watching,
        ):
            watch = ApiClient(watching).events.WatchEvents(event_service_pb2.WatchEventsRequest(user_id="bob"))
            next(watch)
            ApiClient(channel).send("ann", single("bob"))
            assert _ends(idle)
            ApiClient(channel).send("ann", single("bob"))
            # A connection with an open call is not idle.
            assert [next(watch) for _ in range(2)]
            watch.cancel()
    finally:
        server.stop()


def _ends(connection: socket.socket) -> bool:
    """Reads until the other side ends the connection; answers whether it did."""
    while select.select([connection], [], [], PATIENCE_SECONDS)[0]:
        if not connection.recv(4096):
            return True
    return False
