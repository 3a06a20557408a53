"""Callers that do not come over loopback: what is open to everybody on this machine is not open to them."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from backscroll_server.cli.connection import Connection
from backscroll_server.identity.service_keys import key_line, new_key
from tests.support.api_client import failure_of, health_stub
from tests.support.fixtures import NewDatabase
from tests.support.identity_files import AUDIENCE, new_signer, public_pem, token_of, write_private
from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_process import start_server

Proofs = dict[str, Connection]


def own_address() -> str:
    """Return the address at which other machines would find this one, without sending anything."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return ""
        address = str(probe.getsockname()[0])
    return "" if address.startswith("127.") else address


@pytest.fixture(scope="module")
def proofs(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proofs]:
    """Ways to call a server at the address of this machine, by what they prove."""
    address = own_address()
    if not address:
        pytest.skip("this machine has no address but that of loopback")
    folder: Path = tmp_path_factory.mktemp("elsewhere")
    key, signer = new_key(), new_signer()
    server = start_server(
        new_database(),
        *("--listen", "0.0.0.0:0", "--auth", "key,jwt", "--jwt-audience", AUDIENCE),
        *("--key-file", str(write_private(folder / "keys", key_line("billing", key)))),
        *("--jwt-key-file", str(write_private(folder / "signer.pem", public_pem(signer)))),
    )
    target = f"{address}:{server.target.rpartition(':')[2]}"
    try:
        yield {
            "nothing": Connection(target),
            "a wrong key": Connection(target, proof=new_key()),
            "a forged token": Connection(target, proof=token_of(new_signer(), "ann")),
            "a user": Connection(target, proof=token_of(signer, "ann")),
            "a service": Connection(target, proof=key),
            "a service by its token": Connection(target, proof=token_of(signer, "bot", backscroll_service=True)),
        }
    finally:
        assert server.stop() == 0, server.log_text()


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("nothing", "NOT_AUTHENTICATED"),
        ("a wrong key", "NOT_AUTHENTICATED"),
        ("a forged token", "NOT_AUTHENTICATED"),
        ("a user", "SERVICE_ONLY"),
        ("a service", ""),
        ("a service by its token", ""),
    ],
)
def test_reflection_when_asked_from_elsewhere_answers_services_alone(proofs: Proofs, who: str, expected: str) -> None:
    """Keep semantics N5."""
    request = reflection_pb2.ServerReflectionRequest(list_services="")
    with proofs[who].open() as channel:
        stub: Any = reflection_pb2_grpc.ServerReflectionStub(channel)
        reason = ""
        try:
            next(iter(stub.ServerReflectionInfo(iter([request]), timeout=PATIENCE_SECONDS)))
        except grpc.RpcError as error:
            reason = failure_of(error).reason
        health = health_stub(channel).Check(health_pb2.HealthCheckRequest(), timeout=PATIENCE_SECONDS)
    assert reason == expected
    assert health.status == health_pb2.HealthCheckResponse.SERVING
