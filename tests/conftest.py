"""What every test may use: a real server on a socket, its stubs, ids of its own, and a short way to act and look."""

import os
import shutil
from collections.abc import Iterator

# Read when grpc is loaded. With it, starting a database server as another user while calls run crashes now and then in
# grpc's handlers for forks.
os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"

import grpc
import pytest
from hypothesis import settings

from tests.support.api_client import ApiClient
from tests.support.fixtures import CopyDatabase, Ids, NewDatabase, on_postgres
from tests.support.server_process import RunningServer, start_server
from tools.postgres_cluster import Cluster, start_cluster

_MEGABYTE = 1024 * 1024

# How long an example takes says something about the machine, not about the rule.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server for the session; for each worker where tests run in several."""
    started = start_cluster()
    yield started
    started.remove()


@pytest.fixture(scope="session")
def new_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> NewDatabase:
    """Makes fresh databases."""
    if on_postgres():
        started: Cluster = request.getfixturevalue("cluster")
        return started.new_database
    return lambda: f"sqlite://{tmp_path_factory.mktemp('database') / 'backscroll.db'}"


@pytest.fixture(scope="session")
def copy_database(request: pytest.FixtureRequest, new_database: NewDatabase) -> CopyDatabase:
    """Copies a database that no server has open; answers the URL of the copy."""
    if on_postgres():
        started: Cluster = request.getfixturevalue("cluster")
        return started.copy_database

    def copy(url: str) -> str:
        copied = new_database()
        shutil.copy(url.removeprefix("sqlite://"), copied.removeprefix("sqlite://"))
        return copied

    return copy


@pytest.fixture(scope="session")
def database_url(new_database: NewDatabase) -> str:
    """The database of the session's server."""
    return new_database()


@pytest.fixture
def sqlite_only() -> None:
    """Skips a test of what is SQLite's alone: its files, its log, its own statements."""
    if on_postgres():
        pytest.skip("about SQLite itself")


@pytest.fixture(scope="session")
def server(database_url: str) -> Iterator[RunningServer]:
    """One server for the session; for each worker where tests run in several."""
    running = start_server(database_url)
    yield running
    status = running.stop()
    assert status == 0, running.log_text()


@pytest.fixture(scope="session")
def channel(server: RunningServer) -> Iterator[grpc.Channel]:
    """A connection to the server."""
    options = [("grpc.max_receive_message_length", 64 * _MEGABYTE), ("grpc.max_send_message_length", 64 * _MEGABYTE)]
    with grpc.insecure_channel(server.target, options=options) as connected:
        yield connected


@pytest.fixture
def ids() -> Ids:
    """Ids for one test."""
    return Ids()


@pytest.fixture
def api(channel: grpc.Channel) -> ApiClient:
    """A short way to call the session's server."""
    return ApiClient(channel)
