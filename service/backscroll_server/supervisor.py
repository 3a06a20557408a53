"""A supervisor of several server processes on one port: it starts them, restarts those that end, and stops them."""

import asyncio
import logging
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from backscroll_server.settings import ENVIRONMENT_PREFIX, Settings, SettingsError
from backscroll_server.signals import stop_signals
from backscroll_server.transport.log_output import LogOutput, direct_logging

READY: Final = "serving on "

_FIRST_PAUSE_SECONDS: Final = 0.2
_LONGEST_PAUSE_SECONDS: Final = 10.0
_HEALTHY_SECONDS: Final = 30.0
_GRACE_SECONDS: Final = 15.0

logger = logging.getLogger(__name__)


class WorkerFailedError(RuntimeError):
    """A worker process ended before it took calls."""


class Worker:
    """One server process, which `supervise` replaces by a new one whenever it ends by itself.

    Args:
        environment: the environment variables of the process, every setting among them.
    """

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = False

    async def start(self) -> None:
        """Start the process and wait until it takes calls.

        Raises:
            WorkerFailedError: where the process ends before it takes calls.
        """
        # Its standard error is this process's; its standard output says when it is ready.
        # `-P`: else a file in the working folder would be imported in the place of a module by its name.
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "backscroll_server", "serve",
            env=self._environment, stdout=asyncio.subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        output = self._process.stdout
        line = await output.readline() if output is not None else b""
        if not line.decode().startswith(READY):
            raise WorkerFailedError(f"a worker ended with status {await self._process.wait()} before it took calls")

    async def supervise(self) -> None:
        """Start the process again whenever it ends by itself; return when it has ended after `stop`.

        The pause before a start is 0.2 seconds. It doubles with each start, up to 10 seconds, and is 0.2 seconds again
        after a process that ran for more than 30 seconds.
        """
        pause = _FIRST_PAUSE_SECONDS
        while self._process is not None:
            started = asyncio.get_running_loop().time()
            status = await self._process.wait()
            if self._stopping:
                return
            if asyncio.get_running_loop().time() - started > _HEALTHY_SECONDS:
                pause = _FIRST_PAUSE_SECONDS
            logger.error("worker %d ended with status %d; another starts in %g s", self._process.pid, status, pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
            if self._stopping:
                return
            try:
                await self.start()
            except WorkerFailedError as error:
                logger.error("a worker did not start: %s", error)  # noqa: TRY400 - its text is what matters
            if self._stopping:
                # It was asked to stop while there was no process to signal.
                self.terminate()

    async def stop(self, seconds: float) -> None:
        """Send SIGTERM to the process, so that it lets running calls end, and wait until it has ended.

        Args:
            seconds: the longest wait, in seconds; then the process is killed.
        """
        self._stopping = True
        if self._process is None or self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            async with asyncio.timeout(seconds):
                await self._process.wait()
        except TimeoutError:
            logger.warning("worker %d did not end within %g s and is killed", self._process.pid, seconds)
            self._process.kill()
            await self._process.wait()

    def terminate(self) -> None:
        """Send SIGTERM to the process, if it runs.

        It then lets running calls end; if it got SIGTERM before, it cancels them and ends at once.
        """
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()


async def serve_with_workers(settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve with `settings.workers` processes until SIGTERM or SIGINT, then stop them one by one.

    A second signal makes them cancel their running calls.

    Args:
        settings: all settings of the server; the workers get them by their environment.
        announce: called once with the address `HOST:PORT`, when all workers take calls.

    Raises:
        SettingsError: where the database is a SQLite file, which only one process can serve.
        WorkerFailedError: where a worker ends before it takes calls; the other workers are stopped.
    """
    if settings.database.startswith("sqlite:"):
        raise SettingsError(
            "several workers share a PostgreSQL database; a SQLite file is served by one process: set workers to 1"
        )
    output = LogOutput(sys.stderr)
    direct_logging(output, settings.log_level, settings.log_format)
    try:
        await _serve(settings, announce)
    finally:
        output.close()


async def _serve(settings: Settings, announce: Callable[[str], None]) -> None:
    signals = stop_signals()
    with _reserved(settings.listen) as port:
        address = f"{settings.listen.rpartition(':')[0]}:{port}"
        workers = [Worker(_environment(settings, address)) for _ in range(settings.workers)]
        try:
            await asyncio.gather(*(worker.start() for worker in workers))
            supervising = [asyncio.create_task(worker.supervise()) for worker in workers]
            announce(address)
            await signals.get()
            logger.info("stopping %d workers, one by one", len(workers))
            terminating = asyncio.create_task(_terminate_on_signal(signals, workers))
            for worker in workers:
                await worker.stop(settings.drain_seconds + _GRACE_SECONDS)
            terminating.cancel()
            await asyncio.gather(*supervising)
        finally:
            await asyncio.gather(*(worker.stop(_GRACE_SECONDS) for worker in workers))


async def _terminate_on_signal(signals: "asyncio.Queue[int]", workers: list[Worker]) -> None:
    await signals.get()
    # Those that drain already end at once; the others will when their turn comes.
    for worker in workers:
        worker.terminate()


def _environment(settings: Settings, address: str) -> dict[str, str]:
    """Return the environment variables of a worker: those of this process, and one for each setting.

    Settings are not passed as arguments, because other users of the machine see those, and a URL may hold a password.

    Args:
        settings: all settings of the server; a worker gets them with 1 worker and a shared port.
        address: the address for the worker to listen on, `HOST:PORT`.
    """
    chosen = settings.model_dump() | {"workers": 1, "share_port": True, "listen": address}
    values = {f"{ENVIRONMENT_PREFIX}{name.upper()}": str(value) for name, value in chosen.items()}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(ENVIRONMENT_PREFIX)}
    return inherited | values


@contextmanager
def _reserved(listen: str) -> Iterator[int]:
    """Reserve the port of an address for the workers, by a socket that is bound to it in the block but never listens.

    Args:
        listen: the address, `HOST:PORT`; port 0 is any free port.

    Yields:
        The port.
    """
    host, _, port = listen.rpartition(":")
    family, kind, protocol, _, address = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as supervising:
        supervising.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        supervising.bind(address)
        reserved: int = supervising.getsockname()[1]
        yield reserved
