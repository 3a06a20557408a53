"""TLS, service keys and client certificates with clients of other makes than the project's own: Go, Node, grpcurl."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from backscroll_server.cli.connection import Connection
from backscroll_server.identity.service_keys import key_line, new_key
from tests.support.api_client import ApiClient, single
from tests.support.commands import ROOT, run, skip_without
from tests.support.identity_files import Authority, write_private
from tests.support.server_process import RunningServer, start_server

pytestmark = pytest.mark.toolchains

_DESCRIPTORS = ROOT / "generated/descriptors/backscroll.binpb"
_GRPCURL = "github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.3"


@dataclass(frozen=True)
class _Secure:
    """Servers over TLS, and what clients need to call them.

    Attributes:
        folder: where the files are: `ca.pem`, `other.pem` of a wrong authority, `client.pem` and `client.key`.
        key: a service key.
        by_key: takes service keys.
        by_certificate: takes client certificates and service keys; nobody connects without a certificate.
    """

    folder: Path
    key: str
    by_key: RunningServer
    by_certificate: RunningServer


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Secure]:
    folder, key = tmp_path_factory.mktemp("secure"), new_key()
    authority, clients = Authority(), Authority("clients")
    served = authority.certify("localhost", dns=("localhost",))
    client = clients.certify("billing")
    for name, content in {
        "keys": key_line("chat", key).encode(),
        "ca.pem": authority.certificate,
        "other.pem": Authority("another").certificate,
        "clients.pem": clients.certificate,
        "server.pem": served.certificate,
        "server.key": served.key,
        "client.pem": client.certificate,
        "client.key": client.key,
    }.items():
        write_private(folder / name, content)
    tls = ("--tls-certificate", str(folder / "server.pem"), "--tls-key", str(folder / "server.key"))
    keys = ("--key-file", str(folder / "keys"))
    mutual = ("--tls-client-ca", str(folder / "clients.pem"), "--certificate-rules", "service cn:billing")
    servers = [
        start_server(f"sqlite://{folder / 'by-key.db'}", "--auth", "key", *keys, *tls),
        start_server(f"sqlite://{folder / 'by-certificate.db'}", "--auth", "key,mtls", *keys, *tls, *mutual),
    ]
    for server, certificate in zip(servers, (None, (client.certificate, client.key)), strict=True):
        target = _address(server)
        with Connection(target, True, authority.certificate, key, certificate).open() as channel:
            ApiClient(channel).send("alice", single("bob"))
    yield _Secure(folder, key, *servers)
    for server in servers:
        assert server.stop() == 0, server.log_text()


def _address(server: RunningServer) -> str:
    return f"localhost:{server.target.rpartition(':')[2]}"


_Client = Callable[[str, Path, list[str]], str]
"""Takes an address, the file of the server's authority, and a service key or the files of a certificate and its key."""


def _go(project: Path) -> _Client:
    run(Path(__file__).with_name("go_secure"), "go", "build", "-o", project / "program", ".")
    return lambda address, authority, proof: run(project, project / "program", address, "bob", authority, *proof)


def _node(project: Path) -> _Client:
    shutil.copytree(
        ROOT / "examples/grpc-js", project, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules")
    )
    run(project, "npm", "ci", "--ignore-scripts")
    return lambda address, authority, proof: run(
        project, "node", "unread.js", _DESCRIPTORS, address, "bob", authority, *proof
    )


def _grpcurl(project: Path) -> _Client:
    run(project, "env", f"GOBIN={project}", "go", "install", _GRPCURL)

    def call(address: str, authority: Path, proof: list[str]) -> str:
        shown = (
            ["-H", f"authorization: Bearer {proof[0]}"] if len(proof) == 1 else ["-cert", proof[0], "-key", proof[1]]
        )
        printed = run(
            project, project / "grpcurl", "-cacert", authority, "-protoset", _DESCRIPTORS, "-max-time", "10", *shown,
            "-d", json.dumps({"user_id": "bob"}), address, "backscroll.v1.UserService/GetUnreadSummary",
        )  # fmt: skip
        return str(json.loads(printed)["totals"]["unreadCount"])

    return call


_CLIENTS: dict[str, tuple[Callable[[Path], _Client], tuple[str, ...]]] = {
    "grpcurl": (_grpcurl, ("go",)),
    "go": (_go, ("go",)),
    "node": (_node, ("npm", "node")),
}


@pytest.mark.parametrize("name", _CLIENTS)
def test_client_when_it_speaks_tls_is_answered_by_key_and_by_certificate(
    name: str, secure: _Secure, tmp_path: Path
) -> None:
    build, tools = _CLIENTS[name]
    skip_without(tools)
    call = build(tmp_path)
    authority, wrong = secure.folder / "ca.pem", secure.folder / "other.pem"
    certificate = [str(secure.folder / "client.pem"), str(secure.folder / "client.key")]
    for server, proof in ((secure.by_key, [secure.key]), (secure.by_certificate, certificate)):
        assert call(_address(server), authority, proof).strip() == "1"
        with pytest.raises(AssertionError, match=r"(?i)certificate|authority|unavailable"):
            call(_address(server), wrong, proof)
    with pytest.raises(AssertionError, match=r"(?i)no valid identity"):
        call(_address(secure.by_key), authority, [new_key()])
