"""A database server that tests may end."""

from collections.abc import Iterator

import pytest

from tools.postgres_cluster import MISSING, Cluster, available, start_cluster


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[Cluster]:
    """A database server that may be ended."""
    if not available():
        pytest.skip(MISSING)
    cluster = start_cluster()
    if cluster.folder is None:
        pytest.skip("an outside database server is not ours to end")
    yield cluster
    cluster.remove()
