"""Real servers in processes of their own on one database, on one clock that the test sets, which may be killed.

`python -m tests.support.clocked_processes CLOCK AHEAD SETTINGS` is one of them: the file of the clock, by how many
microseconds its own is ahead of that, and settings as JSON.
"""

import asyncio
import json
import mmap
import os
import struct
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import grpc
from grpc_health.v1 import health_pb2

from backscroll_server import app
from backscroll_server.domain.clock import SECOND
from backscroll_server.services.upkeep.check import check_database
from backscroll_server.settings import Settings
from tests.support.api_client import ApiClient, health_stub, single
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
        clock: the clock of those that are not ahead.
        database: the URL of their database.
        apart: by how many microseconds the clock of any is ahead at most.
        api: a short way to call them; each call goes to the next server.
    """

    def __init__(
        self, clock: SharedClock, path: Path, database: str, ahead: Sequence[float], settings: dict[str, Any]
    ) -> None:
        self.clock = clock
        self.database = database
        self._path, self._settings = str(path), json.dumps({"database": database, **settings})
        self._ahead = [round(seconds * SECOND) for seconds in ahead]
        self.apart = max(self._ahead)
        self._servers = [self._start(place) for place in range(len(ahead))]
        self._channels = [_connected(server) for server in self._servers]
        self._shown = [self._time_shown(place) for place in range(len(ahead))]
        self._in_turn = _InTurn(self._channels)
        self.api = ApiClient(self._in_turn)

    def time(self) -> int:
        """Return the time at the server that took the last call, in microseconds."""
        place = self._in_turn.latest
        return max(self.clock() + self._ahead[place], self._shown[place])

    def from_the_first(self) -> None:
        """Lets the first server take the next call, and all show the time of their clocks: so a run can be repeated."""
        self._in_turn.latest = -1
        self.clock.now += self.apart

    def restart(self, which: int, *, kill: bool = False) -> None:
        """Ends a server, by SIGKILL or by asking it to stop, and starts another in its place. Any number names one."""
        place = which % len(self._servers)
        if kill:
            self._servers[place].kill()
        else:
            assert self._servers[place].stop() == 0, self._servers[place].log_text()
        self._channels[place].close()
        self._servers[place] = self._start(place)
        self._channels[place] = _connected(self._servers[place])
        self._shown[place] = self._time_shown(place)

    def problems(self, **rules: Any) -> list[str]:
        """Return the problems that a check of the database finds, at the time of the server whose clock is furthest."""
        return check_database(self.database, now=self.clock() + self.apart, **rules).problems

    def stop(self) -> None:
        """Ends them all."""
        for channel, server in zip(self._channels, self._servers, strict=True):
            channel.close()
            server.stop()

    def _time_shown(self, place: int) -> int:
        """Return the time that a server shows after its start: that of the newest change of any server, or later."""
        least = self.clock() + self._ahead[place]
        if not self.apart:
            return least
        user = f"starting {uuid.uuid4()}"
        opened = ApiClient(self._channels[place]).open(user, single(user))
        shown = opened.activity_time.ToMicroseconds()
        assert least <= shown <= self.clock() + self.apart
        return shown

    def _start(self, place: int) -> RunningServer:
        log = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - lives as long as the server
        root = Path(__file__).parents[2]
        paths = [str(root / "service"), str(root / "generated" / "python"), str(root)]
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.clocked_processes", self._path, str(self._ahead[place]),
             self._settings],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        )  # fmt: skip
        return await_target(RunningServer("", process, log))


class _InTurn(grpc.Channel):
    """Sends each call over the next of several connections, which may be replaced meanwhile.

    Attributes:
        latest: the place of the connection that took the last call.
    """

    def __init__(self, channels: list[grpc.Channel]) -> None:
        self._channels = channels
        self.latest = -1

    def _next(self) -> Any:
        self.latest = (self.latest + 1) % len(self._channels)
        return self._channels[self.latest]

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
def clocked_processes(
    database: str, folder: Path, ahead: Sequence[float] = (0,), **settings: Any
) -> Iterator[ClockedProcesses]:
    """Servers on one database; their other settings are given by name.

    Args:
        database: its URL.
        folder: where the clock is kept.
        ahead: for each server, by how many seconds its clock is ahead; only one may serve a SQLite file.
        settings: further settings.
    """
    clock = SharedClock(folder / "clock")
    servers = ClockedProcesses(clock, folder / "clock", database, ahead, {"removal_delay_hours": 0} | settings)
    try:
        yield servers
    finally:
        servers.stop()


def _main() -> None:
    path, ahead, settings = sys.argv[1:]
    chosen = Settings(listen="127.0.0.1:0", log_level="error", **json.loads(settings))

    def announce(target: str) -> None:
        sys.stdout.write(f"{READY}{target}\n")
        sys.stdout.flush()

    shared = SharedClock(Path(path))
    asyncio.run(app.serve(chosen, announce, clock=lambda: shared() + int(ahead), passed=shared))


if __name__ == "__main__":
    _main()
