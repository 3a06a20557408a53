"""Starts the servers that are measured, each in a process of its own on a core of its own."""

import os
import re
import selectors
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from benchmarks.cores import Cores, bound

_START_SECONDS = 30
_STOP_SECONDS = 30
_WRITER_LINE = re.compile(r"writer commits=(\d+) weight=(\d+)")


class ServerFailedError(RuntimeError):
    """A server did not start, or did not stop as it should."""


class ServerProcess:
    """A running server.

    Attributes:
        address: where it listens.
        log: the file that its standard error goes to.
    """

    def __init__(self, process: "subprocess.Popen[str]", log: Path) -> None:
        self._process = process
        self.log = log
        self.address = self._ready()

    def _ready(self) -> str:
        """Wait for the line that says where the server listens."""
        output = self._process.stdout
        if output is None:
            raise ServerFailedError("the server has no standard output")
        with selectors.DefaultSelector() as selector:
            selector.register(output, selectors.EVENT_READ)
            line = output.readline() if selector.select(_START_SECONDS) else ""
        if not line.startswith("serving on "):
            self._process.kill()
            self._process.wait()
            output.close()
            raise ServerFailedError(f"the server did not start:\n{self.log.read_text()[-2000:]}")
        return line.split()[-1]

    def processor_seconds(self) -> float | None:
        """Return the CPU time of all its threads and workers so far; None if the system does not say."""
        return processor_seconds_of_all(self._process.pid)

    def resident_bytes(self) -> int | None:
        """Return its resident memory; None if the system does not say."""
        try:
            pages = Path(f"/proc/{self._process.pid}/statm").read_text(encoding="ascii").split()[1]
        except OSError:
            return None
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def stop(self) -> None:
        """Ask it to stop and wait until it has.

        Raises:
            ServerFailedError: where it had to be killed, or ended with a failure.
        """
        if self._process.poll() is None:
            self._process.terminate()
        try:
            status = self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise ServerFailedError(f"the server did not stop within {_STOP_SECONDS} s") from None
        finally:
            if self._process.stdout is not None:
                self._process.stdout.close()
        if status not in (0, -15):
            raise ServerFailedError(f"the server ended with status {status}:\n{self.log.read_text()[-2000:]}")

    def commits(self) -> tuple[int, int] | None:
        """Return the writer's commits and messages, as the server logs them when it stops."""
        lines = _WRITER_LINE.findall(self.log.read_text())
        return (int(lines[-1][0]), int(lines[-1][1])) if lines else None


def processor_seconds(pid: int) -> float | None:
    """Return the CPU seconds of a process so far; None if the system does not say."""
    return _computed(pid, fields=2)


def processor_seconds_of_all(pid: int) -> float | None:
    """Return the CPU seconds of a process and its children so far, ended ones included; None if unknown."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return None
    own = _computed(pid, fields=4)
    return None if own is None else own + sum(processor_seconds(int(child)) or 0.0 for child in children)


def _computed(pid: int, *, fields: int) -> float | None:
    """Return the sum of a process's user and system time, with 4 fields those of its ended children too."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except OSError:
        return None
    # The name in parentheses may hold spaces; the times are fields 14 to 17 of the line.
    times = stat.rpartition(")")[2].split()[11 : 11 + fields]
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")


def _start(arguments: Sequence[str], log: Path, cores: Cores, tree: Path | None = None) -> ServerProcess:
    environment = dict(os.environ)
    if tree is not None:
        # Found before what is installed.
        environment["PYTHONPATH"] = os.pathsep.join([str(tree / "service"), str(tree / "generated" / "python")])
    with bound(cores.server), log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments], stdout=subprocess.PIPE, stderr=errors, text=True, env=environment
        )
    return ServerProcess(process, log)


@contextmanager
def _stopped_at_the_end(server: ServerProcess) -> Iterator[ServerProcess]:
    try:
        yield server
    finally:
        server.stop()


def database_url(database: Path | str) -> str:
    """Return the URL of a database file; what is a URL stays as it is."""
    if isinstance(database, str):
        return database
    return f"sqlite://{quote(str(database.absolute()))}"


@contextmanager
def backscroll(database: Path, cores: Cores, *flags: str, tree: Path | None = None) -> Iterator[ServerProcess]:
    """Serve a database file, with default settings, or those of the environment or of flags; `tree` is other code."""
    with backscroll_at(database_url(database), database.with_suffix(".log"), cores, *flags, tree=tree) as server:
        yield server


@contextmanager
def backscroll_at(url: str, log: Path, cores: Cores, *flags: str, tree: Path | None = None) -> Iterator[ServerProcess]:
    """Serve the database at a URL, with this tree's code or that of another checkout."""
    arguments = ["backscroll_server", "serve", "--database", url, "--listen", "127.0.0.1:0", *flags]
    with _stopped_at_the_end(_start(arguments, log, cores, tree)) as server:
        yield server


@contextmanager
def empty_server(method: str, answer: bytes, folder: Path, cores: Cores) -> Iterator[ServerProcess]:
    """Serve yardstick E for one RPC: every call gets `answer`."""
    number = time.monotonic_ns()
    answer_file = folder / f"answer-{number}.bin"
    answer_file.write_bytes(answer)
    arguments = ["benchmarks.empty_server", method, str(answer_file)]
    with _stopped_at_the_end(_start(arguments, folder / f"empty-{number}.log", cores)) as server:
        yield server


@contextmanager
def empty_fanout(watch: str, send: str, answer: bytes, folder: Path, cores: Cores) -> Iterator[ServerProcess]:
    """Return the yardstick of watching: every stream of `watch` gets `answer` whenever `send` is called."""
    answer_file = folder / "fanout.bin"
    answer_file.write_bytes(answer)
    arguments = ["benchmarks.empty_fanout", watch, send, str(answer_file)]
    with _stopped_at_the_end(_start(arguments, folder / "fanout.log", cores)) as server:
        yield server
