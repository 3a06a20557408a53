"""A PostgreSQL server whose disk is full or has damaged pages, under a Backscroll server that goes on.

`pytest -s` prints a line for each case.
"""

import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.support.api_client import single
from tests.support.database_check import assert_sound
from tests.support.disk_witness import (
    MARKED,
    MARKER,
    NOT_SERVING,
    READING,
    SERVING,
    Witness,
    outcome_of,
    send_around_marked,
    show,
)
from tests.support.disks import small_disk
from tests.support.fixtures import on_postgres
from tests.support.server_process import start_server
from tools.postgres_cluster import Cluster, start_own_cluster

CALLS = 200
BLOCK = 8192

pytestmark = pytest.mark.skipif(not on_postgres(), reason="about PostgreSQL itself")


@pytest.fixture
def own_cluster() -> Iterator[Cluster]:
    """A database server that a test may end, and whose files it may damage."""
    cluster = start_own_cluster()
    yield cluster
    cluster.remove()


@contextmanager
def witnessed(url: str) -> Iterator[Witness]:
    """A server on a database and its client; both end with the block."""
    witness = Witness(start_server(url))
    try:
        yield witness
    finally:
        witness.close()
        witness.server.kill()


def failures_of(witness: Witness) -> list[str]:
    """The lines of the log that say what went wrong, and that it is over, but for those of calls."""
    return [line for line in witness.log() if "level=info" not in line]


def test_disk_when_full_then_writes_are_refused_and_go_on_once_there_is_room(own_cluster: Cluster) -> None:
    assert own_cluster.folder is not None
    with TemporaryDirectory() as parent, small_disk(Path(parent) / "disk", megabytes=30) as disk:
        Path(parent).chmod(0o755)
        owner = own_cluster.folder.stat()
        os.chown(disk.folder, owner.st_uid, owner.st_gid)
        url = own_cluster.new_database_on(disk.folder)
        with witnessed(url) as witness:
            while set(witness.outcomes) <= {"OK"}:
                witness.send_many(40)
            while witness.send() == "OK":
                pass
            witness.outcomes.clear()
            witness.send_many(CALLS)
            outcomes, read = dict(witness.outcomes), witness.read()
            # A small write may have had room since the last of them.
            witness.send()
            witness.await_health(NOT_SERVING)
            reading, log = witness.health(READING), failures_of(witness)
            disk.resize(200)
            again = witness.send()
            recovered = witness.await_health(SERVING)
            show("PostgreSQL, full disk", outcomes=outcomes, reads=read, health=NOT_SERVING, log=log,
                 recovered=recovered)  # fmt: skip
            witness.outcomes.clear()
            witness.send_many(20)
            assert (again, dict(witness.outcomes)) == ("OK", {"OK": 20})
            witness.assert_kept()
            assert witness.server.stop() == 0
        assert_sound(url)
        own_cluster.end()
    # What a refused write had written may be used again, so that a small one finds room.
    assert set(outcomes) - {"OK"} == {"UNAVAILABLE DISK_FULL applied=no"}
    assert outcomes.get("OK", 0) < CALLS / 2
    assert (read, reading) == ("OK", SERVING)
    # The server finds room for the small write that finds out.
    assert 1 <= len(log) <= 7, log
    assert urlsplit(url).path.removeprefix("/") in log[0]
    assert str(urlsplit(url).port) in log[0]


def break_blocks(cluster: Cluster, url: str) -> int:
    """Overwrites the start of each block that holds messages with the marker alone; answers how many."""
    assert cluster.folder is not None
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        ((relative,),) = connection.execute("SELECT pg_relation_filepath('message')").fetchall()
    cluster.end()
    path = cluster.folder / "data" / relative
    content = path.read_bytes()
    blocks = [at for at in range(0, len(content), BLOCK) if content.count(MARKER, at, at + BLOCK) > 100]
    with path.open("r+b") as file:
        for at in blocks:
            file.seek(at)
            file.write(b"\xff" * 64)
    cluster.start()
    return len(blocks)


def test_block_when_it_is_damaged_then_calls_that_need_it_are_refused_and_others_go_on(own_cluster: Cluster) -> None:
    url = own_cluster.new_database()
    # Of a small table it would read the damaged blocks too, whatever is looked for, once it knows how small that is.
    own_cluster.run("ALTER SYSTEM SET enable_seqscan = off")
    own_cluster.run("SELECT pg_reload_conf()")
    with witnessed(url) as witness:
        send_around_marked(witness)
        assert witness.server.stop() == 0
        assert break_blocks(own_cluster, url) > 0
        witness.reconnect(start_server(url))
        damaged = Counter(
            outcome_of(lambda: witness.api.page("dan", single("eve"), page_size=MARKED)) for _ in range(CALLS)
        )
        time.sleep(2)
        health, reading, log = witness.health(), witness.health(READING), failures_of(witness)
        witness.outcomes.clear()
        witness.send_many(20)
        show("PostgreSQL, damaged block", outcomes=dict(witness.outcomes), reads=dict(damaged), health=health, log=log,
             recovered="a copy")  # fmt: skip
        assert (dict(witness.outcomes), witness.read()) == ({"OK": 20}, "OK")
        witness.assert_kept()
        assert witness.server.stop() == 0
    assert set(damaged) == {"UNAVAILABLE DATABASE_CORRUPT applied=no"}
    assert (health, reading) == (NOT_SERVING, SERVING)
    assert len(log) == 1, log
