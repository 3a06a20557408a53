"""One line for each call: what, who, how it ended, how long. Never what was said."""

import asyncio
import json
import logging
import re
from dataclasses import dataclass
from typing import Final

import grpc

from backscroll_server.transport.log_output import LogFormat, LogLevel, LogOutput, timestamp

SHOWN_CHARACTERS: Final = 256
BUFFER_SECONDS: Final = 0.02

_PLAIN = re.compile(r"[A-Za-z0-9_.:/@+-]+", re.ASCII)

_LEVELS: Final = {
    grpc.StatusCode.INTERNAL: logging.ERROR,
    grpc.StatusCode.UNKNOWN: logging.ERROR,
    grpc.StatusCode.UNAVAILABLE: logging.WARNING,
    grpc.StatusCode.RESOURCE_EXHAUSTED: logging.WARNING,
}


@dataclass(slots=True, eq=False)
class CallRecord:
    """The record of a finished call in the log.

    Attributes:
        method: `service/method`.
        request_id: the id in its answer and its log line.
        user_id: the user that the request names, as given; of a stream of requests, its latest.
        received_bytes: the size of its requests so far.
        sent_bytes: the size of its answers so far.
        code: its status.
        reason: the stable reason of a failure; empty without one.
        ended_at: when it ended, in microseconds since 1970; 0 before.
        seconds: how long it took.
    """

    method: str
    request_id: str = ""
    user_id: str = ""
    received_bytes: int = 0
    sent_bytes: int = 0
    code: grpc.StatusCode = grpc.StatusCode.OK
    reason: str = ""
    ended_at: int = 0
    seconds: float = 0.0


class AccessLog:
    """Writes the lines of calls.

    Args:
        output: where to.
        level: `info` and below write every call, `warning` those that the server failed or refused for load, `error`
            those that met a bug.
        style: how a line is written.
    """

    def __init__(self, output: LogOutput, level: LogLevel, style: LogFormat) -> None:
        self._output = output
        lowest = logging.getLevelNamesMapping()[level.upper()]
        self._logged_codes = [code for code in grpc.StatusCode if _LEVELS.get(code, logging.INFO) >= lowest]
        self._format = json_line if style == "json" else text_line
        self._ended: list[CallRecord] = []

    def wants(self, code: grpc.StatusCode) -> bool:
        """Return whether a call that ended so gets a line."""
        # In a list, the first of which is OK: a set would ask the enumeration for a hash, which costs more.
        return code in self._logged_codes

    def add(self, record: CallRecord) -> None:
        """Log a call that has ended, within 20 milliseconds. Must be called on the event loop.

        The lines of many calls are made in a row, which costs a fraction of making each where its call ends. They are
        made on the loop, because a thread would compete with it for the interpreter lock, and written by a thread.
        """
        self._ended.append(record)
        if len(self._ended) == 1:
            asyncio.get_running_loop().call_later(BUFFER_SECONDS, self.flush)

    def flush(self) -> None:
        """Hand over the lines of the calls that have ended."""
        ended, self._ended = self._ended, []
        for record in ended:
            self._output.put(self._format(record))


def json_line(record: CallRecord) -> str:
    """Return a call as one line of JSON."""
    return json.dumps(
        {
            "time": timestamp(record.ended_at),
            "level": _level_name(record.code),
            "call": record.method,
            "status": record.code.name,
            "reason": record.reason,
            "request_id": record.request_id,
            "user_id": record.user_id[:SHOWN_CHARACTERS],
            "ms": round(record.seconds * 1000, 3),
            "received_bytes": record.received_bytes,
            "sent_bytes": record.sent_bytes,
        }
    )


def text_line(record: CallRecord) -> str:
    """Return a call as `key=value` pairs; a caller's text is quoted as in JSON if it could be misread."""
    code = record.code
    ending = "OK" if code is grpc.StatusCode.OK else code.name
    if record.reason:
        ending += f" reason={record.reason}"
    return (
        f"time={timestamp(record.ended_at)} level={_level_name(code)} call={record.method} "
        f"status={ending} request_id={_quoted(record.request_id)} "
        f"user_id={_quoted(record.user_id[:SHOWN_CHARACTERS])} ms={record.seconds * 1000:.3f} "
        f"received_bytes={record.received_bytes} sent_bytes={record.sent_bytes}"
    )


def _quoted(text: str) -> str:
    if text.isascii() and text.isalnum():
        return text
    return text if _PLAIN.fullmatch(text) else json.dumps(text)


def _level_name(code: grpc.StatusCode) -> str:
    # Looking up how a call ended costs more than the rest of its line, and nearly every call ends well.
    return "info" if code is grpc.StatusCode.OK else logging.getLevelName(_LEVELS.get(code, logging.INFO)).lower()
