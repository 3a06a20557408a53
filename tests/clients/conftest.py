"""Targets of the contract suite, each started once in a session."""

from collections.abc import Iterator

import pytest

from tests.clients.targets import Target, open_target, secure_target
from tests.support.commands import skip_or_fail
from tools.postgres_cluster import MISSING, find_binaries


@pytest.fixture(scope="session")
def open_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """The target on SQLite."""
    with open_target(tmp_path_factory.mktemp("open")) as target:
        yield target


@pytest.fixture(scope="session")
def secure_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """The target on PostgreSQL; skips where no server is installed, and fails where tools are required."""
    if find_binaries() is None:
        skip_or_fail(MISSING)
    with secure_target(tmp_path_factory.mktemp("secure")) as target:
        yield target
