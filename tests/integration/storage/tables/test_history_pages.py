"""Pages as one piece: the database joins bodies in order and byte for byte."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backscroll_server.storage.engine.address import DatabaseAddress
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.tables.history_pages import bodies, joined_bodies
from backscroll_server.storage.tables.messages import NewMessage, insert_messages
from backscroll_server.storage.upkeep.migrate import migrate_database
from tests.support.fixtures import NewDatabase


@pytest.fixture(scope="module")
def session(new_database: NewDatabase) -> Iterator[Session]:
    database = DatabaseAddress(new_database()).connect()
    migrate_database(database)
    yield Session(database)
    database.close()


def store(session: Session, stored: list[bytes]) -> None:
    insert_messages(
        session, [NewMessage(1, at, 1, at, 1, at, at, 1, bytearray(body)) for at, body in enumerate(stored, start=1)]
    )


EVERY_BYTE = bytes(range(256))


@given(st.lists(st.one_of(st.binary(max_size=9), st.just(EVERY_BYTE), st.just(b"\0"), st.just(b"\xff")), max_size=60))
def test_bodies_when_joined_are_those_in_order_byte_for_byte(session: Session, stored: list[bytes]) -> None:
    session.begin_write()
    try:
        store(session, stored)
        for down, expected in ((True, stored), (False, stored[::-1])):
            end = len(stored)
            assert bodies(session, conversation=1, after=0, up_to=end, down=down) == expected
            assert joined_bodies(session, conversation=1, after=0, up_to=end, down=down) == [b"".join(expected)]
    finally:
        session.rollback()


def test_bodies_when_joined_are_those_of_the_range_alone(session: Session) -> None:
    session.begin_write()
    try:
        store(session, [bytes([at]) * 70_000 for at in range(9)])
        assert joined_bodies(session, conversation=1, after=2, up_to=4, down=False) == [b"\3" * 70_000 + b"\2" * 70_000]
        assert joined_bodies(session, conversation=2, after=0, up_to=9, down=True) == [b""]
    finally:
        session.rollback()
