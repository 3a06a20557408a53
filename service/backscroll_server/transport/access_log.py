"""The access log: one line for each call with its method, user, status and duration, without message content."""

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
    """One call as the access log shows it; the last five attributes are set when the call has ended and is logged.

    Attributes:
        method: the names of service and method, `SERVICE/METHOD`.
        request_id: the id that the metadata of the answer and the log line carry.
        user_id: the user that the request names, as given; of a stream of requests, the user of the latest.
        received_bytes: the total size of the requests received so far.
        sent_bytes: the total size of the answers sent so far.
        code: the grpc status with which the call ended.
        caller: the name that the caller proved to have; empty where it proved none.
        reason: the stable reason of the failure; empty if the call did not fail.
        note: what else the log says of the failure.
        ended_at: the time at which the call ended, in microseconds since 1970; 0 before.
        seconds: the duration of the call, in seconds.
    """

    method: str
    request_id: str = ""
    user_id: str = ""
    caller: str = ""
    received_bytes: int = 0
    sent_bytes: int = 0
    code: grpc.StatusCode = grpc.StatusCode.OK
    reason: str = ""
    note: str = ""
    ended_at: int = 0
    seconds: float = 0.0


class AccessLog:
    """Writes one log line for each call that has ended.

    Args:
        output: the output that gets the lines.
        level: the lowest level to write. A call that ended with `INTERNAL` or `UNKNOWN` has the level `error`, one with
            `UNAVAILABLE` or `RESOURCE_EXHAUSTED` the level `warning`, every other call `info`.
        style: the form of a line: `text` or `json`.
    """

    def __init__(self, output: LogOutput, level: LogLevel, style: LogFormat) -> None:
        self._output = output
        lowest = logging.getLevelNamesMapping()[level.upper()]
        self._logged_codes = [code for code in grpc.StatusCode if _LEVELS.get(code, logging.INFO) >= lowest]
        self._format = json_line if style == "json" else text_line
        self._ended: list[CallRecord] = []

    def wants(self, code: grpc.StatusCode) -> bool:
        """Return whether a call that ended with this status gets a line."""
        # In a list, the first of which is OK: a set would ask the enumeration for a hash, which costs more.
        return code in self._logged_codes

    def add(self, record: CallRecord) -> None:
        """Log a call that has ended: its line is passed to the output within 20 milliseconds.

        Must be called on the event loop. The calls that ended meanwhile are formatted together, which costs a fraction
        of formatting each at its end. The event loop formats them, because a thread would compete with it for the
        interpreter lock.
        """
        self._ended.append(record)
        if len(self._ended) == 1:
            asyncio.get_running_loop().call_later(BUFFER_SECONDS, self.flush)

    def flush(self) -> None:
        """Pass the lines of the calls that were added since the last flush to the output, at once."""
        ended, self._ended = self._ended, []
        for record in ended:
            self._output.put(self._format(record))


def json_line(record: CallRecord) -> str:
    """Return the log line of a call as a JSON object, without a line end; the user id is cut to 256 characters."""
    return json.dumps(
        {
            "time": timestamp(record.ended_at),
            "level": _level_name(record.code),
            "call": record.method,
            "status": record.code.name,
            "reason": record.reason,
            **({"note": record.note} if record.note else {}),
            "request_id": record.request_id,
            "user_id": record.user_id[:SHOWN_CHARACTERS],
            **({"caller": record.caller[:SHOWN_CHARACTERS]} if record.caller else {}),
            "ms": round(record.seconds * 1000, 3),
            "received_bytes": record.received_bytes,
            "sent_bytes": record.sent_bytes,
        }
    )


def text_line(record: CallRecord) -> str:
    """Return the log line of a call as `key=value` pairs, without a line end.

    The user id is cut to 256 characters. A request id or user id is quoted as in JSON if it is empty or has characters
    other than ASCII letters, digits and `_.:/@+-`.
    """
    code = record.code
    ending = "OK" if code is grpc.StatusCode.OK else code.name
    if record.reason:
        ending += f" reason={record.reason}"
    if record.note:
        ending += f" note={_quoted(record.note)}"
    caller = f" caller={_quoted(record.caller[:SHOWN_CHARACTERS])}" if record.caller else ""
    return (
        f"time={timestamp(record.ended_at)} level={_level_name(code)} call={record.method} "
        f"status={ending} request_id={_quoted(record.request_id)} "
        f"user_id={_quoted(record.user_id[:SHOWN_CHARACTERS])}{caller} ms={record.seconds * 1000:.3f} "
        f"received_bytes={record.received_bytes} sent_bytes={record.sent_bytes}"
    )


def _quoted(text: str) -> str:
    if text.isascii() and text.isalnum():
        return text
    return text if _PLAIN.fullmatch(text) else json.dumps(text)


def _level_name(code: grpc.StatusCode) -> str:
    # Looking up how a call ended costs more than the rest of its line, and nearly every call ends well.
    return "info" if code is grpc.StatusCode.OK else logging.getLevelName(_LEVELS.get(code, logging.INFO)).lower()
