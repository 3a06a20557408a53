"""The example of a client in Python goes on where a server with another database takes the place of its own."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_process import RunningServer, start_server

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "python" / "follow.py"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "generated" / "python")}
COUNT = 30


def test_example_begins_again_where_another_database_is_served(tmp_path: Path) -> None:
    server: RunningServer = start_server(f"sqlite:{tmp_path / 'x.db'}")
    running = subprocess.Popen(
        [sys.executable, str(EXAMPLE), "alice", "bob", str(COUNT)],
        env={**ENVIRONMENT, "BACKSCROLL_ADDRESS": server.target},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert running.stdout is not None
        lines = [running.stdout.readline() for _ in range(5)]
        server.kill()
        # Of a flag that is given twice the last one counts.
        server = start_server(f"sqlite:{tmp_path / 'y.db'}", "--listen", server.target)
        rest, _ = running.communicate(timeout=PATIENCE_SECONDS)
    finally:
        running.kill()
        server.stop()
    lines += rest.splitlines(keepends=True)
    assert running.returncode == 0, lines
    received = [line for line in lines if line.startswith("received ")]
    assert len(received) == len(set(received)) == COUNT
    assert [line for line in lines if line.startswith("begins again: ")]
