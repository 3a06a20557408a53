"""Ten thousand connections that send nothing: others are served meanwhile, and all of them are closed."""

import subprocess
import sys
import time
from contextlib import ExitStack

import psutil
import pytest

from tests.support.api_client import failing, single
from tests.support.fixtures import NewDatabase
from tests.support.running_server import serving_process

PROCESSES, CONNECTIONS = 4, 2_500
HANDSHAKE_SECONDS, PATIENCE_SECONDS = 10, 30
MEGABYTE = 1024 * 1024

OPENER = """
import resource, socket, sys
host, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
opened = [socket.create_connection((host, port), 60) for _ in range(count)]
print("opened", flush=True)
for connection in opened:
    # What the server sends before it closes a connection says nothing here.
    while connection.recv(4096):
        pass
print("closed", flush=True)
"""
"""Opens connections, sends nothing, and waits until each is closed."""


@pytest.mark.slow
def test_connections_when_ten_thousand_send_nothing_then_others_are_served(new_database: NewDatabase) -> None:
    flags = ("--handshake-seconds", str(HANDSHAKE_SECONDS))
    with serving_process(new_database(), *flags) as (server, api), ExitStack() as stack:
        assert failing(api.page, "alice", single("bob")).reason == "CONVERSATION_NOT_FOUND"
        process, (host, _, port) = psutil.Process(server.pid), server.target.rpartition(":")
        command = [sys.executable, "-c", OPENER, host, port, str(CONNECTIONS)]
        openers = [
            stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, text=True)) for _ in range(PROCESSES)
        ]
        for opener in openers:
            stack.callback(opener.kill)
        began, waits, most = time.monotonic(), [0.0], 0
        while any(opener.poll() is None for opener in openers):
            assert time.monotonic() - began < HANDSHAKE_SECONDS + PATIENCE_SECONDS
            asked = time.monotonic()
            assert failing(api.page, "alice", single("bob")).reason == "CONVERSATION_NOT_FOUND"
            waits.append(time.monotonic() - asked)
            most = max(most, process.memory_info().rss)
            time.sleep(0.05)
        assert [opener.communicate()[0].split() for opener in openers] == [["opened", "closed"]] * PROCESSES
    assert (max(waits) < 3, most < 250 * MEGABYTE) == (True, True), (max(waits), most / MEGABYTE)
