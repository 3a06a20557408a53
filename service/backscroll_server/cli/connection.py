"""Connections of the commands that call a server: address, TLS and proof of identity, from options or environment."""

import functools
import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import click
import grpc

_PREFIX: Final = "BACKSCROLL_CLIENT_"
_PROBE_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Connection:
    """Address of a server, and what a client needs to call it.

    Attributes:
        target: its address, `HOST:PORT`.
        tls: whether it speaks TLS.
        tls_ca: the authorities that its certificate must come from, in PEM; None for those of the system.
        proof: the service key or token that every call brings; empty for none.
        certificate: the client's certificate and its private key, in PEM; None for none.
    """

    target: str
    tls: bool = False
    tls_ca: bytes | None = None
    proof: str = ""
    certificate: tuple[bytes, bytes] | None = None

    def open(self) -> AbstractContextManager[grpc.Channel]:
        """Return a channel, which is closed at the end of the block in which it is used."""
        if self.tls:
            certificate, key = self.certificate or (None, None)
            credentials = grpc.ssl_channel_credentials(self.tls_ca, key, certificate)
            channel = grpc.secure_channel(self.target, credentials)
        else:
            channel = grpc.insecure_channel(self.target)
        if self.proof:
            channel = grpc.intercept_channel(channel, _Authorizing(f"Bearer {self.proof}"))
        return channel

    def advice(self) -> str:
        """Return a sentence where the server cannot be reached because only one side speaks TLS; else an empty text."""
        host, _, port = self.target.rpartition(":")
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        try:
            with socket.create_connection((host.strip("[]"), int(port)), _PROBE_SECONDS) as plain:
                context.wrap_socket(plain).close()
        except ssl.SSLError:
            return "The server does not speak TLS: call it without --tls." if self.tls else ""
        except (OSError, ValueError):
            return ""
        if self.tls:
            return "The server's certificate is not accepted: --tls-ca names the authority that it comes from."
        return "The server speaks TLS: call it with --tls."


def connection_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a connection to a command, which gets them as the argument `connection`."""

    @functools.wraps(command)
    def run(
        target: str,
        tls: bool,
        tls_ca: Path | None,
        key_file: Path | None,
        token_file: Path | None,
        cert: Path | None,
        cert_key: Path | None,
        **arguments: Any,
    ) -> Any:
        if key_file and token_file:
            raise click.UsageError("give either --key-file or --token-file")
        if bool(cert) != bool(cert_key):
            raise click.UsageError("--cert and --cert-key need each other")
        proof = key_file or token_file
        connection = Connection(
            target,
            tls=tls or tls_ca is not None or cert is not None,
            tls_ca=tls_ca.read_bytes() if tls_ca else None,
            proof=proof.read_text(encoding="utf-8").strip() if proof else "",
            certificate=(cert.read_bytes(), cert_key.read_bytes()) if cert and cert_key else None,
        )
        return command(connection=connection, **arguments)

    for option in reversed(_OPTIONS):
        run = option(run)
    return run


def _file_option(name: str, text: str) -> Callable[..., Any]:
    return click.option(
        name,
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        envvar=_PREFIX + name.removeprefix("--").replace("-", "_").upper(),
        help=text,
    )


_OPTIONS: Final[Sequence[Callable[..., Any]]] = (
    click.option(
        "--target",
        default="127.0.0.1:50051",
        show_default=True,
        metavar="HOST:PORT",
        envvar=f"{_PREFIX}TARGET",
        help="The server to call.",
    ),
    click.option("--tls", is_flag=True, envvar=f"{_PREFIX}TLS", help="Call over TLS."),
    _file_option("--tls-ca", "The authority of the server's certificate, in PEM; else the system's. Means --tls."),
    _file_option("--key-file", "A file with the service key to call with."),
    _file_option("--token-file", "A file with the token to call with."),
    _file_option("--cert", "The client's certificate, in PEM. Means --tls."),
    _file_option("--cert-key", "The private key of the client's certificate, in PEM."),
)


class _Details(NamedTuple):
    method: str
    timeout: float | None
    metadata: Sequence[tuple[str, str | bytes]]
    credentials: grpc.CallCredentials | None
    wait_for_ready: bool | None
    compression: grpc.Compression | None


class _Authorizing(
    grpc.UnaryUnaryClientInterceptor,
    grpc.UnaryStreamClientInterceptor,
    grpc.StreamUnaryClientInterceptor,
    grpc.StreamStreamClientInterceptor,
):
    """Adds the metadata `authorization` to every call, also over plain text, as on this machine."""

    def __init__(self, value: str) -> None:
        self._value = value

    def _authorized(self, details: Any) -> _Details:
        metadata = [*(details.metadata or ()), ("authorization", self._value)]
        return _Details(
            details.method, details.timeout, metadata, details.credentials, details.wait_for_ready, details.compression
        )

    def intercept_unary_unary(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        """Make a call with one request and one answer."""
        return continuation(self._authorized(client_call_details), request)

    def intercept_unary_stream(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        """Make a call with a stream of answers."""
        return continuation(self._authorized(client_call_details), request)

    def intercept_stream_unary(self, continuation: Any, client_call_details: Any, request_iterator: Any) -> Any:
        """Make a call with a stream of requests."""
        return continuation(self._authorized(client_call_details), request_iterator)

    def intercept_stream_stream(self, continuation: Any, client_call_details: Any, request_iterator: Any) -> Any:
        """Make a call with streams of both."""
        return continuation(self._authorized(client_call_details), request_iterator)
