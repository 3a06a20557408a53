"""Log lines: what they hold, and that writing them never holds anything up."""

import io
import json
import logging
import threading
from collections.abc import Iterator

import grpc
import pytest

from backscroll_server.transport.access_log import AccessLog, CallRecord, json_line, text_line
from backscroll_server.transport.log_output import LogFormat, LogLevel, LogOutput, direct_logging, timestamp

OK = CallRecord(
    "S/M", "id-1", "alice", received_bytes=12, sent_bytes=34, ended_at=1_700_000_000_000_001, seconds=0.0015
)


@pytest.fixture
def _logging_restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.getLogger("peewee").setLevel(logging.NOTSET)


class StuckStream(io.StringIO):
    """A stream whose reader does not read."""

    def __init__(self) -> None:
        super().__init__()
        self.released = threading.Event()

    def write(self, text: str) -> int:
        self.released.wait(5)
        return super().write(text)


def test_line_when_a_call_succeeded_holds_its_fields() -> None:
    assert text_line(OK) == (
        "time=2023-11-14T22:13:20.000001Z level=info call=S/M status=OK request_id=id-1 user_id=alice ms=1.500 "
        "received_bytes=12 sent_bytes=34"
    )
    assert json.loads(json_line(OK))["user_id"] == "alice"


def test_line_when_a_user_id_is_hostile_stays_one_line_of_pairs() -> None:
    hostile = CallRecord("S/M", "id-1", 'x status=OK\nlevel="a"' + "z" * 999)
    for line in (text_line(hostile), json_line(hostile)):
        assert "\n" not in line
        assert len(line) < 700
    assert 'user_id="x status=OK\\nlevel=' in text_line(hostile)


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("debug", {"OK", "NOT_FOUND", "UNAVAILABLE", "INTERNAL"}),
        ("info", {"OK", "NOT_FOUND", "UNAVAILABLE", "INTERNAL"}),
        ("warning", {"UNAVAILABLE", "INTERNAL"}),
        ("error", {"INTERNAL"}),
    ],
)
def test_request_log_when_a_level_is_set_takes_what_is_as_grave(level: LogLevel, expected: set[str]) -> None:
    output = LogOutput(io.StringIO())
    log = AccessLog(output, level, "text")
    names = ("OK", "NOT_FOUND", "UNAVAILABLE", "INTERNAL")
    assert {name for name in names if log.wants(grpc.StatusCode[name])} == expected
    output.close()


def test_output_when_closed_has_written_every_line_in_order() -> None:
    stream = io.StringIO()
    output = LogOutput(stream)
    for number in range(1000):
        output.put(str(number))
    output.close()
    assert stream.getvalue().split() == [str(number) for number in range(1000)]


def test_output_when_nobody_reads_drops_lines_and_says_how_many() -> None:
    stream = StuckStream()
    output = LogOutput(stream, waiting_lines=10)
    for _ in range(100):
        output.put("line")
    stream.released.set()
    output.close()
    assert stream.getvalue().count("line\n") == 10
    assert "dropped 90 log lines" in stream.getvalue()


def test_output_when_the_stream_is_closed_goes_on() -> None:
    stream = io.StringIO()
    stream.close()
    output = LogOutput(stream)
    output.put("line")
    output.close()


@pytest.mark.usefixtures("_logging_restored")
@pytest.mark.parametrize("style", ["text", "json"])
def test_logging_when_directed_writes_lines_and_keeps_parameters_of_statements_out(style: LogFormat) -> None:
    stream = io.StringIO()
    output = LogOutput(stream)
    direct_logging(output, "debug", style)
    logging.getLogger("peewee").debug("('INSERT', ['what a user wrote'])")
    try:
        raise ValueError("what a caller sent")
    except ValueError:
        logging.getLogger("backscroll_server").exception("met a bug")
    output.close()
    assert "what a user wrote" not in stream.getvalue()
    assert "met a bug" in stream.getvalue()
    assert "builtins.ValueError" in stream.getvalue()
    assert "test_log_output.py" in stream.getvalue()
    # The source line of the place shows in itself what is raised there.
    assert stream.getvalue().count("what a caller sent") == 1
    if style == "json":
        assert json.loads(stream.getvalue())["level"] == "error"


def test_timestamp_when_written_keeps_microseconds() -> None:
    assert timestamp(1_000_001) == "1970-01-01T00:00:01.000001Z"
