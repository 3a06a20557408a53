"""Nothing of what callers send is in the log, not even where the library logs it."""

import grpc
import pytest
from grpc_health.v1 import health_pb2

from backscroll.v1 import message_service_pb2
from benchmarks.http2 import DATA, END_HEADERS, END_STREAM, HEADERS, connected, frame, headers
from tests.support.api_client import ApiClient, failing, health_stub, single
from tests.support.fixtures import NewDatabase
from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_process import RunningServer, start_server

SECRET = "hunter2secret"
NO_TEXT = SECRET.encode() + b"\xff"
PATH = b"/backscroll.v1.MessageService/GetMessage"
REQUEST = message_service_pb2.GetMessageRequest(user_id="ann", message_id=SECRET).SerializeToString()


def call_with(server: RunningServer, *extra: tuple[bytes, bytes], path: bytes = PATH, body: bytes = REQUEST) -> None:
    """Calls by hand and reads what comes."""
    message = b"\0" + len(body).to_bytes(4, "big") + body
    with connected(server.target) as connection:
        connection.settimeout(0.3)
        connection.sendall(frame(HEADERS, END_HEADERS, 1, headers(path, *extra)) + frame(DATA, END_STREAM, 1, message))
        try:
            while connection.recv(4096):
                pass
        except (TimeoutError, ConnectionError):
            return


@pytest.mark.parametrize(
    ("level", "style"), [("debug", "text"), ("debug", "json"), ("info", "text"), ("warning", "json"), ("error", "text")]
)
def test_log_when_callers_send_secrets_then_has_none_of_them(level: str, style: str, new_database: NewDatabase) -> None:
    server = start_server(new_database(), "--log-level", level, "--log-format", style)
    try:
        # Bytes that are no text, which the library logs, and text, which it does not.
        for value in (NO_TEXT, SECRET.encode()):
            for key in (b"authorization", b"x-anything", b"device-id", b"backscroll-namespace", b"x-token-bin"):
                call_with(server, (key, value))
            for key in (b"grpc-timeout", b"grpc-encoding", b"te", b"user-agent", b"grpc-previous-rpc-attempts"):
                call_with(server, (key, value))
            call_with(server, path=b"/" + value)
            call_with(server, path=PATH + value)
        call_with(server, body=b"\x0a\x7f" + NO_TEXT)
        with grpc.insecure_channel(server.target) as channel:
            api = ApiClient(channel)
            api.send("ann", single("bob"), SECRET, client_message_id=SECRET)
            failing(api.page, "ann", single("bob"), page_token=SECRET)
            failing(api.page, "ann", single(f"\x00{SECRET}"))
            assert health_stub(channel).Check(health_pb2.HealthCheckRequest(), timeout=PATIENCE_SECONDS).status
    finally:
        assert server.stop() == 0
    log = server.log_text()
    assert SECRET not in log
    assert "hunter" not in log
    # The library's line is there, by its form and its place.
    assert "grpc" in log
    assert "Invalid encoding on %s" in log
    assert "UnicodeDecodeError" in log
