"""TLS: certificates that are replaced while the server serves, and clients that speak something else."""

import datetime as dt
import math
import ssl
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2

from backscroll_server.cli.connection import Connection
from tests.support.api_client import ApiClient, health_stub
from tests.support.clocked_server import eventually
from tests.support.fixtures import Ids, NewDatabase
from tests.support.identity_files import Authority, Certified, write_private
from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_process import RunningServer, start_server

OWN_CONNECTION = [("grpc.use_local_subchannel_pool", 1)]
REPLACEMENTS = 10
STRANGERS = 1_000


class Server:
    """A server that speaks TLS, and its files."""

    def __init__(self, folder: Path, database: str, *, certified_clients: bool = False) -> None:
        self.folder = folder
        self.authority = Authority()
        self.use(self.authority.certify("localhost", dns=("localhost",)))
        self.clients = Authority("clients")
        write_private(folder / "clients.pem", self.clients.certificate)
        flags = ["--auth", "mtls", "--certificate-rules", "service cn:*"] if certified_clients else []
        flags += ["--tls-client-ca", str(folder / "clients.pem")] if certified_clients else []
        self.process: RunningServer = start_server(
            database, "--tls-certificate", str(folder / "server.pem"), "--tls-key", str(folder / "server.key"), *flags
        )
        self.target = f"localhost:{self.process.target.rpartition(':')[2]}"

    def use(self, certified: Certified) -> None:
        """Replaces the certificate."""
        write_private(self.folder / "server.key", certified.key)
        write_private(self.folder / "server.pem", certified.certificate)

    def channel(self, client: Certified | None = None) -> grpc.Channel:
        """A connection of its own."""
        pair = (client.key, client.certificate) if client else (None, None)
        return grpc.secure_channel(
            self.target, grpc.ssl_channel_credentials(self.authority.certificate, *pair), OWN_CONNECTION
        )

    def answers(self, client: Certified | None = None) -> bool:
        """Return True if a health check on a new connection is answered."""
        with self.channel(client) as channel:
            call = health_stub(channel).Check.future(health_pb2.HealthCheckRequest(), timeout=PATIENCE_SECONDS)
            assert call.code() in {grpc.StatusCode.OK, grpc.StatusCode.UNAVAILABLE}
            return call.code() is grpc.StatusCode.OK

    def shown(self) -> str:
        """The certificate that a new connection is shown."""
        host, _, port = self.target.rpartition(":")
        return ssl.get_server_certificate((host, int(port)))

    def lines(self) -> list[str]:
        """Return the lines of the server's log, without those of calls."""
        return [line for line in self.process.log_text().splitlines() if " call=" not in line]


@pytest.fixture
def server(tmp_path: Path, new_database: NewDatabase) -> Iterator[Server]:
    started = Server(tmp_path, new_database())
    yield started
    assert started.process.stop() == 0


def test_certificate_when_replaced_under_load_then_no_call_fails(server: Server, ids: Ids) -> None:
    user, done = ids.user(), threading.Event()
    failures: list[grpc.RpcError] = []
    calls: Counter[str] = Counter()

    def keep_calling(kind: str, calls_of_a_connection: float) -> None:
        while not done.is_set():
            with server.channel() as channel:
                made = 0
                while made < calls_of_a_connection and not done.is_set():
                    try:
                        ApiClient(channel).listed(user)
                    except grpc.RpcError as error:
                        failures.append(error)
                    made += 1
                    calls[kind] += 1

    threads = [threading.Thread(target=keep_calling, args=case) for case in (("old", math.inf), ("new", 20))]
    for thread in threads:
        thread.start()
    try:
        for _ in range(REPLACEMENTS):
            new = server.authority.certify("localhost", dns=("localhost",))
            server.use(new)
            eventually(lambda: server.shown() == new.certificate.decode())  # noqa: B023
    finally:
        done.set()
        for thread in threads:
            thread.join(PATIENCE_SECONDS)
    assert failures == []
    assert min(calls["old"], calls["new"]) > REPLACEMENTS


@pytest.mark.parametrize("fault", ["another key", "garbage", "expired"])
def test_certificate_when_the_new_one_cannot_be_used_then_the_one_before_stays(server: Server, fault: str) -> None:
    new = server.authority.certify("localhost", dns=("localhost",))
    other = server.authority.certify("localhost", dns=("localhost",))
    expired = server.authority.certify("localhost", dns=("localhost",), lasts=-dt.timedelta(days=1))
    broken = {
        "another key": Certified(new.certificate, other.key),
        "garbage": Certified(b"garbage", b"garbage"),
        "expired": expired,
    }
    server.use(broken[fault])
    eventually(lambda: any("stay in use" in line for line in server.lines()))
    time.sleep(3)
    assert server.answers()
    # The two files are replaced one after the other, so a look between them may find a third state.
    assert sum("stay in use" in line for line in server.lines()) <= 2
    server.use(new)
    eventually(lambda: any("new certificates" in line for line in server.lines()))
    assert server.answers()


def test_authority_of_clients_when_taken_out_then_its_clients_are_not_let_in(
    tmp_path: Path, new_database: NewDatabase
) -> None:
    server = Server(tmp_path, new_database(), certified_clients=True)
    client = server.clients.certify("billing")
    assert server.answers(client)
    assert not server.answers()
    others = Authority("clients")
    write_private(tmp_path / "clients.pem", others.certificate)
    eventually(lambda: any("new certificates" in line for line in server.lines()))
    assert not server.answers(client)
    assert server.answers(others.certify("billing"))
    assert server.process.stop() == 0


def test_plain_text_when_sent_to_a_port_of_tls_is_unavailable_and_fills_no_log(server: Server) -> None:
    before = len(server.lines())
    for _ in range(STRANGERS):
        with grpc.insecure_channel(server.target, OWN_CONNECTION) as channel:
            with pytest.raises(grpc.RpcError) as caught:
                health_stub(channel).Check(health_pb2.HealthCheckRequest(), timeout=PATIENCE_SECONDS)
            assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
    assert server.answers()
    assert len(server.lines()) - before <= 10


def test_tls_when_sent_to_a_port_of_plain_text_is_unavailable_and_fills_no_log(new_database: NewDatabase) -> None:
    process = start_server(new_database())
    authority = Authority()
    for _ in range(STRANGERS):
        credentials = grpc.ssl_channel_credentials(authority.certificate)
        with grpc.secure_channel(process.target, credentials, OWN_CONNECTION) as channel:
            with pytest.raises(grpc.RpcError) as caught:
                health_stub(channel).Check(health_pb2.HealthCheckRequest(), timeout=PATIENCE_SECONDS)
            assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
    with grpc.insecure_channel(process.target, OWN_CONNECTION) as channel:
        health_stub(channel).Check(health_pb2.HealthCheckRequest(), timeout=PATIENCE_SECONDS)
    assert len([line for line in process.log_text().splitlines() if "migrations" not in line]) <= 10
    assert process.stop() == 0


def test_command_when_only_one_side_speaks_tls_says_so(server: Server, new_database: NewDatabase) -> None:
    assert Connection(server.target).advice() == "The server speaks TLS: call it with --tls."
    assert "--tls-ca" in Connection(server.target, tls=True).advice()
    plain = start_server(new_database())
    assert Connection(plain.target, tls=True).advice() == "The server does not speak TLS: call it without --tls."
    assert Connection(plain.target).advice() == ""
    assert plain.stop() == 0
    assert Connection(plain.target).advice() == ""
