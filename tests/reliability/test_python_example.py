"""The example of a client in Python loses nothing over a crash and a restart, nor over another database."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_process import RunningServer, start_server

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "python" / "follow.py"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "generated" / "python")}
COUNT = 30


def restarted(server: RunningServer, database: str, *, crash: bool) -> RunningServer:
    """The server that takes the place of another one, at its address."""
    if crash:
        server.kill()
    else:
        server.stop()
    # Of a flag that is given twice the last one counts.
    return start_server(database, "--listen", server.target)


@pytest.mark.parametrize("other_database", [False, True])
def test_example_receives_every_message_over_restarts(tmp_path: Path, other_database: bool) -> None:
    first = f"sqlite:{tmp_path / 'x.db'}"
    server = start_server(first)
    running = subprocess.Popen(
        [sys.executable, str(EXAMPLE), "alice", "bob", str(COUNT)],
        env={**ENVIRONMENT, "BACKSCROLL_ADDRESS": server.target},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert running.stdout is not None
        lines = [running.stdout.readline() for _ in range(5)]
        server = restarted(server, first, crash=True)
        lines += [running.stdout.readline() for _ in range(10)]
        server = restarted(server, f"sqlite:{tmp_path / 'y.db'}" if other_database else first, crash=False)
        rest, _ = running.communicate(timeout=PATIENCE_SECONDS)
    finally:
        running.kill()
        server.stop()
    lines += rest.splitlines(keepends=True)
    assert running.returncode == 0, lines
    received = [line for line in lines if line.startswith("received ")]
    assert len(received) == len(set(received)) == COUNT
    assert any(line.startswith("begins again: ") for line in lines) == other_database
