"""The page about clients in Python works word for word, and its example loses nothing over a restart."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_process import RunningServer, start_server

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "clients" / "python.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "examples" / "python" / "follow.py"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "generated" / "python")}
COUNT = 30


def test_first_call_of_the_page_prints_what_the_page_shows(tmp_path: Path) -> None:
    first, retries = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    server = start_server(f"sqlite:{tmp_path / 'x.db'}")
    try:
        for _ in range(2):  # A second run is a retry: it stores nothing twice.
            ran = subprocess.run(
                [sys.executable, "-c", f"{first}\n{retries}".replace("127.0.0.1:50051", server.target)],
                env=ENVIRONMENT, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=True,
            )  # fmt: skip
            assert ran.stdout == "s:alice:bob 1\n"
    finally:
        server.stop()
    assert f"$ .venv/bin/python first_call.py\n{ran.stdout}" in PAGE


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
