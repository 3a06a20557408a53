"""Nothing of what callers send is in the log, not even where the library logs it."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2

from backscroll.v1 import message_service_pb2
from backscroll_server.cli.connection import Connection
from backscroll_server.identity.service_keys import KEY_PREFIX, key_line
from benchmarks.http2 import DATA, END_HEADERS, END_STREAM, HEADERS, connected, frame, headers
from tests.support.api_client import ApiClient, failing, health_stub, single
from tests.support.fixtures import NewDatabase, on_postgres
from tests.support.identity_files import AUDIENCE, new_signer, public_pem, token_of, unsigned_token, write_private
from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_process import RunningServer, start_server

SECRET = "hunter2secret"
NO_TEXT = SECRET.encode() + b"\xff"
PATH = b"/backscroll.v1.MessageService/GetMessage"
METADATA = (
    b"authorization",
    b"x-anything",
    b"device-id",
    b"backscroll-namespace",
    b"x-token-bin",
    b"grpc-timeout",
    b"grpc-encoding",
    b"te",
    b"user-agent",
    b"grpc-previous-rpc-attempts",
)
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
        with ThreadPoolExecutor(8) as pool:
            calls = [
                pool.submit(call_with, server, *extra, path=path, body=body)
                for value in (NO_TEXT, SECRET.encode())
                for extra, path, body in [
                    *((((key, value),), PATH, REQUEST) for key in METADATA),
                    ((), b"/" + value, REQUEST),
                    ((), PATH + value, REQUEST),
                    ((), PATH, b"\x0a\x7f" + value),
                ]
            ]
        for call in calls:
            call.result()
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


@pytest.mark.parametrize(("level", "style"), [("debug", "text"), ("debug", "json"), ("warning", "text")])
def test_log_when_keys_tokens_and_content_hold_secrets_then_has_none_of_them(
    level: str, style: str, tmp_path: Path, new_database: NewDatabase
) -> None:
    signer = new_signer()
    key, unknown = KEY_PREFIX + SECRET + "k" * 43, KEY_PREFIX + SECRET + "u" * 43
    tokens = [
        token_of(signer, "ann", note=SECRET),
        token_of(new_signer(), "ann", note=SECRET),
        token_of(signer, "ann", exp=1, note=SECRET),
        unsigned_token(SECRET),
        f"{SECRET}.{SECRET}.{SECRET}",
    ]
    keys = write_private(tmp_path / "keys", key_line("billing", key))
    public = write_private(tmp_path / "signer.pem", public_pem(signer))
    database = new_database()
    server = start_server(
        database, "--log-level", level, "--log-format", style, "--auth", "key,jwt", "--key-file", str(keys),
        "--jwt-key-file", str(public), "--jwt-audience", AUDIENCE,
    )  # fmt: skip
    try:
        for proof in (unknown, *tokens[1:], f"{key} "):
            with Connection(server.target, proof=proof).open() as channel:
                failing(ApiClient(channel).listed, "ann" if proof.strip() != key else "\x00")
        with Connection(server.target, proof=tokens[0]).open() as channel:
            ApiClient(channel).send("ann", single("bob"), SECRET)
            failing(ApiClient(channel).page, "ann", single("bob"), page_token=SECRET)
        with Connection(server.target, proof=key).open() as channel:
            api = ApiClient(channel)
            api.settings("ann", single("bob"), draft=SECRET)
            api.create_group("ann", "club", attributes={"note": SECRET})
            # As a control: it is there where it belongs.
            assert api.page("bob", single("ann")).messages[0].content.text.text == SECRET
        if not on_postgres():
            file = Path(database.removeprefix("sqlite://"))
            assert SECRET.encode() in file.read_bytes() + Path(f"{file}-wal").read_bytes()
    finally:
        assert server.stop() == 0
    log = server.log_text()
    assert SECRET not in log
    for proof in (key, unknown, *tokens):
        assert proof not in log
        assert proof[-20:] not in log
    if level == "debug":
        assert "NOT_AUTHENTICATED" in log
        assert "billing" in log


KEY = KEY_PREFIX + SECRET + "k" * 80
SYMMETRIC = json.dumps({"kty": "oct", "alg": "HS256", "k": SECRET * 4})
BESIDE_KEYS = ("--auth", "key", "--key-file")
BESIDE_TOKENS = ("--auth", "jwt", "--jwt-audience", AUDIENCE, "--jwt-key-file")
BESIDE_TLS = ("--tls-certificate", "{file}", "--tls-key")


@pytest.mark.parametrize(
    ("flags", "content"),
    [
        pytest.param((*BESIDE_KEYS, "{file}"), f"billing {SECRET}", id="a short key"),
        pytest.param((*BESIDE_KEYS, "{file}"), f"{KEY} billing", id="the key before its name"),
        pytest.param((*BESIDE_KEYS, "{file}"), f"billing {KEY} {KEY}", id="two keys in a line"),
        pytest.param((*BESIDE_KEYS, "{file}"), f"billing sha256:{SECRET}", id="a digest that is none"),
        pytest.param((*BESIDE_TOKENS, "{file}"), SYMMETRIC, id="a symmetric key"),
        pytest.param((*BESIDE_TOKENS, "{file}"), f'{{"keys": [{SYMMETRIC}]}}', id="a set with a symmetric key"),
        pytest.param((*BESIDE_TOKENS, "{file}"), f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n", id="no key of tokens"),
        pytest.param((*BESIDE_TLS, "{file}"), f"-----BEGIN CERTIFICATE-----\n{SECRET}\n", id="no certificate"),
        pytest.param(("--auth", "key", "--keys", f"billing:{SECRET}"), "", id="a short key as a setting"),
        pytest.param(("--auth", "key", "--keys", KEY), "", id="a key without a name as a setting"),
        pytest.param(("--auth", "key", "--keys", f"{KEY}:billing"), "", id="a key before its name as a setting"),
        pytest.param(("--database", f"postgresql://ann:{SECRET}@127.0.0.1:1/name"), "", id="a password"),
        pytest.param(
            ("--database", f"postgresql://ann:{SECRET}@127.0.0.1:port/name"), "", id="a password beside no port"
        ),
    ],
)
def test_output_when_the_server_does_not_start_because_of_a_secret_does_not_show_it(
    flags: tuple[str, ...], content: str, tmp_path: Path
) -> None:
    file = write_private(tmp_path / "file", content)
    given = [flag.format(file=file) for flag in flags]
    for more in ((), ("--check",)):
        ended = subprocess.run(
            [sys.executable, "-m", "backscroll_server", "serve", "--listen", "127.0.0.1:0",
             "--database", f"sqlite://{tmp_path / 'x.db'}", *given, *more],
            capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS,
        )  # fmt: skip
        assert ended.returncode != 0, more
        assert ended.stdout + ended.stderr
        assert SECRET not in ended.stdout + ended.stderr
        assert "Traceback" not in ended.stderr
