"""Real servers in processes of their own on one database, on one clock that the test sets, which may be killed.

`python -m tests.support.clocked_processes CLOCK SETTINGS` is one of them: the file of the clock, and settings as JSON.
"""

import asyncio
import itertools
import json
import mmap
import os
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import grpc
from grpc_health.v1 import health_pb2

from backscroll_server import app
from backscroll_server.services.upkeep.check import check_database
from backscroll_server.settings import Settings
from tests.support.api_client import ApiClient, health_stub
from tests.support.clocked_server import SettableClock
from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_process import READY, RunningServer, await_target

_TIME = struct.Struct("<q")


class SharedClock(SettableClock):
    """A clock in a file: what one process sets, the others read."""

    def __init__(self, path: Path) -> None:
        is_new = not path.exists()
        with path.open("w+b" if is_new else "r+b") as file:
            file.truncate(_TIME.size)
            self._memory = mmap.mmap(file.fileno(), _TIME.size)
        if is_new:
            super().__init__()

    @property
    def now(self) -> int:
        """The time, in microseconds."""
        return int(_TIME.unpack_from(self._memory)[0])

    @now.setter
    def now(self, time: int) -> None:
        _TIME.pack_into(self._memory, 0, time)


class ClockedProcesses:
    """Servers that take calls in turn.

    Attributes:
        clock: their clock.
        database: the URL of their database.
        api: a short way to call them; each call goes to the next server.
    """

    def __init__(self, clock: SharedClock, path: Path, database: str, count: int, settings: dict[str, Any]) -> None:
        self.clock = clock
        self.database = database
        self._arguments = [str(path), json.dumps({"database": database, **settings})]
        self._servers = [self._start() for _ in range(count)]
        self._channels = [_connected(server) for server in self._servers]
        self.api = ApiClient(_InTurn(self._channels))

    def restart(self, which: int, *, kill: bool = False) -> None:
        """Ends a server, by SIGKILL or by asking it to stop, and starts another in its place. Any number names one."""
        place = which % len(self._servers)
        if kill:
            self._servers[place].kill()
        else:
            assert self._servers[place].stop() == 0, self._servers[place].log_text()
        self._channels[place].close()
        self._servers[place] = self._start()
        self._channels[place] = _connected(self._servers[place])

    def problems(self, **rules: Any) -> list[str]:
        """What a check of the database finds, at the servers' time."""
        return check_database(self.database, now=self.clock(), **rules).problems

    def stop(self) -> None:
        """Ends them all."""
        for channel, server in zip(self._channels, self._servers, strict=True):
            channel.close()
            server.stop()

    def _start(self) -> RunningServer:
        log = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - lives as long as the server
        root = Path(__file__).parents[2]
        paths = [str(root / "service"), str(root / "generated" / "python"), str(root)]
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.clocked_processes", *self._arguments],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        )
        return await_target(RunningServer("", process, log))


class _InTurn(grpc.Channel):
    """Sends each call over the next of several connections, which may be replaced meanwhile."""

    def __init__(self, channels: list[grpc.Channel]) -> None:
        self._channels = channels
        self._turns = itertools.count()

    def _next(self) -> Any:
        return self._channels[next(self._turns) % len(self._channels)]

    def unary_unary(self, method: str, *details: Any, **named: Any) -> Any:
        return _Callable(lambda: self._next().unary_unary(method, *details, **named))

    def unary_stream(self, method: str, *details: Any, **named: Any) -> Any:
        return _Callable(lambda: self._next().unary_stream(method, *details, **named))

    def stream_unary(self, method: str, *details: Any, **named: Any) -> Any:
        return _Callable(lambda: self._next().stream_unary(method, *details, **named))

    def stream_stream(self, method: str, *details: Any, **named: Any) -> Any:
        return _Callable(lambda: self._next().stream_stream(method, *details, **named))

    def subscribe(self, callback: Any, try_to_connect: bool | None = False) -> None:
        """Nobody asks for it."""
        raise NotImplementedError

    def unsubscribe(self, callback: Any) -> None:
        """Nobody asks for it."""
        raise NotImplementedError

    def close(self) -> None:
        """The connections are closed by who made them."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class _Callable:
    """One method of whichever connection is next."""

    def __init__(self, following: Callable[[], Any]) -> None:
        self._following = following

    def __call__(self, *request: Any, **options: Any) -> Any:
        return self._following()(*request, **options)

    def future(self, *request: Any, **options: Any) -> Any:
        """The call without waiting for it."""
        return self._following().future(*request, **options)

    def with_call(self, *request: Any, **options: Any) -> Any:
        """The call with what it says of itself."""
        return self._following().with_call(*request, **options)


def _connected(server: RunningServer) -> grpc.Channel:
    channel = grpc.insecure_channel(server.target)
    health_stub(channel).Check(health_pb2.HealthCheckRequest(), timeout=PATIENCE_SECONDS, wait_for_ready=True)
    return channel


@contextmanager
def clocked_processes(database: str, folder: Path, count: int = 1, **settings: Any) -> Iterator[ClockedProcesses]:
    """Servers on one database; their other settings are given by name.

    Args:
        database: its URL.
        folder: where the clock is kept.
        count: how many servers; only one may serve a SQLite file.
        settings: further settings.
    """
    clock = SharedClock(folder / "clock")
    servers = ClockedProcesses(clock, folder / "clock", database, count, {"removal_delay_hours": 0} | settings)
    try:
        yield servers
    finally:
        servers.stop()


def _main() -> None:
    path, settings = sys.argv[1:]
    chosen = Settings(listen="127.0.0.1:0", log_level="error", **json.loads(settings))

    def announce(target: str) -> None:
        sys.stdout.write(f"{READY}{target}\n")
        sys.stdout.flush()

    clock = SharedClock(Path(path))
    asyncio.run(app.serve(chosen, announce, clock=clock, passed=clock))


if __name__ == "__main__":
    _main()
