"""Connections that cannot be opened: whether the database is away, or its disk has a problem."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import apsw
import pytest

from backscroll_server.domain.errors import Reason, UnavailableError
from backscroll_server.storage.engine.connection import Connection
from backscroll_server.storage.engine.file_problems import FileProblemError
from backscroll_server.storage.engine.reconnect import Availability, ReconnectingSession
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.engine.sqlite import SqliteAddress


def failing(connect: Callable[[], Connection], availability: Availability) -> UnavailableError:
    """Return the error of the next use of a session without a connection."""
    with pytest.raises(UnavailableError) as refused:
        ReconnectingSession(connect, Session, availability).session()
    return refused.value


def disk_error() -> Connection:
    """Fail to open a file as on a disk that cannot be read."""
    error: Any = apsw.IOError("disk I/O error")
    error.result = apsw.SQLITE_IOERR
    try:
        raise error
    except apsw.Error:
        raise FileProblemError("cannot open the database") from error


def test_session_when_opening_meets_a_problem_of_the_disk_then_the_database_is_not_away(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    (tmp_path / "text.db").write_text("no database at all " * 100)
    for connect, reason in (
        (disk_error, Reason.DATABASE_UNAVAILABLE),
        (SqliteAddress(f"//{tmp_path / 'text.db'}").connect, Reason.DATABASE_CORRUPT),
    ):
        caplog.clear()
        availability = Availability()
        for _ in range(3):
            assert failing(connect, availability).reason is reason
            # As by another connection, which reads.
            availability.mark_up()
        assert availability.available
        assert not availability.disk.is_well
        assert len(caplog.records) == 1


def test_session_when_opening_fails_otherwise_then_the_database_is_away(tmp_path: Path) -> None:
    availability = Availability()
    connect = SqliteAddress(f"//{tmp_path / 'no folder' / 'a.db'}").connect
    assert failing(connect, availability).reason is Reason.DATABASE_UNAVAILABLE
    assert not availability.available
    assert availability.disk.is_well
