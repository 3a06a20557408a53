"""Output of log lines by a separate thread, so that a slow reader of standard error never blocks a call."""

import json
import logging
import threading
import time
import traceback
from collections import deque
from functools import lru_cache
from typing import Any, Final, Literal, TextIO

LogFormat = Literal["text", "json"]
LogLevel = Literal["debug", "info", "warning", "error"]

WAITING_LINES: Final = 50_000
BUFFER_SECONDS: Final = 0.05

_OWN: Final = "backscroll_server"
# The names of migrations.
_HARMLESS: Final = frozenset({"peewee.migrations"})


class LogOutput:
    """Writes lines to a stream in the order given, in batches, from a thread that starts with the object.

    Args:
        stream: the stream to write to.
        waiting_lines: the most lines that may wait to be written. Further ones are dropped, so that memory stays
            bounded when nobody reads the stream; a line with their number is written later.
    """

    def __init__(self, stream: TextIO, *, waiting_lines: int = WAITING_LINES) -> None:
        self._stream = stream
        self._waiting_lines = waiting_lines
        self._lines: deque[str] = deque()
        self._dropped = 0
        self._woken = False
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="log-output", daemon=True)
        self._thread.start()

    def put(self, line: str) -> None:
        """Queue a line, without its line end, for the thread to write; never wait, and drop it if the queue is full."""
        if len(self._lines) >= self._waiting_lines:
            self._dropped += 1
            return
        self._lines.append(line)
        if not self._woken:
            self._woken = True
            self._wake.set()

    def close(self) -> None:
        """Write the waiting lines and end the thread; return after at most 2 seconds even if the stream is blocked."""
        self._closing.set()
        self._wake.set()
        self._thread.join(timeout=2)

    def _run(self) -> None:
        while not self._closing.is_set():
            self._wake.wait()
            self._wake.clear()
            self._closing.wait(BUFFER_SECONDS)
            # Before the lines are taken: a line put from here on wakes the thread again.
            self._woken = False
            self._write()

    def _write(self) -> None:
        batch: list[str] = []
        while self._lines:
            batch.append(self._lines.popleft())
        if self._dropped:
            batch.append(f"dropped {self._dropped} log lines: the reader of the log is too slow")
            self._dropped = 0
        if not batch:
            return
        try:
            self._stream.write("\n".join(batch) + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            # Nobody is left to read it, and nowhere to say so.
            return


class _OutputHandler(logging.Handler):
    """Handler of the standard library's logging that passes each record to a `LogOutput` as a formatted line."""

    def __init__(self, output: LogOutput) -> None:
        super().__init__()
        self._output = output

    def emit(self, record: logging.LogRecord) -> None:
        self._output.put(self.format(record))


def exception_places(error: BaseException | None) -> str:
    """Return the types of an exception and its causes, and the places that each passed through, over several lines.

    Their texts are left out, because they may contain what a caller sent.
    """
    parts: list[str] = []
    known: set[int] = set()
    while error is not None and id(error) not in known:
        known.add(id(error))
        frames = "".join(traceback.format_tb(error.__traceback__))
        parts.append(f"{type(error).__module__}.{type(error).__qualname__}\n{frames}")
        error = error.__cause__ or error.__context__
    return "raised while handling ".join(parts)


def safe_message(record: logging.LogRecord) -> str:
    """Return the message of a log record, without what a caller may have sent.

    A message of this program is whole. That of a library may hold metadata, tokens or texts, as `grpc` logs metadata
    that is no text: only its form is returned, without values, or its place where it has no values apart from it.
    """
    if record.name.partition(".")[0] == _OWN or record.name in _HARMLESS:
        return record.getMessage()
    if record.args and isinstance(record.msg, str):
        return record.msg
    return f"a message of {record.module}, line {record.lineno}"


class _Formatter(logging.Formatter):
    def formatException(self, ei: Any) -> str:  # noqa: N802 - the standard library's name
        return exception_places(ei[1]).rstrip()


class _JsonFormatter(_Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "time": timestamp(int(record.created * 1_000_000)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": safe_message(record),
        }
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return json.dumps(fields)


class _TextFormatter(_Formatter):
    def format(self, record: logging.LogRecord) -> str:
        time_text = timestamp(int(record.created * 1_000_000))
        line = f"time={time_text} level={record.levelname.lower()} logger={record.name} {safe_message(record)}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def timestamp(microseconds: int) -> str:
    """Return a time in microseconds since 1970 as RFC 3339 in UTC, as `2004-12-25T03:41:00.000000Z`."""
    seconds, fraction = divmod(microseconds, 1_000_000)
    return f"{_to_the_second(seconds)}.{fraction:06d}Z"


@lru_cache(maxsize=4)
def _to_the_second(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))


def direct_logging(output: LogOutput, level: LogLevel, style: LogFormat) -> None:
    """Send everything that the process logs through `logging` to an output; replaces the root logger's handlers.

    Messages are passed through `safe_message`, exceptions through `exception_places`, so that no line has what a caller
    sent.
    Peewee's log of statements stays off at every level, because their parameters contain message content.

    Args:
        output: the output that gets the lines.
        level: the lowest level to log.
        style: the form of a line: `text` or `json`.
    """
    handler = _OutputHandler(output)
    handler.setFormatter(_JsonFormatter() if style == "json" else _TextFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # It logs statements with their parameters at DEBUG, and those hold what users wrote.
    logging.getLogger("peewee").setLevel(max(logging.INFO, root.level))
