"""Output of log lines by a separate thread, so that a slow reader of standard error never blocks a call."""

import json
import logging
import threading
import time
from collections import deque
from functools import lru_cache
from typing import Final, Literal, TextIO

LogFormat = Literal["text", "json"]
LogLevel = Literal["debug", "info", "warning", "error"]

WAITING_LINES: Final = 50_000
BUFFER_SECONDS: Final = 0.05


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


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "time": timestamp(int(record.created * 1_000_000)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return json.dumps(fields)


class _TextFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        time_text = timestamp(int(record.created * 1_000_000))
        line = f"time={time_text} level={record.levelname.lower()} logger={record.name} {record.getMessage()}"
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
