"""A reader that holds a moment open, as a forgotten shell or a backup does, makes the write-ahead log grow."""

from contextlib import closing
from pathlib import Path

import apsw
import pytest

from tests.support.api_client import single
from tests.support.fixtures import NewDatabase
from tests.support.running_server import serving

MEGABYTE = 1024 * 1024
BATCH = ["y" * 4_000] * 500


@pytest.mark.usefixtures("sqlite_only")
def test_log_when_the_reader_that_let_it_grow_is_gone_then_it_shrinks(new_database: NewDatabase) -> None:
    database = new_database()
    path = Path(database.removeprefix("sqlite://"))
    log = path.with_name(f"{path.name}-wal")
    with serving(database) as api:
        with closing(apsw.Connection(str(path))) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT COUNT(*) FROM message").fetchone()
            for _ in range(12):
                api.send_many("alice", single("bob"), BATCH)
            grown = log.stat().st_size
        for _ in range(3):
            api.send_many("alice", single("bob"), BATCH)
        left = log.stat().st_size
    assert (grown > 20 * MEGABYTE, left <= 16 * MEGABYTE) == (True, True), (grown, left)
