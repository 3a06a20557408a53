"""Real servers in processes of their own, for tests."""

import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.support.patience import PATIENCE_SECONDS

READY = "serving on "


@dataclass(slots=True)
class RunningServer:
    """A server that takes calls.

    Attributes:
        target: `HOST:PORT`.
        process: the process.
        log: where it writes its standard error.
        logged: what of that was read last.
    """

    target: str
    process: "subprocess.Popen[str]"
    log: IO[str]
    logged: str = ""

    @property
    def pid(self) -> int:
        """The process's id."""
        return self.process.pid

    def stop(self) -> int:
        """Asks it to stop and waits; answers its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self._end()

    def kill(self) -> None:
        """Ends it without warning, as a crash does."""
        if self.process.poll() is None:
            self.process.kill()
        self._end()

    def log_text(self) -> str:
        """What it wrote to standard error; all of it once it has ended."""
        if not self.log.closed:
            self.log.seek(0)
            self.logged = self.log.read()
        return self.logged

    def _end(self) -> int:
        try:
            status = self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.log_text()
        self.log.close()
        return status


def start_server(
    database_url: str, *flags: str, env: Mapping[str, str] | None = None, ahead: float = 0
) -> RunningServer:
    """Starts a server on a free port and waits until it takes calls.

    Args:
        database_url: as `--database` takes it.
        flags: further flags of `backscroll serve`.
        env: further environment.
        ahead: by how many seconds its clock is ahead of the machine's.

    Raises:
        RuntimeError: with the server's log, where it does not start.
    """
    log = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - lives as long as the server
    root = Path(__file__).parents[2]
    paths = [str(root / "service"), str(root / "generated" / "python")]
    command = ["backscroll_server"]
    if ahead:
        paths.append(str(root))
        command = ["tests.support.server_ahead", str(ahead)]
    process = subprocess.Popen(
        [sys.executable, "-m", *command, "serve", "--database", database_url, "--listen", "127.0.0.1:0", *flags],
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), **(env or {})},
    )
    return await_target(RunningServer("", process, log))


def await_target(server: RunningServer) -> RunningServer:
    """Waits until a server says on which address it takes calls; answers the server with it.

    Raises:
        RuntimeError: with the server's log, where it does not start.
    """
    line = _first_line(server.process)
    if not line.startswith(READY):
        server.kill()
        raise RuntimeError(f"the server did not start: {line!r}\n{server.log_text()}")
    server.target = line.removeprefix(READY).strip()
    return server


def workers_of(server: RunningServer) -> list[int]:
    """The process ids of a server's workers."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text(encoding="ascii")
    return [int(pid) for pid in children.split()]


def _first_line(process: "subprocess.Popen[str]") -> str:
    stdout = process.stdout
    deadline = time.monotonic() + PATIENCE_SECONDS
    while stdout is not None and time.monotonic() < deadline and process.poll() is None:
        if select.select([stdout], [], [], 0.2)[0]:
            return stdout.readline()
    return ""
